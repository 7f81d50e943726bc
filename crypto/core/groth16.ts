// SPDX-License-Identifier: MIT
// Many Groth16 proofs under one key in one equation (SPEC 3.2), and which of them are to blame when it fails. For
// weights r_i, independent, of 128 bits, never 0, drawn after the proofs are fixed:
//   prod e(-r_i A_i, B_i) e((sum r_i) alpha, beta) e(sum_j (sum_i r_i x_ij) IC_j, gamma) e(sum r_i C_i, delta) = 1
// What proofs add to it is kept for each chunk and each group of a chunk, so that what fails is traced to the chunk, the
// group and the proof with few Miller loops more. For public data only.
import { randomBytes } from '@noble/hashes/utils.js'
import { culprits, isOne, type Value } from './culprits.ts'
import { core } from './instance.ts'
import { combine, jacobian, type Lot, productOfLoops, sumOfSums } from './lots.ts'
import { loadG1, loadTwist, MOST, read, SIZE, write } from './points.ts'
import { testCore } from './self-test.ts'

/** The points of a verification key, by their bytes. */
export interface KeyPoints {
  readonly alpha: Uint8Array
  readonly beta: Uint8Array
  readonly gamma: Uint8Array
  readonly delta: Uint8Array
  /** For the constant 1, then for each public input. */
  readonly ic: readonly Uint8Array[]
}

/** A proof of 256 bytes, and its public inputs, 32 bytes each, big-endian, one after the other. */
export interface Item {
  readonly proof: Uint8Array
  readonly inputs: Uint8Array
}

/** Judges proofs under one key. */
export interface Verifier {
  /** Whether all hold; true for none. */
  check(items: readonly Item[]): boolean
  /** The indices, ascending, of those that do not hold. */
  findBad(items: readonly Item[]): number[]
}

