// SPDX-License-Identifier: MIT
// The random weights of a batch and what they multiply. A weight is an integer of Z[omega], omega^2 + omega + 1 = 0:
// r = 4^32 + sum d_k 4^k over 32 digits of 4 random bits. The 16 digits are the residues modulo 4: 0, the six units,
// (1 - omega) times the units, 2, 2 omega and 2 + 2 omega. So the 2^128 weights are all unlike; their differences have
// norms below 2^136, far under p, hence they stay unlike and not 0 as scalars u + v lambda. On G1 omega is a
// multiplication by beta (Gallant, Lambert, Vanstone, CRYPTO 2001).
import { BETA, LAMBDA } from './constants.ts'
import * as fp from './fp.ts'
import * as fr from './fr.ts'
import * as g1 from './g1.ts'

const DIGITS = 32
/** Of each digit u + v omega: u, v; and which of the points P, (1 - omega) P and 2 P times which unit it selects: 0, 1,
 *  2; 0 to 5 for 1, -1, omega, -omega, omega^2, -omega^2. */
const U: usize = memory.data<i8>([0, 1, -1, 0, 0, -1, 1, 1, -1, 1, -1, -2, 2, 2, 0, 2])
const V: usize = memory.data<i8>([0, 0, 0, 1, -1, -1, 1, -1, 1, 2, -2, -1, 1, 0, 2, 2])
const MULTIPLE: usize = memory.data<u8>([0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2])
const UNIT: usize = memory.data<u8>([0, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 2, 5])

/** Takes `count` weights, at most 512, from 16 random bytes each. */
export function draw(random: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    let low: i64 = 0,
      high: i64 = 0,
      lowV: i64 = 0,
      highV: i64 = 0
    for (let k = DIGITS - 1; k >= 0; k--) {
      const digit = (load<u8>(random + 16 * i + (k >> 1)) >> u8(4 * (k & 1))) & 15
      store<u8>(digitsOf(i) + k, digit)
      if (k < 16) {
        low = 4 * low + load<i8>(U + digit)
        lowV = 4 * lowV + load<i8>(V + digit)
      } else {
        high = 4 * high + load<i8>(U + digit)
        highV = 4 * highV + load<i8>(V + digit)
      }
    }
    storeInteger(half(i, 0), low, high + (i64(1) << 32))
    storeInteger(half(i, 1), lowV, highV)
    // r = u + v lambda in the field of scalars, times R of Montgomery.
    fr.mul(SCALAR, half(i, 0), fr.SQUARE)
    fr.mul(r(i), half(i, 1), fr.SQUARE)
    fr.mul(r(i), r(i), LAMBDA)
    fr.add(r(i), r(i), SCALAR)
    fr.carry(r(i), r(i))
    // As magnitudes for sums of products, with the signs beside them.
    store<u8>(SIGNS + 2 * i, u8(makePositive(half(i, 0))))
    store<u8>(SIGNS + 2 * i, u8(makePositive(half(i, 1))), 1)
  }
}

/** Sums s_j += r_i x_j modulo p over the inputs x of proof i, canonical integers of 32 bytes; s_0 += r_i. Sums are
 *  elements times 1 / R of Montgomery, that is integers, reduced. False if an input is not below p. */
export function addInputs(sums: usize, inputs: usize, count: i32, i: i32): bool {
  fr.mul(SCALAR, r(i), fr.UNIT)
  fr.add(sums, sums, SCALAR)
  fr.reduce(sums, sums)
  for (let j = 0; j < count; j++) {
    if (!fr.decodeInteger(SCALAR, inputs + 32 * j)) return false
    if (isNull(inputs + 32 * j)) continue
    const sum = sums + fr.BYTES * (j + 1)
    fr.mul(SCALAR, SCALAR, r(i))
    fr.add(sum, sum, SCALAR)
    fr.reduce(sum, sum)
  }
  return true
}

