// The core's pairing: against the definition in big integers, @noble/curves, the vectors of EIP-197, and itself by
// bilinearity over 10,000 pairs; membership of G2, point by hostile point.
import { bn254 } from '@noble/curves/bn254.js'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { core } from '#crypto/core/instance.ts'
import {
  isInG1,
  isInG2,
  loadG1,
  loadTwist,
  pairingProductIsOne,
  SIZE,
  sumOfProducts,
} from '#crypto/core/points.ts'
import { bytesOf, elementAt, g1Bytes, g2Bytes, randomScalar } from './points.ts'
import * as reference from '../../reference/pairing.ts'
import { twistOutsider, twistOfSmallOrder } from '../../reference/twist.ts'

const q = bn254.fields.Fp.ORDER
const p = bn254.fields.Fr.ORDER
const u = 4965661367192848881n
const [G1, G2] = [bn254.G1.Point, bn254.G2.Point]
const at = {
  g1: core.allocate(SIZE.g1),
  g2: core.allocate(SIZE.g2),
  lines: core.allocate(SIZE.lines),
  fp12: core.allocate(SIZE.fp12),
}

function setPair(i: number, a: Uint8Array, b: Uint8Array): void {
  expect(loadG1(at.g1, a) && loadTwist(at.g2, b)).toBe(true)
  core.setPair(i, at.g1, at.g2, false)
}

describe('one pairing', () => {
  test('is that of the definition, by the loop and by recorded lines', () => {
    for (const [a, b] of [
      [1n, 1n],
      [randomScalar(), randomScalar()],
    ] as const) {
      const [point, other] = [G1.BASE.multiply(a), G2.BASE.multiply(b)]
      const [x, y] = [point.toAffine(), other.toAffine()]
      const expected = reference.exponentiate(
        reference.miller(reference.liftG1(x.x, x.y), reference.liftG2(y.x.c0, y.x.c1, y.y.c0, y.y.c1)),
      )
      setPair(0, g1Bytes(point), g2Bytes(other))
      core.millerLoop(1, 1, 0)
      core.exponentiate(at.fp12, core.accumulator(0))
      expect(reference.fromTower(elementAt(at.fp12))).toEqual(expected)
      expect(core.recordLines(at.lines, at.g1, at.g2)).toBe(1)
      core.setFixedPair(0, at.g1, at.lines)
      core.millerLoop(0, 1, 1)
      core.exponentiate(at.fp12, core.accumulator(0))
      expect(reference.fromTower(elementAt(at.fp12))).toEqual(expected)
    }
  })

  // Noble's final exponentiation is that of Fuentes-Castaneda, Knapp, Rodriguez-Henriquez (2011), a power of ours.
  test('to the power 2 u (6 u^2 + 3 u + 1) is that of @noble/curves, 60 random ones in step and singly', () => {
    const pairs = Array.from(
      { length: 60 },
      () => [G1.BASE.multiply(randomScalar()), G2.BASE.multiply(randomScalar())] as const,
    )
    pairs.forEach(([a, b], i) => setPair(i, g1Bytes(a), g2Bytes(b)))
    core.millerLoop(60, 1, 0)
    pairs.forEach(([a, b], i) => {
      core.exponentiate(at.fp12, core.accumulator(i))
      const e = bn254.pairing(a, b)
      const expected = [e.c0.c0, e.c0.c1, e.c0.c2, e.c1.c0, e.c1.c1, e.c1.c2].flatMap(({ c0, c1 }) => [
        c0,
        c1,
      ])
      const ours = reference.power(
        reference.fromTower(elementAt(at.fp12)),
        2n * u * (6n * u * u + 3n * u + 1n),
      )
      expect(ours).toEqual(reference.fromTower(expected))
    })
  })
})

test('the vectors of EIP-197', () => {
  const { vectors } = JSON.parse(readFileSync('test/vectors/eip-197.json', 'utf8')) as {
    vectors: { name: string; input: string; expect: boolean }[]
  }
  expect(vectors).toHaveLength(14)
  for (const vector of vectors) {
    const input = Uint8Array.from(Buffer.from(vector.input, 'hex'))
    const pairs = Array.from({ length: input.length / 192 }, (_, i) => {
      const pair = input.subarray(192 * i, 192 * (i + 1))
      // EIP-197 has c1 before c0.
      const words = [96, 64, 160, 128].map((word) => pair.subarray(word, word + 32))
      return [pair.slice(0, 64), Uint8Array.from(Buffer.concat(words))] as const
    })
    expect(pairingProductIsOne(pairs), vector.name).toBe(vector.expect)
    const spoilt = pairs.map(([a, b], i) => [i === 0 ? g1Bytes(G1.BASE.multiply(7n)) : a, b] as const)
    if (vector.expect && pairs.length > 0) expect(pairingProductIsOne(spoilt), vector.name).toBe(false)
  }
})

