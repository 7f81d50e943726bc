// Small discrete logarithms, the last step of decoding a tally (SPEC 9.4): baby-step giant-step (Shanks 1971). Both
// kinds of steps walk in pairs C + O, C - O, which share most of their arithmetic, and know points by y alone, which
// a point has in common with its negative; one inversion serves a group of pairs (Montgomery 1987).
import { invert } from '@noble/curves/abstract/modular.js'
import { A, D, FIELD_ORDER, G, multiply, normalize, O, type Point } from './babyjubjub.ts'

/** The largest bound: a search up to it takes seconds (SPEC 6.3). */
export const MAX_BOUND = 1n << 40n

/** Told the part of the work that is done, rising to 1. */
type Progress = (fraction: number) => void

/**
 * The m in [0, bound] with m G = P, or undefined if there is none. Throws Error unless bound is in [0, 2^40]. The
 * table of baby steps stays in memory and serves every later search; it grows with the bound, to 32 MB for 2^40.
 */
export function discreteLog(point: Point, bound: bigint, onProgress?: Progress): bigint | undefined {
  if (bound < 0n || bound > MAX_BOUND) throw new Error('no discrete logarithm up to this bound')
  const size = tableSize(Number(bound))
  let built = 0
  if (table === undefined || table.size < size) {
    built = size / (size + blocksOf(size, bound))
    table = buildTable(size, (fraction) => onProgress?.(built * fraction))
  }
  const m = search(point, bound, table, (fraction) => onProgress?.(built + (1 - built) * fraction))
  onProgress?.(1)
  return m
}

/**
 * The y coordinates of j G for j in [0, size), in an open-addressed hash table: 32 bits of y and j + 1 (0: empty) a
 * slot, twice as many slots as points. A hit is a candidate, not a proof.
 */
interface Table {
  readonly size: number
  readonly fingerprints: Uint32Array
  readonly indices: Uint32Array
  readonly giants: Stride
}

/** The multiples i S, i = 1..w, of a step S: x, y and d x y of each; and (2 w + 1) S, from one centre to the next. */
interface Stride {
  readonly step: Point
  readonly xs: readonly bigint[]
  readonly ys: readonly bigint[]
  readonly dxys: readonly bigint[]
}

let table: Table | undefined

/** Most pairs walked for one inversion. */
const MAX_PAIRS = 1024

/** Twice the size that is best for a single search, since an election has many; never below 2^10, a few ms. */
function tableSize(bound: number): number {
  return 2 ** Math.max(10, Math.ceil(Math.log2(2 * bound + 1) / 2))
}

/** How many blocks of 2 size - 1 candidates make up [0, bound]. */
function blocksOf(size: number, bound: bigint): number {
  return Math.floor(Number(bound) / (2 * size - 1)) + 1
}

function buildTable(size: number, onProgress: Progress): Table {
  const fingerprints = new Uint32Array(2 * size)
  const indices = new Uint32Array(2 * size)
  const mask = 2 * size - 1
  walk(O, strideOf(G, MAX_PAIRS / 2), size, onProgress, (j, y) => {
    const bits = lowBits(y)
    let slot = bits & mask
    while (indices[slot] !== 0) slot = (slot + 1) & mask
    fingerprints[slot] = highPart(bits)
    indices[slot] = j + 1
    return false
  })
  const giant = multiply(G, BigInt(2 * size - 1)).negate()
  return { size, fingerprints, indices, giants: strideOf(giant, Math.min(MAX_PAIRS, size / 8)) }
}

