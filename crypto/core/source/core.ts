// SPDX-License-Identifier: MIT
// What the host calls. Everything here takes addresses of its own memory, and public data only: nothing in the core is
// written for constant time, and no secret may ever enter it.
export { allocate } from './memory.ts'
export {
  add as fpAdd,
  sub as fpSub,
  neg as fpNeg,
  double as fpDouble,
  carry as fpCarry,
  reduce as fpReduce,
  mul as fpMul,
  sqr as fpSqr,
  isZero as fpIsZero,
  equal as fpEqual,
  inverse as fpInverse,
  inverseMany as fpInverseMany,
  fromBytes as fpFromBytes,
  toBytes as fpToBytes,
} from './fp.ts'
export {
  add as frAdd,
  sub as frSub,
  neg as frNeg,
  double as frDouble,
  carry as frCarry,
  reduce as frReduce,
  mul as frMul,
  sqr as frSqr,
  isZero as frIsZero,
  equal as frEqual,
  inverse as frInverse,
  inverseMany as frInverseMany,
  fromBytes as frFromBytes,
  toBytes as frToBytes,
} from './fr.ts'
export { decodePoints, doublePoint, encodePoint, setNeutral } from './babyjubjub.ts'
export { addEach, addMultiples } from './point-sum.ts'
export { decodeMultiples, neighbours } from './neighbours.ts'
export { decodeElements, poseidon } from './poseidon.ts'
