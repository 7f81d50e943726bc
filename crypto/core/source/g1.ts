// SPDX-License-Identifier: MIT
// G1: y^2 = x^3 + 3 over Fp, a group of prime order, so that every point of the curve belongs to it (EIP-196). Affine
// points are x, y, 72 bytes, never neutral; Jacobian ones X, Y, Z, 108 bytes, for (X/Z^2, Y/Z^3), neutral where Z = 0.
// Coordinates are carried.
import { BETA, THREE } from './constants.ts'
import * as fp from './fp.ts'

export const AFFINE: usize = 72
export const JACOBIAN: usize = 108
const Y = fp.BYTES
const Z = 2 * fp.BYTES

/** x || y, 32 bytes each, big-endian, to an affine point. False unless both are below q and the point is on the curve;
 *  64 zero bytes are not. */
export function fromBytes(r: usize, bytes: usize): bool {
  if (!fp.fromBytes(r, bytes) || !fp.fromBytes(r + Y, bytes + 32)) return false
  fp.sqr(A, r)
  fp.mul(A, A, r)
  fp.add(A, A, THREE)
  fp.sqr(B, r + Y)
  return fp.equal(A, B)
}

/** The opposite of `fromBytes` for a Jacobian point; 64 zero bytes for the neutral one. */
export function toBytes(bytes: usize, p: usize): void {
  fp.inverse(A, p + Z)
  fp.sqr(B, A)
  fp.mul(C, p, B)
  fp.toBytes(bytes, C)
  fp.mul(B, B, A)
  fp.mul(C, p + Y, B)
  fp.toBytes(bytes + 32, C)
}

/** A Jacobian point to an affine one; false and nothing stored for the neutral one. */
export function toAffine(r: usize, p: usize): bool {
  if (fp.isZero(p + Z)) return false
  fp.inverse(A, p + Z)
  fp.sqr(B, A)
  fp.mul(r, p, B)
  fp.mul(B, B, A)
  fp.mul(r + Y, p + Y, B)
  return true
}

/** `count` Jacobian points, none neutral and at most 128, to affine ones, with one inversion. */
export function toAffineMany(r: usize, points: usize, count: usize): void {
  for (let i: usize = 0; i < count; i++) fp.copy(DENOMINATORS + fp.BYTES * i, points + JACOBIAN * i + Z)
  fp.inverseMany(DENOMINATORS, fp.BYTES, count, PREFIXES)
  for (let i: usize = 0; i < count; i++) {
    const inverse = DENOMINATORS + fp.BYTES * i
    fp.sqr(A, inverse)
    fp.mul(r + AFFINE * i, points + JACOBIAN * i, A)
    fp.mul(A, A, inverse)
    fp.mul(r + AFFINE * i + Y, points + JACOBIAN * i + Y, A)
  }
}

/** r = omega p, omega^2 + omega + 1 = 0, affine. */
export function endomorphism(r: usize, p: usize): void {
  fp.mul(r, p, BETA)
  fp.copy(r + Y, p + Y)
}

export function neutral(r: usize): void {
  memory.fill(r, 0, JACOBIAN)
}

/** r = 2 p, Jacobian: A = X^2, B = Y^2, D = 2 ((X + B)^2 - A - B^2), E = 3 A (dbl-2009-l of the Explicit-Formulas
 *  Database). No point has Y = 0, and the neutral one stays so. */
export function double(r: usize, p: usize): void {
  fp.sqr(A, p)
  fp.sqr(B, p + Y)
  fp.sqr(C, B)
  fp.add(D, p, B)
  fp.sqr(D, D)
  fp.sub(D, D, A)
  fp.sub(D, D, C)
  fp.double(D, D)
  fp.carry(D, D)
  fp.double(E, A)
  fp.add(E, E, A)
  fp.mul(A, p + Y, p + Z)
  fp.double(A, A)
  fp.reduce(r + Z, A)
  fp.sqr(A, E)
  fp.sub(A, A, D)
  fp.sub(A, A, D)
  fp.reduce(r, A)
  fp.sub(D, D, r)
  fp.mul(D, D, E)
  fp.double(C, C)
  fp.double(C, C)
  fp.carry(C, C)
  fp.sub(D, D, C)
  fp.sub(D, D, C)
  fp.reduce(r + Y, D)
}

/** r = p + (x, y), Jacobian and affine; complete. r may be p. */
export function addAffine(r: usize, p: usize, q: usize): void {
  if (fp.isZero(p + Z)) return fromAffine(r, q)
  fp.sqr(A, p + Z)
  fp.mul(B, q, A)
  fp.mul(A, A, p + Z)
  fp.mul(A, A, q + Y)
  fp.sub(B, B, p)
  fp.sub(A, A, p + Y)
  if (fp.isZero(B)) {
    if (!fp.isZero(A)) return neutral(r)
    return double(r, p)
  }
  fp.copy(D, p)
  chord(r, p + Y, p + Z)
}

/** r = p + q, both Jacobian; complete. r may be p. */
export function add(r: usize, p: usize, q: usize): void {
  if (fp.isZero(q + Z)) {
    memory.copy(r, p, JACOBIAN)
    return
  }
  if (fp.isZero(p + Z)) {
    memory.copy(r, q, JACOBIAN)
    return
  }
  fp.sqr(C, q + Z)
  fp.mul(D, p, C)
  fp.mul(C, C, q + Z)
  fp.mul(E, p + Y, C)
  fp.sqr(A, p + Z)
  fp.mul(B, q, A)
  fp.mul(A, A, p + Z)
  fp.mul(A, A, q + Y)
  fp.sub(B, B, D)
  fp.sub(A, A, E)
  if (fp.isZero(B)) {
    if (!fp.isZero(A)) return neutral(r)
    return double(r, p)
  }
  fp.mul(F, p + Z, q + Z)
  chord(r, E, F)
}

/** The sum of two unlike points whose abscissae and ordinates over common denominators, the common one being z^2 and
 *  z^3, differ by B and A, the first one's being D and y: X = A^2 - B^3 - 2 D B^2, Y = A (D B^2 - X) - y B^3, Z = z B. */
function chord(r: usize, y: usize, z: usize): void {
  fp.mul(r + Z, z, B)
  fp.sqr(C, B)
  fp.mul(B, B, C)
  fp.mul(D, D, C)
  fp.sqr(C, A)
  fp.sub(C, C, B)
  fp.sub(C, C, D)
  fp.sub(C, C, D)
  fp.mul(B, B, y)
  fp.reduce(r, C)
  fp.sub(D, D, r)
  fp.mul(D, D, A)
  fp.sub(D, D, B)
  fp.reduce(r + Y, D)
}

function fromAffine(r: usize, p: usize): void {
  memory.copy(r, p, AFFINE)
  fp.copy(r + Z, fp.ONE)
}

const DENOMINATORS: usize = memory.data(4608)
const PREFIXES: usize = memory.data(4608)
const A: usize = memory.data(36)
const B: usize = memory.data(36)
const C: usize = memory.data(36)
const D: usize = memory.data(36)
const E: usize = memory.data(36)
const F: usize = memory.data(36)
