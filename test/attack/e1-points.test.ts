// E1: points off the curve, outside the subgroup of prime order or spelled in a second way (SPEC 2.2, SPEC 2.5).
import { describe, expect, it } from 'vitest'
import {
  clearCofactor,
  decodeKey,
  decodePoint,
  decodeSubgroupPoint,
  encodePoint,
  FIELD_ORDER,
  G,
  multiply,
  multiplySecret,
  O,
  ORDER,
  type Point,
} from '#crypto/babyjubjub.ts'
import { bigintToBytes, concat, EncodingError } from '#crypto/encoding.ts'
import { decodeCiphertext, encodeCiphertext, encrypt } from '#crypto/elgamal.ts'

const bytesOf = (x: bigint, y: bigint) => concat(bigintToBytes(x, 32), bigintToBytes(y, 32))

/** EIP-2494's generator of the whole curve: l times it has order 8. */
const wholeCurve = decodePoint(
  bytesOf(
    995203441582195749578291179787384436505546430278305826713579947235728471134n,
    5472060717959818805561601436314318772137091100104008585924551046643952123905n,
  ),
)
const eighth = multiply(wholeCurve, ORDER - 1n).add(wholeCurve)
const torsion: Point[] = [1n, 2n, 3n, 4n, 5n, 6n, 7n].map((k) => multiply(eighth, k))
const honest = multiply(G, 123456789n)

describe('E1 points', () => {
  it('takes an honest point everywhere, and O where it is no key', () => {
    for (const decode of [decodePoint, decodeSubgroupPoint, decodeKey]) {
      expect(decode(encodePoint(honest)).equals(honest)).toBe(true)
    }
    expect(decodeSubgroupPoint(encodePoint(O)).is0()).toBe(true)
    expect(() => decodeKey(encodePoint(O))).toThrow(new EncodingError('the neutral element is no key'))
  })

  it('refuses the 7 other points of small order, alone or added to an honest point', () => {
    expect(new Set(torsion.map((point) => encodePoint(point).join())).size).toBe(7)
    expect(torsion.some((point) => point.is0())).toBe(false)
    for (const point of torsion.flatMap((small) => [small, honest.add(small)])) {
      const bytes = encodePoint(point)
      const refusal = new EncodingError('the point is not in the subgroup of prime order')
      expect(() => decodeSubgroupPoint(bytes)).toThrow(refusal)
      expect(() => decodeKey(bytes)).toThrow(refusal)
    }
  })

  it('lets torsion into ballots only, where 8 times the point is meant and nothing of it is left', () => {
    const sealed = encrypt(honest, 5n, 99n)
    for (const small of torsion) {
      const bytes = encodeCiphertext({ c1: sealed.c1.add(small), c2: sealed.c2.add(small.double()) })
      const received = decodeCiphertext(bytes)
      expect(encodeCiphertext(received)).toEqual(bytes)
      expect(clearCofactor(received.c1).equals(clearCofactor(sealed.c1))).toBe(true)
      expect(clearCofactor(received.c2).equals(clearCofactor(sealed.c2))).toBe(true)
    }
  })

  it('multiplies no point outside the subgroup by a secret', () => {
    expect(multiplySecret(honest, 2n).equals(honest.double())).toBe(true)
    for (const small of torsion) expect(() => multiplySecret(honest.add(small), 2n)).toThrow('subgroup only')
  })

  it('refuses coordinates of p and more, though they mean the same point', () => {
    const { x, y } = honest.toAffine()
    expect(decodePoint(bytesOf(x, y)).equals(honest)).toBe(true)
    for (let k = 1n; k <= 4n; k++) {
      for (const bytes of [bytesOf(x + k * FIELD_ORDER, y), bytesOf(x, y + k * FIELD_ORDER)]) {
        expect(() => decodePoint(bytes)).toThrow(new EncodingError('the field element is not canonical'))
      }
    }
    expect(() => decodePoint(bytesOf(FIELD_ORDER, 1n))).toThrow(EncodingError)
    expect(() => decodePoint(new Uint8Array(64).fill(255))).toThrow(EncodingError)
  })

  it('refuses pairs that are not on the curve', () => {
    const { x, y } = honest.toAffine()
    const pairs = [
      [x + 1n, y],
      [x, y + 1n],
      [y, x],
      [0n, 0n],
      [1n, 0n],
      [0n, 2n],
    ] as const
    for (const [a, b] of pairs) {
      expect(() => decodePoint(bytesOf(a, b))).toThrow(new EncodingError('the point is not on the curve'))
      const other = encodePoint(honest)
      expect(() => decodeCiphertext(concat(bytesOf(a, b), other))).toThrow(EncodingError)
      expect(() => decodeCiphertext(concat(other, bytesOf(a, b)))).toThrow(EncodingError)
    }
  })
})
