// What guardians say on the ledger, from key generation to partial decryption, each message signed. SPEC 5, 9, 12.11.
import * as z from 'zod/mini'
import { checkEd25519, signEd25519 } from '#crypto/ed25519.ts'
import { bytes, bytesUpTo, codec, hash, natural, point, slug, text } from './codec.ts'
import { hashUnderLog, type LogOrigin } from './genesis.ts'

/** Round 1: the hash of the reveal to come, so that nobody chooses last. SPEC 5.2. */
const commit = z.strictObject({ type: z.literal('commit'), hash })

/** Round 2: exactly t coefficient commitments, the share-encryption key of this attempt, and one proof of knowledge of
 *  all coefficients and of that key's secret. SPEC 5.2. */
const reveal = z.strictObject({
  type: z.literal('reveal'),
  commitments: z.array(point).check(z.minLength(1), z.maxLength(32)),
  encryptionKey: point,
  proof: bytesUpTo(32 * 34),
})

/** Round 3: one sealed share for each other guardian of the attempt, in ascending order of their numbers. SPEC 5.3. */
const deal = z.strictObject({ type: z.literal('deal'), shares: z.array(bytes(48)).check(z.maxLength(31)) })

/** Round 4: all my shares fit, and this is the transcript that I saw. SPEC 5.4. */
const confirm = z.strictObject({ type: z.literal('confirm'), transcript: hash })

/** Instead of round 4: the shared point that opens the accused dealer's share for everybody. SPEC 5.5. */
const complain = z.strictObject({
  type: z.literal('complain'),
  accused: natural(32),
  sharedPoint: point,
  proof: bytes(64),
})

/** Partial decryption of the test ciphertext that everybody derives from the transcript. SPEC 5.6. */
const rehearse = z.strictObject({ type: z.literal('rehearse'), share: point, proof: bytes(64) })

/** What this guardian is going to decrypt, said once and for ever before any share leaves. SPEC 9.1. */
const intend = z.strictObject({
  type: z.literal('intend'),
  contest: natural(63),
  aggregate: hash,
  checkpoint: text(4000),
})

/** One share per ciphertext of the contest's aggregate under one proof. SPEC 9.3. */
const decrypt = z.strictObject({
  type: z.literal('decrypt'),
  contest: natural(63),
  shares: z.array(point).check(z.minLength(1), z.maxLength(128)),
  proof: bytes(64),
})

/** Sealed comments that one message opens. SPEC 12.11. */
export const OPENED_AT_ONCE = 128

/** One share for each of these comments, by the indices of their entries, under one proof. SPEC 12.11. */
const unseal = z.strictObject({
  type: z.literal('unseal'),
  /** Which lot of the sealed comments it opens, from 0. */
  lot: natural(1_000_000),
  comments: z.array(natural(Number.MAX_SAFE_INTEGER)).check(
    z.minLength(1),
    z.maxLength(OPENED_AT_ONCE),
    z.refine((x) => x.every((index, i) => i === 0 || index > (x[i - 1] ?? 0)), 'not ascending'),
  ),
  shares: z.array(point).check(z.minLength(1), z.maxLength(OPENED_AT_ONCE)),
  proof: bytes(64),
})

export const guardianMessageSchema = z.discriminatedUnion('type', [
  commit,
  reveal,
  deal,
  confirm,
  complain,
  rehearse,
  intend,
  decrypt,
  unseal,
])
export type GuardianMessage = z.output<typeof guardianMessageSchema>
export type GuardianMessageOf<T extends GuardianMessage['type']> = Extract<GuardianMessage, { type: T }>

export const signedGuardianMessageSchema = z.strictObject({
  process: slug,
  election: slug,
  /** The attempt at the key that this message belongs to. */
  attempt: natural(1000),
  /** Number of the guardian in the manifest, from 1; also the place at which shares are evaluated. */
  guardian: natural(32),
  message: guardianMessageSchema,
  signature: bytes(64),
})
export type SignedGuardianMessage = z.output<typeof signedGuardianMessageSchema>

/** What every hash and proof of a guardian is bound to: the log, the election's definition, the attempt, the guardian. */
export interface GuardianPlace {
  readonly log: LogOrigin
  /** SHA-256 of the election's defining entry. */
  readonly definition: Uint8Array
  readonly attempt: number
  readonly guardian: number
}

/** The 32 bytes that bind a proof to a place; also the context of every proof in this file's messages. */
export function guardianContext({ log, definition, attempt, guardian }: GuardianPlace): Uint8Array {
  return hashUnderLog('guardian', log, definition, attempt, guardian)
}

/** The hash that `commit` announces. SPEC 5.2. */
export function revealHash(place: GuardianPlace, message: GuardianMessageOf<'reveal'>): Uint8Array {
  return hashUnderLog('guardian-reveal', place.log, guardianContext(place), messageCodec.encode(message))
}

/** HKDF info of the share from one guardian to another. SPEC 5.3. */
export function shareInfo(place: Omit<GuardianPlace, 'guardian'>, from: number, to: number): Uint8Array {
  return hashUnderLog('guardian-share', place.log, place.definition, place.attempt, from, to)
}

/** The hash of rounds 1 to 3 in ascending order of guardians, which all confirm. SPEC 5.4. */
export function keygenTranscript(
  place: Omit<GuardianPlace, 'guardian'>,
  rounds: readonly {
    guardian: number
    reveal: GuardianMessageOf<'reveal'>
    deal: GuardianMessageOf<'deal'>
  }[],
): Uint8Array {
  const said = rounds.map((r) => [r.guardian, messageCodec.encode(r.reveal), messageCodec.encode(r.deal)])
  return hashUnderLog('keygen-transcript', place.log, place.definition, place.attempt, said)
}

/** A message signed by the guardian's key. */
export function signGuardianMessage(
  place: GuardianPlace,
  process: string,
  election: string,
  message: GuardianMessage,
  secret: Uint8Array,
): SignedGuardianMessage {
  const { attempt, guardian } = place
  return {
    process,
    election,
    attempt,
    guardian,
    message,
    signature: signEd25519(secret, statement(place, message)),
  }
}

/** Whether the guardian with this key signed the message at this place. */
export function checkGuardianSignature(
  place: GuardianPlace,
  signed: SignedGuardianMessage,
  key: Uint8Array,
): boolean {
  return checkEd25519(key, statement(place, signed.message), signed.signature)
}

function statement(place: GuardianPlace, message: GuardianMessage): Uint8Array {
  return hashUnderLog('guardian-message', place.log, guardianContext(place), messageCodec.encode(message))
}

const messageCodec = codec(guardianMessageSchema)
