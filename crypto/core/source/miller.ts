// SPDX-License-Identifier: MIT
// Miller loops of the optimal ate pairing (Vercauteren, IEEE Trans. Inf. Theory 56, 2010) of many pairs in step: affine
// points with one inversion for all pairs at each step (Costello, Lange, Naehrig, PKC 2010, weigh when that pays), and
// one accumulator for each group of pairs.
//
// A line through T with slope l, at P and divided by y_P, is 1 - (l x_P / y_P) w + ((l x_T - y_T) / y_P) v w: a factor
// in Fp does not survive the final exponentiation.
//
// The loop ends at T = [6u + 2] Q + psi(Q) - psi^2(Q), and Q is in G2 just where T = -psi^3(Q): the norm of
// (6u + 2) + psi - psi^2 + psi^3 in Z[psi] is a multiple of p once, and coprime to the cofactor 2q - p. A point of small
// order may make a denominator 0 on the way; it is noted as foreign and spoils no other.
import * as fp from './fp.ts'
import * as fp12 from './fp12.ts'
import * as fp2 from './fp2.ts'
import * as g2 from './g2.ts'

/** 6u + 2 in signed binary digits below the highest, which is 1; 2 stands for -1. */
const DIGITS: usize = memory.data<u8>([
  1, 0, 1, 0, 0, 0, 2, 0, 2, 0, 0, 0, 2, 0, 1, 0, 2, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 1, 0, 0, 2, 0, 0,
  0, 0, 2, 0, 1, 0, 0, 0, 2, 0, 2, 0, 0, 1, 0, 0, 0, 2, 0, 0, 2, 0, 1, 0, 1, 0, 0, 0,
])
const STEPS = 64

/** Sets pair i, i < 512: P affine in G1, or -P; Q on the twist. */
export function setPair(i: i32, p: usize, q: usize, negative: bool): void {
  fp.copy(scale(i), p)
  if (negative) fp.neg(inverseOfY(i), p + fp.BYTES)
  else fp.copy(inverseOfY(i), p + fp.BYTES)
  g2.copy(Q + g2.BYTES * i, q)
}

/** Keeps the lines of a point of the twist, for `setFixedPair`: L and L x_T - y_T of 87 steps, 12,528 bytes. False if it
 *  is outside G2. P is any point of G1. */
export function recordLines(lines: usize, p: usize, q: usize): bool {
  setPair(0, p, q, false)
  recording = lines
  loop(1, 1, 0)
  recording = 0
  return !isForeign(0)
}

/** Sets fixed pair i, i < 4: P affine in G1, and the recorded lines of Q. */
export function setFixedPair(i: i32, p: usize, lines: usize): void {
  memory.copy(fixedScale(i), p, 2 * fp.BYTES)
  store<usize>(FIXED_LINES + 4 * i, lines)
}

/** The product of the loops of the pairs from i `groupSize` to (i + 1) `groupSize`, of `count` in all, is then at
 *  `accumulator(i)`; those of `fixed` fixed pairs are in the first. What Q outside G2 makes of its group is
 *  meaningless: `isForeign`. */
export function loop(count: i32, groupSize: i32, fixed: i32): void {
  prepare(scale(0), count)
  prepare(fixedScale(0), fixed)
  let lines: usize = 0
  for (let i = 0; i < count; i++) {
    g2.copy(T + g2.BYTES * i, Q + g2.BYTES * i)
    store<u8>(FOREIGN + i, 0)
  }
  const groups = max(1, (count + groupSize - 1) / groupSize)
  for (let group = 0; group < groups; group++) fp12.one(accumulator(group))
  for (let step = 0; step < STEPS; step++) {
    for (let group = 0; group < groups; group++) fp12.sqr(accumulator(group), accumulator(group))
    double(count, groupSize)
    multiplyFixed(fixed, lines++)
    const digit = load<u8>(DIGITS + step)
    if (digit === 0) continue
    for (let i: usize = 0; i < usize(count); i++)
      if (digit === 1) g2.copy(S + g2.BYTES * i, Q + g2.BYTES * i)
      else g2.neg(S + g2.BYTES * i, Q + g2.BYTES * i)
    add(count, groupSize)
    multiplyFixed(fixed, lines++)
  }
  for (let i: usize = 0; i < usize(count); i++) g2.psi(S + g2.BYTES * i, Q + g2.BYTES * i, 1)
  add(count, groupSize)
  multiplyFixed(fixed, lines++)
  for (let i: usize = 0; i < usize(count); i++) {
    g2.psi(S + g2.BYTES * i, Q + g2.BYTES * i, 2)
    g2.neg(S + g2.BYTES * i, S + g2.BYTES * i)
  }
  add(count, groupSize)
  multiplyFixed(fixed, lines)
  for (let i: usize = 0; i < usize(count); i++) {
    g2.psi(S, Q + g2.BYTES * i, 3)
    g2.neg(S, S)
    if (!g2.equal(S, T + g2.BYTES * i)) store<u8>(FOREIGN + i, 1)
  }
}

