// All that a device keeps of its owner, but for secrets: the credential's seed, the codes of invitations, sealed ballots.
import { deedsOf, processesOf } from '#web/process/kept.ts'
import type { Said } from '#web/process/said.ts'
import { type Credential, credentialOf, invitationOf, type Registration, registrationsOf } from './kept.ts'
import { type OwnReceipt, ownReceipts, unsureElections } from './receipts.ts'
import type { Vault } from './vault.ts'

/** What was done in a process from this device. */
export interface Deeds {
  readonly process: string
  readonly said: readonly Said[]
  /** Proposals that are supported. */
  readonly supported: readonly number[]
  /** Whether something is on its way. */
  readonly pending: boolean
}

export interface Inventory {
  readonly credential: Pick<Credential, 'since' | 'from' | 'backups'> | null
  readonly registrations: readonly Omit<Registration, 'code'>[]
  readonly receipts: readonly OwnReceipt[]
  /** Elections with a ballot on its way, by the hash of their opening. */
  readonly unsure: readonly string[]
  readonly deeds: readonly Deeds[]
  /** Ballots and proposals that are being written. */
  readonly drafts: number
  /** Whether the code of an invitation waits to be used. */
  readonly invited: boolean
}

/** Rejects with `VaultFailure`. */
export async function inventoryOf(vault: Vault): Promise<Inventory> {
  const credential = await credentialOf(vault)
  const processes = await processesOf(vault)
  return {
    credential: credential === undefined ? null : visible(credential),
    registrations: (await registrationsOf(vault)).map(registrationOf),
    receipts: (await ownReceipts(vault)).receipts,
    unsure: await unsureElections(vault),
    deeds: await Promise.all(
      processes.map(async (process) => {
        const { said = [], supported, pending } = await deedsOf(vault, process)
        return { process, said, supported, pending: pending !== undefined }
      }),
    ),
    drafts: (await vault.keys('drafts')).length,
    invited: (await invitationOf(vault)) !== undefined,
  }
}

function visible({ since, from, backups }: Credential): Inventory['credential'] {
  return { since, from, backups }
}

function registrationOf({ process, roll, index, entry, at }: Registration): Omit<Registration, 'code'> {
  return { process, roll, index, entry, at }
}