/** Whether 32 bytes are 0: many inputs are, of slots that a ballot does not use. */
function isNull(bytes: usize): bool {
  return (load<u64>(bytes) | load<u64>(bytes, 8) | load<u64>(bytes, 16) | load<u64>(bytes, 24)) === 0
}

/** The two halves of each weight from `from` on, `factor` times, 0 <= factor < 32, as points and integers of 73 bits for
 *  `sumOfProducts`: +-P with |u|, +-omega P with |v|. */
export function split(
  points: usize,
  from: i32,
  to: i32,
  factor: i32,
  splitPoints: usize,
  integers: usize,
): void {
  for (let i = from; i < to; i++) {
    const p = points + g1.AFFINE * i
    const at = 2 * (i - from)
    const pair = splitPoints + g1.AFFINE * at
    memory.copy(pair, p, g1.AFFINE)
    g1.endomorphism(pair + g1.AFFINE, p)
    if (load<u8>(SIGNS + 2 * i)) fp.neg(pair + fp.BYTES, pair + fp.BYTES)
    if (load<u8>(SIGNS + 2 * i, 1)) fp.neg(pair + g1.AFFINE + fp.BYTES, pair + g1.AFFINE + fp.BYTES)
    storeMultiple(integers + fr.BYTES * at, half(i, 0), factor)
    storeMultiple(integers + fr.BYTES * (at + 1), half(i, 1), factor)
  }
}

/**
 * r_i P_i for the weights from `from` to `to` - 1, the point of the first being at `points`; affine, in step, with one
 * inversion for all at each step. No two points that meet are equal, opposite or neutral: before a digit of norm at most
 * 4 is added, the sum is 4 r' P with r' not 0.
 */
export function multiply(products: usize, points: usize, from: i32, to: i32): void {
  const count = to - from
  for (let i = 0; i < count; i++) {
    const p = points + g1.AFFINE * i
    memory.copy(multiple(i, 0), p, g1.AFFINE)
    memory.copy(multiple(i, 1), p, g1.AFFINE)
    memory.copy(multiple(i, 2), p, g1.AFFINE)
    unitTimes(addend(i), p, 3)
  }
  addAll(multiple(0, 1), 3 * g1.AFFINE, count, false)
  doubleAll(multiple(0, 2), 3 * g1.AFFINE, count)
  memory.copy(products, points, g1.AFFINE * count)
  for (let k = DIGITS - 1; k >= 0; k--) {
    doubleAll(products, g1.AFFINE, count)
    doubleAll(products, g1.AFFINE, count)
    for (let i = 0; i < count; i++) {
      const digit = load<u8>(digitsOf(from + i) + k)
      store<u8>(SKIPPED + i, u8(digit === 0))
      if (digit !== 0) unitTimes(addend(i), multiple(i, load<u8>(MULTIPLE + digit)), load<u8>(UNIT + digit))
    }
    addAll(products, g1.AFFINE, count, true)
  }
}

/** Each point p to 2 p: l = 3 x^2 / 2 y, x' = l^2 - 2 x, y' = l (x - x') - y. */
function doubleAll(points: usize, stride: usize, count: i32): void {
  for (let i = 0; i < count; i++) {
    const y = points + stride * i + fp.BYTES
    fp.double(inverted(i), y)
    fp.carry(inverted(i), inverted(i))
  }
  fp.inverseMany(inverted(0), fp.BYTES, count, PREFIXES)
  for (let i = 0; i < count; i++) {
    const p = points + stride * i
    fp.sqr(L, p)
    fp.double(M, L)
    fp.add(L, L, M)
    fp.mul(L, L, inverted(i))
    chord(p, p)
  }
}

/** Each point p, unless it is skipped, to p + addend: l = (y' - y) / (x' - x). */
function addAll(points: usize, stride: usize, count: i32, skipping: bool): void {
  for (let i = 0; i < count; i++) {
    if (skipping && load<u8>(SKIPPED + i)) fp.copy(inverted(i), fp.ONE)
    else {
      fp.sub(inverted(i), addend(i), points + stride * i)
      fp.carry(inverted(i), inverted(i))
    }
  }
  fp.inverseMany(inverted(0), fp.BYTES, count, PREFIXES)
  for (let i = 0; i < count; i++) {
    if (skipping && load<u8>(SKIPPED + i)) continue
    const p = points + stride * i
    fp.sub(L, addend(i) + fp.BYTES, p + fp.BYTES)
    fp.mul(L, L, inverted(i))
    chord(p, addend(i))
  }
}

