// SPEC 3.2: the pairing against @noble/curves, and the edges of the library behind it.
import { bn254 } from '@noble/curves/bn254.js'
import { describe, expect, it } from 'vitest'
import {
  coordinates,
  decodeG1,
  decodeG2,
  G1_GENERATOR,
  G2_GENERATOR,
  type G1,
  GROUP_ORDER,
  isProper,
  multiplyG1,
  negateG1,
  pairingProductIsOne,
  sumOfProductsG1,
} from '#crypto/bn254.ts'
import { EncodingError } from '#crypto/encoding.ts'
import { g1Json, randomExponent } from '../reference/simulate-proof.ts'

const neutral = decodeG1(new Uint8Array(64))
const times = (k: bigint): G1 => multiplyG1(G1_GENERATOR, k)

describe('points of G1', () => {
  it('multiply as the oracle multiplies', () => {
    for (const k of [1n, 2n, GROUP_ORDER - 1n, randomExponent()]) {
      const { x, y } = bn254.G1.Point.BASE.multiply(k).toAffine()
      expect(g1Json(times(k))).toEqual([x.toString(), y.toString(), '1'])
      expect(decodeG1(coordinates(x, y))).toEqual(times(k))
    }
    expect(times(0n)).toEqual(neutral)
    expect(() => times(GROUP_ORDER)).toThrow('out of range')
  })

  it.each([0, 1, 2, 17, 255, 256, 257, 600])('sum up, %d of them, repeated, opposite and neutral', (n) => {
    const exponents = Array.from({ length: n }, (_, i) => BigInt(i % 7))
    const points = exponents.map((e, i) => (i % 5 === 0 ? negateG1(times(e)) : times(e)))
    const ks = exponents.map((_, i) => (i % 3 === 0 ? BigInt(i % 11) : randomExponent()))
    const signed = exponents.map((e, i) => (i % 5 === 0 ? GROUP_ORDER - e : e))
    const total = signed.reduce((sum, e, i) => sum + e * (ks[i] ?? 0n), 0n) % GROUP_ORDER
    expect(sumOfProductsG1(points, ks)).toEqual(times(total))
  })

  it('are refused in other bytes', () => {
    expect(() => decodeG1(new Uint8Array(63))).toThrow(EncodingError)
    expect(() => decodeG2(new Uint8Array(64))).toThrow(EncodingError)
    expect(isProper(decodeG1(coordinates(1n, 3n)))).toBe(false)
    expect(isProper(neutral)).toBe(false)
    expect(isProper(decodeG2(new Uint8Array(128)))).toBe(false)
    expect([G1_GENERATOR, G2_GENERATOR].every(isProper)).toBe(true)
  })
})

describe('products of pairings', () => {
  const pair = (k: bigint): [G1, typeof G2_GENERATOR] => [times(k), G2_GENERATOR]

  it('are 1 just if the exponents sum to 0, at every number of pairs', () => {
    for (const n of [1, 2, 3, 255, 256]) {
      const ks = Array.from({ length: n }, (_, i) => BigInt(i + 1))
      const rest = GROUP_ORDER - ks.reduce((sum, k) => sum + k)
      expect(pairingProductIsOne([...ks, rest].map(pair))).toBe(true)
      expect(pairingProductIsOne([...ks, rest - 1n].map(pair))).toBe(false)
    }
  })

  it('pass over neutral points, first, last or alone', () => {
    const [plus, minus, zero] = [pair(5n), pair(GROUP_ORDER - 5n), pair(0n)]
    expect(pairingProductIsOne([])).toBe(true)
    expect(pairingProductIsOne([zero])).toBe(true)
    expect(pairingProductIsOne([zero, plus, minus])).toBe(true)
    expect(pairingProductIsOne([plus, zero, minus, zero])).toBe(true)
    expect(pairingProductIsOne([plus, zero])).toBe(false)
    expect(pairingProductIsOne([[times(5n), decodeG2(new Uint8Array(128))]])).toBe(true)
  })
})
