// SPDX-License-Identifier: MIT
// Fp2 = Fp[i] / (i^2 + 1): a0 + a1 i, 72 bytes. Its limb arithmetic is generated (quadratic.ts); this is the rest.
import * as fp from './fp.ts'
import { add, BYTES, norm, subReduce } from './quadratic.ts'

export {
  add,
  addCarry,
  addReduce,
  BYTES,
  mul,
  mulSparse,
  mulXi,
  neg,
  norm,
  reduce,
  sqr,
  sub,
  subCarry,
  subReduce,
  subSub,
  subSubAddCarry,
  subSubCarry,
  subSubReduce,
} from './quadratic.ts'

/** r = a x for x in Fp. */
export function mulFp(r: usize, a: usize, x: usize): void {
  fp.mul(r, a, x)
  fp.mul(r + fp.BYTES, a + fp.BYTES, x)
}

/** r = a0 - a1 i, which is a^q. */
export function conjugate(r: usize, a: usize): void {
  fp.copy(r, a)
  fp.neg(r + fp.BYTES, a + fp.BYTES)
}

/** r = 3 a, with three times the limbs. */
export function triple(r: usize, a: usize): void {
  add(TRIPLE, a, a)
  add(r, TRIPLE, a)
}

/** r = 1/a = (a0 - a1 i) / (a0^2 + a1^2), and 0 for 0. */
export function inverse(r: usize, a: usize): void {
  norm(INVERSE, a)
  fp.inverse(INVERSE, INVERSE)
  conjugate(r, a)
  mulFp(r, r, INVERSE)
}

export function isZero(a: usize): bool {
  return fp.isZero(a) && fp.isZero(a + fp.BYTES)
}

/** Whether a = b, for limbs up to 3 and values up to 32. */
export function equal(a: usize, b: usize): bool {
  subReduce(DIFFERENCE, a, b)
  return isZero(DIFFERENCE)
}

/** a0 || a1, 32 bytes each, big-endian; false unless both are below q. */
export function fromBytes(r: usize, bytes: usize): bool {
  return fp.fromBytes(r, bytes) && fp.fromBytes(r + fp.BYTES, bytes + 32)
}

export function toBytes(bytes: usize, a: usize): void {
  fp.toBytes(bytes, a)
  fp.toBytes(bytes + 32, a + fp.BYTES)
}

export function copy(r: usize, a: usize): void {
  memory.copy(r, a, BYTES)
}

const TRIPLE: usize = memory.data(72)
const INVERSE: usize = memory.data(36)
const DIFFERENCE: usize = memory.data(72)
