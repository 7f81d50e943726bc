// SPDX-License-Identifier: MIT
// Many Groth16 proofs under one key in one equation (SPEC 3.2), and which of them are to blame when it fails. For
// weights r_i, independent, of 128 bits, never 0, drawn after the proofs are fixed:
//   prod e(-r_i A_i, B_i) e((sum r_i) alpha, beta) e(sum_j (sum_i r_i x_ij) IC_j, gamma) e(sum r_i C_i, delta) = 1
// Each factor is kept for each chunk of proofs, and the first one for each group of a chunk, so that to find the bad
// ones among many costs little more than final exponentiations. For public data only.
import { randomBytes } from '@noble/hashes/utils.js'
import { core } from './instance.ts'
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

  /** Adds up r_i x_i of the proofs of a chunk from `from` to `to` - 1; the indices of those with an input >= p. */
  function sumInputs(items: readonly Item[], from: number, to: number): number[] {
    write(fixed.sums, new Uint8Array((inputs + 1) * SIZE.fp))
    const alias: number[] = []
    for (let i = from; i < to; i++) {
      write(fixed.inputs, items[i]?.inputs ?? new Uint8Array(0))
      if (core.addInputs(fixed.sums, fixed.inputs, inputs, i) === 0) alias.push(i)
    }
    return alias
  }

  /** sum r_i C_i over the same proofs, at region.sum. */
  function sumProofs(from: number, to: number): void {
    core.splitByWeights(region.c, from, to, region.points, region.integers)
    core.sumOfProducts(region.sum, region.points, region.integers, 2 * (to - from), WEIGHT_BITS)
  }

  /** The Miller loops of e(-r_i A_i, B_i), a product for each group; the indices whose B is outside G2. */
  function pair(from: number, to: number, groupSize: number): number[] {
    core.multiplyByWeights(region.products, region.a + from * SIZE.g1, from, to)
    for (let i = 0; i < to - from; i++)
      core.setPair(i, region.products + i * SIZE.g1, region.b + (from + i) * SIZE.g2, true)
    core.millerLoop(to - from, groupSize, 0)
    return range(from, to).filter((i) => core.isForeign(i - from) === 1)
  }

  /** Works a chunk through; the indices of proofs that fail by themselves, if there are any. */
  function accumulate(items: readonly Item[]): Part | number[] {
    const malformed = load(items)
    if (malformed.length > 0) return malformed
    const random = randomBytes(16 * items.length)
    write(region.random, random)
    core.drawWeights(region.random, items.length)
    const alias = sumInputs(items, 0, items.length)
    if (alias.length > 0) return alias
    const foreign = pair(0, items.length, GROUP)
    if (foreign.length > 0) return foreign
    sumProofs(0, items.length)
    const groups = Math.ceil(items.length / GROUP)
    resident = {
      items,
      random,
      loops: read(core.accumulator(0), groups * SIZE.fp12),
      sums: read(fixed.sums, (inputs + 1) * SIZE.fp),
      proofs: read(region.sum, SIZE.jacobian),
    }
    return resident
  }

  /** The left side of the equation, with these products of Miller loops, fixed.sums and region.sum. */
  function valueWith(loops: Uint8Array): Value {
    write(region.loop, loops.subarray(0, SIZE.fp12))
    for (let at = SIZE.fp12; at < loops.length; at += SIZE.fp12) {
      write(region.factor, loops.subarray(at, at + SIZE.fp12))
      core.fp12Mul(region.loop, region.loop, region.factor)
    }
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

  /** The left side of the equation over these chunks. */
  function valueOf(parts: readonly Part[]): Value {
    write(region.sum, new Uint8Array(SIZE.jacobian))
    write(fixed.sums, new Uint8Array((inputs + 1) * SIZE.fp))
    for (const { sums, proofs } of parts) {
      write(region.term, proofs)
      core.g1Add(region.sum, region.sum, region.term)
      for (let j = 0; j <= inputs; j++) {
        write(region.term, sums.subarray(j * SIZE.fp, (j + 1) * SIZE.fp))
        const at = fixed.sums + j * SIZE.fp
        core.frAdd(at, at, region.term)
        core.frReduce(at, at)
      }
    }
    return valueWith(joined(parts.map(({ loops }) => loops)))
  }

  /** The bad proofs of a chunk with this value: the failing groups by the products at hand, and within each of those the
   *  failing proofs, whose loops are then done singly. The weights are those of the chunk, which is as fixed as it was. */
  function badOfChunk(part: Part, whole: Value): number[] {
    const { items, random, loops } = part
    if (resident !== part) {
      load(items)
      write(region.random, random)
      core.drawWeights(region.random, items.length)
    }
    const value = (from: number, to: number, products: Uint8Array): Value => {
      sumInputs(items, from, to)
      sumProofs(from, to)
      return valueWith(products)
    }
    const end = (group: number): number => Math.min(group * GROUP, items.length)
    const groups = failing(0, Math.ceil(items.length / GROUP), whole, (from, to) =>
      value(end(from), end(to), loops.subarray(from * SIZE.fp12, to * SIZE.fp12)),
    )
    return groups.flatMap(({ at, value: ofGroup }) => {
      const start = end(at)
      pair(start, end(at + 1), 1)
      const single = read(core.accumulator(0), (end(at + 1) - start) * SIZE.fp12)
      const bad = failing(start, end(at + 1), ofGroup, (from, to) =>
        value(from, to, single.subarray((from - start) * SIZE.fp12, (to - start) * SIZE.fp12)),
      )
      return bad.map((proof) => proof.at)
    })
  }

  /** All parts of the batch, or at the first proof that fails by itself undefined, unless `bad` takes its index. */
  function partsOf(
    items: readonly Item[],
    bad?: number[],
  ): { parts: Part[]; indices: number[][] } | undefined {
    const parts: Part[] = []
    const indices: number[][] = []
    for (let start = 0; start < items.length; start += CHUNK) {
      let chunk = range(start, Math.min(start + CHUNK, items.length))
      while (chunk.length > 0) {
        const part = accumulate(chunk.flatMap((i) => items[i] ?? []))
        if (!Array.isArray(part)) {
          parts.push(part)
          indices.push(chunk)
          break
        }
        if (bad === undefined) return undefined
        const dropped = new Set(part)
        bad.push(...chunk.filter((_, k) => dropped.has(k)))
        chunk = chunk.filter((_, k) => !dropped.has(k))
      }
    }
    return { parts, indices }
  }

  return {
    check(items) {
      const [first] = items
      if (items.length === 1 && first !== undefined) return checkOne(first)
      const all = partsOf(items)
      return all !== undefined && (all.parts.length === 0 || isOne(valueOf(all.parts)))
    },
    findBad(items) {
      const [first] = items
      if (items.length === 1 && first !== undefined) return checkOne(first) ? [] : [0]
      const bad: number[] = []
      const { parts, indices } = partsOf(items, bad) ?? { parts: [], indices: [] }
      if (parts.length > 0) {
        const chunks = failing(0, parts.length, valueOf(parts), (from, to) => valueOf(parts.slice(from, to)))
        for (const { at, value } of chunks) {
          const part = parts[at]
          if (part !== undefined) bad.push(...badOfChunk(part, value).map((k) => indices[at]?.[k] ?? NaN))
        }
      }
      return bad.sort((a, b) => a - b)
    },
  }
}

