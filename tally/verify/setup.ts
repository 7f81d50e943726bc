// V5: do circuit, verification key and ceremony belong together, and who contributed to them? SPEC 10.
import { publicInputCount } from '#circuits/ballot.ts'
import { checkTranscript, describeTranscript } from '#circuits/transcript.ts'
import { EncodingError, toHex } from '#crypto/encoding.ts'
import { checkVerificationKey, parseVerificationKey, type VerificationKey } from '#crypto/groth16.ts'
import type { Setup } from '#protocol/setup.ts'
import type { PublicRecord } from '#tally/record.ts'
import type { ProcessState, RecordState } from '#tally/state.ts'
import type { Finding } from './finding.ts'

/** The verification keys of a record's attachments, each parsed and checked once. SPEC 10.1. */
export class KeyRing {
  readonly #record: Pick<PublicRecord, 'attachment'>
  readonly #keys = new Map<string, Promise<VerificationKey | string[]>>()

  constructor(record: Pick<PublicRecord, 'attachment'>) {
    this.#record = record
  }

  /** The key's file; throws if the record lacks it. */
  async json(hash: string): Promise<string> {
    const file = await this.#record.attachment(hash)
    if (file === undefined) throw new Error(`no attachment ${hash}`)
    return new TextDecoder().decode(file)
  }

  /** What is wrong with the key of this hash; empty if it is sound. */
  async problems(hash: string): Promise<string[]> {
    const key = await this.key(hash)
    return Array.isArray(key) ? key : []
  }

  /** The sound key of this hash, or what is wrong with it. Where the file could not be read it is read anew the next time. */
  key(hash: string): Promise<VerificationKey | string[]> {
    const known = this.#keys.get(hash)
    if (known !== undefined) return known
    const loading = this.#load(hash).catch((error: unknown) => {
      this.#keys.delete(hash)
      throw error
    })
    this.#keys.set(hash, loading)
    return loading
  }

  async #load(hash: string): Promise<VerificationKey | string[]> {
    if ((await this.#record.attachment(hash)) === undefined) return [`the attachment ${hash} is missing`]
    try {
      const key = parseVerificationKey(await this.json(hash))
      const problems = checkVerificationKey(key)
      return problems.length === 0 ? key : problems
    } catch (error) {
      if (error instanceof EncodingError) return [error.message]
      throw error
    }
  }
}

/** What is wrong with an election's setup as far as its files can tell without rebuilding it; empty if nothing is. */
export async function checkSetup(
  setup: Setup,
  keys: KeyRing,
  attachment: PublicRecord['attachment'],
): Promise<string[]> {
  const key = await keys.key(toHex(setup.verificationKey))
  if (Array.isArray(key)) return key
  if (key.ic.length !== publicInputCount(setup.circuit) + 1)
    return ['the verification key is of another circuit']
  const transcript = await attachment(toHex(setup.transcript))
  if (transcript === undefined) return ['the ceremony transcript is missing']
  return checkTranscript(transcript, key)
}

/** Findings V5 on the setups of all opened elections. */
export async function verifySetups(
  record: Pick<PublicRecord, 'attachment'>,
  keys: KeyRing,
  state: RecordState,
  rebuild: ((setup: Setup) => Promise<string[]>) | undefined,
): Promise<Finding[]> {
  const findings: Finding[] = []
  const setups = new Map(
    [...state.opened.values()]
      .flatMap((e): readonly Setup[] => e.opening?.act.setups ?? [])
      .concat([...state.processes.values()].flatMap(planned))
      .map((s) => [toHex(s.transcript) + toHex(s.provingKey), s]),
  )
  for (const setup of setups.values()) {
    const { circuit } = setup
    const problems = await checkSetup(setup, keys, (hash) => record.attachment(hash))
    for (const detail of problems)
      findings.push({ check: 'V5', status: 'failed', code: 'setup-unsound', fields: { circuit, detail } })
    for (const detail of (await rebuild?.(setup)) ?? [])
      findings.push({ check: 'V5', status: 'failed', code: 'setup-differs', fields: { circuit, detail } })
    const key = await keys.key(toHex(setup.verificationKey))
    const transcript = await record.attachment(toHex(setup.transcript))
    if (problems.length > 0 || Array.isArray(key) || transcript === undefined) continue
    const { contributors, development } = describeTranscript(transcript, key)
    findings.push({ check: 'V5', status: 'passed', code: 'setup-sound', fields: { circuit, contributors } })
    const open = development ? 'development-setup' : rebuild === undefined ? 'setup-not-rebuilt' : undefined
    if (open !== undefined)
      findings.push({ check: 'V5', status: 'not-rechecked', code: open, fields: { circuit } })
  }
  if (setups.size === 0)
    findings.push({ check: 'V5', status: 'not-applicable', code: 'no-setup', fields: {} })
  return findings
}

/** The setups under which people take part in a process. */
function planned({ plans }: ProcessState): Setup[] {
  return plans.flatMap(({ plan }) => (plan.participation === undefined ? [] : [plan.participation.setup]))
}
