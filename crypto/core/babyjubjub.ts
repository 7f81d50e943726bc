// SPDX-License-Identifier: MIT
// Sums of many received BabyJubJub points, straight from their bytes x || y, on the core (source/point-sum.ts). Points may
// have torsion, repeat, cancel and be neutral. Its time depends on everything; nothing here is secret.
import { core } from './instance.ts'

/** Bytes of an encoded point. */
const POINT = 64

/** Points, 64 bytes each, and an integer for each. */
export interface Multiples {
  readonly points: Uint8Array
  /** Of any sign, of magnitude below 2^259. */
  readonly factors: readonly bigint[]
}

/**
 * The encoded sum of k_i P_i, as integers times points. Undefined if there are not as many points as factors, a coordinate
 * is >= p, or a point is off the curve. Throws Error on a factor out of range.
 */
export function sumOfMultiples(parts: readonly Multiples[]): Uint8Array | undefined {
  const at = (regions ??= allocateRegions())
  core.setNeutral(at.total)
  let count = 0
  const flush = (): boolean => {
    const good = core.decodePoints(at.operands, at.input, count) === count
    if (good && count > 0) {
      core.addMultiples(at.total, at.operands, at.factors, count, bestWidth(count), at.extended)
    }
    count = 0
    return good
  }
  for (const { points, factors } of parts) {
    if (points.length !== factors.length * POINT) return undefined
    for (const [i, factor] of factors.entries()) {
      if (count === CHUNK && !flush()) return undefined
      memory().set(points.subarray(i * POINT, (i + 1) * POINT), at.input + count * POINT)
      writeFactor(at.factors + count * FACTOR, factor)
      count++
    }
  }
  return flush() ? encoded(at.total) : undefined
}

/** Sums in columns: the i-th point of every row is added to the i-th sum. */
export class Columns {
  readonly #sums: Uint8Array

  constructor(columns: number) {
    const at = (regions ??= allocateRegions())
    if (columns > ROOM) throw new Error('too many columns')
    core.setNeutral(at.total)
    const neutral = memory().slice(at.total, at.total + EXTENDED)
    this.#sums = new Uint8Array(columns * EXTENDED)
    for (let i = 0; i < columns; i++) this.#sums.set(neutral, i * EXTENDED)
  }

  /** Adds a row of encoded points. False, and nothing is added, unless it is as long as the columns are many, and each of
   *  them canonical and on the curve. */
  add(row: Uint8Array): boolean {
    const at = (regions ??= allocateRegions())
    const count = this.#sums.length / EXTENDED
    if (row.length !== count * POINT) return false
    memory().set(row, at.input)
    if (core.decodePoints(at.operands, at.input, count) !== count) return false
    memory().set(this.#sums, at.extended)
    core.addEach(at.extended, at.operands, count)
    this.#sums.set(memory().subarray(at.extended, at.extended + this.#sums.length))
    return true
  }

  /** Eight times each sum, encoded: without torsion, whatever the points had. */
  timesCofactor(): Uint8Array[] {
    const at = (regions ??= allocateRegions())
    return Array.from({ length: this.#sums.length / EXTENDED }, (_, i) => {
      memory().set(this.#sums.subarray(i * EXTENDED, (i + 1) * EXTENDED), at.total)
      for (let k = 0; k < 3; k++) core.doublePoint(at.total)
      return encoded(at.total)
    })
  }
}

/** Bytes in the core of a factor, of a point ready to be added, and of a sum. */
const FACTOR = 40
const OPERAND = 108
const EXTENDED = 144

/** Points in memory at a time. */
const CHUNK = 8192

/** Widest windows, in bits, and the buckets of one. */
const MAX_WIDTH = 11
const ROOM = 2 ** (MAX_WIDTH - 1)

interface Regions {
  readonly input: number
  readonly operands: number
  readonly factors: number
  /** Buckets, or columns. */
  readonly extended: number
  readonly total: number
}

let regions: Regions | undefined

function allocateRegions(): Regions {
  return {
    input: core.allocate(CHUNK * POINT),
    operands: core.allocate(CHUNK * OPERAND),
    factors: core.allocate(CHUNK * FACTOR),
    extended: core.allocate(ROOM * EXTENDED),
    total: core.allocate(EXTENDED),
  }
}

/** The width of a window that costs least: in each of 261 / w windows an addition for each point, and for each of the
 *  2^(w - 1) buckets two that take more of them. */
function bestWidth(count: number): number {
  const cost = (width: number): number => Math.ceil(261 / width) * (count + 2.5 * 2 ** (width - 1))
  let best = 2
  for (let width = 3; width <= MAX_WIDTH; width++) if (cost(width) < cost(best)) best = width
  return best
}

/** Little-endian, in two's complement. */
function writeFactor(at: number, factor: bigint): void {
  if (factor >= LIMIT || factor <= -LIMIT) throw new Error('integer out of range')
  const view = new DataView(core.memory.buffer, at, FACTOR)
  for (let word = 0; word < FACTOR; word += 8) view.setBigUint64(word, factor >> BigInt(8 * word), true)
}

const LIMIT = 1n << 259n

function encoded(sum: number): Uint8Array {
  const { input } = (regions ??= allocateRegions())
  core.encodePoint(input, sum)
  return memory().slice(input, input + POINT)
}

/** Its memory as it is now: an allocation may have moved it. */
function memory(): Uint8Array {
  return new Uint8Array(core.memory.buffer)
}
