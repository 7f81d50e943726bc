// What the booth keeps in the vault of each election, by E in hexadecimal: marks, sealed ballots, receipts.
import * as z from 'zod/mini'
import { contestNumber } from '#protocol/ballot.ts'
import { bytesUpTo, codec, hash, instant, natural, slug, texts } from '#protocol/codec.ts'
import { read } from '#web/device/kept.ts'
import type { Vault } from '#web/device/vault.ts'
import type { Draft } from './paper.ts'

const draftsSchema = z.array(
  z.strictObject({
    contest: contestNumber,
    blank: z.boolean(),
    options: z.array(natural(999_999)),
    start: natural(127),
  }),
)
const drafts = codec(draftsSchema)

const ballotSchema = z.strictObject({
  contest: contestNumber,
  /** `opened`: shown to a second device, so never to be cast; `sending`: it may be on the ledger. */
  state: z.enum(['sealed', 'opened', 'sending']),
  hash,
  /** See client/sealed.ts. */
  sealing: bytesUpTo(10_000),
  /** The entry, once it is proven. */
  entry: z.optional(bytesUpTo(65_535)),
})
const boxSchema = z.strictObject({
  /** The ledger has ballots of this voter that this device knows nothing of. */
  behind: z.boolean(),
  ballots: z.array(ballotSchema),
})
const box = codec(boxSchema)

const castSchema = z.strictObject({
  contest: contestNumber,
  index: instant,
  hash,
  entry: bytesUpTo(65_535),
  /** A tlog-proof. */
  receipt: z.string(),
  at: instant,
})
const receiptsSchema = z.strictObject({
  process: slug,
  election: slug,
  title: texts(1000),
  /** Ballots that were cast on this device, oldest first. */
  cast: z.array(castSchema),
})
const receipts = codec(receiptsSchema)

/** A sealed ballot of one contest that is not known to be on the ledger. */
export type KeptBallot = z.output<typeof ballotSchema>
/** All of them of one election. */
export type Box = z.output<typeof boxSchema>
/** A ballot that is on the ledger. */
export type Cast = z.output<typeof castSchema>
/** All receipts of one election. */
export type Receipts = z.output<typeof receiptsSchema>

/** Marks so far, by contest. Rejects with `VaultFailure`, as all of these do. */
export async function draftsOf(vault: Vault, election: string): Promise<Map<number, Draft>> {
  const kept = (await read(vault, 'drafts', election, drafts)) ?? []
  return new Map(
    kept.map(({ contest, blank, options, start }) => [contest, { marks: { blank, options }, start }]),
  )
}

export function keepDrafts(vault: Vault, election: string, all: ReadonlyMap<number, Draft>): Promise<void> {
  const kept = [...all].map(([contest, { marks, start }]) => ({
    contest,
    blank: marks.blank,
    options: [...marks.options],
    start,
  }))
  return vault.put('drafts', election, drafts.encode(kept))
}

export async function boxOf(vault: Vault, election: string): Promise<Box> {
  return (await read(vault, 'ballots', election, box)) ?? { behind: false, ballots: [] }
}

export function keepBox(vault: Vault, election: string, kept: Box): Promise<void> {
  return vault.put('ballots', election, box.encode(kept))
}

export function receiptsOf(vault: Vault, election: string): Promise<Receipts | undefined> {
  return read(vault, 'receipts', election, receipts)
}

export function keepReceipts(vault: Vault, election: string, kept: Receipts): Promise<void> {
  return vault.put('receipts', election, receipts.encode(kept))
}