test('is bilinear over 10,000 pairs, in products of all lengths', () => {
  const multiples = Array.from({ length: 64 }, randomScalar)
  const others = multiples.map((b) => g2Bytes(G2.BASE.multiply(b)))
  const base = g2Bytes(G2.BASE)
  const pool = [0n, 1n, p - 1n, 2n, ...Array.from({ length: 197 }, randomScalar)]
  const pointPool = pool.map(g1Times)
  let pairs = 0
  for (const length of [1, 2, 3, 511, 512, 513, 1023, 1024, 1500, 2000, 2900]) {
    // 201 and 64 are coprime: no pair comes twice.
    const scalars = Array.from({ length }, (_, i) => pool[i % 201] ?? 0n)
    const product = scalars.map((_, i) => [pointPool[i % 201] ?? base, others[i % 64] ?? base] as const)
    const sum = scalars.reduce((total, a, i) => total + a * (multiples[i % 64] ?? 0n), 0n) % p
    expect(pairingProductIsOne([...product, [g1Times((p - sum) % p), base]])).toBe(true)
    expect(pairingProductIsOne([...product, [g1Times((p - sum + 1n) % p), base]])).toBe(false)
    pairs += length + 1
  }
  expect(pairs).toBeGreaterThan(9_000)
})

describe('membership', () => {
  const outside = twistOutsider()
  const cofactor = 2n * q - p
  const primes = [10069n, 5864401n, 1875725156269n, 197620364512881247228717050342013327560683201906968909n]

  test('of G2: the norm of (6u + 2) + psi - psi^2 + psi^3 is p once, and coprime to the cofactor otherwise', () => {
    expect(primes.reduce((product, prime) => product * prime)).toBe(cofactor)
    // psi^2 = t psi - q with the trace t = 6 u^2 + 1.
    const t = 6n * u * u + 1n
    let [c0, c1] = [0n, 0n]
    for (const c of [1n, -1n, 1n, 6n * u + 2n]) [c0, c1] = [c - q * c1, c0 + t * c1]
    const norm = c0 * c0 + c0 * c1 * t + c1 * c1 * q
    expect(norm % p).toBe(0n)
    expect((norm / p) % p).not.toBe(0n)
    for (const prime of primes) expect(norm % prime).not.toBe(0n)
  })

  test('of G2: its points, and no point of the twist outside it', () => {
    const inside = [1n, 2n, p - 1n, randomScalar()].map((k) => G2.BASE.multiply(k))
    for (const point of inside) expect(isInG2(g2Bytes(point))).toBe(true)
    const foreign = [
      outside,
      outside.negate(),
      ...primes.map((prime) => twistOfSmallOrder(outside, prime)),
      ...inside.flatMap((point) => primes.map((prime) => point.add(twistOfSmallOrder(outside, prime)))),
      inside.reduce((sum, point) => sum.add(point), outside),
    ]
    for (const point of foreign) expect(isInG2(g2Bytes(point))).toBe(false)
    // Of order 10069 every multiple, among them those that make a denominator 0.
    const small = twistOfSmallOrder(outside, 10069n)
    let multiple = small
    for (let k = 0; k < 300; k++, multiple = multiple.add(small))
      expect(isInG2(g2Bytes(multiple))).toBe(false)
  })

  test('of G2 is noted for each pair of many, and spoils no other', () => {
    const small = twistOfSmallOrder(outside, 10069n)
    const hostile = new Map([
      [0, small],
      [5, outside],
      [17, small.double()],
      [39, G2.BASE.add(small)],
    ])
    for (let i = 0; i < 40; i++) setPair(i, g1Times(BigInt(i + 1)), g2Bytes(hostile.get(i) ?? G2.BASE))
    core.millerLoop(40, 1, 0)
    for (let i = 0; i < 40; i++) expect(core.isForeign(i)).toBe(hostile.has(i) ? 1 : 0)
    const good = elementAt(core.accumulator(20))
    setPair(0, g1Times(21n), g2Bytes(G2.BASE))
    core.millerLoop(1, 1, 0)
    expect(elementAt(core.accumulator(0))).toEqual(good)
  })

  test('of the curves: canonical coordinates that fit the equation', () => {
    const [a, b] = [G1.BASE.toAffine(), G2.BASE.toAffine()]
    expect(isInG1(bytesOf(a.x, a.y))).toBe(true)
    const refused = [
      [0n, 0n],
      [1n, 3n],
      [a.x + q, a.y],
      [a.x, a.y + q],
      [q, q],
      [0n, q],
      [2n ** 256n - 1n, a.y],
      [0n, 1n],
    ] as const
    for (const [x, y] of refused) expect(isInG1(bytesOf(x, y))).toBe(false)
    const words = [b.x.c0, b.x.c1, b.y.c0, b.y.c1]
    expect(isInG2(bytesOf(...words))).toBe(true)
    expect(isInG2(new Uint8Array(128))).toBe(false)
    words.forEach((word, i) => {
      expect(isInG2(bytesOf(...words.with(i, word + q)))).toBe(false)
      expect(isInG2(bytesOf(...words.with(i, (word + 1n) % q)))).toBe(false)
    })
    expect(isInG2(bytesOf(b.x.c1, b.x.c0, b.y.c1, b.y.c0))).toBe(false)
    for (const length of [0, 63, 65, 128]) expect(isInG1(new Uint8Array(length))).toBe(false)
    for (const length of [0, 64, 127, 129]) expect(isInG2(new Uint8Array(length))).toBe(false)
  })
})

function g1Times(k: bigint): Uint8Array {
  return sumOfProducts([g1Bytes(G1.BASE)], [bytesOf(k)])
}
