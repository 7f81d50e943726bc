// Everything that proving and verifying need of the three circuits (SPEC 10.1): constraints, witness program, proving
// key, verification key, transcript. Built once, kept in .cache/circuits, checked whenever they are loaded.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkVerificationKey, parseVerificationKey } from '#crypto/groth16.ts'
import { equalBytes } from '#crypto/encoding.ts'
import { releaseCurve } from '#circuits/curve.ts'
import type { CircuitId } from '#circuits/sizes.ts'
import { checkTranscript, describeTranscript } from '#circuits/transcript.ts'
import { transcriptOf, verificationKeyOf } from '#circuits/zkey.ts'
import { CACHE, cached, fileHash, readInventory } from './cache.ts'
import { type CacheOptions, type Compiled, compile } from './compile.ts'
import { ALPHA, BETA, DELTA, TAU } from './development.ts'
import { developmentKey } from './trapdoor.ts'

/** A file and its SHA-256 in hexadecimal. */
export interface Artifact {
  path: string
  sha256: string
}

/** The five files of a circuit, who stands behind its key, and its size. */
export interface CircuitArtifacts {
  r1cs: Artifact
  wasm: Artifact
  zkey: Artifact
  /** JSON as snarkjs reads it. */
  verificationKey: Artifact
  /** The bytes that circuits/transcript.ts parses. */
  transcript: Artifact
  /** Those whose secrets protect the key; nobody for the development setup. */
  contributors: string[]
  /** The secrets of this key are public. */
  development: boolean
  constraints: number
  publicInputs: number
  /** How long compiling and making the key took when they were last needed. */
  seconds: { compile: number; key: number }
}

/** The artifacts of all circuits; `development` if the secrets of any of them are public. */
export interface Artifacts {
  development: boolean
  circuits: Record<CircuitId, CircuitArtifacts>
}

/** Where the keys come from: the development setup, or a ceremony's final keys and the phase 1 they were made from. */
export interface SetupSource {
  /** A folder with S.zkey, L.zkey and signal.zkey. */
  ceremony?: string
  /** The powers-of-tau file of phase 1. */
  powers?: string
}

/** A step that begins: a sentence for people. */
export type Progress = (step: string) => void

export const CIRCUIT_IDS: readonly CircuitId[] = ['signal', 'S', 'L']

/**
 * All artifacts, built where the cache lacks them: about 30 s on two cores for the development setup. With
 * COMITIA_CEREMONY and COMITIA_PTAU set, the keys are those of a ceremony, after a full rebuild of minutes that proves
 * them right. Error if a file in the cache is not what was built, or a key is unsound (pitfalls G1, G2, G18).
 */
export async function ensureArtifacts(
  progress: Progress = () => undefined,
  { cache = CACHE, ...source }: SetupSource & { cache?: string } = fromEnvironment(),
): Promise<Artifacts> {
  return load({ cache, build: true }, source, progress)
}

/** The artifacts that `ensureArtifacts` built for the present sources; Error if it has not. Checks the same. */
export async function readArtifacts(
  { cache = CACHE, ...source }: SetupSource & { cache?: string } = fromEnvironment(),
): Promise<Artifacts> {
  return load({ cache, build: false }, source, () => undefined)
}

/** COMITIA_CEREMONY and COMITIA_PTAU. */
export function fromEnvironment(): SetupSource {
  const { COMITIA_CEREMONY: ceremony, COMITIA_PTAU: powers } = process.env
  return { ...(ceremony && { ceremony }), ...(powers && { powers }) }
}

