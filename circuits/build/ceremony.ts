// The ceremony of phase 2 over files (SPEC 10.2): a key is started from a circuit and phase 1, passed from contributor to
// contributor, closed by a beacon, and verified by rebuilding it. snarkjs does the rebuilding, as a second opinion.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zKey } from 'snarkjs'
import { EncodingError, toHex } from '#crypto/encoding.ts'
import { type VerificationKey, checkVerificationKey, parseVerificationKey } from '#crypto/groth16.ts'
import { applyBeacon, contribute } from '#circuits/contribute.ts'
import {
  BEACON_NAME,
  type Contribution,
  type SetupSummary,
  checkTranscript,
  contributionHash,
  describeTranscript,
  parseTranscript,
} from '#circuits/transcript.ts'
import { transcriptOf, verificationKeyOf } from '#circuits/zkey.ts'
import { CACHE, cached, readInventory } from './cache.ts'
import type { Compiled } from './compile.ts'
import { ALPHA, BETA, TAU } from './development.ts'
import { knownPowers, powersHash, developmentPowers } from './powers.ts'
import { initialDevelopmentKey } from './trapdoor.ts'

/** A file that somebody gave does not serve: unknown phase 1, or a key that may not be passed on. */
export class CeremonyError extends Error {}

/** Phase 1 and the company on the way. */
export interface CeremonyOptions {
  /** A prepared powers-of-tau file; without it phase 1 is the development setup's, whose secrets are public. */
  powers?: string | undefined
  /** Takes a file that is not on the list of known hashes too. */
  allowUnknown?: boolean | undefined
  /** Told of each step, in words. */
  progress?: ((step: string) => void) | undefined
}

/** What a key's verification found. */
export interface CeremonyReport {
  /** In sentences; empty if the key is right. */
  problems: string[]
  /** "Hermez 2^14", "development setup" or "unknown" with the file's hash. */
  phase1: string
  /** Missing where there are problems. */
  summary?: SetupSummary
  /** Name and hash of each contribution, in order. */
  contributions: { name: string; hash: string }[]
}

/** Writes the key that the first contributor gets; which phase 1 it is from. CeremonyError on an unknown or too small file. */
export async function startCeremony(
  compiled: Compiled,
  output: string,
  options: CeremonyOptions = {},
): Promise<{ phase1: string }> {
  const phase1 = await nameOfPowers(options)
  if (options.powers === undefined) {
    options.progress?.('making the initial key')
    const { initial } = await developmentStart(compiled)
    await writeFile(output, await readFile(initial), { flag: 'wx' })
  } else {
    await inTemporaryFolder(async (folder) => {
      const initial = join(folder, 'initial.zkey')
      await rebuild(compiled, options.powers ?? '', initial, options)
      await writeFile(output, await readFile(initial), { flag: 'wx' })
    })
  }
  return { phase1 }
}

/**
 * Adds a contribution under `name` to the key in one file and writes another, never over an existing file; the hash
 * that the contributor publishes. CeremonyError if the chain so far is broken or closed, EncodingError on no key.
 */
export async function addContribution(
  input: string,
  output: string,
  name: string,
): Promise<{ hash: string }> {
  const zkey = await readFile(input)
  const before = refuseBroken(zkey)
  if (name === BEACON_NAME || before.some((contribution) => contribution.name === name)) {
    throw new CeremonyError(`the name ${name} is taken`)
  }
  return finish(await contribute(zkey, name), output)
}

/** Closes the ceremony with a public value that nobody could know before; see applyBeacon. */
export async function addBeacon(
  input: string,
  output: string,
  value: Uint8Array,
  iterations: number,
): Promise<{ hash: string }> {
  const zkey = await readFile(input)
  refuseBroken(zkey)
  return finish(await applyBeacon(zkey, value, iterations), output)
}

/**
 * Everything about a final key that can be checked: sanity of the verification key, the chain of contributions, and by
 * rebuilding from constraints and phase 1 that it is a key of this circuit. CeremonyError where phase 1 is unknown.
 */
export async function verifyCeremony(
  zkeyFile: string,
  compiled: Compiled,
  options: CeremonyOptions = {},
): Promise<CeremonyReport> {
  const phase1 = await nameOfPowers(options)
  const zkey = await readFile(zkeyFile)
  let transcript: Uint8Array
  let key: VerificationKey
  let contributions: CeremonyReport['contributions']
  try {
    transcript = transcriptOf(zkey)
    key = parseVerificationKey(verificationKeyOf(zkey))
    contributions = listContributions(transcript)
  } catch (error) {
    if (error instanceof EncodingError) return { problems: [error.message], phase1, contributions: [] }
    throw error
  }
  options.progress?.('checking the chain of contributions')
  const problems = [...checkVerificationKey(key), ...checkTranscript(transcript, key)]
  // Only where the chain holds is it worth minutes to rebuild what it began with.
  if (problems.length === 0) problems.push(...(await compareWithRebuilt(zkeyFile, compiled, options)))
  if (problems.length > 0) return { problems, phase1, contributions }
  return { problems, phase1, contributions, summary: describeTranscript(transcript, key) }
}

