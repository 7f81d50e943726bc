// SPEC 6.3 and SPEC 2.5: what a transmitted ciphertext means, and its encoding.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clearCofactor, encodePoint, G, multiply, O, ORDER } from '#crypto/babyjubjub.ts'
import { concat, EncodingError } from '#crypto/encoding.ts'
import { add, decodeCiphertext, encodeCiphertext, encrypt, subtract } from '#crypto/elgamal.ts'
import type { Ciphertext } from '#crypto/elgamal.ts'

const scalar = fc.bigInt({ min: 1n, max: ORDER - 1n })
const few = { numRuns: 10 }

/** m G of the ciphertext (8 c1', 8 c2') under the key x G. */
function decrypt({ c1, c2 }: Ciphertext, x: bigint) {
  return clearCofactor(c2).subtract(multiply(clearCofactor(c1), x))
}

describe('exponential ElGamal', () => {
  it('means (r G, r Y + m G) with r = 8 r', () => {
    fc.assert(
      fc.property(scalar, scalar, fc.bigInt({ min: 0n, max: 1n << 40n }), (x, rPrime, m) => {
        const key = multiply(G, x)
        const sealed = encrypt(key, m, rPrime)
        const r = (8n * rPrime) % ORDER
        expect(clearCofactor(sealed.c1).equals(multiply(G, r))).toBe(true)
        expect(clearCofactor(sealed.c2).equals(multiply(key, r).add(multiply(G, m)))).toBe(true)
        expect(decrypt(sealed, x).equals(multiply(G, m))).toBe(true)
      }),
      few,
    )
  })

  it('adds and subtracts messages', () => {
    const key = multiply(G, 99n)
    const [a, b] = [encrypt(key, 30n, 1234n), encrypt(key, 12n, ORDER - 5n)]
    expect(decrypt(add(a, b), 99n).equals(multiply(G, 42n))).toBe(true)
    expect(decrypt(subtract(a, b), 99n).equals(multiply(G, 18n))).toBe(true)
    expect(encodeCiphertext(subtract(add(a, b), b))).toEqual(encodeCiphertext(a))
  })

  it('refuses messages and keys that are none', () => {
    for (const m of [-1n, ORDER]) expect(() => encrypt(G, m, 1n)).toThrow('message out of range')
    expect(() => encrypt(O, 1n, 1n)).toThrow('no key')
  })

  it('is 128 bytes, c1 before c2, that come back', () => {
    const sealed = encrypt(multiply(G, 5n), 7n, 11n)
    const bytes = encodeCiphertext(sealed)
    expect(bytes).toEqual(concat(encodePoint(sealed.c1), encodePoint(sealed.c2)))
    expect(encodeCiphertext(decodeCiphertext(bytes))).toEqual(bytes)
    expect(() => decodeCiphertext(bytes.subarray(1))).toThrow(EncodingError)
    for (const at of [0, 63, 64, 127]) {
      const other = bytes.slice()
      other[at] = (other[at] ?? 0) ^ 1
      expect(() => decodeCiphertext(other)).toThrow(EncodingError)
    }
  })
})
