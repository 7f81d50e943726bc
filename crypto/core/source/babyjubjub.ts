// SPDX-License-Identifier: MIT
// BabyJubJub (EIP-2494), a x^2 + y^2 = 1 + d x^2 y^2 over the field of scalars, in the isomorphic form under x' = s x with
// s^2 = -a:  -x'^2 + y^2 = 1 + d' x'^2 y^2,  d' = -d/a.  There an addition is a multiplication cheaper (Hisil, Wong, Carter,
// Dawson, "Twisted Edwards curves revisited", ASIACRYPT 2008). -1 and a are squares and d is none, so d' is none, and the
// addition is complete: right for equal, opposite, neutral and small-order points alike.
//
// A point in extended coordinates is X, Y, Z, T, carried, with x' = X/Z, y = Y/Z and T = X Y / Z. An operand is what an
// addition needs of an affine point: y - x', y + x', 2 d' x' y, the first two of limbs 2. Below, no product is of larger
// limbs than 3 by 3 or 4 by 2, and no value exceeds 6.
import { D_PRIME, SCALE, TWICE_D_PRIME, UNSCALE } from './babyjubjub-constants.ts'
import { add, BYTES, carry, double, equal, fromBytes, inverse, mul, neg, ONE, sqr, sub, toBytes, zero } from './fr.ts'

/** Bytes of a point in extended coordinates, of an operand, and of an encoded point x || y. */
export const EXTENDED: usize = 4 * BYTES
export const OPERAND: usize = 3 * BYTES
export const ENCODED: usize = 64

const X: usize = 0
const Y: usize = BYTES
const Z: usize = 2 * BYTES
const T: usize = 3 * BYTES

/** Names of the paper's formulas. */
const A: usize = memory.data(36)
const B: usize = memory.data(36)
const C: usize = memory.data(36)
const D: usize = memory.data(36)
const E: usize = memory.data(36)
const F: usize = memory.data(36)
const G: usize = memory.data(36)
const H: usize = memory.data(36)
const SECOND: usize = memory.data(108)

/** What `decodeAffine` found: x', y and x' y. */
export const AFFINE_X: usize = memory.data(36)
export const AFFINE_Y: usize = memory.data(36)
export const AFFINE_XY: usize = memory.data(36)

/** P = O = (0 : 1 : 1 : 0). */
export function setNeutral(p: usize): void {
  zero(p + X)
  carry(p + Y, ONE)
  carry(p + Z, ONE)
  zero(p + T)
}

/** Decodes x || y. False unless both coordinates are canonical and the point lies on the curve. */
export function decodeAffine(bytes: usize): bool {
  if (!fromBytes(AFFINE_X, bytes) || !fromBytes(AFFINE_Y, bytes + 32)) return false
  mul(AFFINE_X, AFFINE_X, SCALE)
  mul(AFFINE_XY, AFFINE_X, AFFINE_Y)
  // (y - x') (y + x') = 1 + d' (x' y)^2
  sub(A, AFFINE_Y, AFFINE_X)
  add(B, AFFINE_Y, AFFINE_X)
  mul(A, A, B)
  sqr(B, AFFINE_XY)
  mul(B, B, D_PRIME)
  add(B, B, ONE)
  return equal(A, B)
}

/** Decodes `count` points to operands; the number of those before the first bad one. */
export function decodePoints(operands: usize, bytes: usize, count: usize): usize {
  for (let i: usize = 0; i < count; i++) {
    const operand = operands + i * OPERAND
    if (!decodeAffine(bytes + i * ENCODED)) return i
    sub(operand, AFFINE_Y, AFFINE_X)
    add(operand + BYTES, AFFINE_Y, AFFINE_X)
    mul(operand + 2 * BYTES, AFFINE_XY, TWICE_D_PRIME)
  }
  return count
}

/** P as x || y: x = X / (s Z), y = Y / Z. Z is never 0, the addition being complete. */
export function encodePoint(bytes: usize, p: usize): void {
  inverse(A, p + Z)
  mul(B, p + X, A)
  mul(B, B, UNSCALE)
  toBytes(bytes, B)
  mul(B, p + Y, A)
  toBytes(bytes + 32, B)
}

/** P += Q for an operand Q. */
export function addOperand(p: usize, q: usize): void {
  products(p, q, q + BYTES, q + 2 * BYTES)
  double(D, p + Z)
  sub(F, D, C)
  add(G, D, C)
  recombine(p)
}

/** P -= Q for an operand Q: the operand of -Q is y + x', y - x', -2 d' x' y. */
export function subtractOperand(p: usize, q: usize): void {
  products(p, q + BYTES, q, q + 2 * BYTES)
  double(D, p + Z)
  add(F, D, C)
  sub(G, D, C)
  recombine(p)
}

/** P += Q for extended points, which may be the same. */
export function addPoint(p: usize, q: usize): void {
  sub(SECOND, q + Y, q + X)
  add(SECOND + BYTES, q + Y, q + X)
  mul(SECOND + 2 * BYTES, q + T, TWICE_D_PRIME)
  mul(D, p + Z, q + Z)
  double(D, D)
  products(p, SECOND, SECOND + BYTES, SECOND + 2 * BYTES)
  sub(F, D, C)
  add(G, D, C)
  recombine(p)
}

/** P += P (2008, section 3.3, signs changed throughout, with E = 2 X Y). */
export function doublePoint(p: usize): void {
  sqr(A, p + X)
  sqr(B, p + Y)
  sqr(C, p + Z)
  double(C, C)
  mul(E, p + X, p + Y)
  double(E, E)
  sub(G, B, A)
  sub(F, G, C)
  add(H, B, A)
  neg(H, H)
  join(p)
}

/** A = (Y1 - X1) (Y2 - X2), B = (Y1 + X1) (Y2 + X2), C = T1 2 d' T2 (2008, section 3.1), from Q's three parts. */
// @ts-ignore: decorator
@inline
function products(p: usize, minus: usize, plus: usize, twist: usize): void {
  sub(A, p + Y, p + X)
  mul(A, A, minus)
  add(B, p + Y, p + X)
  mul(B, B, plus)
  mul(C, p + T, twist)
}

/** E = B - A, H = B + A; F and G are there already. */
// @ts-ignore: decorator
@inline
function recombine(p: usize): void {
  sub(E, B, A)
  add(H, B, A)
  join(p)
}

/** P = (E F : G H : F G : E H). */
// @ts-ignore: decorator
@inline
function join(p: usize): void {
  mul(p + X, E, F)
  mul(p + Y, G, H)
  mul(p + Z, F, G)
  mul(p + T, E, H)
}
