// A sealed ballot: its body, its envelope and everything that follows from them for prover and verifier. SPEC 6.
import * as z from 'zod/mini'
import { type BallotStatement } from '#circuits/ballot.ts'
import { type RuleParameters } from '#circuits/rule.ts'
import { CIRCUITS, type BallotCircuit } from '#circuits/sizes.ts'
import { encodeField } from '#crypto/babyjubjub.ts'
import { bytesToBigint } from '#crypto/encoding.ts'
import type { Claim } from '#crypto/claims.ts'
import { hashToBytes, hashToField } from '#crypto/hash.ts'
import { bytes, bytesUpTo, codec, fieldElement, hash, natural } from './codec.ts'
import type { Packing } from './contest.ts'

/** Bytes of one ciphertext c1' || c2', points as (x, y) of 32 bytes. SPEC 2.2. */
export const CIPHERTEXT_BYTES = 256 / 2

/** The number of a contest in its election, and of a ballot among those of its voter. */
export const contestNumber = natural(63)
export const sequenceNumber = natural(65535)

/** [version, E, contest, circuit, sequence number, hN, com, ciphertexts]. SPEC 6.1. */
const bodySchema = z.tuple([
  z.literal(1),
  hash,
  contestNumber,
  z.enum(['S', 'L']),
  sequenceNumber,
  hash,
  fieldElement,
  bytesUpTo(CIPHERTEXT_BYTES * 128),
])

/** [N, kN, D1 || D2, proof]. Nothing in here identifies the ballot. SPEC 6.2. */
const envelopeSchema = z.tuple([fieldElement, bytes(16), bytes(128), bytes(256)])

export const ballotSchema = z.tuple([bodySchema, envelopeSchema])

/** A ballot by names. Points and proof stay bytes until the verification engine checks them. */
export interface Body {
  /** E, SHA-256 of the election's opening entry. */
  readonly election: Uint8Array
  readonly contest: number
  readonly circuit: BallotCircuit
  /** Accepted entries of this nullifier so far. */
  readonly sequence: number
  /** hN = H(N, kN). */
  readonly nullifierHash: Uint8Array
  /** com, the commitment to values and weight. */
  readonly commitment: bigint
  readonly ciphertexts: Uint8Array
}
export interface Envelope {
  readonly nullifier: bigint
  readonly nullifierKey: Uint8Array
  /** D1 || D2, claims. */
  readonly claims: Uint8Array
  readonly proof: Uint8Array
}
export interface Ballot {
  readonly body: Body
  readonly envelope: Envelope
}

/** What of a contest enters each of its ballots' statements; all of it follows from the opening entry. */
export interface BallotContext {
  readonly election: Uint8Array
  readonly contest: number
  readonly circuit: BallotCircuit
  readonly scope: bigint
  /** Root of the roll with the circuit's number of levels. */
  readonly root: bigint
  /** The election key Y as coordinates. */
  readonly key: readonly [bigint, bigint]
  readonly rule: RuleParameters
  readonly slots: number
  readonly packing: Packing
}

/** The ballot of a decoded entry, by names. */
export function ballotOf([body, [nullifier, nullifierKey, claims, proof]]: z.output<
  typeof ballotSchema
>): Ballot {
  const [, election, contest, circuit, sequence, nullifierHash, commitment, ciphertexts] = body
  return {
    body: { election, contest, circuit, sequence, nullifierHash, commitment, ciphertexts },
    envelope: { nullifier, nullifierKey, claims, proof },
  }
}

/** The ballot as an entry's content. */
export function ballotContent({ body, envelope }: Ballot): z.output<typeof ballotSchema> {
  return [bodyContent(body), [envelope.nullifier, envelope.nullifierKey, envelope.claims, envelope.proof]]
}

/** Canonical bytes of a body. */
function encodeBody(body: Body): Uint8Array {
  return bodyCodec.encode(bodyContent(body))
}

/** The ballot's identity: tracker, idempotency and de-duplication use nothing else. SPEC 6.1. */
export function bodyHash(body: Body): Uint8Array {
  return hashToBytes('ballot', encodeBody(body), 32)
}

/** hN, which hides a nullifier until the ballot is cast. SPEC 6.1. */
export function nullifierHash(nullifier: bigint, key: Uint8Array): Uint8Array {
  const message = new Uint8Array(48)
  message.set(encodeField(nullifier))
  message.set(key, 32)
  return hashToBytes('nullifier', message, 32)
}

/** The challenges that follow from a body: t, one rho of 16 bytes per ciphertext, gamma. SPEC 6.5. */
export function challenges(body: Body): { t: bigint; rho: bigint[]; gamma: bigint } {
  const t = hashToField('ballot-transcript', encodeBody(body))
  const seed = encodeField(t)
  const count = body.ciphertexts.length / CIPHERTEXT_BYTES
  const stream = hashToBytes('ballot-rho', seed, 16 * count)
  const rho = Array.from({ length: count }, (_, j) => bytesToBigint(stream.subarray(16 * j, 16 * (j + 1))))
  return { t, rho, gamma: hashToField('ballot-gamma', seed) }
}

/** a_i = rho_j 2^(b pos) for each slot of the circuit, 0 for unused ones. SPEC 6.5. */
export function slotCoefficients(rho: readonly bigint[], context: BallotContext): bigint[] {
  const { bits, perCiphertext } = context.packing
  return Array.from({ length: CIRCUITS[context.circuit].slots }, (_, slot) =>
    slot < context.slots
      ? (rho[Math.floor(slot / perCiphertext)] ?? 0n) << BigInt(bits * (slot % perCiphertext))
      : 0n,
  )
}

/** What the ballot's proof must prove, recomputed by everybody from the body and the opening. SPEC 6.5. */
export function ballotStatement(
  context: BallotContext,
  { body, envelope }: Ballot,
): { statement: BallotStatement; claim: Claim } {
  const { t, rho, gamma } = challenges(body)
  const coordinate = (i: number): bigint => bytesToBigint(envelope.claims.subarray(32 * i, 32 * (i + 1)))
  return {
    statement: {
      scope: context.scope,
      root: context.root,
      nullifier: envelope.nullifier,
      t,
      commitment: body.commitment,
      key: context.key,
      d1: [coordinate(0), coordinate(1)],
      d2: [coordinate(2), coordinate(3)],
      a: slotCoefficients(rho, context),
      gamma,
      rule: context.rule,
    },
    claim: {
      ciphertexts: body.ciphertexts,
      coefficients: rho,
      d1: envelope.claims.subarray(0, 64),
      d2: envelope.claims.subarray(64),
    },
  }
}

function bodyContent(body: Body): z.output<typeof bodySchema> {
  const { election, contest, circuit, sequence, commitment, ciphertexts } = body
  return [1, election, contest, circuit, sequence, body.nullifierHash, commitment, ciphertexts]
}

const bodyCodec = codec(bodySchema)