/** A verifier under a key whose points are all proper; Error otherwise. What it takes of the core's memory stays taken. */
export function groth16Verifier(key: KeyPoints): Verifier {
  const fixed = loadKey(key)
  const inputs = key.ic.length - 1
  const sumsSize = key.ic.length * SIZE.fp

  /** Puts a chunk's proofs into the core; the indices of those that are malformed. */
  function load(items: readonly Item[]): number[] {
    resident = undefined
    return items.flatMap(({ proof, inputs: x }, i) => {
      if (proof.length !== 256 || x.length !== 32 * inputs) return [i]
      const [a, b, c] = [region.a + i * SIZE.g1, region.b + i * SIZE.g2, region.c + i * SIZE.g1]
      const decoded =
        loadG1(a, proof.subarray(0, 64)) &&
        loadTwist(b, proof.subarray(64, 192)) &&
        loadG1(c, proof.subarray(192))
      return decoded ? [] : [i]
    })
  }

  /** sum r_i, then sum r_i x_ij for each input, over the proofs of a chunk from `from` to `to` - 1; the indices of those
   *  with an input >= p go to `alias`. */
  function sumInputs(items: readonly Item[], { from, to }: Range, alias: number[]): Uint8Array {
    write(fixed.sums, new Uint8Array(sumsSize))
    for (let i = from; i < to; i++) {
      write(fixed.inputs, items[i]?.inputs ?? new Uint8Array(0))
      if (core.addInputs(fixed.sums, fixed.inputs, inputs, i) === 0) alias.push(i)
    }
    return read(fixed.sums, sumsSize)
  }

  /** What groups of the chunk in the core add to the equation together, each as often as its place says, from 0, where
   *  `rising`. */
  function totalOf(groups: readonly Group[], rising: boolean): Lot {
    let count = 0
    for (const [place, { from, to }] of groups.entries()) {
      const [points, integers] = [region.points + count * SIZE.g1, region.integers + count * SIZE.fp]
      core.splitByWeights(region.c, from, to, rising ? place : 1, points, integers)
      count += 2 * (to - from)
    }
    const bits = rising ? WEIGHT_BITS + PLACE_BITS : WEIGHT_BITS
    core.sumOfProducts(region.sum, region.points, region.integers, count, bits)
    return {
      loop: productOfLoops(
        groups.map(({ loop }) => loop),
        rising,
      ),
      sums: sumOfSums(
        groups.map(({ sums }) => sums),
        rising,
      ),
      proofs: read(region.sum, SIZE.jacobian),
    }
  }

  /** The Miller loops of e(-r_i A_i, B_i), a product for each group, from core.accumulator(0); the indices whose B is
   *  outside G2. */
  function pair({ from, to }: Range, groupSize: number): number[] {
    core.multiplyByWeights(region.products, region.a + from * SIZE.g1, from, to)
    for (let i = 0; i < to - from; i++)
      core.setPair(i, region.products + i * SIZE.g1, region.b + (from + i) * SIZE.g2, true)
    core.millerLoop(to - from, groupSize, 0)
    return indices(from, to).filter((i) => core.isForeign(i - from) === 1)
  }

  /** Works a chunk through; the indices of proofs that fail by themselves, if there are any. */
  function accumulate(items: readonly Item[]): Chunk | number[] {
    const malformed = load(items)
    if (malformed.length > 0) return malformed
    const random = randomBytes(16 * items.length)
    write(region.random, random)
    core.drawWeights(region.random, items.length)
    const alias: number[] = []
    const whole = { from: 0, to: items.length }
    const ranges = cut(whole, GROUP)
    const sums = ranges.map((range) => sumInputs(items, range, alias))
    if (alias.length > 0) return alias
    const foreign = pair(whole, GROUP)
    if (foreign.length > 0) return foreign
    const groups = ranges.map((range, i) => ({
      ...range,
      loop: read(core.accumulator(i), SIZE.fp12),
      sums: sums[i] ?? new Uint8Array(0),
    }))
    resident = { items, random, groups, ...totalOf(groups, false) }
    return resident
  }

  /** The left side of the equation over a lot. */
  function close({ loop, sums, proofs }: Lot): Value {
    write(region.loop, loop)
    write(region.sum, proofs)
    write(fixed.sums, sums)
    for (let j = 0; j <= inputs; j++) {
      core.encodeScalar(region.bytes, fixed.sums + j * SIZE.fp)
      core.decodeScalar(fixed.integers + j * SIZE.fp, region.bytes)
    }
    let pairs = 0
    const addPair = (sum: number, lines: number): void => {
      // e(O, Q) = 1.
      if (core.g1ToAffine(region.point, sum) === 1) core.setFixedPair(pairs++, region.point, lines)
    }
    addPair(region.sum, fixed.delta)
    core.sumFromTables(region.sum, fixed.alphaTable, fixed.integers, 1)
    addPair(region.sum, fixed.beta)
    core.sumFromTables(region.sum, fixed.icTables, fixed.integers, inputs + 1)
    addPair(region.sum, fixed.gamma)
    core.millerLoop(0, 1, pairs)
    core.fp12Mul(region.loop, region.loop, core.accumulator(0))
    core.exponentiate(region.loop, region.loop)
    return read(region.loop, SIZE.fp12)
  }

  /** One proof by itself, without a weight: it is the equation of Groth. */
  function checkOne(item: Item): boolean {
    if (load([item]).length > 0) return false
    for (let j = 0; j <= inputs; j++) {
      write(region.bytes, j === 0 ? ONE : item.inputs.subarray(32 * (j - 1), 32 * j))
      if (core.decodeScalar(fixed.integers + j * SIZE.fp, region.bytes) === 0) return false
    }
    core.sumFromTables(region.sum, fixed.icTables, fixed.integers, inputs + 1)
    core.setPair(0, region.a, region.b, true)
    core.setFixedPair(0, region.c, fixed.delta)
    const neutral = core.g1ToAffine(region.point, region.sum) === 0
    if (!neutral) core.setFixedPair(1, region.point, fixed.gamma)
    core.millerLoop(1, 1, neutral ? 1 : 2)
    core.fp12Mul(region.loop, core.accumulator(0), fixed.alphaBeta)
    core.exponentiate(region.loop, region.loop)
    return core.isForeign(0) === 0 && core.fp12IsOne(region.loop) === 1
  }

  /** The bad proofs of a chunk with this value: in its failing groups, the failing proofs. */
  function badOfChunk(chunk: Chunk, whole: Value): number[] {
    const { items, random } = chunk
    if (resident !== chunk) {
      load(items)
      write(region.random, random)
      core.drawWeights(region.random, items.length)
      resident = chunk
    }
    const groups = culprits(chunk.groups, whole, (lots, rising) => close(totalOf(lots, rising)))
    return groups.flatMap(([group, value]) =>
      culprits(single(items, group), value, valueOf).map(([{ index }]) => index),
    )
  }

  /** The product of the values of lots, each to the power of its place where `rising`. */
  function valueOf(lots: readonly Lot[], rising: boolean): Value {
    return close(combine(lots, rising))
  }

  /** Each proof of a group as a lot of its own. */
  function single(items: readonly Item[], group: Range): (Lot & { readonly index: number })[] {
    pair(group, 1)
    core.multiplyByWeights(region.products, region.c + group.from * SIZE.g1, group.from, group.to)
    return cut(group, 1).map((range, i) => ({
      index: range.from,
      loop: read(core.accumulator(i), SIZE.fp12),
      sums: sumInputs(items, range, []),
      proofs: jacobian(read(region.products + i * SIZE.g1, SIZE.g1)),
    }))
  }

  /** All chunks of the batch, with the indices of their items, or at the first proof that fails by itself undefined,
   *  unless `bad` takes its index. */
  function chunksOf(items: readonly Item[], bad?: number[]): Map<Chunk, number[]> | undefined {
    const chunks = new Map<Chunk, number[]>()
    for (const { from, to } of cut({ from: 0, to: items.length }, CHUNK)) {
      let chunk = indices(from, to)
      while (chunk.length > 0) {
        const accumulated = accumulate(chunk.flatMap((i) => items[i] ?? []))
        if (!Array.isArray(accumulated)) {
          chunks.set(accumulated, chunk)
          break
        }
        if (bad === undefined) return undefined
        const dropped = new Set(accumulated)
        bad.push(...chunk.filter((_, k) => dropped.has(k)))
        chunk = chunk.filter((_, k) => !dropped.has(k))
      }
    }
    return chunks
  }

  return {
    check(items) {
      const [first] = items
      if (items.length === 1 && first !== undefined) return checkOne(first)
      const chunks = chunksOf(items)
      return chunks !== undefined && (chunks.size === 0 || isOne(valueOf([...chunks.keys()], false)))
    },
    findBad(items) {
      const [first] = items
      if (items.length === 1 && first !== undefined) return checkOne(first) ? [] : [0]
      const bad: number[] = []
      const chunks = chunksOf(items, bad) ?? new Map<Chunk, number[]>()
      const all = [...chunks.keys()]
      if (all.length > 0)
        for (const [chunk, value] of culprits(all, valueOf(all, false), valueOf))
          bad.push(...badOfChunk(chunk, value).map((k) => chunks.get(chunk)?.[k] ?? NaN))
      return bad.sort((a, b) => a - b)
    },
  }
}

