// The rebuild behind `comitia verify --setup` (V5, SPEC 10.1): does this program, from its own circom sources, come to the
// very files that an election names?
import { toHex } from '#crypto/encoding.ts'
import type { CircuitId } from '#circuits/sizes.ts'
import { type CircuitArtifacts, ensureArtifacts, fromEnvironment } from './artifacts.ts'

/** SHA-256 of each file of a circuit's setup, as an election's opening states them. */
export interface SetupHashes {
  circuit: CircuitId
  r1cs: Uint8Array
  witnessCode: Uint8Array
  provingKey: Uint8Array
  verificationKey: Uint8Array
  transcript: Uint8Array
}

/**
 * What differs from the files built here, in sentences; empty if nothing does. The keys are those of the development
 * setup, or of a ceremony where COMITIA_CEREMONY and COMITIA_PTAU name its files, which are then fully verified.
 */
export async function rebuildSetup(setup: SetupHashes): Promise<string[]> {
  const source = fromEnvironment()
  const { circuits } = await ensureArtifacts(undefined, source)
  const built = circuits[setup.circuit]
  const origin = source.ceremony === undefined ? 'the development setup' : 'the ceremony in COMITIA_CEREMONY'
  return FILES.filter(([stated, file]) => toHex(setup[stated]) !== built[file].sha256).map(
    ([, , name]) => `${name} is not the one rebuilt from the sources and ${origin}`,
  )
}

type FileName = 'r1cs' | 'wasm' | 'zkey' | 'verificationKey' | 'transcript'
const FILES: readonly (readonly [
  Exclude<keyof SetupHashes, 'circuit'>,
  FileName & keyof CircuitArtifacts,
  string,
])[] = [
  ['r1cs', 'r1cs', 'the constraint system'],
  ['witnessCode', 'wasm', 'the witness program'],
  ['provingKey', 'zkey', 'the proving key'],
  ['verificationKey', 'verificationKey', 'the verification key'],
  ['transcript', 'transcript', 'the ceremony transcript'],
]