async function compareWithRebuilt(
  zkeyFile: string,
  compiled: Compiled,
  options: CeremonyOptions,
): Promise<string[]> {
  return inTemporaryFolder(async (folder) => {
    let initial = join(folder, 'initial.zkey')
    // In memory, since snarkjs leaves this file open.
    let powers: Uint8Array
    if (options.powers === undefined) {
      options.progress?.('making the development powers of tau and the initial key')
      const start = await developmentStart(compiled)
      initial = start.initial
      powers = await readFile(start.powers)
    } else {
      powers = await readFile(options.powers)
      await rebuild(compiled, options.powers, initial, options)
    }
    options.progress?.('comparing the key with the rebuilt one')
    const complaints: string[] = []
    try {
      const right = await zKey.verifyFromInit(initial, powers, zkeyFile, logger(options, complaints))
      return right ? [] : [`it is no key of this circuit and phase 1 (snarkjs: ${complaints.join('; ')})`]
    } catch (error) {
      return [`snarkjs cannot read it: ${error instanceof Error ? error.message : String(error)}`]
    }
  })
}

/** The development setup's initial key for a circuit and powers of tau, which are made once. */
async function developmentStart({ r1cs, sha256, power }: Compiled): Promise<Record<Start, string>> {
  const inputs = [sha256.r1cs, ...[TAU, ALPHA, BETA].map(String)]
  const folder = await cached(CACHE, 'development-start', inputs, async (into) => {
    await writeFile(join(into, START.initial), await initialDevelopmentKey(await readFile(r1cs)))
    await writeFile(join(into, START.powers), await developmentPowers(power))
  })
  await readInventory(folder)
  return { initial: join(folder, START.initial), powers: join(folder, START.powers) }
}

const START = { initial: 'initial.zkey', powers: 'powers.ptau' } as const
type Start = keyof typeof START

/** snarkjs's initial key for a circuit and a powers-of-tau file. CeremonyError if it does not fit. */
async function rebuild(
  { r1cs }: Compiled,
  powers: string,
  output: string,
  options: CeremonyOptions,
): Promise<void> {
  options.progress?.('making the initial key')
  const complaints: string[] = []
  const result: unknown = await zKey.newZKey(r1cs, powers, output, logger(options, complaints))
  if (result === -1) throw new CeremonyError(`snarkjs cannot make the initial key: ${complaints.join('; ')}`)
}

async function nameOfPowers({ powers, allowUnknown, progress }: CeremonyOptions): Promise<string> {
  if (powers === undefined) return 'development setup'
  progress?.('hashing the powers of tau')
  const hash = await powersHash(powers)
  const known = knownPowers(hash)
  if (known !== undefined) return known
  if (allowUnknown !== true) throw new CeremonyError(`unknown powers of tau, BLAKE2b-512 ${hash}`)
  return `unknown (BLAKE2b-512 ${hash})`
}

/** The chain of a key that is still being passed on; CeremonyError unless it holds so far and is not closed. */
function refuseBroken(zkey: Uint8Array): readonly Contribution[] {
  const bytes = transcriptOf(zkey)
  const { contributions } = parseTranscript(bytes)
  if (contributions.at(-1)?.beacon !== undefined)
    throw new CeremonyError('the ceremony is closed by a beacon')
  if (contributions.length === 0) return contributions
  const problems = checkTranscript(bytes, parseVerificationKey(verificationKeyOf(zkey)))
  if (problems.length > 0) throw new CeremonyError(`the key is not sound: ${problems.join('; ')}`)
  return contributions
}

async function finish(zkey: Uint8Array, output: string): Promise<{ hash: string }> {
  await writeFile(output, zkey, { flag: 'wx' })
  return { hash: listContributions(transcriptOf(zkey)).at(-1)?.hash ?? '' }
}

function listContributions(transcript: Uint8Array): CeremonyReport['contributions'] {
  return parseTranscript(transcript).contributions.map((contribution) => ({
    name: contribution.name,
    hash: toHex(contributionHash(contribution)),
  }))
}

function logger({ progress }: CeremonyOptions, complaints: string[]): Record<string, (text: string) => void> {
  const tell = (text: string) => progress?.(text)
  const complain = (text: string) => void complaints.push(text)
  const ignore = () => undefined // what it knows about the contributions, we report ourselves
  return { debug: tell, info: ignore, warn: complain, error: complain }
}

async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'comitia-ceremony-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
