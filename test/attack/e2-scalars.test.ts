// E2: scalars that are 0, l or more: randomness that encrypts nothing, and second spellings (SPEC 2.2, SPEC 6.3).
import { describe, expect, it } from 'vitest'
import {
  decodeScalar,
  encodeScalar,
  G,
  multiply,
  multiplySecret,
  ORDER,
  sumOfProducts,
} from '#crypto/babyjubjub.ts'
import { bigintToBytes, bytesToBigint, concat, EncodingError } from '#crypto/encoding.ts'
import { encrypt } from '#crypto/elgamal.ts'
import { check, knowledgeStatement, prove } from '#crypto/preimage.ts'

const key = multiply(G, 4711n)
const TOO_LARGE = [ORDER, ORDER + 1n, 2n * ORDER, (1n << 256n) - 1n]

describe('E2 scalars', () => {
  it('encrypts under 1 and l - 1, and refuses 0, l, l + 1 and negative randomness', () => {
    for (const r of [1n, ORDER - 1n]) expect(encrypt(key, 1n, r).c1.equals(multiply(G, r))).toBe(true)
    expect(() => encrypt(key, 1n, 0n)).toThrow('randomness 0 encrypts nothing')
    for (const r of [...TOO_LARGE, -1n]) expect(() => encrypt(key, 1n, r)).toThrow('out of range')
  })

  it('decodes 0 and l - 1, and refuses l and more', () => {
    for (const k of [0n, ORDER - 1n]) expect(decodeScalar(encodeScalar(k))).toBe(k)
    for (const k of TOO_LARGE) {
      const refusal = new EncodingError('the scalar is not canonical')
      expect(() => decodeScalar(bigintToBytes(k, 32))).toThrow(refusal)
    }
  })

  it('multiplies by scalars in [0, l) alone, instead of reducing what a caller got wrong', () => {
    expect(multiply(key, 0n).is0()).toBe(true)
    for (const k of [...TOO_LARGE, -1n]) {
      expect(() => multiply(key, k)).toThrow('out of range')
      expect(() => multiplySecret(key, k)).toThrow('out of range')
      expect(() => sumOfProducts([key], [k])).toThrow('out of range')
    }
  })

  it('refuses a proof whose challenge or response is written as itself plus l', () => {
    const statement = knowledgeStatement(G, [key])
    const proof = prove('attack', new Uint8Array(0), statement, [4711n])
    const [challenge, response] = [proof.subarray(0, 32), proof.subarray(32)]
    const plusOrder = (bytes: Uint8Array) => bigintToBytes(bytesToBigint(bytes) + ORDER, 32)
    expect(check('attack', new Uint8Array(0), statement, concat(challenge, response))).toBe(true)
    expect(check('attack', new Uint8Array(0), statement, concat(challenge, plusOrder(response)))).toBe(false)
    expect(check('attack', new Uint8Array(0), statement, concat(plusOrder(challenge), response))).toBe(false)
  })

  it('refuses a proof of nothing but zeros', () => {
    const statement = knowledgeStatement(G, [key])
    expect(check('attack', new Uint8Array(0), statement, new Uint8Array(64))).toBe(false)
  })
})
