// Development keys for tests that need real proofs, and proofs made with them.
import { readFile } from 'node:fs/promises'
import { parseVerificationKey, type VerificationKey } from '#crypto/groth16.ts'
import { ensureArtifacts } from '#circuits/build/artifacts.ts'
import type { Assignment } from '#circuits/ballot.ts'
import { prove, releaseProver } from '#circuits/prove.ts'
import type { CircuitId } from '#circuits/sizes.ts'

export interface Keys {
  verificationKey: VerificationKey
  prove: (input: Assignment) => Promise<{ proof: Uint8Array; inputs: bigint[] }>
}

/** A circuit's keys from the cache of builds. */
export async function keysOf(id: CircuitId): Promise<Keys> {
  const artifacts = (await ensureArtifacts())[id]
  const [wasm, zkey] = [await readFile(artifacts.wasm.path), await readFile(artifacts.zkey.path)]
  return {
    verificationKey: parseVerificationKey(await readFile(artifacts.verificationKey.path, 'utf8')),
    prove: (input) => prove(wasm, zkey, input),
  }
}

export { releaseProver }
