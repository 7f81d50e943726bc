// Development keys for tests that need real proofs, and proofs made with them.
import { readFile } from 'node:fs/promises'
import { parseVerificationKey, type VerificationKey } from '#crypto/groth16.ts'
import { type Artifacts, ensureArtifacts } from '#circuits/build/artifacts.ts'
import type { Assignment } from '#circuits/ballot.ts'
import { prove } from '#circuits/prove.ts'
import type { CircuitId } from '#circuits/sizes.ts'

export interface Keys {
  verificationKey: VerificationKey
  prove: (input: Assignment) => Promise<{ proof: Uint8Array; inputs: bigint[] }>
}

let loading: Promise<Artifacts> | undefined

/** A circuit's keys from the cache of builds. */
export async function keysOf(id: CircuitId): Promise<Keys> {
  loading ??= ensureArtifacts()
  const artifacts = (await loading).circuits[id]
  const [wasm, zkey] = [await readFile(artifacts.wasm.path), await readFile(artifacts.zkey.path)]
  return {
    verificationKey: parseVerificationKey(await readFile(artifacts.verificationKey.path, 'utf8')),
    prove: (input) => prove(wasm, zkey, input),
  }
}
