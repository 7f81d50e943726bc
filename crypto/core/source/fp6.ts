// SPDX-License-Identifier: MIT
// Fp6 = Fp2[v] / (v^3 - xi), xi = 9 + i: a0 + a1 v + a2 v^2, 216 bytes. Operands and results are carried.
import * as fp2 from './fp2.ts'

export const BYTES: usize = 216
const C1 = fp2.BYTES
const C2 = 2 * fp2.BYTES

export function addCarry(r: usize, a: usize, b: usize): void {
  fp2.addCarry(r, a, b)
  fp2.addCarry(r + C1, a + C1, b + C1)
  fp2.addCarry(r + C2, a + C2, b + C2)
}

export function addReduce(r: usize, a: usize, b: usize): void {
  fp2.addReduce(r, a, b)
  fp2.addReduce(r + C1, a + C1, b + C1)
  fp2.addReduce(r + C2, a + C2, b + C2)
}

export function subCarry(r: usize, a: usize, b: usize): void {
  fp2.subCarry(r, a, b)
  fp2.subCarry(r + C1, a + C1, b + C1)
  fp2.subCarry(r + C2, a + C2, b + C2)
}

/** r = a - b - c, reduced. */
export function subSubReduce(r: usize, a: usize, b: usize, c: usize): void {
  fp2.subSubReduce(r, a, b, c)
  fp2.subSubReduce(r + C1, a + C1, b + C1, c + C1)
  fp2.subSubReduce(r + C2, a + C2, b + C2, c + C2)
}

/** r = -a, carried again: the balanced digit -2^28 has no opposite. */
export function neg(r: usize, a: usize): void {
  subCarry(r, ZERO, a)
}

/** r = v a = xi a2 + a0 v + a1 v^2. */
export function mulV(r: usize, a: usize): void {
  fp2.mulXi(T, a + C2)
  fp2.copy(r + C2, a + C1)
  fp2.copy(r + C1, a)
  fp2.copy(r, T)
}

/**
 * r = a b with six products (Devegili, O hEigeartaigh, Scott, Dahab, ePrint 2006/471, section 4, Karatsuba):
 *   a0 b0 + xi ((a1 + a2)(b1 + b2) - a1 b1 - a2 b2)
 *   (a0 + a1)(b0 + b1) - a0 b0 - a1 b1 + xi a2 b2
 *   (a0 + a2)(b0 + b2) - a0 b0 - a2 b2 + a1 b1
 */
export function mul(r: usize, a: usize, b: usize): void {
  fp2.mul(P0, a, b)
  fp2.mul(P1, a + C1, b + C1)
  fp2.mul(P2, a + C2, b + C2)
  productOfSums(S0, a + C1, a + C2, b + C1, b + C2)
  productOfSums(S1, a, a + C1, b, b + C1)
  productOfSums(S2, a, a + C2, b, b + C2)
  fp2.subSub(S0, S0, P1, P2)
  fp2.mulXi(S0, S0)
  fp2.addCarry(r, P0, S0)
  fp2.mulXi(T, P2)
  fp2.subSubAddCarry(r + C1, S1, P0, P1, T)
  fp2.subSubAddCarry(r + C2, S2, P0, P2, P1)
}

/** r = (a + b)(c + d) in Fp2. */
function productOfSums(r: usize, a: usize, b: usize, c: usize, d: usize): void {
  fp2.add(L, a, b)
  fp2.add(M, c, d)
  fp2.mul(r, L, M)
}

/**
 * r = 1/a, and 0 for 0 (Beuchat et al., Pairing 2010, algorithm 17): with
 *   A = a0^2 - xi a1 a2, B = xi a2^2 - a0 a1, C = a1^2 - a0 a2 and F = a0 A + xi (a2 B + a1 C)
 * it is (A + B v + C v^2) / F.
 */
export function inverse(r: usize, a: usize): void {
  fp2.mul(T, a + C1, a + C2)
  fp2.mulXi(T, T)
  fp2.sqr(P0, a)
  fp2.subCarry(P0, P0, T)
  fp2.sqr(P1, a + C2)
  fp2.mulXi(P1, P1)
  fp2.mul(T, a, a + C1)
  fp2.subCarry(P1, P1, T)
  fp2.sqr(P2, a + C1)
  fp2.mul(T, a, a + C2)
  fp2.subCarry(P2, P2, T)
  fp2.mul(S0, a + C2, P1)
  fp2.mul(S1, a + C1, P2)
  fp2.add(S0, S0, S1)
  fp2.mulXi(S0, S0)
  fp2.mul(S1, a, P0)
  fp2.addCarry(S0, S0, S1)
  fp2.inverse(S0, S0)
  fp2.mul(r, P0, S0)
  fp2.mul(r + C1, P1, S0)
  fp2.mul(r + C2, P2, S0)
}

const ZERO: usize = memory.data(216)
const P0: usize = memory.data(72)
const P1: usize = memory.data(72)
const P2: usize = memory.data(72)
const S0: usize = memory.data(72)
const S1: usize = memory.data(72)
const S2: usize = memory.data(72)
const T: usize = memory.data(72)
const L: usize = memory.data(72)
const M: usize = memory.data(72)
