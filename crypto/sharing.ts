// Shamir's secret sharing over the scalars with Feldman's commitments (SPEC 5.2 to 5.5): f(i) = a_0 + a_1 i + ...
// + a_(t-1) i^(t-1) mod l is the share of guardian i = 1..n; any t of the shares give a_0 = f(0), fewer say nothing.
import {
  G,
  invertScalar,
  multiplySecret,
  ORDER,
  type Point,
  randomScalar,
  sumOfProducts,
} from './babyjubjub.ts'

/** t random coefficients in [1, l), constant term first. Throws Error unless t is 1 to 65,535. */
export function randomPolynomial(t: number): bigint[] {
  return Array.from({ length: checkIndex(t) }, () => randomScalar())
}

/** f(i) mod l by Horner's rule, for a guardian's index i of 1 to 65,535. */
export function evaluate(coefficients: readonly bigint[], i: number): bigint {
  const at = BigInt(checkIndex(i))
  return coefficients.reduceRight((sum, a) => (sum * at + a) % ORDER, 0n)
}

/** a_k G for each coefficient, which bind the dealer to the polynomial (Feldman 1987). */
export function commitments(coefficients: readonly bigint[]): Point[] {
  return coefficients.map((a) => multiplySecret(G, a))
}

/** f(i) G = sum_k i^k A_k from the commitments A_k alone, for a guardian's index i of 1 to 65,535. */
export function evaluateCommitments(committed: readonly Point[], i: number): Point {
  const at = BigInt(checkIndex(i))
  let power = 1n
  const powers = committed.map(() => {
    const here = power
    power = (power * at) % ORDER
    return here
  })
  return sumOfProducts(committed, powers)
}

/**
 * Whether `share` is what the dealer committed to give to guardian i. That there are exactly t commitments, and not
 * more (a higher threshold than agreed), is for the decoder of the dealer's message to check.
 */
export function checkShare(committed: readonly Point[], i: number, share: bigint): boolean {
  if (share < 0n || share >= ORDER) return false
  return multiplySecret(G, share).equals(evaluateCommitments(committed, i))
}

/**
 * lambda_i with f(0) = sum_i lambda_i f(i) mod l for every polynomial of degree below the number of indices:
 * lambda_i = prod_(j != i) j / (j - i). Throws Error unless the indices are distinct, 1 to 65,535 and at least one.
 */
export function lagrangeAtZero(indices: readonly number[]): bigint[] {
  if (indices.length === 0 || new Set(indices).size !== indices.length)
    throw new Error('indices must be distinct')
  const all = indices.map((i) => BigInt(checkIndex(i)))
  return all.map((i) => {
    const others = all.filter((j) => j !== i)
    const above = others.reduce((product, j) => (product * j) % ORDER, 1n)
    const below = others.reduce((product, j) => (product * (j - i)) % ORDER, 1n)
    return (above * invertScalar(below)) % ORDER
  })
}

/** f(0) P from the points f(i) P of distinct guardians: interpolation in the exponent. */
export function combine(indices: readonly number[], points: readonly Point[]): Point {
  return sumOfProducts(points, lagrangeAtZero(indices))
}

function checkIndex(i: number): number {
  if (!Number.isInteger(i) || i < 1 || i > 65535) throw new Error(`${i} is no guardian's index`)
  return i
}
