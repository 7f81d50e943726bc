// F4: two messages with one encoding ("ab" + "c" = "a" + "bc"): whatever is hashed must be read in one way only
// (SPEC 2.2, SPEC 2.3, SPEC 3.1).
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePoint, encodePoint, encodeScalar, G, GROUP, multiply, O, ORDER } from '#crypto/babyjubjub.ts'
import { concat, EncodingError, equalBytes, toHex } from '#crypto/encoding.ts'
import { hashToBytes } from '#crypto/hash.ts'
import { check, equalityStatement, knowledgeStatement, prove, type Statement } from '#crypto/preimage.ts'

const ascii = (text: string) => new TextEncoder().encode(text)
const tag = fc.stringMatching(/^[a-z0-9/-]{1,6}$/)
const message = fc.uint8Array({ maxLength: 6 })

describe('F4 tagged hashes', () => {
  it('do not confuse the end of the tag with the start of the message', () => {
    const tags = [
      'a',
      'ab',
      'b',
      'babyjubjub',
      '/babyjubjub',
      'a/babyjubjub',
      'a/babyjubjub/a',
      'comitia/v1/a',
    ]
    const messages = ['', ...tags]
    const hashes = tags.flatMap((t) => messages.map((m) => toHex(hashToBytes(t, ascii(m), 32))))
    expect(new Set(hashes).size).toBe(tags.length * messages.length)
  })

  it('differ wherever tag or message differ, and for every length from the first byte on', () => {
    const input = fc.record({ tag, message, length: fc.integer({ min: 16, max: 70 }) })
    fc.assert(
      fc.property(input, input, (a, b) => {
        const same = a.tag === b.tag && equalBytes(a.message, b.message) && a.length === b.length
        const [first, second] = [a, b].map((i) =>
          toHex(hashToBytes(i.tag, i.message, i.length).subarray(0, 16)),
        )
        expect(first === second).toBe(same)
        expect(toHex(hashToBytes(a.tag, a.message, a.length).subarray(0, 16))).toBe(first)
      }),
    )
  })
})

describe('F4 points and scalars', () => {
  it('have one encoding each: different values differ in bytes, and flipping a bit never gives the same value', () => {
    const scalar = fc.bigInt({ min: 0n, max: ORDER - 1n })
    fc.assert(
      fc.property(scalar, scalar, fc.nat(511), (a, b, bit) => {
        expect(equalBytes(encodeScalar(a), encodeScalar(b))).toBe(a === b)
        const point = multiply(G, a)
        expect(equalBytes(encodePoint(point), encodePoint(multiply(G, b)))).toBe(a === b)
        const other = encodePoint(point)
        other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(() => decodePoint(other)).toThrow(EncodingError)
      }),
      { numRuns: 30 },
    )
  })

  it('do not depend on how a point was computed', () => {
    expect(encodePoint(multiply(G, 6n))).toEqual(encodePoint(multiply(G, 2n).add(G).double()))
    expect(encodePoint(G.subtract(G))).toEqual(encodePoint(O))
  })
})

describe('F4 statements', () => {
  const x = 5n
  const statement = equalityStatement([G, multiply(G, 3n)], [multiply(G, x), multiply(G, 3n * x)])

  it('bind a proof to the one context it was made in', () => {
    fc.assert(
      fc.property(message, message, (a, b) => {
        const proof = prove('attack', a, statement, [x])
        expect(check('attack', b, statement, proof)).toBe(equalBytes(a, b))
      }),
      { numRuns: 15 },
    )
  })

  it('do not let bytes wander between context and statement', () => {
    const moved = encodePoint(G)
    const context = ascii('election')
    const proof = prove('attack', context, statement, [x])
    const shorter: Statement = { matrix: statement.matrix.slice(1), images: statement.images.slice(1) }
    for (const other of [concat(context, moved), concat(context, GROUP), concat(context, GROUP, moved)]) {
      expect(check('attack', other, statement, proof)).toBe(false)
      expect(check('attack', other, shorter, proof)).toBe(false)
      expect(check('attack', other, shorter, prove('attack', other, shorter, [x]))).toBe(true)
    }
  })

  it('do not let points wander between matrix and images, nor rows become columns', () => {
    const [a, b] = [multiply(G, 2n), multiply(G, 3n)]
    const context = ascii('election')
    const column: Statement = { matrix: [[a], [b]], images: [multiply(a, x), multiply(b, x)] }
    const row: Statement = { matrix: [[a, b]], images: [multiply(a, x).add(multiply(b, x))] }
    const [ofColumn, ofRow] = [prove('attack', context, column, [x]), prove('attack', context, row, [x, x])]
    expect(check('attack', context, column, ofColumn)).toBe(true)
    expect(check('attack', context, row, ofRow)).toBe(true)
    expect(check('attack', context, row, ofColumn)).toBe(false)
    expect(check('attack', context, column, ofRow)).toBe(false)
    expect(check('attack', context, row, concat(ofColumn, ofColumn.subarray(32)))).toBe(false)
    expect(check('attack', context, knowledgeStatement(a, [multiply(a, x)]), ofColumn)).toBe(false)
  })
})
