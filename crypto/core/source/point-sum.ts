// SPDX-License-Identifier: MIT
// Sums of many points of BabyJubJub, with factors and without. Factors go through buckets: Pippenger, "On the evaluation
// of powers and related problems", FOCS 1976, with signed digits.
import { addOperand, addPoint, doublePoint, EXTENDED, OPERAND, setNeutral, subtractOperand } from './babyjubjub.ts'

/** Bytes of a factor: an integer in two's complement, little-endian. */
const FACTOR: usize = 40

/** Bits that the windows cover at least: two more than factors of magnitude below 2^259, so that with the bias, which is
 *  below 3/4 of what the windows hold, every factor is an integer that they hold and no sign. */
const COVERED: i32 = 261

const SUM: usize = memory.data(144)
const RUNNING: usize = memory.data(144)
const BIAS: usize = memory.data(40)

/**
 * TOTAL += sum of k_i P_i, as integers times points: the points may have torsion, repeat and cancel. Windows are of
 * `width` bits, 2 to 16, and `buckets` has room for 2^(width - 1) extended points. Spoils the factors.
 */
export function addMultiples(total: usize, operands: usize, factors: usize, count: i32, width: i32, buckets: usize): void {
  const windows = (COVERED + width - 1) / width
  const half = 1 << (width - 1)
  addBias(factors, count, width, windows)
  setNeutral(SUM)
  for (let window = windows - 1; window >= 0; window--) {
    for (let i = 0; i < width; i++) doublePoint(SUM)
    for (let i = 0; i < half; i++) setNeutral(buckets + usize(i) * EXTENDED)
    for (let i: usize = 0; i < usize(count); i++) {
      const digit = bitsAt(factors + i * FACTOR, window * width, width) - half
      if (digit > 0) addOperand(buckets + usize(digit - 1) * EXTENDED, operands + i * OPERAND)
      if (digit < 0) subtractOperand(buckets + usize(-digit - 1) * EXTENDED, operands + i * OPERAND)
    }
    addBuckets(buckets, half)
  }
  addPoint(total, SUM)
}

/** Adds the i-th of `count` operands to the i-th of as many points. */
export function addEach(points: usize, operands: usize, count: usize): void {
  for (let i: usize = 0; i < count; i++) addOperand(points + i * EXTENDED, operands + i * OPERAND)
}

/** SUM += sum of j bucket_j, j from 1: each bucket is in the running sum at its own place and at every lower one. */
function addBuckets(buckets: usize, count: i32): void {
  setNeutral(RUNNING)
  for (let i = count - 1; i >= 0; i--) {
    addPoint(RUNNING, buckets + usize(i) * EXTENDED)
    addPoint(SUM, RUNNING)
  }
}

/** Adds half = 2^(width - 1) at every window, so that the digits are plain bits less half, in [-half, half), and sum to
 *  the factor, of either sign, without any carrying from one to the next. */
function addBias(factors: usize, count: i32, width: i32, windows: i32): void {
  memory.fill(BIAS, 0, FACTOR)
  for (let window = 0; window < windows; window++) {
    const bit = window * width + width - 1
    const word = BIAS + 8 * usize(bit >> 6)
    store<u64>(word, load<u64>(word) | (u64(1) << (bit & 63)))
  }
  for (let i: usize = 0; i < usize(count); i++) {
    const factor = factors + i * FACTOR
    let carry: u64 = 0
    for (let at: usize = 0; at < FACTOR; at += 8) {
      const half = load<u64>(BIAS + at) + carry
      const sum = load<u64>(factor + at) + half
      // Of both additions at most one wraps.
      carry = u64(half < carry) | u64(sum < half)
      store<u64>(factor + at, sum)
    }
  }
}

/** `width` bits of a factor from a bit on. */
// @ts-ignore: decorator
@inline
function bitsAt(factor: usize, bit: i32, width: i32): i32 {
  return i32((load<u32>(factor + usize(bit >> 3)) >> (bit & 7)) & ((1 << width) - 1))
}
