// One proof for every linear statement (SPEC 3.1): knowledge of x with image_i = sum_j x_j matrix_ij. Maurer,
// "Unifying zero-knowledge proofs of knowledge", AFRICACRYPT 2009; Schnorr and Chaum-Pedersen are instances. Strong
// Fiat-Shamir: the challenge hashes the whole statement (Bernhard, Pereira, Warinschi, ASIACRYPT 2012).
import { randomBytes } from '@noble/hashes/utils.js'
import {
  decodeScalar,
  encodePoint,
  encodeScalar,
  GROUP,
  multiplySecret,
  O,
  ORDER,
  type Point,
  sumOfProducts,
} from './babyjubjub.ts'
import { bigintToBytes, concat, EncodingError } from './encoding.ts'
import { hashToScalar } from './hash.ts'

/**
 * image_i = sum_j x_j matrix_ij: a row of the matrix for each image, all of one length, none empty. Every point is
 * one of the subgroup: whoever decoded it from bytes has checked that (`decodeSubgroupPoint`, `decodeKey`), and the
 * proof says nothing about points that were not.
 */
export interface Statement {
  readonly matrix: readonly (readonly Point[])[]
  readonly images: readonly Point[]
}

/** "I know every x_i with image_i = x_i base" (Schnorr); the preimage is the list of all x_i. */
export function knowledgeStatement(base: Point, images: readonly Point[]): Statement {
  return { matrix: images.map((_, i) => images.map((_, j) => (i === j ? base : O))), images }
}

/** "One x, which I know, has image_i = x base_i for all i" (Chaum-Pedersen); the preimage is [x]. */
export function equalityStatement(bases: readonly Point[], images: readonly Point[]): Statement {
  return { matrix: bases.map((base) => [base]), images }
}

/**
 * challenge || response_1 || ..., 32 bytes each. `tag` names the kind of proof, `context` everything it is bound to.
 * Throws Error on a malformed statement or a preimage of another length or range; a wrong preimage gives a proof
 * that does not check. Nonces hash fresh randomness with secrets and statement: a repeated state of the platform's
 * generator (a restored machine) does not reveal the preimage.
 */
export function prove(
  tag: string,
  context: Uint8Array,
  statement: Statement,
  preimage: readonly bigint[],
): Uint8Array {
  if (!isWellFormed(statement) || preimage.length !== width(statement)) throw new Error('malformed statement')
  const transcript = encodeStatement(context, statement)
  const secrets = concat(randomBytes(32), ...preimage.map(encodeScalar), transcript)
  const nonces = preimage.map((_, j) => hashToScalar('nonce', concat(bigintToBytes(BigInt(j), 4), secrets)))
  const commitments = statement.matrix.map((row) =>
    row.reduce((sum, point, j) => (point.is0() ? sum : sum.add(multiplySecret(point, nonces[j] ?? 0n))), O),
  )
  const challenge = challengeOf(tag, transcript, commitments)
  const responses = preimage.map((x, j) => ((nonces[j] ?? 0n) + challenge * x) % ORDER)
  return concat(...[challenge, ...responses].map(encodeScalar))
}

/**
 * Whether the proof holds for this tag, context and statement: commitment_i = sum_j response_j matrix_ij - challenge
 * image_i must hash to the challenge. False on anything malformed, too; all scalars must be below l.
 */
export function check(tag: string, context: Uint8Array, statement: Statement, proof: Uint8Array): boolean {
  if (!isWellFormed(statement)) return false
  const scalars = decodeProof(proof, width(statement))
  if (scalars === undefined) return false
  const [challenge, ...responses] = scalars
  if (challenge === undefined) return false
  const minus = (ORDER - challenge) % ORDER
  const commitments = statement.matrix.map((row, i) => {
    const terms = row
      .map((point, j) => [point, responses[j] ?? 0n] as const)
      .filter(([point]) => !point.is0())
    const points = [...terms.map(([point]) => point), statement.images[i] ?? O]
    return sumOfProducts(points, [...terms.map(([, response]) => response), minus])
  })
  return challengeOf(tag, encodeStatement(context, statement), commitments) === challenge
}

/** What the challenge hashes before the commitments; each part has a fixed or an encoded length. */
function encodeStatement(context: Uint8Array, { matrix, images }: Statement): Uint8Array {
  return concat(
    bigintToBytes(BigInt(context.length), 4),
    context,
    GROUP,
    bigintToBytes(BigInt(matrix.length), 4),
    bigintToBytes(BigInt(matrix[0]?.length ?? 0), 4),
    ...matrix.flat().map(encodePoint),
    ...images.map(encodePoint),
  )
}

function challengeOf(tag: string, transcript: Uint8Array, commitments: readonly Point[]): bigint {
  return hashToScalar(tag, concat(transcript, ...commitments.map(encodePoint)))
}

function decodeProof(proof: Uint8Array, responses: number): bigint[] | undefined {
  if (proof.length !== 32 * (1 + responses)) return undefined
  try {
    return Array.from({ length: 1 + responses }, (_, i) => decodeScalar(proof.subarray(32 * i, 32 * (i + 1))))
  } catch (error) {
    if (error instanceof EncodingError) return undefined
    throw error
  }
}

function width(statement: Statement): number {
  return statement.matrix[0]?.length ?? 0
}

function isWellFormed(statement: Statement): boolean {
  const { matrix, images } = statement
  return (
    images.length > 0 &&
    matrix.length === images.length &&
    matrix.every((row) => row.length > 0 && row.length === width(statement))
  )
}
