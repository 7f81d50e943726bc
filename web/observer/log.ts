// This server's log as a page reads it: entries under a signed checkpoint that is compared with what the device has kept.
import { Unusable } from '#client/failure.ts'
import { EncodingError } from '#crypto/encoding.ts'
import { parseCheckpoint, type SignedCheckpoint } from '#ledger/checkpoint.ts'
import { checkConsistency, leafHash, proveConsistency } from '#ledger/merkle.ts'
import { checkPolicy, parsePolicy, type Policy } from '#ledger/policy.ts'
import { checkReceipt, parseReceipt } from '#ledger/proof.ts'
import { readTiles } from '#ledger/tile-reader.ts'
import { decodeEntryBundle, formatTilePath, TILE_WIDTH, tileWidth } from '#ledger/tile.ts'
import { bytes, text } from '#web/device/api.ts'
import { type Kept, keep, keptOf, originHere } from './kept.ts'

/** How the log stands to what this device has seen of it: never seen; begins with it; is shorter than it; is another one
 *  (a fork); or is not signed as the policy asks that was met first. Only the first two are as they should be. */
export type Standing = 'first' | 'extended' | 'shorter' | 'forked' | 'unsigned'

export interface Log {
  readonly standing: Standing
  /** The signed note, and what it says. */
  readonly note: string
  readonly checkpoint: SignedCheckpoint
  /** The policy that the server proposes now, and the one that is believed. */
  readonly proposed: string
  readonly policy: Policy
  /** What this device had kept before this look. */
  readonly kept: Kept | undefined
}

/** Looks at the newest checkpoint, and keeps it where it is as it should be. Throws `Refused` or `Unreachable`, and
 *  `Unusable('bad-answer')` where the server's answer is none; so do the others here. */
export function lookAtLog(): Promise<Log> {
  return readable('/log/checkpoint', look)
}

async function look(): Promise<Log> {
  const [note, proposed] = await Promise.all([text('/log/checkpoint'), text('/log/policy')])
  const checkpoint = parseCheckpoint(note)
  const kept = keptOf(originHere() ?? checkpoint.origin)
  const policy = parsePolicy(kept?.policy ?? proposed)
  const standing = checkPolicy(policy, checkpoint) ? await standingOf(checkpoint, kept) : 'unsigned'
  if (standing === 'first' || standing === 'extended') keep(proposed, note, true)
  return { standing, note, checkpoint, proposed, policy, kept }
}

async function standingOf({ size, root }: SignedCheckpoint, kept: Kept | undefined): Promise<Standing> {
  if (kept === undefined) return 'first'
  const earlier = parseCheckpoint(kept.checkpoint)
  if (earlier.size > size) return 'shorter'
  const proof = await readTiles(size, tile, (read) => proveConsistency(earlier.size, size, read))
  return checkConsistency(earlier.size, earlier.root, size, root, proof) ? 'extended' : 'forked'
}

/** Entries from `from` up to before `to`, in the order of the log; `to` is at most the checkpoint's size. Unproven. */
export function entriesOf({ checkpoint }: Log, from: number, to: number): Promise<Uint8Array[]> {
  return readable('/log/tile/entries', () => bundled(checkpoint.size, from, to))
}

async function bundled(size: number, from: number, to: number): Promise<Uint8Array[]> {
  const entries: Uint8Array[] = []
  for (let at = from; at < to;) {
    const index = Math.floor(at / TILE_WIDTH)
    const width = tileWidth('entries', index, size)
    const bundle = decodeEntryBundle(await tile(formatTilePath({ level: 'entries', index, width })))
    if (bundle.length !== width) throw new EncodingError(`not ${width} entries`)
    const start = index * TILE_WIDTH
    entries.push(...bundle.slice(at - start, to - start))
    at = start + width
  }
  return entries
}

export interface Proven {
  readonly bytes: Uint8Array
  /** C2SP tlog-proof, as the server gave it. */
  readonly receipt: string
  /** Whether it shows that these bytes are this entry of a log that the policy believes. */
  readonly holds: boolean
}

/** An entry with its receipt, which is checked here. */
export async function provenEntry({ policy, checkpoint }: Log, index: number): Promise<Proven> {
  const [entry, receipt] = await Promise.all([bytes(`/log/entries/${index}`), text(`/api/receipts/${index}`)])
  return { bytes: entry, receipt, holds: holds(receipt, policy, entry, index, checkpoint.origin) }
}

function holds(receipt: string, policy: Policy, entry: Uint8Array, index: number, origin: string): boolean {
  if (!checkReceipt(receipt, policy, leafHash(entry))) return false
  const { index: said, checkpoint } = parseReceipt(receipt)
  return said === index && parseCheckpoint(checkpoint).origin === origin
}

async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof EncodingError) throw new Unusable('bad-answer', { path, detail: error.message })
    throw error
  }
}

function tile(path: string): Promise<Uint8Array> {
  return bytes(`/log/${path}`)
}