/** Q_b = P - (b (2 size - 1) + size - 1) G is j G or -j G for some j in the table exactly if block b holds m. */
function search(point: Point, bound: bigint, known: Table, onProgress: Progress): bigint | undefined {
  const { size, fingerprints, indices } = known
  const mask = 2 * size - 1
  let found: bigint | undefined
  const isLog = (m: bigint) => {
    if (m < 0n || m > bound || !multiply(G, m).equals(point)) return false
    found = m
    return true
  }
  const start = point.subtract(multiply(G, BigInt(size - 1)))
  walk(start, known.giants, blocksOf(size, bound), onProgress, (block, y) => {
    const bits = lowBits(y)
    const fingerprint = highPart(bits)
    for (let slot = bits & mask; indices[slot] !== 0; slot = (slot + 1) & mask) {
      if (fingerprints[slot] !== fingerprint) continue
      const j = (indices[slot] ?? 0) - 1
      const middle = block * (2 * size - 1) + size - 1
      if (isLog(BigInt(middle + j)) || isLog(BigInt(middle - j))) return true
    }
    return false
  })
  return found
}

function strideOf(step: Point, pairs: number): Stride {
  const multiples: Point[] = []
  for (let at = step; multiples.length < pairs; at = at.add(step)) multiples.push(at)
  const points = normalize(multiples)
  const xs = points.map(({ X }) => X)
  const ys = points.map(({ Y }) => Y)
  return { step, xs, ys, dxys: points.map(({ T }) => (D * T) % FIELD_ORDER) }
}

/**
 * Visits the y coordinate of start + b step for every b in [0, count), not in order, until a visit returns true.
 *
 * Around a centre C = (x1, y1), with (x2, y2) = i step, u = a x1 x2, v = y1 y2 and t = d x1 x2 y1 y2, the addition
 * law gives y(C + i step) = (v - u) / (1 - t) and y(C - i step) = (v + u) / (1 + t) (Bernstein, Birkner, Joye, Lange,
 * Peters 2008). The law is complete on this curve: 1 - t^2 is never 0.
 */
function walk(
  start: Point,
  { step, xs, ys, dxys }: Stride,
  count: number,
  onProgress: Progress,
  visit: (b: number, y: bigint) => boolean,
): void {
  const p = FIELD_ORDER
  const pairs = Math.min(xs.length, Math.ceil((count - 1) / 2))
  const group = 2 * pairs + 1
  const us = new Array<bigint>(pairs).fill(0n)
  const vs = new Array<bigint>(pairs).fill(0n)
  const ts = new Array<bigint>(pairs).fill(0n)
  const products = new Array<bigint>(pairs).fill(0n)
  const stride = multiply(step, BigInt(group))
  let centre = start.add(multiply(step, BigInt(pairs)))
  for (let b = pairs; b - pairs < count; b += group) {
    const { x, y } = centre.toAffine()
    if (b < count && visit(b, y)) return
    const ax = (A * x) % p
    const xy = (x * y) % p
    let product = 1n
    for (let i = 0; i < pairs; i++) {
      const t = (xy * (dxys[i] ?? 0n)) % p
      us[i] = (ax * (xs[i] ?? 0n)) % p
      vs[i] = (y * (ys[i] ?? 0n)) % p
      ts[i] = t
      products[i] = product
      product = (product * (1n - t * t)) % p
    }
    let inverse = invert(product, p)
    for (let i = pairs - 1; i >= 0; i--) {
      const u = us[i] ?? 0n
      const v = vs[i] ?? 0n
      const t = ts[i] ?? 0n
      const each = (inverse * (products[i] ?? 0n)) % p
      inverse = (inverse * (1n - t * t)) % p
      const plus = ((((v - u) * (1n + t)) % p) * each) % p
      const minus = ((((v + u) * (1n - t)) % p) * each) % p
      if (b + i + 1 < count && visit(b + i + 1, plus < 0n ? plus + p : plus)) return
      if (b - i - 1 < count && visit(b - i - 1, minus < 0n ? minus + p : minus)) return
    }
    onProgress(Math.min(1, (b + pairs + 1) / count))
    centre = centre.add(stride)
  }
}

/** The lowest 53 bits: 32 for the slot and, overlapping where the table is huge, 32 for the fingerprint. */
function lowBits(y: bigint): number {
  return Number(BigInt.asUintN(53, y))
}

function highPart(bits: number): number {
  return Math.floor(bits / 2 ** 21)
}
