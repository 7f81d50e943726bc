// The observer's run: the whole record against the published protocol, trusting nothing that anybody says. SPEC 11.
import { leafHash } from '#ledger/merkle.ts'
import type { Policy } from '#ledger/policy.ts'
import { Tree } from '#ledger/tree.ts'
import type { Noted } from '#protocol/challenge.ts'
import { picturesOf } from '#protocol/contest.ts'
import { decodeEntry, type Entry } from '#protocol/entry.ts'
import type { Setup } from '#protocol/act.ts'
import { ensure, Refusal } from '#protocol/refusal.ts'
import type { BallotJob } from '#tally/ballots.ts'
import { settle } from '#tally/decryption.ts'
import { admit, apply } from '#tally/fold.ts'
import { proofEngine, type ProofEngine } from '#tally/pool.ts'
import type { PublicRecord } from '#tally/record.ts'
import { closedBy } from '#tally/replay.ts'
import { emptyState, type RecordState } from '#tally/state.ts'
import type { Port } from '#tally/worker.ts'
import { checkApplication, type FetchFile } from './application.ts'
import { CHECK_OF, type Finding } from './finding.ts'
import { checkLog } from './log.ts'
import { checkOpenedBallot } from './opened.ts'
import { compareResult, summarize } from './summary.ts'
import { KeyRing, verifySetups } from './setup.ts'

export interface VerifyOptions {
  /** The observer's own trust policy; without one the record's own is used and the findings say so. */
  readonly policy?: Policy
  /** Checkpoints that the observer kept from earlier; the record must extend each. */
  readonly checkpoints?: readonly string[]
  /** An opening file (SPEC 6.6) to check against the record. */
  readonly opening?: Uint8Array
  /** What was noted of that ballot before it was opened. */
  readonly noted?: Noted
  /** Rebuilds keys from circuit and powers of tau, which takes a minute; gives the problems found. */
  readonly rebuildSetup?: (setup: Setup) => Promise<string[]>
  /** Asks the server for the files of its web app, to compare them with those that the record names. */
  readonly fetchFile?: FetchFile
  readonly onProgress?: (done: number, total: number) => void
  /** Told at the end what the entries fold to that may stand in the record. */
  readonly onState?: (state: RecordState) => void
}

/** Ballots whose proofs may be under way at once. */
const WINDOW = 4096
const BATCH = 512

/** Runs every check over the record and gives all findings, at least one for each check. */
export async function verify(
  record: PublicRecord,
  workers: readonly Port[],
  options: VerifyOptions = {},
): Promise<Finding[]> {
  const findings: Finding[] = []
  const state = emptyState()
  const tree = new Tree()
  const keys = new KeyRing(record)
  const proofs = new ProofQueue(
    proofEngine(workers, (hash) => keys.json(hash)),
    keys,
    findings,
  )
  for await (const bytes of record.entries()) {
    const index = tree.size
    tree.append(leafHash(bytes))
    const job = await step(state, bytes, index, record, findings)
    if (job !== undefined) await proofs.add(index, job)
    if (index % 64 === 0) options.onProgress?.(index, record.size)
  }
  await proofs.finish()
  options.onProgress?.(record.size, record.size)
  options.onState?.(state)
  findings.push(...checkLog(record, tree, state, options))
  findings.push(...(await verifySetups(record, keys, state, options.rebuildSetup)))
  findings.push(...checkOpenedBallot(state, options.opening, options.noted))
  findings.push(...(await checkApplication(state, options.fetchFile)))
  findings.push(...summarize(state, findings))
  return findings.sort((a, b) => order(a) - order(b))
}

/** Lets one entry through the gate and folds it, or says why it should not be there. */
async function step(
  state: RecordState,
  bytes: Uint8Array,
  index: number,
  record: PublicRecord,
  findings: Finding[],
): Promise<BallotJob | undefined> {
  let entry: Entry | undefined
  try {
    entry = decodeEntry(bytes)
    const job = admit(state, entry)
    apply(state, entry)
    await checkPictures(entry, record)
    const closed = closedBy(state, entry)
    if (closed !== undefined) await settle(closed, (i) => record.entry(i))
    return job
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, message } = error
    const departures =
      code === 'result-mismatch' && entry !== undefined ? compareResult(state, entry, index) : []
    const sentence = `Entry ${index}: ${message}.`
    const refused: Finding = { check: CHECK_OF[code], status: 'failed', entry: index, code, sentence }
    findings.push(...(departures.length > 0 ? departures : [refused]))
    state.size = index + 1
    return undefined
  }
}

/** Whether all pictures that voters are shown are there. Throws `Refusal`. SPEC 8.1. */
async function checkPictures([type, content]: Entry, record: PublicRecord): Promise<void> {
  if (type !== 'act' || content.act.type !== 'define-election') return
  const missing: string[] = []
  for (const hash of picturesOf(content.act.manifest))
    if ((await record.attachment(hash)) === undefined) missing.push(hash)
  ensure(missing.length === 0, 'attachment-missing', `no picture ${missing.join(', ')}`)
}

/** Batches of ballots on their way through the proof engine, never more than a window of them. */
class ProofQueue {
  readonly #engine: ProofEngine
  readonly #keys: KeyRing
  readonly #findings: Finding[]
  readonly #running = new Set<Promise<void>>()
  #batch: { index: number; job: BallotJob }[] = []
  #failure: Error | undefined

  constructor(engine: ProofEngine, keys: KeyRing, findings: Finding[]) {
    this.#engine = engine
    this.#keys = keys
    this.#findings = findings
  }

  async add(index: number, job: BallotJob): Promise<void> {
    if ((await this.#keys.problems(job.verificationKey)).length > 0) {
      const sentence = `Entry ${index}: the ballot cannot be checked, since its verification key is missing or unsound.`
      this.#findings.push({ check: 'V8', status: 'failed', entry: index, sentence })
      return
    }
    this.#batch.push({ index, job })
    if (this.#batch.length >= BATCH) this.#send()
    while (this.#running.size >= WINDOW / BATCH) await Promise.race(this.#running)
  }

  async finish(): Promise<void> {
    this.#send()
    await Promise.all(this.#running)
    if (this.#failure !== undefined) throw this.#failure
  }

  #send(): void {
    const batch = this.#batch
    this.#batch = []
    if (batch.length === 0) return
    const run = this.#check(batch)
      .catch((error: unknown) => {
        this.#failure = error instanceof Error ? error : new Error(String(error))
      })
      .finally(() => this.#running.delete(run))
    this.#running.add(run)
  }

  async #check(batch: readonly { index: number; job: BallotJob }[]): Promise<void> {
    const verdicts = await this.#engine.check(batch.map((b) => b.job))
    batch.forEach(({ index, job }, i) => {
      if (verdicts[i] === true) return
      const sentence = `Entry ${index}: the ballot ${job.id.slice(0, 16)} fails its batch equation or its proof.`
      this.#findings.push({
        check: 'V8',
        status: 'failed',
        entry: index,
        code: 'ballot-proof-invalid',
        sentence,
      })
    })
  }
}

function order(finding: Finding): number {
  return Number(finding.check.slice(1)) * 1e9 + (finding.entry ?? 0)
}
