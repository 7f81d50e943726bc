// The voter's own receipts in the vault.
import { formatTracker } from '#protocol/tracker.ts'
import { boxOf, type Receipts, receiptsOf } from '#web/booth/kept.ts'
import { type Vault, VaultFailure } from './vault.ts'

/** A ballot that was cast on this device. */
export interface OwnReceipt {
  readonly process: string
  readonly election: string
  readonly title: Readonly<Record<string, string>>
  /** The contest's number, from 0. */
  readonly contest: number
  /** Of the ballot's entry on the ledger. */
  readonly index: number
  readonly tracker: string
  readonly at: number
  /** Whether this device has cast a later one in the same contest. */
  readonly replaced: boolean
}

/** All receipts, newest first, and how many elections' cannot be read. */
export async function ownReceipts(vault: Vault): Promise<{ receipts: OwnReceipt[]; damaged: number }> {
  const receipts: OwnReceipt[] = []
  let damaged = 0
  for (const name of await vault.keys('receipts')) {
    const kept = await receiptsOf(vault, name).catch(ifDamaged)
    if (kept === undefined) damaged += 1
    const { process, election, title, cast } = kept ?? NOTHING
    cast.forEach(({ contest, index, hash, at }, i) => {
      const replaced = cast.slice(i + 1).some((later) => later.contest === contest)
      const tracker = formatTracker(hash)
      receipts.push({ process, election, title, contest, index, tracker, at, replaced })
    })
  }
  return { receipts: receipts.sort((a, b) => b.at - a.at), damaged }
}

/** Elections (E in hexadecimal) with a ballot that was sent from this device and perhaps never came in. */
export async function unsureElections(vault: Vault): Promise<string[]> {
  const unsure: string[] = []
  for (const name of await vault.keys('ballots')) {
    const box = await boxOf(vault, name).catch(ifDamaged)
    if (box?.ballots.some(({ state }) => state === 'sending') === true) unsure.push(name)
  }
  return unsure
}

/** A receipt file that this device can give: of which election, and when its newest ballot was cast. */
export interface OwnFile {
  /** E in hexadecimal. */
  readonly name: string
  readonly title: OwnReceipt['title']
  readonly at: number
}

/** The receipt files of this device. Rejects with `VaultFailure` if one cannot be read. */
export async function ownFiles(vault: Vault): Promise<OwnFile[]> {
  const names = await vault.keys('receipts')
  const files = names.map(async (name) => {
    const { title, cast } = (await receiptsOf(vault, name)) ?? NOTHING
    return cast.slice(-1).map(({ at }) => ({ name, title, at }))
  })
  return (await Promise.all(files)).flat()
}

/** The text of one. */
export async function receiptFile(vault: Vault, name: string): Promise<string> {
  const { formatReceiptFile } = await import('#client/receipt.ts')
  return formatReceiptFile((await receiptsOf(vault, name))?.cast ?? [])
}

const NOTHING: Receipts = { process: '', election: '', title: {}, cast: [] }

/** Catches what cannot be read. */
export function ifDamaged(error: unknown): undefined {
  if (!(error instanceof VaultFailure && error.code === 'vault-damaged')) throw error
}
