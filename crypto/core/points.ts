// SPDX-License-Identifier: MIT
// Points of BN254 by their bytes, coordinates of 32 bytes, big-endian, in G2 with c0 before c1 (64 and 128 bytes; 0
// alone for the neutral element): membership, sums of products, products of pairings. For public points only.
import { core } from './instance.ts'

/** Bytes of an element of Fp, an affine point of G1, a Jacobian one, a point of G2, an element of Fp12, the
 *  multiples of a point of G1 and the lines of one of G2, in the core. */
export const SIZE = { fp: 36, g1: 72, jacobian: 108, g2: 144, fp12: 432, table: 9216, lines: 12528 } as const

/** Most terms of one sum of products, and pairs of one Miller loop, in the core. */
export const MOST = { terms: 1024, pairs: 512 } as const

/** Copies into the core's memory. */
export function write(at: number, bytes: Uint8Array): void {
  new Uint8Array(core.memory.buffer).set(bytes, at)
}

/** A copy out of the core's memory. */
export function read(at: number, length: number): Uint8Array {
  return new Uint8Array(core.memory.buffer).slice(at, at + length)
}

/** Decodes 64 bytes to an affine point at this address; false unless they spell a point of G1 other than the neutral
 *  one. G1 is the whole curve. */
export function loadG1(at: number, bytes: Uint8Array): boolean {
  write(region.bytes, bytes)
  return bytes.length === 64 && core.g1FromBytes(at, region.bytes) === 1
}

/** Decodes 128 bytes to a point of the twist at this address, which may lie outside G2; false if they spell none. */
export function loadTwist(at: number, bytes: Uint8Array): boolean {
  write(region.bytes, bytes)
  return bytes.length === 128 && core.g2FromBytes(at, region.bytes) === 1
}

/** Whether 64 bytes are a point of G1, not the neutral one. */
export function isInG1(bytes: Uint8Array): boolean {
  return loadG1(region.g1, bytes)
}

/** Whether 128 bytes are a point of G2, not the neutral one. */
export function isInG2(bytes: Uint8Array): boolean {
  if (!loadTwist(region.g2, bytes)) return false
  loadG1(region.g1, GENERATOR)
  core.setPair(0, region.g1, region.g2, false)
  core.millerLoop(1, 1, 0)
  return core.isForeign(0) === 0
}

/** sum k_i P_i; points may repeat, cancel and be neutral.
 *  @param points 64 bytes each; Error if one is not in G1
 *  @param scalars 32 bytes each, big-endian; Error if one is not below p */
export function sumOfProducts(points: readonly Uint8Array[], scalars: readonly Uint8Array[]): Uint8Array {
  if (points.length !== scalars.length) throw new Error('as many scalars as points')
  const terms = points.flatMap((point, i) =>
    point.some((byte) => byte !== 0) ? [[point, scalars[i]] as const] : [],
  )
  write(region.sum, new Uint8Array(SIZE.jacobian))
  for (let from = 0; from < terms.length; from += MOST.terms) {
    const chunk = terms.slice(from, from + MOST.terms)
    chunk.forEach(([point, scalar = new Uint8Array(0)], i) => {
      if (!loadG1(region.points + i * SIZE.g1, point)) throw new Error('a point is not in G1')
      loadScalar(region.integers + i * SIZE.fp, scalar)
    })
    core.sumOfProducts(region.jacobian, region.points, region.integers, chunk.length, 254)
    core.g1Add(region.sum, region.sum, region.jacobian)
  }
  core.g1ToBytes(region.bytes, region.sum)
  return read(region.bytes, 64)
}

/** Whether the product of e(P_i, Q_i) is 1; false if a point is neither neutral nor in its group. */
export function pairingProductIsOne(pairs: readonly (readonly [Uint8Array, Uint8Array])[]): boolean {
  const proper = pairs.filter((pair) => pair.every((point) => point.some((byte) => byte !== 0)))
  let product: Uint8Array | undefined
  for (let from = 0; from < proper.length; from += MOST.pairs) {
    const chunk = proper.slice(from, from + MOST.pairs)
    for (const [i, [p, q]] of chunk.entries()) {
      if (!loadG1(region.g1, p) || !loadTwist(region.g2, q)) return false
      core.setPair(i, region.g1, region.g2, false)
    }
    core.millerLoop(chunk.length, chunk.length, 0)
    if (chunk.some((_, i) => core.isForeign(i) === 1)) return false
    if (product !== undefined) {
      write(region.fp12, product)
      core.fp12Mul(core.accumulator(0), core.accumulator(0), region.fp12)
    }
    product = read(core.accumulator(0), SIZE.fp12)
  }
  if (product === undefined) return true
  write(region.fp12, product)
  core.exponentiate(region.fp12, region.fp12)
  return core.fp12IsOne(region.fp12) === 1
}

/** Decodes a canonical scalar of 32 bytes to an integer in limbs; Error if it is not below p. */
function loadScalar(at: number, bytes: Uint8Array): void {
  write(region.bytes, bytes)
  if (bytes.length !== 32 || core.decodeScalar(at, region.bytes) === 0)
    throw new Error('a scalar is not below p')
}

/** (1, 2). */
const GENERATOR = new Uint8Array(64)
GENERATOR[31] = 1
GENERATOR[63] = 2

const region = {
  bytes: core.allocate(128),
  g1: core.allocate(SIZE.g1),
  g2: core.allocate(SIZE.g2),
  fp12: core.allocate(SIZE.fp12),
  sum: core.allocate(SIZE.jacobian),
  jacobian: core.allocate(SIZE.jacobian),
  points: core.allocate(MOST.terms * SIZE.g1),
  integers: core.allocate(MOST.terms * SIZE.fp),
}
