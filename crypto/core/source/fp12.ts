// SPDX-License-Identifier: MIT
// Fp12 = Fp6[w] / (w^2 - v): g + h w, 432 bytes. Operands and results are carried.
import { FROBENIUS_1, FROBENIUS_2, FROBENIUS_3 } from './constants.ts'
import * as fp from './fp.ts'
import * as fp2 from './fp2.ts'
import * as fp6 from './fp6.ts'

export const BYTES: usize = 432
const H = fp6.BYTES

/** r = a b (Karatsuba): g g' + v h h', (g + h)(g' + h') - g g' - h h'. */
export function mul(r: usize, a: usize, b: usize): void {
  fp6.addCarry(S, a, a + H)
  fp6.addCarry(T, b, b + H)
  fp6.mul(P, a, b)
  fp6.mul(Q, a + H, b + H)
  fp6.mul(S, S, T)
  fp6.subSubReduce(r + H, S, P, Q)
  fp6.mulV(Q, Q)
  fp6.addReduce(r, P, Q)
}

/** r = a^2 (Beuchat et al., algorithm 22): (g + h)(g + v h) - g h - v g h, 2 g h. */
export function sqr(r: usize, a: usize): void {
  fp6.mul(P, a, a + H)
  fp6.mulV(T, a + H)
  fp6.addCarry(T, T, a)
  fp6.addCarry(S, a, a + H)
  fp6.mul(S, S, T)
  fp6.mulV(Q, P)
  fp6.subSubReduce(r, S, P, Q)
  fp6.addReduce(r + H, P, P)
}

/** f = f (1 + (b + c v) w): g + v h (b + c v), h + g (b + c v). Reduced: f would grow by a sum with each line. */
export function mulLine(f: usize, b: usize, c: usize): void {
  fp2.mulXi(C, c)
  fp2.mulSparse(P, f + H, b, c, C)
  fp2.mulSparse(Q, f, b, c, C)
  fp6.mulV(P, P)
  fp6.addReduce(f, f, P)
  fp6.addReduce(f + H, f + H, Q)
}

/** r = 1/a = (g - h w) / (g^2 - v h^2), and 0 for 0. */
export function inverse(r: usize, a: usize): void {
  fp6.mul(P, a, a)
  fp6.mul(Q, a + H, a + H)
  fp6.mulV(Q, Q)
  fp6.subCarry(P, P, Q)
  fp6.inverse(P, P)
  fp6.mul(r, a, P)
  fp6.mul(Q, a + H, P)
  fp6.neg(r + H, Q)
}

/** r = g - h w, which is a^(q^6), and 1/a where a^(q^6 + 1) = 1. */
export function conjugate(r: usize, a: usize): void {
  memory.copy(r, a, H)
  fp6.neg(r + H, a + H)
}

/** r = a^(q^n) for n from 1 to 3. With a = sum a_i w^i, w^(q^n) = w xi^((q^n - 1) / 6). */
export function frobenius(r: usize, a: usize, n: i32): void {
  const table = n === 1 ? FROBENIUS_1 : n === 2 ? FROBENIUS_2 : FROBENIUS_3
  for (let i: usize = 0; i < 6; i++) {
    const at = coefficient(i)
    if (n & 1) fp2.conjugate(C, a + at)
    else fp2.copy(C, a + at)
    fp2.mul(r + at, C, table + i * fp2.BYTES)
  }
}

/** Where the coefficient of w^i lies: even powers in g, odd ones in h. */
function coefficient(i: usize): usize {
  return (i & 1) * H + (i >> 1) * fp2.BYTES
}

/**
 * r = a^2 for a^(q^4 - q^2 + 1) = 1 (Granger, Scott, PKC 2010, section 3.2): three squarings in Fp4. Pairs are
 * (1, w^3), (w, w^4), (w^2, w^5); with x^2 = t0 + t1 w^3 of a pair x, the new coefficients are 3 t -+ 2 x.
 */
export function sqrCyclotomic(r: usize, a: usize): void {
  squareFp4(T0, T1, a + coefficient(0), a + coefficient(3))
  squareFp4(T2, T3, a + coefficient(1), a + coefficient(4))
  squareFp4(T4, T5, a + coefficient(2), a + coefficient(5))
  fp2.mulXi(T5, T5)
  threeMinusTwo(r + coefficient(0), T0, a + coefficient(0))
  threePlusTwo(r + coefficient(3), T1, a + coefficient(3))
  threeMinusTwo(r + coefficient(2), T2, a + coefficient(2))
  threePlusTwo(r + coefficient(5), T3, a + coefficient(5))
  threeMinusTwo(r + coefficient(4), T4, a + coefficient(4))
  threePlusTwo(r + coefficient(1), T5, a + coefficient(1))
}

/** (x + y s)^2 = (x^2 + xi y^2) + ((x + y)^2 - x^2 - y^2) s in Fp4 = Fp2[s] / (s^2 - xi). */
function squareFp4(r0: usize, r1: usize, x: usize, y: usize): void {
  fp2.sqr(A, x)
  fp2.sqr(B, y)
  fp2.add(C, x, y)
  fp2.sqr(C, C)
  fp2.subSubCarry(r1, C, A, B)
  fp2.mulXi(B, B)
  fp2.addCarry(r0, A, B)
}

/** r = 3 t - 2 x = 2 (t - x) + t. */
function threeMinusTwo(r: usize, t: usize, x: usize): void {
  fp2.subCarry(A, t, x)
  fp2.add(A, A, A)
  fp2.addReduce(r, A, t)
}

/** r = 3 t + 2 x. */
function threePlusTwo(r: usize, t: usize, x: usize): void {
  fp2.addCarry(A, t, x)
  fp2.add(A, A, A)
  fp2.addReduce(r, A, t)
}

export function one(r: usize): void {
  memory.fill(r, 0, BYTES)
  fp.copy(r, fp.ONE)
}

export function isOne(a: usize): bool {
  fp.sub(C, a, fp.ONE)
  if (!fp.isZero(C)) return false
  for (let at = fp.BYTES; at < BYTES; at += fp.BYTES) if (!fp.isZero(a + at)) return false
  return true
}

export function copy(r: usize, a: usize): void {
  memory.copy(r, a, BYTES)
}

const P: usize = memory.data(216)
const Q: usize = memory.data(216)
const S: usize = memory.data(216)
const T: usize = memory.data(216)
const A: usize = memory.data(72)
const B: usize = memory.data(72)
const C: usize = memory.data(72)
const T0: usize = memory.data(72)
const T1: usize = memory.data(72)
const T2: usize = memory.data(72)
const T3: usize = memory.data(72)
const T4: usize = memory.data(72)
const T5: usize = memory.data(72)
