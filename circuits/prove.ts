// Groth16 proofs by snarkjs (SPEC 3.2), for the voter's device. The caller has checked the hashes of both files:
// a bad witness program or proving key can leak the credential.
import { groth16 } from 'snarkjs'
import { encodeProof } from '#crypto/groth16.ts'
import type { Assignment } from './ballot.ts'
import { bn254 } from './curve.ts'
import { ProverStuck } from './prover-stuck.ts'

/** A prover that has made no step for this long, in ms, makes none any more: where workers are forbidden snarkjs waits for
 *  ever. On the slowest device a proof takes longer, and a step of it far less. */
const PATIENCE = 60_000

/** Compiles the curve's code and starts its worker threads ahead of the first proof, which need not wait for them then. */
export async function readyProver(): Promise<void> {
  await bn254()
}

/**
 * A proof of 256 bytes and its public inputs for an assignment. Rejects when the assignment does not fit the circuit,
 * and with `ProverStuck` when it has stopped. snarkjs keeps worker threads for the next proof; releaseCurve ends them.
 */
export async function prove(
  wasm: Uint8Array,
  zkey: Uint8Array,
  assignment: Assignment,
): Promise<{ proof: Uint8Array; inputs: bigint[] }> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const { promise: stuck, reject } = Promise.withResolvers<never>()
  const wait = () => {
    clearTimeout(timer)
    timer = setTimeout(() => reject(new ProverStuck('the prover has stopped')), PATIENCE)
  }
  wait()
  // Of each step that it makes, snarkjs tells its logger.
  const logger = { debug: wait }
  try {
    const { proof, publicSignals } = await Promise.race([
      groth16.fullProve(assignment, wasm, zkey, logger),
      stuck,
    ])
    return { proof: encodeProof(proof), inputs: publicSignals.map(BigInt) }
  } finally {
    clearTimeout(timer)
  }
}