/** p = p + other on the line of slope L. */
function chord(p: usize, other: usize): void {
  fp.sqr(M, L)
  fp.sub(M, M, p)
  fp.sub(M, M, other)
  fp.reduce(M, M)
  fp.sub(N, p, M)
  fp.mul(N, N, L)
  fp.sub(N, N, p + fp.BYTES)
  fp.reduce(p + fp.BYTES, N)
  fp.copy(p, M)
}

/** to = unit p. */
function unitTimes(to: usize, p: usize, unit: i32): void {
  if (unit < 2) fp.copy(to, p)
  else fp.mul(to, p, BETA)
  if (unit >= 4) fp.mul(to, to, BETA)
  if (unit & 1) fp.neg(to + fp.BYTES, p + fp.BYTES)
  else fp.copy(to + fp.BYTES, p + fp.BYTES)
}

/** low + 2^32 high in limbs, balanced or not, of at most 31 bits. */
function storeInteger(to: usize, low: i64, high: i64): void {
  memory.fill(to, 0, fr.BYTES)
  // 2^32 = 8 2^29.
  let rest = low
  store<i32>(to, i32(rest & 0x1fffffff))
  rest = (rest >> 29) + ((high << 3) & 0x1fffffff)
  store<i32>(to, i32(rest & 0x1fffffff), 4)
  rest = (rest >> 29) + (high >> 26)
  store<i32>(to, i32(rest), 8)
}

/** `factor` times a magnitude of three limbs. */
function storeMultiple(to: usize, integer: usize, factor: i32): void {
  memory.fill(to, 0, fr.BYTES)
  let rest: i64 = 0
  for (let at: usize = 0; at < 12; at += 4) {
    rest += i64(load<i32>(integer + at)) * factor
    store<i32>(to + at, i32(rest & 0x1fffffff))
    rest >>= 29
  }
}

/** Replaces an integer of three limbs by its magnitude; whether it was negative. */
function makePositive(integer: usize): bool {
  if (load<i32>(integer, 8) >= 0) return false
  let carry = 0
  for (let at: usize = 0; at < 8; at += 4) {
    carry -= load<i32>(integer + at)
    store<i32>(integer + at, carry & 0x1fffffff)
    carry >>= 29
  }
  store<i32>(integer, carry - load<i32>(integer, 8), 8)
  return true
}

function digitsOf(i: i32): usize {
  return DIGIT_BYTES + DIGITS * i
}

/** |u| or |v| of weight i. */
function half(i: i32, which: i32): usize {
  return HALVES + fr.BYTES * (2 * i + which)
}

/** Weight i in the field of scalars. */
function r(i: i32): usize {
  return SCALARS + fr.BYTES * i
}

/** P, (1 - omega) P or 2 P of point i. */
function multiple(i: i32, which: i32): usize {
  return MULTIPLES + g1.AFFINE * (3 * i + which)
}

function addend(i: i32): usize {
  return ADDENDS + g1.AFFINE * i
}

function inverted(i: i32): usize {
  return INVERTED + fp.BYTES * i
}

const DIGIT_BYTES: usize = memory.data(16384)
const HALVES: usize = memory.data(36864)
const SIGNS: usize = memory.data(1024)
const SCALARS: usize = memory.data(18432)
const MULTIPLES: usize = memory.data(110592)
const ADDENDS: usize = memory.data(36864)
const SKIPPED: usize = memory.data(512)
const INVERTED: usize = memory.data(18432)
const PREFIXES: usize = memory.data(18432)
const SCALAR: usize = memory.data(36)
const L: usize = memory.data(36)
const M: usize = memory.data(36)
const N: usize = memory.data(36)
