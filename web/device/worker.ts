// The credential's worker: makes it, keeps it, backs it up, brings it back, registers it and looks for it on rolls.
// The seed leaves it only as the voter's own backup.
import { Failure } from '#client/failure.ts'
import { credentialSecret } from '#client/secret.ts'
import type { Server } from '#client/server.ts'
import { bigintToBytes, equalBytes, toHex } from '#crypto/encoding.ts'
import { Refusal } from '#protocol/refusal.ts'
import type { HeldView } from '#server/holdings.ts'
import { serve } from '#web/worker/serve.ts'
import { DeviceFailure } from './failure.ts'
import * as kept from './kept.ts'
import { ownFiles, ownReceipts, receiptFile, unsureElections } from './receipts.ts'
import type { KnownRoll } from './standings.ts'
import { openVault } from './vault.ts'

/** What a page may know of the credential. */
export type Held = Omit<kept.Credential, 'seed'>

/** What brings a credential back. */
export type Backup =
  | { readonly way: 'words'; readonly words: string }
  | { readonly way: 'file'; readonly file: string; readonly passphrase: string }
  | { readonly way: 'passkey'; readonly output: Uint8Array }

/** After these nothing comes of an invitation, however often it is tried. */
const DEFINITE = new Set([
  ...['code-unknown', 'code-used', 'commitment-taken', 'roll-frozen', 'roll-full'],
  ...['sign-in-failed', 'identity-unknown', 'identity-registered'],
])

const opened = openVault()
// Each call says so; nobody need wait for that.
opened.catch(() => undefined)

/** All methods reject with failures that have a code; web/words/failure.ts has sentences for them. */
const api = {
  /** The credential of this device; null if there is none. */
  async credential(): Promise<Held | null> {
    const credential = await kept.credentialOf(await opened)
    return credential === undefined ? null : held(credential)
  },

  /** C, in hexadecimal. */
  commitment: async () => commitmentOf(await own()),

  /** Makes a credential; the one that is here already if there is one. */
  make(): Promise<Held> {
    return alone(async () => {
      const here = await kept.credentialOf(await opened)
      return held(here ?? (await keep((await making()).drawSeed(), 'new')))
    })
  },

  /** As `make`, from the output of a passkey's function. */
  makeFrom(output: Uint8Array): Promise<Held> {
    return alone(async () => {
      const here = await kept.credentialOf(await opened)
      return held(here ?? (await keep((await making()).seedOfPasskey(output), 'passkey')))
    })
  },

  /** The 24 words that bring the credential back. */
  async words(): Promise<readonly string[]> {
    return (await making()).wordsOf((await own()).seed)
  },

  /** Notes a backup on paper if all typed words are right; otherwise gives the places of those that are not. */
  compareWords(typed: readonly { place: number; word: string }[]): Promise<{ wrong: number[]; held: Held }> {
    return alone(async () => {
      const credential = await own()
      const words = (await making()).wordsOf(credential.seed)
      const wrong = typed.filter(({ place, word }) => words[place] !== word.trim().toLowerCase())
      const now = wrong.length === 0 ? await noteBackup(credential, 'words') : credential
      return { wrong: wrong.map(({ place }) => place), held: held(now) }
    })
  },

  /** An age file with the seed, opened once again to be sure. */
  async backUpFile(passphrase: string): Promise<{ file: string; held: Held }> {
    const credential = await own()
    const { openBackup, sealBackup } = await making()
    const file = await sealBackup(credential.seed, passphrase)
    if (!equalBytes(await openBackup(file, passphrase), credential.seed))
      throw new Error('the backup differs')
    return { file, held: held(await alone(async () => noteBackup(await own(), 'file'))) }
  },

  /** Brings a credential back. `same`: it was here already. A different one is replaced only if asked for. */
  async restore(backup: Backup, replace: boolean): Promise<{ held: Held; same: boolean }> {
    const seed = await seedOf(backup)
    return alone(async () => {
      const vault = await opened
      const here = await kept.credentialOf(vault).catch(() => undefined)
      const same = here !== undefined && equalBytes(here.seed, seed)
      if (same) return { held: held(await noteBackup(here, backup.way)), same }
      // The one that cannot be read any more takes up its receipts and ballots again.
      if (here === undefined && (await kept.isOwn(vault, seed)))
        return { held: held(await keep(seed, backup.way)), same }
      if (!replace && (await mayBeMissed(here))) throw new DeviceFailure('credential-present')
      await kept.dropAll(vault)
      return { held: held(await keep(seed, backup.way)), same }
    })
  },

  /** Removes the credential and everything that was done with it from this device, readable or not; the ledger then is
   *  met anew. */
  forget(): Promise<void> {
    return alone(async () => {
      await kept.dropAll(await opened)
      const { forgetTrust } = await import('./trust.ts')
      await forgetTrust(await opened)
    })
  },

  /** Keeps an invitation's code, or what a sign-in has given in its place, until it is used. */
  invite: async (code: string) => kept.keepInvitation(await opened, code),
  invitation: async () => kept.invitationOf(await opened),
  dropInvitation: async () => kept.dropInvitation(await opened),

  /** Puts the credential on the roll of an invitation, which ends with success or a definite refusal. */
  async register(code: string): Promise<kept.Registration> {
    const C = await commitmentOf(await own())
    try {
      const response = await (
        await server()
      ).send('/api/registrations', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code, commitment: C }),
      })
      const { process, roll, index, entry } = (await response.json()) as kept.Registration
      const made = { process, roll, index, entry, at: Date.now(), code }
      await alone(async () => kept.keepRegistration(await opened, made))
      await kept.dropInvitation(await opened)
      return made
    } catch (error) {
      const answered = error instanceof Failure || error instanceof Refusal
      if (answered && DEFINITE.has(error.code)) await kept.dropInvitation(await opened)
      throw error
    }
  },

  /** All that the server's private tables hold of the person with this code. */
  async holdings(code: string): Promise<HeldView> {
    const response = await (
      await server()
    ).send('/api/holdings', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    })
    return (await response.json()) as HeldView
  },
  /** The same for each code with which this device has registered. */
  async ownHoldings(): Promise<HeldView[]> {
    const made = await kept.registrationsOf(await opened)
    const asked = made.flatMap(({ code }) => (code === undefined ? [] : [api.holdings(code).catch(ifVoid)]))
    return (await Promise.all(asked)).flat()
  },
  /** What this device keeps; see inventory.ts. */
  async inventory() {
    const { inventoryOf } = await import('./inventory.ts')
    return inventoryOf(await opened)
  },

  /** Where the credential stands on rolls; see standings.ts. */
  async standings(rolls: readonly KnownRoll[]) {
    const { standingsOf } = await import('./standings.ts')
    return standingsOf(await opened, await server(), await own(), rolls)
  },
  async finding(roll: KnownRoll) {
    const { findingOf } = await import('./standings.ts')
    return findingOf(await opened, await server(), await own(), roll)
  },

  /** Ballots that were cast on this device; see receipts.ts and fate.ts. */
  receipts: async () => ownReceipts(await opened),
  receiptFiles: async () => ownFiles(await opened),
  receiptFile: async (name: string) => receiptFile(await opened, name),
  unsure: async () => unsureElections(await opened),
  async fate(index: number) {
    const { ownFate } = await import('./fate.ts')
    return ownFate(await opened, await server(), index)
  },
}
export type Device = typeof api
serve(api)

