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
  const { witnessCode, provingKey } = await filesOf(id)
  const { verificationKey } = (await artifacts()).circuits[id]
  return {
    verificationKey: parseVerificationKey(await readFile(verificationKey.path, 'utf8')),
    prove: (input) => prove(witnessCode, provingKey, input),
  }
}

/** What a prover loads for a circuit. */
export async function filesOf(id: CircuitId): Promise<{ witnessCode: Uint8Array; provingKey: Uint8Array }> {
  const { wasm, zkey } = (await artifacts()).circuits[id]
  return { witnessCode: await readFile(wasm.path), provingKey: await readFile(zkey.path) }
}

function artifacts(): Promise<Artifacts> {
  return (loading ??= ensureArtifacts())
}
