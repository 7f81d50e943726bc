// What is thrown when a proof does not go on; apart from the prover, since pages have words for it that never prove.

/** The prover has stopped half-way. */
export class ProverStuck extends Error {
  override readonly name = 'ProverStuck'
  readonly code = 'prover-stuck'
}
