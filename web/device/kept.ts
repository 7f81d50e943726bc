// The voter's credential in the vault, and where it has been registered. For workers only: the seed is a secret.
import * as z from 'zod/mini'
import { equalBytes } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { bytes, codec, type Codec, instant, slug } from '#protocol/codec.ts'
import { Refusal } from '#protocol/refusal.ts'
import { type Drawer, type Vault, VaultFailure } from './vault.ts'

const WAYS = ['words', 'file', 'passkey'] as const
/** The ways in which a credential is kept elsewhere too. */
export type Way = (typeof WAYS)[number]

const credentialSchema = z.strictObject({
  /** SPEC 4.1. */
  seed: bytes(32),
  /** When it came to this device, milliseconds since 1970. */
  since: instant,
  /** `new`: made here; otherwise brought back from that backup. */
  from: z.enum(['new', ...WAYS]),
  /** When each backup was made, or was last seen to work. */
  backups: z.strictObject({
    words: z.optional(instant),
    file: z.optional(instant),
    passkey: z.optional(instant),
  }),
})
export type Credential = z.output<typeof credentialSchema>

const rollSchema = z.strictObject({ process: slug, roll: slug })
/** A roll by its names. */
export type RollName = z.output<typeof rollSchema>

const registrationSchema = z.strictObject({
  ...rollSchema.shape,
  /** Place in the roll, and the entry on the ledger that put it there. */
  index: instant,
  entry: instant,
  at: instant,
  /** Shows who has looked the voter up; nobody can register with it any more. */
  code: z.optional(z.string()),
})
export type Registration = z.output<typeof registrationSchema>

const credential = codec(credentialSchema)
const rolls = codec(z.array(rollSchema))
const registrations = codec(z.array(registrationSchema))
const invitation = codec(z.string())

/** The credential of this device; undefined if it has none. Rejects with `VaultFailure`. */
export function credentialOf(vault: Vault): Promise<Credential | undefined> {
  return read(vault, 'credential', 'own', credential)
}

/** Whether it is the credential of this device, also where that cannot be read any more; undefined if nobody knows. */
export async function isOwn(vault: Vault, seed: Uint8Array): Promise<boolean | undefined> {
  const mark = await vault.get('credential', 'mark').catch(() => undefined)
  return mark && equalBytes(mark, sha256(seed))
}

/** Keeps it in place of another, and gives it back. */
export async function keepCredential(vault: Vault, kept: Credential): Promise<Credential> {
  await vault.put('credential', 'mark', sha256(kept.seed))
  await vault.put('credential', 'own', credential.encode(kept))
  return kept
}

/** Removes the credential and everything that was done with it, readable or not. */
export async function dropAll(vault: Vault): Promise<void> {
  for (const drawer of ['drafts', 'ballots', 'receipts', 'deeds', 'credential'] as const)
    for (const name of await vault.keys(drawer)) await vault.delete(drawer, name)
}

/** Registrations that were made on this device, oldest first. */
export async function registrationsOf(vault: Vault): Promise<readonly Registration[]> {
  return (await read(vault, 'credential', 'registrations', registrations)) ?? []
}

/** Adds a registration, or replaces an earlier one of the same roll. */
export async function keepRegistration(vault: Vault, made: Registration): Promise<void> {
  const others = (await registrationsOf(vault)).filter(
    ({ process, roll }) => process !== made.process || roll !== made.roll,
  )
  await vault.put('credential', 'registrations', registrations.encode([...others, made]))
}

/** Frozen rolls on which this device has found the credential for itself. They never change again. */
export async function certainRollsOf(vault: Vault): Promise<readonly RollName[]> {
  return (await read(vault, 'credential', 'certain', rolls)) ?? []
}

export function keepCertainRolls(vault: Vault, certain: readonly RollName[]): Promise<void> {
  return vault.put('credential', 'certain', rolls.encode([...certain]))
}

/** The code of an invitation that has been opened and not used yet: a reload must not lose it. */
export function invitationOf(vault: Vault): Promise<string | undefined> {
  return read(vault, 'settings', 'invitation', invitation)
}

export function keepInvitation(vault: Vault, code: string): Promise<void> {
  return vault.put('settings', 'invitation', invitation.encode(code))
}

export function dropInvitation(vault: Vault): Promise<void> {
  return vault.delete('settings', 'invitation')
}

export async function read<T>(
  vault: Vault,
  drawer: Drawer,
  name: string,
  kind: Codec<T>,
): Promise<T | undefined> {
  const kept = await vault.get(drawer, name)
  if (kept === undefined) return undefined
  try {
    return kind.decode(kept)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new VaultFailure('vault-damaged', `${drawer}/${name} is of another kind`, error)
  }
}
