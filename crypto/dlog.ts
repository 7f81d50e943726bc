// Small discrete logarithms, the last step of decoding a tally (SPEC 9.4): baby-step giant-step (Shanks 1971). Both
// kinds of steps walk in pairs C + O, C - O, which share most of their arithmetic, and know points by y alone, which
// a point has in common with its negative; one inversion serves a group of pairs (Montgomery 1987).
import { encodePoint, G, multiply, normalize, O, type Point } from './babyjubjub.ts'
import { MAX_PAIRS, neighbours, prepareMultiples } from './core/neighbours.ts'
import { concat } from './encoding.ts'

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
 * The y coordinates of j G for j in [0, size), in an open-addressed hash table: 32 bits that tell y and j + 1 (0: empty)
 * a slot, twice as many slots as points. A hit is a candidate, not a proof.
 */
interface Table {
  readonly size: number
  readonly fingerprints: Uint32Array
  readonly indices: Uint32Array
  readonly giants: Stride
}

/** The multiples S, 2 S, ... of a step S, as the core wants them. */
interface Stride {
  readonly step: Point
  readonly pairs: number
  readonly multiples: Uint8Array
}

let table: Table | undefined

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
  walk(O, strideOf(G, MAX_PAIRS / 2), size, onProgress, (j, hash, fingerprint) => {
    let slot = hash & mask
    while (indices[slot] !== 0) slot = (slot + 1) & mask
    fingerprints[slot] = fingerprint
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
  walk(start, known.giants, blocksOf(size, bound), onProgress, (block, hash, fingerprint) => {
    for (let slot = hash & mask; indices[slot] !== 0; slot = (slot + 1) & mask) {
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
  return { step, pairs, multiples: prepareMultiples(concat(...normalize(multiples).map(encodePoint))) }
}

/**
 * Visits start + b step for every b in [0, count), in order, until a visit returns true. A visit learns 64 bits of the
 * point's y coordinate.
 */
function walk(
  start: Point,
  { step, multiples, pairs: most }: Stride,
  count: number,
  onProgress: Progress,
  visit: (b: number, hash: number, fingerprint: number) => boolean,
): void {
  const pairs = Math.min(most, Math.ceil((count - 1) / 2))
  const group = 2 * pairs + 1
  const stride = multiply(step, BigInt(group))
  let centre = start.add(multiply(step, BigInt(pairs)))
  for (let first = 0; first < count; first += group) {
    const words = neighbours(encodePoint(centre), multiples, pairs)
    const end = Math.min(group, count - first)
    for (let i = 0; i < end; i++) {
      if (visit(first + i, words[2 * i] ?? 0, words[2 * i + 1] ?? 0)) return
    }
    onProgress(Math.min(1, (first + group) / count))
    centre = centre.add(stride)
  }
}
