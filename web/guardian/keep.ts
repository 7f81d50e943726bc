// The guardians on this device and their seats, in the vault. A record for each identity, for each seat, and for what this
// device notes of a seat, so that writing one never touches another. Seats lie under the election's definition: the same
// name on another ledger is another seat.
import { equalBytes, toHex } from '#crypto/encoding.ts'
import * as z from 'zod/mini'
import { fingerprint } from '#client/guardian/keygen.ts'
import {
  type Guardian,
  identityCodec,
  newIdentity,
  openBackup,
  publicKeyOf,
  type Seat,
  seatCodec,
  sealBackup,
} from '#client/guardian/seat.ts'
import { codec, natural } from '#protocol/codec.ts'
import { type Vault, VaultFailure } from '#web/device/vault.ts'

const notesSchema = z.strictObject({
  /** The attempt whose key share lies in a backup. */
  backedUp: z.optional(natural(1000)),
  /** The attempt at which other guardians read out another fingerprint. */
  differs: z.optional(natural(1000)),
})
const notesCodec = codec(notesSchema)
export type Notes = z.output<typeof notesSchema>

/** A guardian in the vault. */
export interface KeptGuardian extends Guardian {
  /** Public key in hexadecimal. */
  readonly key: string
  notes(seat: Seat): Promise<Notes>
  note(seat: Seat, notes: Notes): Promise<void>
}

/** A guardian of this device, as its page shows it. Nothing secret. */
export interface GuardianCard {
  readonly key: string
  readonly name: string
  readonly fingerprint: string
  /** Something of it cannot be read any more. */
  readonly damaged: boolean
  readonly seats: readonly {
    readonly process: string
    readonly election: string
    readonly guardian: number
    readonly keyShare: boolean
    readonly backedUp: boolean
  }[]
}

const DRAWER = 'guardians'

export class Keep {
  readonly #vault: Vault

  constructor(vault: Vault) {
    this.#vault = vault
  }

  /** The guardians of this device of whom everything can be read, and what was thrown where something cannot. */
  async guardians(): Promise<{ readable: KeptGuardian[]; damage: VaultFailure | undefined }> {
    const readable: KeptGuardian[] = []
    let damage: VaultFailure | undefined
    for (const key of await this.#keys()) {
      try {
        const guardian = await this.guardian(key)
        for (const seat of (await guardian?.seats()) ?? []) await guardian?.notes(seat)
        if (guardian !== undefined) readable.push(guardian)
      } catch (error) {
        if (!isDamage(error)) throw error
        damage = error
      }
    }
    return { readable, damage }
  }

  /** The guardian with this public key, if it is here. */
  async guardian(key: string): Promise<KeptGuardian | undefined> {
    const bytes = await this.#vault.get(DRAWER, key)
    if (bytes === undefined) return undefined
    const place = ({ definition }: Seat): string => `${key}/${toHex(definition)}`
    return {
      key,
      identity: identityCodec.decode(bytes),
      seats: () => this.#seats(key),
      save: (seat) => this.#vault.put(DRAWER, place(seat), seatCodec.encode(seat)),
      notes: async (seat) => {
        const notes = await this.#vault.get(DRAWER, `${place(seat)}/notes`)
        return notes === undefined ? {} : notesCodec.decode(notes)
      },
      note: (seat, notes) => this.#vault.put(DRAWER, `${place(seat)}/notes`, notesCodec.encode(notes)),
    }
  }

  /** A new guardian; its public key. */
  async create(name: string): Promise<string> {
    const identity = await newIdentity(name)
    const key = toHex(publicKeyOf(identity))
    await this.#vault.put(DRAWER, key, identityCodec.encode(identity))
    return key
  }

