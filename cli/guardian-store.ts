// What a guardian keeps on disk: the signing key under a passphrase, and one file per election with everything that
// must never be lost or said twice. All files are age files; each write is durable before it returns. SPEC 5.1, 9.1.
import { armor, Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { ed25519PublicKey } from '#crypto/ed25519.ts'
import { readIfThere, writeDurably } from '#ledger/store/durable.ts'
import { lockFile } from '#ledger/store/lock.ts'
import { bytes, bytesUpTo, type Codec, codec, hash, natural, slug, text } from '#protocol/codec.ts'
import { MAX_ENTRY_BYTES } from '#protocol/entry.ts'
import { Unusable } from './command.ts'

const identitySchema = z.strictObject({
  name: text(200),
  /** Ed25519 secret, 32 random bytes. */
  signingKey: bytes(32),
  /** The age identity to which the election files are encrypted; its recipient is kept secret too, so that nobody
   *  else can write a file that opens. */
  fileKey: text(200),
})
type Identity = z.output<typeof identitySchema>

const attemptSchema = z.strictObject({
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
  /** This file came out of a backup, so the guardian may have said more than it knows. */
  restored: z.boolean(),
  attempt: z.optional(attemptSchema),
})
/** A guardian's seat in one election: what it is pinned to and what it has said and holds. */
export type Seat = z.output<typeof seatSchema>
export type SeatAttempt = z.output<typeof attemptSchema>

const identityCodec = codec(identitySchema)
const seatCodec = codec(seatSchema)
const backupCodec = codec(z.strictObject({ identity: identitySchema, seats: z.array(seatSchema) }))

const IDENTITY = 'guardian.age'
const LOCK = 'lock'

/** A guardian's folder, opened with its passphrase and locked until disposed of. */
export class GuardianFolder implements Disposable {
  readonly #folder: string
  readonly #lock: Disposable
  readonly #identity: Identity

  private constructor(folder: string, lock: Disposable, identity: Identity) {
    this.#folder = folder
    this.#lock = lock
    this.#identity = identity
  }

  /** A new guardian with a key of 256 random bits. Throws `Unusable` if the folder already has one. */
  static async create(folder: string, name: string, passphrase: string): Promise<GuardianFolder> {
    const signingKey = crypto.getRandomValues(new Uint8Array(32))
    return GuardianFolder.#found(
      folder,
      { name, signingKey, fileKey: await generateX25519Identity() },
      [],
      passphrase,
    )
  }

  /** The guardian of a folder. Throws `Unusable` if there is none, it is in use or the passphrase is wrong. */
  static async open(folder: string, passphrase: string): Promise<GuardianFolder> {
    const file = join(folder, IDENTITY)
    if (!existsSync(file)) throw new Unusable(`There is no guardian in ${folder}. See comitia guardian init.`)
    const lock = lockFolder(folder)
    try {
      const identity = await readAge(file, { passphrase }, identityCodec)
      return new GuardianFolder(folder, lock, identity)
    } catch (error) {
      lock[Symbol.dispose]()
      throw error
    }
  }

  /** A folder from a backup: the same guardian, whose seats all know that they were restored. */
  static async restore(folder: string, backup: string, passphrase: string): Promise<GuardianFolder> {
    const { identity, seats } = await readAge(backup, { passphrase }, backupCodec)
    return GuardianFolder.#found(
      folder,
      identity,
      seats.map((seat) => ({ ...seat, restored: true })),
      passphrase,
    )
  }

  /** Makes the folder; the identity is written last, so that a folder has a guardian entirely or not at all. */
  static async #found(
    folder: string,
    identity: Identity,
    seats: readonly Seat[],
    passphrase: string,
  ): Promise<GuardianFolder> {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const lock = lockFolder(folder)
    try {
      const file = join(folder, IDENTITY)
      if (existsSync(file)) throw new Unusable(`There is a guardian in ${folder} already.`)
      const made = new GuardianFolder(folder, lock, identity)
      for (const seat of seats) await made.save(seat)
      await writeAge(file, { passphrase }, identityCodec.encode(identity))
      return made
    } catch (error) {
      lock[Symbol.dispose]()
      throw error
    }
  }

  get name(): string {
    return this.#identity.name
  }

  get signingKey(): Uint8Array {
    return this.#identity.signingKey
  }

  /** Ed25519 public key, 32 bytes, as the manifest names it. */
  get publicKey(): Uint8Array {
    return ed25519PublicKey(this.#identity.signingKey)
  }

  /** All seats of this guardian. */
  async seats(): Promise<Seat[]> {
    const files = readdirSync(this.#folder).filter((file) => file.endsWith('.age') && file !== IDENTITY)
    return Promise.all(files.map((file) => readAge(join(this.#folder, file), this.#identity, seatCodec)))
  }

  /** The seat in that election, or the only one there is where none is named. */
  async seat(process?: string, election?: string): Promise<Seat | undefined> {
    const fits = (await this.seats()).filter(
      (seat) =>
        (process === undefined || seat.process === process) &&
        (election === undefined || seat.election === election),
    )
    if (fits.length > 1)
      throw new Unusable('This guardian serves several elections: give --process and --election.')
    return fits[0]
  }

  /** Writes a seat; it is on disk when this resolves. */
  async save(seat: Seat): Promise<void> {
    const file = join(this.#folder, `${seat.process}.${seat.election}.age`)
    await writeAge(file, { fileKey: this.#identity.fileKey }, seatCodec.encode(seat))
  }

  /** Everything in one file under a passphrase. Throws `Unusable` if the file exists. */
  async backup(out: string, passphrase: string): Promise<void> {
    if (existsSync(out)) throw new Unusable(`${out} exists already.`)
    const content = { identity: this.#identity, seats: await this.seats() }
    await writeAge(out, { passphrase }, backupCodec.encode(content))
  }

  [Symbol.dispose](): void {
    this.#lock[Symbol.dispose]()
  }
}

/** What an age file opens with. */
type Secret = { readonly passphrase: string } | { readonly fileKey: string }

async function writeAge(file: string, secret: Secret, content: Uint8Array): Promise<void> {
  const encrypter = new Encrypter()
  if ('passphrase' in secret) encrypter.setPassphrase(secret.passphrase)
  else encrypter.addRecipient(await identityToRecipient(secret.fileKey))
  writeDurably(file, armor.encode(await encrypter.encrypt(content)), 0o600)
}

async function readAge<T>(file: string, secret: Secret, content: Codec<T>): Promise<T> {
  const text = readIfThere(file)
  if (text === undefined) throw new Unusable(`There is no file ${file}.`)
  const decrypter = new Decrypter()
  if ('passphrase' in secret) decrypter.addPassphrase(secret.passphrase)
  else decrypter.addIdentity(secret.fileKey)
  let opened: Uint8Array
  try {
    opened = await decrypter.decrypt(armor.decode(text))
  } catch {
    throw new Unusable(`${file} does not open: wrong passphrase, or a damaged file.`)
  }
  return content.decode(opened)
}

function lockFolder(folder: string): Disposable {
  const lock = lockFile(join(folder, LOCK))
  if (lock === undefined) throw new Unusable(`Another program works on this folder (${folder} is locked).`)
  return lock
}
