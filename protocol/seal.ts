// Sealing a vote into a ballot's body, and opening a body that was challenged instead of cast. SPEC 6.3, 6.6.
// Runs on the voter's device only; a seed, a salt and a nullifier key are used for one body and never again.
import * as z from 'zod/mini'
import { ballotCommitment } from '#circuits/commitment.ts'
import { checkRule } from '#circuits/rule.ts'
import { CIRCUITS } from '#circuits/sizes.ts'
import { decodeKey, encodePoint, G, multiply, ORDER, type Point } from '#crypto/babyjubjub.ts'
import { encodeCiphertext, encrypt } from '#crypto/elgamal.ts'
import { bigintToBytes, concat, equalBytes } from '#crypto/encoding.ts'
import { hashToField, hashToScalar } from '#crypto/hash.ts'
import {
  type BallotContext,
  type Body,
  bodyHash,
  challenges,
  contestNumber,
  nullifierHash,
  sequenceNumber,
  slotCoefficients,
} from './ballot.ts'
import { codec, encodeCbor, fieldElement, hash, integer } from './codec.ts'

/** What the device keeps secret about one sealing. Handing it out shows the vote. */
export interface Sealing {
  readonly body: Body
  /** One value per used slot. */
  readonly values: readonly bigint[]
  readonly weight: bigint
  /** 32 bytes from which all encryption randomness follows. */
  readonly seed: Uint8Array
  readonly salt: bigint
  readonly nullifierKey: Uint8Array
}

/** All that recomputes a challenged body in its contest; neither the nullifier nor its key. SPEC 6.6. */
export interface Opening extends Pick<Sealing, 'values' | 'weight' | 'seed' | 'salt'> {
  /** E and the contest's number. */
  readonly election: Uint8Array
  readonly contest: number
  readonly sequence: number
  readonly nullifierHash: Uint8Array
  /** Of the body that it claims to open. */
  readonly bodyHash: Uint8Array
}

/** Seals values (one per used slot) for a voter. Throws if they break the contest's rule: the page must not let them.
 *  @param sequence the count of accepted entries of this nullifier, from the public record */
export function seal(
  context: BallotContext,
  voter: { nullifier: bigint; weight: bigint },
  sequence: number,
  values: readonly bigint[],
): Sealing {
  const padded = padValues(context, values)
  if (!checkRule(context.rule, padded, voter.weight))
    throw new RangeError('the vote breaks the rule of the contest')
  const seed = crypto.getRandomValues(new Uint8Array(32))
  const nullifierKey = crypto.getRandomValues(new Uint8Array(16))
  const salt = hashToField('ballot-salt', crypto.getRandomValues(new Uint8Array(32)))
  const { weight } = voter
  const body = {
    ...sealedParts(context, { values: padded, weight, seed, salt }),
    sequence,
    nullifierHash: nullifierHash(voter.nullifier, nullifierKey),
  }
  return { body, values: padded.slice(0, context.slots), weight, seed, salt, nullifierKey }
}

/** R = sum rho_j r_j mod l with r_j = 8 r'_j: the one exponent that the proof needs. SPEC 6.5. */
export function batchedRandomness(context: BallotContext, { body, seed }: Sealing): bigint {
  return challenges(body).rho.reduce(
    (sum, rho, j) => (sum + rho * 8n * randomness(context, seed, j)) % ORDER,
    0n,
  )
}

/** D1 || D2 = R G || R Y + V G, the claims of SPEC 3.3. */
export function claims(context: BallotContext, sealing: Sealing): Uint8Array {
  const a = slotCoefficients(challenges(sealing.body).rho, context)
  const r = batchedRandomness(context, sealing)
  const w = context.rule.weighted ? sealing.weight : 1n
  const v = sealing.values.reduce((sum, value, i) => (sum + (a[i] ?? 0n) * w * value) % ORDER, 0n)
  const d2 = multiply(contextKey(context), r).add(multiply(G, v))
  return concat(encodePoint(multiply(G, r)), encodePoint(d2))
}

