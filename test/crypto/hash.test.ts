// SPEC 2.3: hashing with a domain, against RFC 9380's vectors and the curve library's hash_to_field.
import { expand_message_xmd, hash_to_field } from '@noble/curves/abstract/hash-to-curve.js'
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FIELD_ORDER, ORDER } from '#crypto/babyjubjub.ts'
import { toHex } from '#crypto/encoding.ts'
import { hashToBytes, hashToField, hashToScalar, sha256 } from '#crypto/hash.ts'

interface Vectors {
  dst: string
  vectors: { message: string; length: number; expect: string }[]
}

const file = new URL('../vectors/expand-message-xmd.json', import.meta.url)
const { dst, vectors } = JSON.parse(readFileSync(file, 'utf8')) as Vectors
const ascii = (text: string) => new TextEncoder().encode(text)

describe('expand_message_xmd', () => {
  it.each(vectors)('gives RFC 9380 K.1 for $message.length characters and $length bytes', (vector) => {
    const bytes = expand_message_xmd(ascii(vector.message), dst, vector.length, nobleSha256)
    expect(toHex(bytes)).toBe(vector.expect)
  })
})

describe('tagged hashes', () => {
  it('are expand_message_xmd and hash_to_field under our domain', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.integer({ min: 1, max: 300 }), (message, length) => {
        const domain = 'comitia/v1/some-tag/babyjubjub'
        const expanded = expand_message_xmd(message, domain, length, nobleSha256)
        expect(hashToBytes('some-tag', message, length)).toEqual(expanded)
        for (const [hash, p] of [
          [hashToScalar, ORDER],
          [hashToField, FIELD_ORDER],
        ] as const) {
          const options = { DST: domain, p, m: 1, k: 128, expand: 'xmd', hash: nobleSha256 } as const
          expect([[hash('some-tag', message)]]).toEqual(hash_to_field(message, 1, options))
        }
      }),
    )
  })

  it('has fixed values, computed by a second implementation, so that a change of the domain cannot pass unnoticed', () => {
    expect(toHex(hashToBytes('vector', ascii('abc'), 16))).toBe('2ee7183e8f6c8cc9403cf9f621645871')
    expect(hashToScalar('vector', ascii('abc'))).toBe(
      658466094067793167142239161649129274347055251658544746629747443781068815902n,
    )
    expect(hashToField('vector', ascii('abc'))).toBe(
      9990038748603441303164699642095155171234014793391482880917723925680924561004n,
    )
  })

  it('refuses tags and lengths that are none', () => {
    for (const tag of ['', 'A', 'a b', 'ä', 'a'.repeat(101)]) {
      expect(() => hashToBytes(tag, new Uint8Array(0), 32)).toThrow('hash tag')
    }
    for (const length of [0, -1, 1.5, 8161]) {
      expect(() => hashToBytes('tag', new Uint8Array(0), length)).toThrow('hash length')
    }
    expect(hashToBytes('tag', new Uint8Array(0), 8160)).toHaveLength(8160)
  })
})

it('sha256 is the platform’s', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(toHex(sha256(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'))
    }),
  )
})