/** Proofs that share one inversion at each step; and those that share one accumulator: each group costs 64 squarings in
 *  Fp12 more, and each bad proof the loops of its group again. */
const CHUNK = 512
const GROUP = 16
/** 1 as a scalar. */
const ONE = new Uint8Array(32).fill(1, 31)
/** |u| and |v| of a weight are below 2^68, a group's place in its chunk below 2^5. */
const WEIGHT_BITS = 68
const PLACE_BITS = 5

/** Proofs of a chunk from `from` to `to` - 1. */
interface Range {
  readonly from: number
  readonly to: number
}

/** Of a group's lot, what it costs nothing to know. */
interface Group extends Range, Omit<Lot, 'proofs'> {}

interface Chunk extends Lot {
  readonly items: readonly Item[]
  readonly random: Uint8Array
  readonly groups: readonly Group[]
}

/** The chunk whose proofs and weights the core still holds, of whatever key. */
let resident: Chunk | undefined

function cut({ from, to }: Range, size: number): Range[] {
  return Array.from({ length: Math.ceil((to - from) / size) }, (_, i) => ({
    from: from + i * size,
    to: Math.min(from + (i + 1) * size, to),
  }))
}

/** What a key has in the core: points, tables of multiples, lines; and room for one proof's inputs. */
function loadKey({ alpha, beta, gamma, delta, ic }: KeyPoints) {
  if (ic.length === 0 || ic.length > MOST.terms) throw new Error('too many public inputs, or no IC')
  const g1 = (points: readonly Uint8Array[]): number => {
    const at = core.allocate(points.length * SIZE.g1)
    if (!points.every((point, i) => loadG1(at + i * SIZE.g1, point)))
      throw new Error('a point of the key is not in G1')
    return at
  }
  const tables = (points: number, count: number): number => {
    const at = core.allocate(count * SIZE.table)
    core.tabulate(at, points, count)
    return at
  }
  const lines = (point: Uint8Array): number => {
    const at = core.allocate(SIZE.lines)
    const known = loadTwist(region.b, point) && core.recordLines(at, alphaAt, region.b) === 1
    if (!known) throw new Error('a point of the key is not in G2')
    return at
  }
  const alphaAt = g1([alpha])
  const betaLines = lines(beta)
  // The loop of e(alpha, beta), which every single proof needs as it is.
  const alphaBeta = core.allocate(SIZE.fp12)
  core.setFixedPair(0, alphaAt, betaLines)
  core.millerLoop(0, 1, 1)
  write(alphaBeta, read(core.accumulator(0), SIZE.fp12))
  return {
    alphaBeta,
    alphaTable: tables(alphaAt, 1),
    icTables: tables(g1(ic), ic.length),
    beta: betaLines,
    gamma: lines(gamma),
    delta: lines(delta),
    inputs: core.allocate(32 * ic.length),
    sums: core.allocate(ic.length * SIZE.fp),
    integers: core.allocate(ic.length * SIZE.fp),
  }
}

function indices(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

testCore()

const region = {
  a: core.allocate(CHUNK * SIZE.g1),
  b: core.allocate(CHUNK * SIZE.g2),
  c: core.allocate(CHUNK * SIZE.g1),
  products: core.allocate(CHUNK * SIZE.g1),
  random: core.allocate(16 * CHUNK),
  points: core.allocate(MOST.terms * SIZE.g1),
  integers: core.allocate(MOST.terms * SIZE.fp),
  sum: core.allocate(SIZE.jacobian),
  point: core.allocate(SIZE.g1),
  loop: core.allocate(SIZE.fp12),
  bytes: core.allocate(32),
}
