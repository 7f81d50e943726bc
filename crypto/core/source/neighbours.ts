// SPDX-License-Identifier: MIT
// The points C + i S and C - i S around a centre, for many i and one inversion: how a search for a small discrete
// logarithm walks along a line of points of BabyJubJub.
import { AFFINE_X, AFFINE_XY, AFFINE_Y, decodeAffine, ENCODED } from './babyjubjub.ts'
import { add, BYTES, copy, encodeInteger, inverse, mul, ONE, sqr, sub } from './fr.ts'
import { D_PRIME } from './babyjubjub-constants.ts'

/** Bytes of a multiple of S: x', y, d' x' y. */
export const MULTIPLE: usize = 3 * BYTES

/** Bytes of what is kept of a pair: v + u, v - u, 1 + t, 1 - t, 1 - t^2, and the product of those of the pairs before. */
const PAIR: usize = 6 * BYTES

const U: usize = memory.data(36)
const V: usize = memory.data(36)
const RUNNING: usize = memory.data(36)
const QUOTIENT: usize = memory.data(36)
const WORDS: usize = memory.data(32)

/** Decodes points as multiples; the number of those before the first bad one. */
export function decodeMultiples(multiples: usize, bytes: usize, count: usize): usize {
  for (let i: usize = 0; i < count; i++) {
    const multiple = multiples + i * MULTIPLE
    if (!decodeAffine(bytes + i * ENCODED)) return i
    copy(multiple, AFFINE_X)
    copy(multiple + BYTES, AFFINE_Y)
    mul(multiple + 2 * BYTES, AFFINE_XY, D_PRIME)
  }
  return count
}

/**
 * Words of 64 bits that tell the y coordinates of C - n S, ..., C, ..., C + n S, in this order, at `words`: equal for
 * equal coordinates, and otherwise as good as never. `pairs` has room for n. False if C is no point.
 *
 * With C = (x1, y1), i S = (x2, y2), u = x1 x2, v = y1 y2 and t = d' u v the addition law says y(C + i S) = (v + u) / (1 - t)
 * and y(C - i S) = (v - u) / (1 + t) (Bernstein, Birkner, Joye, Lange, Peters 2008); it is complete: 1 - t^2 is never 0.
 */
export function neighbours(words: usize, centre: usize, multiples: usize, pairs: usize, n: usize): bool {
  if (!decodeAffine(centre)) return false
  const middle = words + 8 * n
  store<u64>(middle, wordOf(AFFINE_Y))
  copy(RUNNING, ONE)
  for (let i: usize = 0; i < n; i++) {
    const multiple = multiples + i * MULTIPLE,
      pair = pairs + i * PAIR
    mul(U, AFFINE_X, multiple)
    mul(V, AFFINE_Y, multiple + BYTES)
    add(pair, V, U)
    sub(pair + BYTES, V, U)
    mul(U, AFFINE_XY, multiple + 2 * BYTES)
    add(pair + 2 * BYTES, ONE, U)
    sub(pair + 3 * BYTES, ONE, U)
    sqr(U, U)
    sub(pair + 4 * BYTES, ONE, U)
    copy(pair + 5 * BYTES, RUNNING)
    mul(RUNNING, RUNNING, pair + 4 * BYTES)
  }
  inverse(RUNNING, RUNNING)
  for (let i = n; i > 0; i--) {
    const pair = pairs + (i - 1) * PAIR
    mul(QUOTIENT, RUNNING, pair + 5 * BYTES)
    mul(RUNNING, RUNNING, pair + 4 * BYTES)
    mul(U, pair, pair + 2 * BYTES)
    mul(U, U, QUOTIENT)
    store<u64>(middle + 8 * i, wordOf(U))
    mul(U, pair + BYTES, pair + 3 * BYTES)
    mul(U, U, QUOTIENT)
    store<u64>(middle - 8 * i, wordOf(U))
  }
  return true
}

/** The low 64 bits of the one integer in [0, p) that stands for a product a in the form of Montgomery. */
function wordOf(a: usize): u64 {
  encodeInteger(WORDS, a)
  return load<u64>(WORDS, 24)
}
