// SPDX-License-Identifier: MIT
// Which lots of proofs are to blame where the equation fails over all of them (SPEC 3.2), by Law and Matt, "Finding
// invalid signatures in pairing-based batches", Cryptography and Coding 2007. For public data only.
//
// It asks again and again with the same weights r_i, and may: a lot's value is h^(sum r_i x_i) for a generator h of GT and
// the error x_i of each proof, 0 just where it holds. Every answer says whether a linear form in the weights is 0, and
// the forms that may be asked for are fixed before the weights are drawn: over n proofs fewer than 4 n, one for each lot
// that halving can come to and for each place that a lone bad one can have. A form with an x_i other than 0 in it is 0
// with probability at most 2^-128. So all answers are right but with probability n 2^-126.
import { core } from './instance.ts'
import { read, SIZE, write } from './points.ts'

/** The left side of the equation over some proofs, an element of GT. Over two lots of them it is the product of theirs. */
export type Value = Uint8Array

/** The lots whose value is not 1, each with it; `whole` is the product of all values. A lone one costs one more value, k of
 *  them at most 1 + k log2 n of n, and however many, at most n.
 *  @param valueOf the product of the values of lots; each to the power of its place, from 0, where `rising` */
export function culprits<Lot>(
  lots: readonly Lot[],
  whole: Value,
  valueOf: (lots: readonly Lot[], rising: boolean) => Value,
): (readonly [Lot, Value])[] {
  if (isOne(whole)) return []
  if (lots.length > 2) {
    // If all values but v_j are 1, prod v_i^i = v_j^j.
    const at = exponent(valueOf(lots, true), whole, lots.length)
    if (at !== undefined) return lots.slice(at, at + 1).map((lot) => [lot, whole])
  }
  return halved(lots, whole, valueOf)
}

/** The same; of each half the value is asked for the first, and the second one's is the quotient. */
function halved<Lot>(
  lots: readonly Lot[],
  whole: Value,
  valueOf: (lots: readonly Lot[], rising: boolean) => Value,
): (readonly [Lot, Value])[] {
  if (isOne(whole)) return []
  if (lots.length === 1) return lots.map((lot) => [lot, whole])
  const middle = lots.length >> 1
  const first = valueOf(lots.slice(0, middle), false)
  return [
    ...halved(lots.slice(0, middle), first, valueOf),
    ...halved(lots.slice(middle), quotient(whole, first), valueOf),
  ]
}

/** Whether the equation holds over the proofs with this value. */
export function isOne(value: Value): boolean {
  write(region.a, value)
  return core.fp12IsOne(region.a) === 1
}

/** The k < bound for which a = b^k, if there is one. */
function exponent(a: Value, b: Value, bound: number): number | undefined {
  let rest = a
  for (let k = 0; k < bound; k++) {
    if (isOne(rest)) return k
    rest = quotient(rest, b)
  }
  return undefined
}

/** a / b: in GT the inverse is the conjugate. */
function quotient(a: Value, b: Value): Value {
  write(region.a, a)
  write(region.b, b)
  core.fp12Conjugate(region.b, region.b)
  core.fp12Mul(region.a, region.a, region.b)
  return read(region.a, SIZE.fp12)
}

const region = { a: core.allocate(SIZE.fp12), b: core.allocate(SIZE.fp12) }
