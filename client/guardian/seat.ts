// What a guardian keeps: an identity, and a seat for each election with everything that must never be lost or said twice;
// and the backup of all of it, one age file that every program of ours reads. SPEC 5.1, 9.1.
import { generateX25519Identity } from 'age-encryption'
import * as z from 'zod/mini'
import { ed25519PublicKey } from '#crypto/ed25519.ts'
import { bytes, bytesUpTo, codec, hash, natural, slug, text } from '#protocol/codec.ts'
import { MAX_ENTRY_BYTES } from '#protocol/entry.ts'
import { Refusal } from '#protocol/refusal.ts'
import { openAge, sealAge, type Secret } from '#client/age.ts'
import { Unusable } from '#client/failure.ts'

export const identitySchema = z.strictObject({
  name: text(200),
  /** Ed25519 secret, 32 random bytes. */
  signingKey: bytes(32),
  /** The age identity to which seats are encrypted on disk; its recipient is kept secret too, so that nobody else can
   *  write a file that opens. */
  fileKey: text(200),
})
export type Identity = z.output<typeof identitySchema>

export const attemptSchema = z.strictObject({
  number: natural(1000),
  /** Polynomial and share-encryption secret, big-endian scalars; erased once the key share follows from them. */
  secrets: z.optional(
    z.strictObject({ coefficients: z.array(bytes(32)).check(z.maxLength(32)), encryption: bytes(32) }),
  ),
  keyShare: z.optional(bytes(32)),
  /** The signed entry of everything that this guardian has decided to say, by slot; written before it leaves. */
  messages: z.record(text(20), bytesUpTo(MAX_ENTRY_BYTES)),
})

const seatSchema = z.strictObject({
  server: text(2000),
  policy: text(100_000),
  process: slug,
  election: slug,
  /** SHA-256 of the ledger's genesis entry and of the election's defining entry. */
  genesis: hash,
  definition: hash,
  guardian: natural(32),
  /** The newest checkpoint seen: every later record must extend it. */
  checkpoint: text(4000),
  /** This seat came out of a backup, so the guardian may have said more than it knows. */
  restored: z.boolean(),
  attempt: z.optional(attemptSchema),
})
/** A guardian's seat in one election: what it is pinned to and what it has said and holds. */
export type Seat = z.output<typeof seatSchema>
export type SeatAttempt = z.output<typeof attemptSchema>

/** A guardian on this device, and where its seats are kept. */
export interface Guardian {
  readonly identity: Identity
  seats(): Promise<Seat[]>
  /** Replaces the seat of that election. It is durable when this resolves, and never half written. */
  save(seat: Seat): Promise<void>
}

/** Everything that a guardian keeps. */
export interface Backup {
  readonly identity: Identity
  readonly seats: readonly Seat[]
}

/** Canonical bytes of identity and seat, for whoever encrypts them. */
export const identityCodec = codec(identitySchema)
export const seatCodec = codec(seatSchema)
const backupCodec = codec(z.strictObject({ identity: identitySchema, seats: z.array(seatSchema) }))

/** A new guardian with a signing key of 256 random bits. */
export async function newIdentity(name: string): Promise<Identity> {
  const signingKey = crypto.getRandomValues(new Uint8Array(32))
  return { name, signingKey, fileKey: await generateX25519Identity() }
}

/** Ed25519 public key, 32 bytes, as the manifest names it. */
export function publicKeyOf({ signingKey }: Identity): Uint8Array {
  return ed25519PublicKey(signingKey)
}

/** The seat in that election, or the only one there is where none is named. Throws `Unusable` if there are several. */
export async function seatIn(
  guardian: Guardian,
  process?: string,
  election?: string,
): Promise<Seat | undefined> {
  const fits = (await guardian.seats()).filter(
    (seat) =>
      (process === undefined || seat.process === process) &&
      (election === undefined || seat.election === election),
  )
  if (fits.length > 1) throw new Unusable('several-seats')
  return fits[0]
}

/** Everything in one age file under a passphrase. */
export async function sealBackup(guardian: Guardian, passphrase: string): Promise<string> {
  return encodeBackup({ identity: guardian.identity, seats: await guardian.seats() }, { passphrase })
}

/** The same for whoever has it all at hand. */
export function encodeBackup({ identity, seats }: Backup, secret: Secret): Promise<string> {
  return sealAge(backupCodec.encode({ identity, seats: [...seats] }), secret)
}

/** The same guardian again, whose seats all know that they were restored. Throws `Unusable`. */
export async function openBackup(file: string, passphrase: string): Promise<Backup> {
  const content = await openAge(file, { passphrase })
  try {
    const { identity, seats } = backupCodec.decode(content)
    return { identity, seats: seats.map((seat) => ({ ...seat, restored: true })) }
  } catch (error) {
    if (error instanceof Refusal) throw new Unusable('file-unreadable')
    throw error
  }
}
