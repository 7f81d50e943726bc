// F1: a challenge that leaves out part of the statement (SPEC 3.1). Every element is changed after proving; and the
// forgeries of Bernhard, Pereira and Warinschi ("How not to prove yourself", ASIACRYPT 2012) are made in full: they
// satisfy every equation of a verifier with weak Fiat-Shamir, and must be refused by ours.
import { describe, expect, it } from 'vitest'
import {
  encodePoint,
  encodeScalar,
  G,
  GROUP,
  invertScalar,
  multiply,
  ORDER,
  type Point,
  randomScalar,
  sumOfProducts,
} from '#crypto/babyjubjub.ts'
import { bigintToBytes, concat } from '#crypto/encoding.ts'
import { hashToScalar } from '#crypto/hash.ts'
import { check, equalityStatement, knowledgeStatement, prove, type Statement } from '#crypto/preimage.ts'

const TAG = 'attack'
const context = new TextEncoder().encode('election 1, guardian 2')

/** Parts of what the challenge hashes; the attacker's hash may leave some out. */
interface Parts {
  readonly context: boolean
  readonly matrix: boolean
  readonly images: boolean
}

function challengeOf({ matrix, images }: Statement, commitments: readonly Point[], has: Parts): bigint {
  const count = (n: number) => bigintToBytes(BigInt(n), 4)
  return hashToScalar(
    TAG,
    concat(
      ...(has.context ? [count(context.length), context] : []),
      GROUP,
      ...(has.matrix
        ? [count(matrix.length), count(matrix[0]?.length ?? 0), ...matrix.flat().map(encodePoint)]
        : []),
      ...(has.images ? images.map(encodePoint) : []),
      ...commitments.map(encodePoint),
    ),
  )
}

const WITHOUT_IMAGES: Parts = { context: true, matrix: true, images: false }
const COMMITMENTS_ONLY: Parts = { context: false, matrix: false, images: false }
const EVERYTHING: Parts = { context: true, matrix: true, images: true }

/** A verifier that recomputes the commitments rightly and hashes only some parts. */
function checkWeakly(statement: Statement, challenge: bigint, response: bigint, has: Parts): boolean {
  const commitments = statement.matrix.map((row, i) =>
    sumOfProducts([...row, ...statement.images.slice(i, i + 1)], [response, ORDER - challenge]),
  )
  return challengeOf(statement, commitments, has) === challenge
}

const proofOf = (challenge: bigint, response: bigint) =>
  concat(encodeScalar(challenge), encodeScalar(response))

describe('F1 statements changed after proving', () => {
  const x = randomScalar()
  const bases = [G, multiply(G, 5n), multiply(G, 6n)]
  const statement = equalityStatement(
    bases,
    bases.map((base) => multiply(base, x)),
  )
  const proof = prove(TAG, context, statement, [x])

  it('accepts the statement that was proven', () => {
    expect(check(TAG, context, statement, proof)).toBe(true)
  })

  it('refuses another base or image in any place', () => {
    for (let i = 0; i < bases.length; i++) {
      const change = (points: readonly Point[]) => points.map((point, k) => (k === i ? point.add(G) : point))
      const images = change(statement.images)
      expect(check(TAG, context, { ...statement, images }, proof)).toBe(false)
      expect(check(TAG, context, equalityStatement(change(bases), statement.images), proof)).toBe(false)
    }
  })

  it('refuses true statements that were not proven: scaled, reordered, shortened, lengthened', () => {
    const { matrix, images } = statement
    const doubled = (points: readonly Point[]) => points.map((point) => point.double())
    const others: Statement[] = [
      { matrix: matrix.map(doubled), images: doubled(images) },
      { matrix: matrix.toReversed(), images: images.toReversed() },
      { matrix: matrix.slice(1), images: images.slice(1) },
      { matrix: [...matrix, [G]], images: [...images, multiply(G, x)] },
    ]
    for (const other of others) {
      expect(check(TAG, context, other, prove(TAG, context, other, [x]))).toBe(true)
      expect(check(TAG, context, other, proof)).toBe(false)
    }
  })

  it('refuses another context or kind of proof', () => {
    for (const other of [context.subarray(1), new Uint8Array(0), concat(context, Uint8Array.of(0))]) {
      expect(check(TAG, other, statement, proof)).toBe(false)
    }
    expect(check('another', context, statement, proof)).toBe(false)
  })
})

