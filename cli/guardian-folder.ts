// A guardian's folder: the identity under a passphrase, and one file for each seat. All are age files; each write is
// durable before it returns. SPEC 5.1, 9.1.
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openAge, sealAge, type Secret } from '#client/age.ts'
import { Failure } from '#client/failure.ts'
import {
  type Backup,
  type Guardian,
  type Identity,
  identityCodec,
  newIdentity,
  openBackup,
  publicKeyOf,
  sealBackup,
  type Seat,
  seatCodec,
} from '#client/guardian/seat.ts'
import { readIfThere, writeDurably } from '#ledger/store/durable.ts'
import { lockFile } from '#ledger/store/lock.ts'
import { Unusable } from './command.ts'

const IDENTITY = 'guardian.age'
const LOCK = 'lock'

/** A guardian's folder, opened with its passphrase and locked until disposed of. */
export class GuardianFolder implements Guardian, Disposable {
  readonly identity: Identity
  readonly #folder: string
  readonly #lock: Disposable

  private constructor(folder: string, lock: Disposable, identity: Identity) {
    this.identity = identity
    this.#folder = folder
    this.#lock = lock
  }

  /** A new guardian. Throws `Unusable` if the folder already has one. */
  static async create(folder: string, name: string, passphrase: string): Promise<GuardianFolder> {
    return GuardianFolder.#found(folder, { identity: await newIdentity(name), seats: [] }, passphrase)
  }

  /** The guardian of a folder. Throws `Unusable` if there is none, it is in use or the passphrase is wrong. */
  static async open(folder: string, passphrase: string): Promise<GuardianFolder> {
    const file = join(folder, IDENTITY)
    if (!existsSync(file)) throw new Unusable(`There is no guardian in ${folder}. See comitia guardian init.`)
    const lock = lockFolder(folder)
    try {
      const identity = identityCodec.decode(await read(file, (text) => openAge(text, { passphrase })))
      return new GuardianFolder(folder, lock, identity)
    } catch (error) {
      lock[Symbol.dispose]()
      throw error
    }
  }

  /** A folder from a backup. Throws `Unusable` as `open` and `create` do. */
  static async restore(folder: string, backup: string, passphrase: string): Promise<GuardianFolder> {
    const content = await read(backup, (text) => openBackup(text, passphrase))
    return GuardianFolder.#found(folder, content, passphrase)
  }

  /** Makes the folder; the identity is written last, so that a folder has a guardian entirely or not at all. */
  static async #found(
    folder: string,
    { identity, seats }: Backup,
    passphrase: string,
  ): Promise<GuardianFolder> {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const lock = lockFolder(folder)
    try {
      const file = join(folder, IDENTITY)
      if (existsSync(file)) throw new Unusable(`There is a guardian in ${folder} already.`)
      const made = new GuardianFolder(folder, lock, identity)
      for (const seat of seats) await made.save(seat)
      await write(file, identityCodec.encode(identity), { passphrase })
      return made
    } catch (error) {
      lock[Symbol.dispose]()
      throw error
    }
  }

  get publicKey(): Uint8Array {
    return publicKeyOf(this.identity)
  }

  async seats(): Promise<Seat[]> {
    const files = readdirSync(this.#folder).filter((file) => file.endsWith('.age') && file !== IDENTITY)
    const secret = { identity: this.identity.fileKey }
    return Promise.all(
      files.map(async (file) =>
        seatCodec.decode(await read(join(this.#folder, file), (text) => openAge(text, secret))),
      ),
    )
  }

  async save(seat: Seat): Promise<void> {
    const file = join(this.#folder, `${seat.process}.${seat.election}.age`)
    await write(file, seatCodec.encode(seat), { identity: this.identity.fileKey })
  }

  /** Everything in one file under a passphrase. Throws `Unusable` if the file exists. */
  async backup(out: string, passphrase: string): Promise<void> {
    if (existsSync(out)) throw new Unusable(`${out} exists already.`)
    writeDurably(out, await sealBackup(this, passphrase), 0o600)
  }

  [Symbol.dispose](): void {
    this.#lock[Symbol.dispose]()
  }
}

async function write(file: string, content: Uint8Array, secret: Secret): Promise<void> {
  writeDurably(file, await sealAge(content, secret), 0o600)
}

async function read<T>(file: string, open: (text: string) => Promise<T>): Promise<T> {
  const text = readIfThere(file)
  if (text === undefined) throw new Unusable(`There is no file ${file}.`)
  try {
    return await open(text)
  } catch (error) {
    if (error instanceof Failure) throw new Unusable(`${file}: ${error.message}`)
    throw error
  }
}

function lockFolder(folder: string): Disposable {
  const lock = lockFile(join(folder, LOCK))
  if (lock === undefined) throw new Unusable(`Another program works on this folder (${folder} is locked).`)
  return lock
}