/** What talks to the server and checks what it says is loaded when it is first needed. */
async function server(): Promise<Server> {
  const { trustedServer } = await import('./trust.ts')
  return trustedServer(await opened)
}

/** What makes credentials and opens backups, and its words, are loaded when they are first needed. */
function making() {
  return import('#client/credential.ts')
}

/** One at a time in all tabs, so that none overwrites what another has just kept. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks.request('comitia-credential', work)
}

/** Whether it would be missed, or what was done with it: one that was made for an invitation which was then refused stands
 *  on no roll. */
async function mayBeMissed(here: kept.Credential | undefined): Promise<boolean> {
  const vault = await opened
  if (here === undefined)
    return (await ownReceipts(vault)).receipts.length + (await unsureElections(vault)).length > 0
  const registrations = await kept.registrationsOf(vault)
  const invitation = await kept.invitationOf(vault)
  return here.from !== 'new' || registrations.length > 0 || invitation !== undefined
}

async function own(): Promise<kept.Credential> {
  const credential = await kept.credentialOf(await opened)
  if (credential === undefined) throw new DeviceFailure('no-credential')
  return credential
}

async function keep(seed: Uint8Array, from: kept.Credential['from']): Promise<kept.Credential> {
  const since = Date.now()
  const backups = from === 'new' ? {} : { [from]: since }
  return kept.keepCredential(await opened, { seed, since, from, backups })
}

async function noteBackup(credential: kept.Credential, way: kept.Way): Promise<kept.Credential> {
  return kept.keepCredential(await opened, {
    ...credential,
    backups: { ...credential.backups, [way]: Date.now() },
  })
}

async function seedOf(backup: Backup): Promise<Uint8Array> {
  const { openBackup, seedOfPasskey, seedOfWords } = await making()
  switch (backup.way) {
    case 'words':
      return seedOfWords(backup.words)
    case 'file':
      return openBackup(backup.file, backup.passphrase)
    case 'passkey':
      return seedOfPasskey(backup.output)
  }
}

function ifVoid(error: unknown): [] {
  if (error instanceof Failure && error.code === 'code-unknown') return []
  throw error
}

function held({ since, from, backups }: kept.Credential): Held {
  return { since, from, backups }
}

async function commitmentOf({ seed }: kept.Credential): Promise<string> {
  const { commitment } = await import('#circuits/credential.ts')
  return toHex(bigintToBytes(commitment(credentialSecret(seed)), 32))
}