describe('F1 forgeries against weak Fiat-Shamir', () => {
  it('recomputes challenges as the specification does, so that the forgeries below fail for what they leave out', () => {
    const statement = knowledgeStatement(G, [multiply(G, 7n)])
    const nonce = randomScalar()
    const challenge = challengeOf(statement, [multiply(G, nonce)], EVERYTHING)
    const response = (nonce + challenge * 7n) % ORDER
    expect(checkWeakly(statement, challenge, response, EVERYTHING)).toBe(true)
    expect(check(TAG, context, statement, proofOf(challenge, response))).toBe(true)
  })

  it.each([
    ['the image', WITHOUT_IMAGES],
    ['all but the commitments', COMMITMENTS_ONLY],
  ])('refuses a key with "proof of knowledge" whose logarithm nobody knows (hash without %s)', (_, has) => {
    const commitment = hashedPoint()
    const challenge = challengeOf(knowledgeStatement(G, [G]), [commitment], has)
    const response = randomScalar()
    const key = sumOfProducts([G, commitment], [response, ORDER - 1n])
    const statement = knowledgeStatement(G, [multiply(key, invertScalar(challenge))])
    expect(checkWeakly(statement, challenge, response, has)).toBe(true)
    expect(check(TAG, context, statement, proofOf(challenge, response))).toBe(false)
  })

  it.each([
    ['the images', WITHOUT_IMAGES],
    ['all but the commitments', COMMITMENTS_ONLY],
  ])('refuses a false partial decryption with a "proof" (hash without %s)', (_, has) => {
    const [x, nonce] = [randomScalar(), randomScalar()]
    const c1 = multiply(G, 31337n)
    const commitments = [multiply(G, nonce), hashedPoint()] as const
    const challenge = challengeOf(equalityStatement([G, c1], [G, G]), commitments, has)
    const response = (nonce + challenge * x) % ORDER
    const image = sumOfProducts([c1, commitments[1]], [response, ORDER - 1n])
    const decryption = multiply(image, invertScalar(challenge))
    expect(decryption.equals(multiply(c1, x))).toBe(false)
    const statement = equalityStatement([G, c1], [multiply(G, x), decryption])
    expect(checkWeakly(statement, challenge, response, has)).toBe(true)
    expect(check(TAG, context, statement, proofOf(challenge, response))).toBe(false)
  })

  it('refuses a base chosen after the challenge (hash without the matrix)', () => {
    const has: Parts = { context: true, matrix: false, images: true }
    const [image, commitment] = [hashedPoint(), hashedPoint()]
    const challenge = challengeOf(knowledgeStatement(G, [image]), [commitment], has)
    const response = randomScalar()
    const base = multiply(sumOfProducts([image, commitment], [challenge, 1n]), invertScalar(response))
    const statement = knowledgeStatement(base, [image])
    expect(checkWeakly(statement, challenge, response, has)).toBe(true)
    expect(check(TAG, context, statement, proofOf(challenge, response))).toBe(false)
  })

  it('refuses a proof made without the context, which would serve in every election', () => {
    const has: Parts = { context: false, matrix: true, images: true }
    const statement = knowledgeStatement(G, [multiply(G, 7n)])
    const nonce = randomScalar()
    const challenge = challengeOf(statement, [multiply(G, nonce)], has)
    const response = (nonce + challenge * 7n) % ORDER
    expect(checkWeakly(statement, challenge, response, has)).toBe(true)
    expect(check(TAG, context, statement, proofOf(challenge, response))).toBe(false)
  })
})

/** A point of the subgroup; the attacks do not use its logarithm. */
function hashedPoint(): Point {
  return multiply(G, randomScalar())
}