/** Proofs that share one inversion at each step; and those that share one accumulator: each group costs 64 squarings in
 *  Fp12 more, and each bad proof the loops of its group again. */
const CHUNK = 512
const GROUP = 32
/** 1 as a scalar. */
const ONE = new Uint8Array(32).fill(1, 31)
/** |u| and |v| of a weight are below 2^68. */
const WEIGHT_BITS = 68

/** What one chunk adds to the equation. */
interface Part {
  readonly items: readonly Item[]
  readonly random: Uint8Array
  /** A product of Miller loops for each group. */
  readonly loops: Uint8Array
  /** sum r_i, then sum r_i x_ij for each input. */
  readonly sums: Uint8Array
  /** sum r_i C_i. */
  readonly proofs: Uint8Array
}

/** The chunk whose proofs and weights the core still holds, of whatever key. */
let resident: Part | undefined

/** The left side of the equation over some proofs, an element of GT. Over two lots of them it is the product of theirs. */
type Value = Uint8Array

/** Of the positions from `from` to `to` - 1, which have this value together, those whose own is not 1. It is worked out
 *  for the first half of each lot that fails; the second one's is the quotient. */
function failing(
  from: number,
  to: number,
  whole: Value,
  valueOf: (from: number, to: number) => Value,
): { readonly at: number; readonly value: Value }[] {
  if (isOne(whole)) return []
  if (to - from === 1) return [{ at: from, value: whole }]
  const middle = (from + to) >> 1
  const first = valueOf(from, middle)
  return [...failing(from, middle, first, valueOf), ...failing(middle, to, quotient(whole, first), valueOf)]
}

function isOne(value: Value): boolean {
  write(region.factor, value)
  return core.fp12IsOne(region.factor) === 1
}

/** In GT the inverse is the conjugate. */
function quotient(a: Value, b: Value): Value {
  write(region.loop, a)
  write(region.factor, b)
  core.fp12Conjugate(region.factor, region.factor)
  core.fp12Mul(region.loop, region.loop, region.factor)
  return read(region.loop, SIZE.fp12)
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

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
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
  term: core.allocate(SIZE.jacobian),
  point: core.allocate(SIZE.g1),
  loop: core.allocate(SIZE.fp12),
  factor: core.allocate(SIZE.fp12),
  bytes: core.allocate(32),
}
