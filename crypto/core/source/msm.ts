// SPDX-License-Identifier: MIT
// Sums of products in G1 (Pippenger, SIAM J. Comput. 9, 1980): signed windows of the scalars, a bucket for each digit.
// Complete: points may repeat, cancel and meet their own sums.
import * as fp from './fp.ts'
import * as g1 from './g1.ts'

/** The widest window; at most 1024 points are taken. */
const WIDEST = 8
/** Windows of the narrowest width that `widthFor` chooses, over 256 bits. */
const WINDOWS = 96

/**
 * r = sum k_i P_i, Jacobian, over `count` affine points and as many integers k_i of nine limbs of 29 bits (36 bytes)
 * below 2^bits, bits <= 255.
 */
export function sumOfProducts(r: usize, points: usize, integers: usize, count: usize, bits: i32): void {
  const width = widthFor(count)
  // Two bits more: the last window takes what the one before carries, and carries nothing.
  const windows = (bits + width + 1) / width
  for (let i: usize = 0; i < count; i++) recode(integers + i * fp.BYTES, i, width, windows)
  g1.neutral(r)
  for (let window = windows - 1; window >= 0; window--) {
    for (let k = 0; k < width; k++) g1.double(r, r)
    memory.fill(BUCKETS, 0, g1.JACOBIAN << (width - 1))
    let most = 0
    for (let i: usize = 0; i < count; i++) {
      const digit = i32(load<i8>(DIGITS + i * WINDOWS + window))
      if (digit === 0) continue
      const size = digit < 0 ? -digit : digit
      if (size > most) most = size
      const bucket = BUCKETS + (size - 1) * g1.JACOBIAN
      g1.addAffine(bucket, bucket, digit < 0 ? opposite(points + i * g1.AFFINE) : points + i * g1.AFFINE)
    }
    // sum k B_k = B_n + (B_n + B_(n-1)) + ...
    g1.neutral(RUNNING)
    for (let k = most; k > 0; k--) {
      g1.add(RUNNING, RUNNING, BUCKETS + (k - 1) * g1.JACOBIAN)
      g1.add(r, r, RUNNING)
    }
  }
}

/** Bytes of a point's table: its multiples from 1 to 128, affine. */
const TABLE: usize = 9216

/** The tables of `count` affine points, for `sumFromTables`. */
export function tabulate(tables: usize, points: usize, count: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const table = tables + TABLE * i
    g1.neutral(BUCKETS)
    for (let k: usize = 0; k < 128; k++) {
      const multiple = BUCKETS + g1.JACOBIAN * k
      g1.addAffine(multiple, k === 0 ? multiple : multiple - g1.JACOBIAN, points + g1.AFFINE * i)
    }
    g1.toAffineMany(table, BUCKETS, 128)
  }
}

/** The same sum as `sumOfProducts` for integers below 2^254, from the points' tables. */
export function sumFromTables(r: usize, tables: usize, integers: usize, count: usize): void {
  const windows = (254 + WIDEST + 1) / WIDEST
  for (let i: usize = 0; i < count; i++) recode(integers + i * fp.BYTES, i, WIDEST, windows)
  g1.neutral(r)
  for (let window = windows - 1; window >= 0; window--) {
    for (let k = 0; k < WIDEST; k++) g1.double(r, r)
    for (let i: usize = 0; i < count; i++) {
      const digit = i32(load<i8>(DIGITS + i * WINDOWS + window))
      if (digit === 0) continue
      const multiple = tables + TABLE * i + ((digit < 0 ? -digit : digit) - 1) * g1.AFFINE
      g1.addAffine(r, r, digit < 0 ? opposite(multiple) : multiple)
    }
  }
}

/** Digits in [-2^(width-1), 2^(width-1)) of an integer, from the lowest. */
function recode(integer: usize, i: usize, width: i32, windows: i32): void {
  let carry = 0
  for (let window = 0; window < windows; window++) {
    let digit = bitsAt(integer, window * width, width) + carry
    carry = i32(digit >= 1 << (width - 1))
    digit -= carry << width
    store<i8>(DIGITS + i * WINDOWS + window, i8(digit))
  }
}

/** `width` bits of an integer in limbs, from this one on. */
function bitsAt(integer: usize, from: i32, width: i32): i32 {
  const limb = from / 29
  if (limb > 8) return 0
  let bits = u64(load<u32>(integer + 4 * limb))
  if (limb < 8) bits |= u64(load<u32>(integer + 4 * limb, 4)) << 29
  return i32(bits >> (from % 29)) & ((1 << width) - 1)
}

function opposite(point: usize): usize {
  fp.copy(OPPOSITE, point)
  fp.neg(OPPOSITE + fp.BYTES, point + fp.BYTES)
  return OPPOSITE
}

/** About the width with the fewest additions: a point costs one a window, a bucket two. */
function widthFor(count: usize): i32 {
  return count < 8 ? 3 : count < 24 ? 4 : count < 64 ? 5 : count < 192 ? 6 : count < 640 ? 7 : WIDEST
}

const DIGITS: usize = memory.data(98304)
const BUCKETS: usize = memory.data(13824)
const RUNNING: usize = memory.data(108)
const OPPOSITE: usize = memory.data(72)
