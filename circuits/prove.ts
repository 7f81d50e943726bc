// Groth16 proofs by snarkjs (SPEC 3.2), for the voter's device. The caller has checked the hashes of both files:
// a bad witness program or proving key can leak the credential.
import { groth16 } from 'snarkjs'
import { encodeProof } from '#crypto/groth16.ts'
import type { Assignment } from './ballot.ts'
import { bn254 } from './curve.ts'

/** No proof takes this long, in ms, on the slowest device; where workers are forbidden snarkjs would otherwise wait for ever. */
const PATIENCE = 300_000

/** Compiles the curve's code and starts its worker threads ahead of the first proof, which need not wait for them then. */
export async function readyProver(): Promise<void> {
  await bn254()
}

/**
 * A proof of 256 bytes and its public inputs for an assignment. Rejects when the assignment does not fit the circuit,
 * and after 5 min without an answer. snarkjs keeps worker threads for the next proof; releaseCurve ends them.
 */
export async function prove(
  wasm: Uint8Array,
  zkey: Uint8Array,
  assignment: Assignment,
): Promise<{ proof: Uint8Array; inputs: bigint[] }> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no proof after 5 min')), PATIENCE)
  })
  try {
    const { proof, publicSignals } = await Promise.race([groth16.fullProve(assignment, wasm, zkey), late])
    return { proof: encodeProof(proof), inputs: publicSignals.map(BigInt) }
  } finally {
    clearTimeout(timer)
  }
}