/** Of points x, y, `count` of them: -x / y, 1 / y. */
function prepare(points: usize, count: i32): void {
  fp.inverseMany(points + fp.BYTES, 2 * fp.BYTES, count, PRODUCTS)
  for (let i = 0; i < count; i++) {
    const x = points + 2 * fp.BYTES * i
    fp.mul(x, x, x + fp.BYTES)
    fp.neg(x, x)
  }
}

/** Multiplies the first accumulator by a recorded line of each fixed pair. */
function multiplyFixed(fixed: i32, line: usize): void {
  for (let i = 0; i < fixed; i++) {
    const recorded = load<usize>(FIXED_LINES + 4 * i) + 2 * fp2.BYTES * line
    fp2.mulFp(M, recorded, fixedScale(i))
    fp2.mulFp(O, recorded + fp2.BYTES, fixedScale(i) + fp.BYTES)
    fp12.mulLine(accumulator(0), M, O)
  }
}

/** Where the product of a group is. */
export function accumulator(group: i32): usize {
  return ACCUMULATORS + fp12.BYTES * group
}

/** Whether Q of pair i is outside G2. */
export function isForeign(i: i32): bool {
  return load<u8>(FOREIGN + i) !== 0
}

/** Tangents: l = 3 x^2 / 2 y = 3 x^2 conj(y) / (2 (y0^2 + y1^2)). */
function double(count: i32, groupSize: i32): void {
  for (let i = 0; i < count; i++) {
    const n = NORMS + fp.BYTES * i
    fp2.norm(n, T + g2.BYTES * i + g2.Y)
    fp.double(n, n)
    fp.carry(n, n)
  }
  invertNorms(count)
  for (let i = 0; i < count; i++) {
    const t = T + g2.BYTES * i
    fp2.sqr(L, t)
    fp2.triple(L, L)
    fp2.conjugate(M, t + g2.Y)
    fp2.mul(L, L, M)
    fp2.mulFp(L, L, NORMS + fp.BYTES * i)
    line(i, i / groupSize, t)
  }
}

/** Chords from T to S: l = (y_S - y_T) / (x_S - x_T). */
function add(count: i32, groupSize: i32): void {
  for (let i = 0; i < count; i++) {
    const difference = DIFFERENCES + fp2.BYTES * i
    fp2.subCarry(difference, S + g2.BYTES * i, T + g2.BYTES * i)
    fp2.norm(NORMS + fp.BYTES * i, difference)
  }
  invertNorms(count)
  for (let i = 0; i < count; i++) {
    const s = S + g2.BYTES * i
    fp2.sub(L, s + g2.Y, T + g2.BYTES * i + g2.Y)
    fp2.conjugate(M, DIFFERENCES + fp2.BYTES * i)
    fp2.mul(L, L, M)
    fp2.mulFp(L, L, NORMS + fp.BYTES * i)
    line(i, i / groupSize, s)
  }
}

function invertNorms(count: i32): void {
  if (fp.inverseMany(NORMS, fp.BYTES, count, PRODUCTS)) return
  for (let i = 0; i < count; i++) if (fp.isZero(NORMS + fp.BYTES * i)) store<u8>(FOREIGN + i, 1)
}

/** Multiplies the group's accumulator by the line of slope L through T, and moves T on to the negative of its third
 *  point: x = L^2 - x_T - x_other, y = (L x_T - y_T) - L x. */
function line(i: i32, group: i32, other: usize): void {
  const t = T + g2.BYTES * i
  fp2.mulFp(M, L, scale(i))
  fp2.mul(N, L, t)
  fp2.sub(N, N, t + g2.Y)
  fp2.mulFp(O, N, inverseOfY(i))
  if (recording) {
    fp2.copy(recording, L)
    fp2.copy(recording + fp2.BYTES, N)
    recording += 2 * fp2.BYTES
  }
  fp12.mulLine(accumulator(group), M, O)
  fp2.sqr(M, L)
  fp2.subSubReduce(t, M, t, other)
  fp2.mul(M, L, t)
  fp2.subReduce(t + g2.Y, N, M)
}

/** First x_P, then -x_P / y_P. */
function scale(i: i32): usize {
  return PREPARED + 2 * fp.BYTES * i
}

/** First y_P, then 1 / y_P. */
function inverseOfY(i: i32): usize {
  return scale(i) + fp.BYTES
}

function fixedScale(i: i32): usize {
  return FIXED + 2 * fp.BYTES * i
}

/** Where `line` writes lines, if anywhere. */
let recording: usize = 0

const FIXED: usize = memory.data(288)
const FIXED_LINES: usize = memory.data(16)
const PREPARED: usize = memory.data(36864)
const Q: usize = memory.data(73728)
const T: usize = memory.data(73728)
const S: usize = memory.data(73728)
const DIFFERENCES: usize = memory.data(36864)
const NORMS: usize = memory.data(18432)
const PRODUCTS: usize = memory.data(18432)
const ACCUMULATORS: usize = memory.data(221184)
const FOREIGN: usize = memory.data(512)
const L: usize = memory.data(72)
const M: usize = memory.data(72)
const N: usize = memory.data(72)
const O: usize = memory.data(72)