async function load(
  options: Required<CacheOptions>,
  source: SetupSource,
  progress: Progress,
): Promise<Artifacts> {
  if ((source.ceremony === undefined) !== (source.powers === undefined)) {
    throw new Error('a ceremony needs both its keys (COMITIA_CEREMONY) and its powers of tau (COMITIA_PTAU)')
  }
  progress(`looking for or compiling ${CIRCUIT_IDS.join(', ')}`)
  const compiled = await Promise.all(CIRCUIT_IDS.map((circuit) => compile(circuit, options)))
  const circuits: Partial<Record<CircuitId, CircuitArtifacts>> = {}
  for (const [i, circuit] of CIRCUIT_IDS.entries()) {
    circuits[circuit] = await loadKey(circuit, compiled[i] as Compiled, options, source, progress)
  }
  const complete = circuits as Record<CircuitId, CircuitArtifacts>
  return { development: Object.values(complete).some(({ development }) => development), circuits: complete }
}

async function loadKey(
  circuit: CircuitId,
  compiled: Compiled,
  { cache, build }: Required<CacheOptions>,
  source: SetupSource,
  progress: Progress,
): Promise<CircuitArtifacts> {
  const { ceremony, powers } = source
  const zkeyFile = ceremony === undefined ? undefined : join(ceremony, `${circuit}.zkey`)
  const origin = zkeyFile === undefined ? ['development', ...SECRETS] : ['ceremony', await fileHash(zkeyFile)]
  const make = async (folder: string): Promise<void> => {
    progress(`making the keys of ${circuit} (${compiled.constraints} constraints)`)
    const zkey = await (zkeyFile === undefined
      ? developmentKey(await readFile(compiled.r1cs))
      : ceremonyKey(zkeyFile, compiled, powers, progress))
    await writeFile(join(folder, ZKEY), zkey)
    await writeFile(join(folder, VERIFICATION_KEY), verificationKeyOf(zkey))
    await writeFile(join(folder, TRANSCRIPT), transcriptOf(zkey))
  }
  const inputs = [compiled.sha256.r1cs, ...origin]
  const folder = await cached(cache, `key-${circuit}`, inputs, build ? make : undefined)
  const { files, seconds } = await readInventory(folder)
  const artifact = (name: string): Artifact => ({ path: join(folder, name), sha256: files[name] ?? '' })
  return {
    r1cs: { path: compiled.r1cs, sha256: compiled.sha256.r1cs },
    wasm: { path: compiled.wasm, sha256: compiled.sha256.wasm },
    zkey: artifact(ZKEY),
    verificationKey: artifact(VERIFICATION_KEY),
    transcript: artifact(TRANSCRIPT),
    ...(await checkKey(folder)),
    constraints: compiled.constraints,
    publicInputs: compiled.publicInputs,
    seconds: { compile: compiled.seconds, key: seconds },
  }
}

/** That the three files belong together and the key is sound; Error otherwise. Who contributed. */
async function checkKey(folder: string): Promise<{ contributors: string[]; development: boolean }> {
  const zkey = await readFile(join(folder, ZKEY))
  const text = await readFile(join(folder, VERIFICATION_KEY), 'utf8')
  const transcript = await readFile(join(folder, TRANSCRIPT))
  const key = parseVerificationKey(text)
  const problems = [...checkVerificationKey(key), ...checkTranscript(transcript, key)]
  if (verificationKeyOf(zkey) !== text) problems.push('the verification key is not that of the proving key')
  if (!equalBytes(transcriptOf(zkey), transcript))
    problems.push('the transcript is not that of the proving key')
  if (problems.length > 0) throw new Error(`${folder}: ${problems.join('; ')}`)
  const { contributors, development } = describeTranscript(transcript, key)
  return { contributors, development }
}

async function ceremonyKey(
  zkeyFile: string,
  compiled: Compiled,
  powers: string | undefined,
  progress: Progress,
): Promise<Uint8Array> {
  const { verifyCeremony } = await import('./ceremony.ts')
  const { problems } = await verifyCeremony(zkeyFile, compiled, { powers, progress })
  await releaseCurve()
  if (problems.length > 0) throw new Error(`${zkeyFile}: ${problems.join('; ')}`)
  return readFile(zkeyFile)
}

const ZKEY = 'proving.zkey'
const VERIFICATION_KEY = 'verification-key.json'
const TRANSCRIPT = 'transcript.bin'
const SECRETS = [TAU, ALPHA, BETA, DELTA].map(String)
