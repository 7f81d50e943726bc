// SPDX-License-Identifier: MIT
// Points of the twist y^2 = x^3 + 3 / xi over Fp2, of which G2 is the subgroup of order p: x, y, 144 bytes, affine,
// carried, never neutral.
import { FROBENIUS_1, FROBENIUS_2, FROBENIUS_3, TWIST_B } from './constants.ts'
import * as fp2 from './fp2.ts'

export const BYTES: usize = 144
export const Y: usize = fp2.BYTES

/** x.c0 || x.c1 || y.c0 || y.c1, 32 bytes each, big-endian (EIP-197 writes c1 before c0), to a point of the twist,
 *  perhaps outside G2. False unless all are below q and the equation holds; 128 zero bytes are no point. */
export function fromBytes(r: usize, bytes: usize): bool {
  if (!fp2.fromBytes(r, bytes) || !fp2.fromBytes(r + Y, bytes + 64)) return false
  fp2.sqr(A, r)
  fp2.mul(A, A, r)
  fp2.add(A, A, TWIST_B)
  fp2.sqr(B, r + Y)
  return fp2.equal(A, B)
}

/** r = psi^n(p), n from 1 to 3: the Frobenius map of q^n in the coordinates of the twist, which is x^(q^n) times
 *  xi^((q^n - 1) / 3), y^(q^n) times xi^((q^n - 1) / 2). On G2 it multiplies by q^n. */
export function psi(r: usize, p: usize, n: i32): void {
  const table = n === 1 ? FROBENIUS_1 : n === 2 ? FROBENIUS_2 : FROBENIUS_3
  fp2.copy(A, p)
  fp2.copy(B, p + Y)
  if (n & 1) {
    fp2.conjugate(A, A)
    fp2.conjugate(B, B)
  }
  fp2.mul(r, A, table + 2 * fp2.BYTES)
  fp2.mul(r + Y, B, table + 3 * fp2.BYTES)
}

export function equal(p: usize, q: usize): bool {
  return fp2.equal(p, q) && fp2.equal(p + Y, q + Y)
}

/** r = -p. */
export function neg(r: usize, p: usize): void {
  fp2.copy(r, p)
  fp2.neg(r + Y, p + Y)
}

export function copy(r: usize, p: usize): void {
  memory.copy(r, p, BYTES)
}

const A: usize = memory.data(72)
const B: usize = memory.data(72)
