// Checks of what a booth gave out, on this or any other device: receipts, and ballots that were opened instead of cast.
import { openElection } from '#client/election.ts'
import { checkBallotReceipt, type Fate, fateOf, parseReceiptFile } from '#client/receipt.ts'
import { jsonOf, type Server } from '#client/server.ts'
import { stateOf } from '#client/view.ts'
import { toHex } from '#crypto/encoding.ts'
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import { isNoted, type Noted } from '#protocol/challenge.ts'
import type { Contest, Manifest } from '#protocol/manifest.ts'
import { Refusal } from '#protocol/refusal.ts'
import { checkOpening, decodeOpening, type Opening } from '#protocol/seal.ts'
import type { ElectionSummary } from '#server/summary.ts'
import { trustedServer } from '#web/device/trust.ts'
import { openVault } from '#web/device/vault.ts'
import { serve } from '#web/worker/serve.ts'

/** A ballot of a receipt file: what its receipt proves, or that it proves nothing under this device's policy. */
export type Checked =
  | { readonly holds: false }
  | {
      readonly holds: true
      readonly tracker: string
      readonly index: number
      readonly size: number
      readonly origin: string
      /** E in hexadecimal, and the contest's number. */
      readonly election: string
      readonly contest: number
    }

/** Why an opened ballot is not what it should be. */
export type Wrong = 'no-opening' | 'other-ballot' | 'unknown-election' | 'not-recomputed'

export type Verdict =
  | { readonly fits: false; readonly why: Wrong; readonly hash?: Uint8Array }
  | {
      readonly fits: true
      readonly hash: Uint8Array
      readonly title: Readonly<Record<string, string>>
      readonly practice: boolean
      readonly contest: Contest
      readonly values: readonly bigint[]
      readonly weight: bigint
      readonly closesAt: number
      /** Entries of the record that may hold the ballot. */
      readonly entries: number
    }

const api = {
  /** What the receipts of a file prove. Needs no network once this device has met the server.
   *  Throws `Unusable('file-unreadable')`. */
  async receipts(text: string): Promise<Checked[]> {
    const file = parseReceiptFile(text)
    const policy = await (await ours()).policy()
    return file.map((one) => {
      const proven = checkBallotReceipt(one, policy)
      if (proven === undefined) return { holds: false }
      const { tracker, index, size, origin } = proven
      const { election, contest } = proven.ballot.body
      return { holds: true, tracker, index, size, origin, election: toHex(election), contest }
    })
  },

  /** What became of the ballot with this number in the file; its receipt holds. Throws `Unusable`. */
  async fate(text: string, number: number): Promise<Fate> {
    const server = await ours()
    const one = parseReceiptFile(text)[number]
    const proven = one && checkBallotReceipt(one, await server.policy())
    if (proven === undefined) throw new Error('this receipt proves nothing')
    return fateOf(server, proven)
  },

  /** What the record says of the election with this E (hexadecimal); undefined if it has none. Throws `Unusable`. */
  async election(name: string): Promise<Pick<Manifest, 'title' | 'practice'> | undefined> {
    const server = await ours()
    const where = await whereIs(server, name)
    if (where === undefined) return undefined
    const { title, practice } = (await openElection(server, where)).manifest
    return { title, practice }
  },

  /** Recomputes an opened ballot in the election that the record gives for it. Nothing of it goes to the server.
   *  Throws `Unusable`. */
  async opened(file: Uint8Array, noted?: Noted): Promise<Verdict> {
    const opening = openingIn(file)
    if (opening === undefined) return { fits: false, why: 'no-opening' }
    const { bodyHash: hash, election: name, contest: number, values, weight } = opening
    if (noted !== undefined && !isNoted(noted, hash)) return { fits: false, why: 'other-ballot', hash }
    const server = await ours()
    const where = await whereIs(server, toHex(name))
    if (where === undefined) return { fits: false, why: 'unknown-election', hash }
    const { manifest, contexts } = await openElection(server, where)
    const [contest, context] = [manifest.contests[number], contexts[number]]
    if (contest === undefined || context === undefined) return { fits: false, why: 'unknown-election', hash }
    if (!checkOpening(context, opening)) return { fits: false, why: 'not-recomputed', hash }
    const entries = parseCheckpoint(await server.checkpoint()).size
    const { title, practice } = manifest
    return { fits: true, hash, title, practice, contest, values, weight, closesAt: where.closesAt, entries }
  },

  /** Goes through the whole checked record for a ballot: the entry that holds it, undefined if none does. The server does
   *  not learn which ballot is looked for. Throws `Unusable`, `Refusal`. */
  async lookFor(hash: Uint8Array): Promise<number | undefined> {
    const { bodies } = await stateOf(await ours())
    return bodies.get(toHex(hash))
  },
}
export type CheckWorker = typeof api

serve(api)

async function ours(): Promise<Server> {
  return trustedServer(await openVault())
}

async function whereIs(server: Server, name: string): Promise<ElectionSummary | undefined> {
  const { elections } = await jsonOf<{ elections: ElectionSummary[] }>(await server.send('/api/elections'))
  return elections.find(({ opening }) => opening?.hash === name)
}

function openingIn(file: Uint8Array): Opening | undefined {
  try {
    return decodeOpening(file)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
