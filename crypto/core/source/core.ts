// SPDX-License-Identifier: MIT
// What the host calls. Everything here takes addresses of its own memory, and public data: nothing but Poseidon is written
// for constant time, and no other secret than its inputs may ever enter.
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
export {
  addReduce as fp2AddReduce,
  mul as fp2Mul,
  mulSparse as fp2MulSparse,
  mulXi as fp2MulXi,
  norm as fp2Norm,
  sqr as fp2Sqr,
  subSubAddCarry as fp2SubSubAddCarry,
  subSubReduce as fp2SubSubReduce,
} from './quadratic.ts'
export { conjugate as fp12Conjugate, mul as fp12Mul, isOne as fp12IsOne } from './fp12.ts'
export { fromBytes as g1FromBytes, toBytes as g1ToBytes, toAffine as g1ToAffine, add as g1Add } from './g1.ts'
export { fromBytes as g2FromBytes } from './g2.ts'
export { decodeInteger as decodeScalar, encodeInteger as encodeScalar } from './fr.ts'
export { sumFromTables, sumOfProducts, tabulate } from './msm.ts'
export { accumulator, isForeign, loop as millerLoop, recordLines, setFixedPair, setPair } from './miller.ts'
export { exponentiate } from './final.ts'
export {
  draw as drawWeights,
  addInputs,
  split as splitByWeights,
  multiply as multiplyByWeights,
} from './weights.ts'
