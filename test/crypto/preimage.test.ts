// SPEC 3.1: proofs of a preimage, for both instances and for general matrices.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  encodePoint,
  encodeScalar,
  G,
  GROUP,
  multiply,
  O,
  ORDER,
  type Point,
  sumOfProducts,
} from '#crypto/babyjubjub.ts'
import { bytesToBigint, concat } from '#crypto/encoding.ts'
import { hashToScalar } from '#crypto/hash.ts'
import { check, equalityStatement, knowledgeStatement, prove, type Statement } from '#crypto/preimage.ts'

const context = new TextEncoder().encode('election 1')
const scalar = fc.bigInt({ min: 0n, max: ORDER - 1n })

/** A statement that holds for the preimage, over multiples of G. */
function statementOf(matrix: bigint[][], preimage: bigint[]): Statement {
  const points = matrix.map((row) => row.map((k) => multiply(G, k)))
  return { matrix: points, images: points.map((row) => sumOfProducts(row, preimage)) }
}

describe('a proof of a preimage', () => {
  it('holds for every matrix, zeros included, and for no other preimage', () => {
    const sizes = fc.record({ rows: fc.integer({ min: 1, max: 3 }), columns: fc.integer({ min: 1, max: 3 }) })
    const cases = sizes.chain(({ rows, columns }) =>
      fc.record({
        matrix: fc.array(
          fc.array(fc.oneof(scalar, fc.constant(0n)), { minLength: columns, maxLength: columns }),
          { minLength: rows, maxLength: rows },
        ),
        preimage: fc.array(scalar, { minLength: columns, maxLength: columns }),
      }),
    )
    fc.assert(
      fc.property(cases, ({ matrix, preimage }) => {
        const statement = statementOf(matrix, preimage)
        const proof = prove('vector', context, statement, preimage)
        expect(proof).toHaveLength(32 * (1 + preimage.length))
        expect(check('vector', context, statement, proof)).toBe(true)
        const j = matrix[0]?.findIndex((k) => k !== 0n) ?? -1
        if (j < 0) return
        const other = preimage.map((x, i) => (i === j ? (x + 1n) % ORDER : x))
        expect(check('vector', context, statement, prove('vector', context, statement, other))).toBe(false)
      }),
      { numRuns: 12 },
    )
  })

  it('proves knowledge of several logarithms, and their equality', () => {
    const [x, y] = [12345n, 67890n]
    const base = multiply(G, 17n)
    const knowledge = knowledgeStatement(base, [multiply(base, x), multiply(base, y)])
    expect(check('vector', context, knowledge, prove('vector', context, knowledge, [x, y]))).toBe(true)
    const equality = equalityStatement([G, base], [multiply(G, x), multiply(base, x)])
    expect(check('vector', context, equality, prove('vector', context, equality, [x]))).toBe(true)
    const unequal = equalityStatement([G, base], [multiply(G, x), multiply(base, y)])
    expect(check('vector', context, unequal, prove('vector', context, unequal, [x]))).toBe(false)
  })

  it('has the challenge that the specification says, over every public value', () => {
    const statement = equalityStatement([G, multiply(G, 7n)], [multiply(G, 5n), multiply(G, 35n)])
    const proof = prove('vector', context, statement, [5n])
    const [challenge, response] = [bytesToBigint(proof.subarray(0, 32)), bytesToBigint(proof.subarray(32))]
    const commitments = statement.images.map((image, i) =>
      sumOfProducts([statement.matrix[i]?.[0] ?? O, image], [response, ORDER - challenge]),
    )
    const transcript = concat(
      Uint8Array.of(0, 0, 0, context.length),
      context,
      GROUP,
      Uint8Array.of(0, 0, 0, 2),
      Uint8Array.of(0, 0, 0, 1),
      ...[...statement.matrix.flat(), ...statement.images, ...commitments].map(encodePoint),
    )
    expect(hashToScalar('vector', transcript)).toBe(challenge)
  })

  it('is a new one each time', () => {
    const statement = knowledgeStatement(G, [multiply(G, 5n)])
    const proofs = Array.from({ length: 4 }, () => prove('vector', context, statement, [5n]).join())
    expect(new Set(proofs).size).toBe(4)
  })

  it('falls to every changed bit, other length and other spelling', () => {
    const statement = knowledgeStatement(G, [multiply(G, 5n)])
    const proof = prove('vector', context, statement, [5n])
    for (let at = 0; at < proof.length; at += 3) {
      const other = proof.slice()
      other[at] = (other[at] ?? 0) ^ (1 << (at % 8))
      expect(check('vector', context, statement, other)).toBe(false)
    }
    const lengths = [
      new Uint8Array(0),
      proof.subarray(1),
      proof.subarray(0, 32),
      concat(proof, Uint8Array.of(0)),
    ]
    for (const other of lengths) expect(check('vector', context, statement, other)).toBe(false)
    expect(check('vector', context, statement, concat(proof, encodeScalar(0n)))).toBe(false)
  })

  it('never throws on a malformed statement; proving one does', () => {
    const proof = prove('vector', context, knowledgeStatement(G, [G]), [1n])
    const malformed: [Point[][], Point[]][] = [
      [[], []],
      [[[]], [G]],
      [[[G]], []],
      [[[G], [G]], [G]],
      [
        [[G, G], [G]],
        [G, G],
      ],
    ]
    for (const [matrix, images] of malformed) {
      expect(check('vector', context, { matrix, images }, proof)).toBe(false)
      expect(() => prove('vector', context, { matrix, images }, [1n])).toThrow('malformed')
    }
    expect(() => prove('vector', context, knowledgeStatement(G, [G]), [])).toThrow('malformed')
    expect(() => prove('vector', context, knowledgeStatement(G, [G]), [ORDER + 1n])).toThrow('out of range')
  })
})
