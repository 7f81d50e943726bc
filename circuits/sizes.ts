// Sizes of the three circuits and the widths of everything that is compared inside them (SPEC 6.5).
// The circom mains ballot-s, ballot-l and signal repeat these numbers; test/circuits/sizes.test.ts compares both.

/** S: up to 15 or 16 options and rolls up to 4^10. L: up to 128 slots and rolls up to 4^12. signal: no ballot. */
export type CircuitId = 'S' | 'L' | 'signal'

/** The circuits that carry a ballot. */
export type BallotCircuit = 'S' | 'L'

/** Slots of a ballot and levels of the quaternary roll tree (4^levels leaves). */
export const CIRCUITS = {
  S: { slots: 16, levels: 10 },
  L: { slots: 128, levels: 12 },
  signal: { levels: 12 },
} as const

/** Values, minima and maxima are below 2^16. */
export const VALUE_BITS = 16
/** Costs and the budget per unit of weight are below 2^32. */
export const COST_BITS = 32
/** Weights are below 2^16. */
export const WEIGHT_BITS = 16
/** Coefficients a_i = rho_j 2^(b pos) are below 2^168: 128 bits of challenge, at most 40 of shift. */
export const COEFFICIENT_BITS = 168
/** V = sum rho_j m_j is below 2^175: at most 128 ciphertexts, challenges of 128 bits, packed sums below 2^40 (SPEC 6.3). */
export const SEALED_BITS = 175
/** Values packed into one field element under the ballot's commitment: 15 x 16 = 240 bits < 253. */
export const PACKED = 15

/** log2 of the number of slots. */
export function slotBits(circuit: BallotCircuit): number {
  return Math.log2(CIRCUITS[circuit].slots)
}

/** Width of the comparison of sums: K (2^16 - 1) fits. */
export function sumBits(circuit: BallotCircuit): number {
  return VALUE_BITS + slotBits(circuit)
}

/** Width of the comparison of budgets: sum cost_i v_i + v_i^2 < K (2^48 + 2^32) fits. */
export function budgetBits(circuit: BallotCircuit): number {
  return COST_BITS + VALUE_BITS + slotBits(circuit) + 1
}