/** The opening of a sealing, to be shown to a second device that already holds the body's hash. */
export function openingOf({ body, values, weight, seed, salt }: Sealing): Opening {
  const { election, contest, sequence, nullifierHash } = body
  return { election, contest, sequence, nullifierHash, bodyHash: bodyHash(body), values, weight, seed, salt }
}

/** Whether an opening recomputes the body that it names, in this contest: ciphertexts, commitment, rule. SPEC 6.6. */
export function checkOpening(context: BallotContext, opening: Opening): boolean {
  return openedBody(context, opening) !== undefined
}

/** That body; undefined unless the opening recomputes it. */
export function openedBody(context: BallotContext, opening: Opening): Body | undefined {
  const { election, contest, sequence, nullifierHash } = opening
  if (!equalBytes(election, context.election) || contest !== context.contest) return undefined
  if (opening.values.length !== context.slots) return undefined
  const values = padValues(context, opening.values)
  if (!checkRule(context.rule, values, opening.weight)) return undefined
  const recomputed = { ...sealedParts(context, { ...opening, values }), sequence, nullifierHash }
  return equalBytes(bodyHash(recomputed), opening.bodyHash) ? recomputed : undefined
}

const openingSchema = z.strictObject({
  format: z.literal('comitia-opening'),
  election: hash,
  contest: contestNumber,
  sequence: sequenceNumber,
  nullifierHash: hash,
  bodyHash: hash,
  values: z.array(integer(65535n)).check(z.minLength(1), z.maxLength(128)),
  weight: integer(65535n),
  seed: hash,
  salt: fieldElement,
})
const openingBytes = codec(openingSchema)

/** The file of an opening: canonical CBOR, small enough for one QR code. */
export function encodeOpening({ values, ...opening }: Opening): Uint8Array {
  return openingBytes.encode({ format: 'comitia-opening', ...opening, values: [...values] })
}

/** The opening in a file. Throws `Refusal('malformed')`. */
export function decodeOpening(file: Uint8Array): Opening {
  const { election, contest, sequence, nullifierHash, bodyHash, ...secrets } = openingBytes.decode(file)
  const { values, weight, seed, salt } = secrets
  return { election, contest, sequence, nullifierHash, bodyHash, values, weight, seed, salt }
}

function sealedParts(
  context: BallotContext,
  secret: { values: readonly bigint[]; weight: bigint; seed: Uint8Array; salt: bigint },
) {
  const { election, contest, circuit, packing } = context
  const w = context.rule.weighted ? secret.weight : 1n
  const key = contextKey(context)
  const ciphertexts = Array.from({ length: packing.ciphertexts }, (_, j) => {
    const first = j * packing.perCiphertext
    let packed = 0n
    for (let slot = first; slot < Math.min(first + packing.perCiphertext, context.slots); slot++) {
      packed += (w * (secret.values[slot] ?? 0n)) << BigInt(packing.bits * (slot - first))
    }
    return encodeCiphertext(encrypt(key, packed, randomness(context, secret.seed, j)))
  })
  return {
    election,
    contest,
    circuit,
    commitment: ballotCommitment(circuit, secret.values, secret.weight, secret.salt),
    ciphertexts: concat(...ciphertexts),
  }
}

/** r'_j = H(seed, E, contest, j). SPEC 6.3. */
function randomness({ election, contest }: BallotContext, seed: Uint8Array, j: number): bigint {
  return hashToScalar('ballot-randomness', encodeCbor([seed, election, contest, j]))
}

/** The election key, read once for each context, with tables for the many multiplications of a ballot. */
function contextKey(context: BallotContext): Point {
  const known = keys.get(context)
  if (known !== undefined) return known
  const [x, y] = context.key
  const key = decodeKey(concat(bigintToBytes(x, 32), bigintToBytes(y, 32))).precompute(4)
  keys.set(context, key)
  return key
}

const keys = new WeakMap<BallotContext, Point>()

function padValues({ circuit }: BallotContext, values: readonly bigint[]): bigint[] {
  return Array.from({ length: CIRCUITS[circuit].slots }, (_, slot) => values[slot] ?? 0n)
}