  /** Takes in what a backup holds; its guardian's public key. A seat that is here already stays as it is, since it may
   *  know more than the backup, unless only the backup has the key share. Throws `Unusable`. */
  async restore(file: string, passphrase: string): Promise<string> {
    const { identity, seats } = await openBackup(file, passphrase)
    const key = toHex(publicKeyOf(identity))
    await this.#clear(key)
    const here = await this.#seats(key)
    await this.#vault.put(DRAWER, key, identityCodec.encode(identity))
    const guardian = await this.guardian(key)
    for (const seat of seats) {
      const known = here.find(({ definition }) => equalBytes(definition, seat.definition))
      if (known !== undefined && (known.attempt?.keyShare ?? seat.attempt?.keyShare === undefined)) continue
      await guardian?.save(seat)
      if (seat.attempt?.keyShare !== undefined) await guardian?.note(seat, { backedUp: seat.attempt.number })
    }
    return key
  }

  /** Everything of a guardian in one age file, which has been opened once to be sure. */
  async backup(key: string, passphrase: string): Promise<string> {
    const guardian = await this.guardian(key)
    if (guardian === undefined) throw new Error('no such guardian')
    const file = await sealBackup(guardian, passphrase)
    await openBackup(file, passphrase)
    return file
  }

  /** Notes that the person has stored a backup of what is here now. */
  async stored(key: string): Promise<void> {
    const guardian = await this.guardian(key)
    for (const seat of (await guardian?.seats()) ?? []) {
      if (seat.attempt?.keyShare === undefined) continue
      const notes = await guardian?.notes(seat)
      await guardian?.note(seat, { ...notes, backedUp: seat.attempt.number })
    }
  }

  /** Takes a guardian and all that it holds away from this device. */
  async forget(key: string): Promise<void> {
    for (const name of await this.#vault.keys(DRAWER))
      if (name.startsWith(`${key}/`)) await this.#vault.delete(DRAWER, name)
    await this.#vault.delete(DRAWER, key)
  }

  /** All guardians of this device, those too of which something cannot be read any more. */
  async cards(): Promise<GuardianCard[]> {
    return Promise.all((await this.#keys()).map((key) => this.#card(key)))
  }

  async #card(key: string): Promise<GuardianCard> {
    const damaged = { key, name: '', fingerprint: '', seats: [], damaged: true }
    try {
      const guardian = await this.guardian(key)
      return guardian === undefined ? damaged : await cardOf(guardian)
    } catch (error) {
      if (isDamage(error)) return damaged
      throw error
    }
  }

  /** Public keys of all guardians of this device. */
  async #keys(): Promise<string[]> {
    return (await this.#vault.keys(DRAWER)).filter((name) => !name.includes('/'))
  }

  /** Takes away what cannot be read any more of a guardian. */
  async #clear(key: string): Promise<void> {
    for (const name of await this.#vault.keys(DRAWER)) {
      if (!name.startsWith(key)) continue
      try {
        await this.#vault.get(DRAWER, name)
      } catch (error) {
        if (!isDamage(error)) throw error
        await this.#vault.delete(DRAWER, name)
      }
    }
  }

  async #seats(key: string): Promise<Seat[]> {
    const names = await this.#vault.keys(DRAWER)
    const own = names.filter((name) => name.startsWith(`${key}/`) && name.split('/').length === 2)
    const kept = await Promise.all(own.map((name) => this.#vault.get(DRAWER, name)))
    return kept.filter((bytes) => bytes !== undefined).map((bytes) => seatCodec.decode(bytes))
  }
}

function isDamage(error: unknown): error is VaultFailure {
  return error instanceof VaultFailure && error.code === 'vault-damaged'
}

async function cardOf(guardian: KeptGuardian): Promise<GuardianCard> {
  const { key, identity } = guardian
  const seats = (await guardian.seats()).map(async (seat) => {
    const { process, election, guardian: number, attempt } = seat
    const { backedUp } = await guardian.notes(seat)
    const keyShare = attempt?.keyShare !== undefined
    return {
      process,
      election,
      guardian: number,
      keyShare,
      backedUp: keyShare && backedUp === attempt.number,
    }
  })
  return {
    key,
    name: identity.name,
    fingerprint: fingerprint(publicKeyOf(identity)),
    damaged: false,
    seats: await Promise.all(seats),
  }
}
