// A voter's receipt file: their ballots as they stand on the ledger, each with the proof of its place. Checked offline under
// a trust policy; what became of a ballot is then asked of the server, whose answer is checked as far as it can be.
// SPEC 7.5, 8.3.
import * as z from 'zod/mini'
import { equalBytes, toHex } from '#crypto/encoding.ts'
import { decodeBase64, encodeBase64 } from '#ledger/base64.ts'
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import { leafHash } from '#ledger/merkle.ts'
import type { Policy } from '#ledger/policy.ts'
import { checkReceipt, parseReceipt } from '#ledger/proof.ts'
import { type Ballot, bodyHash } from '#protocol/ballot.ts'
import { bytesUpTo, natural } from '#protocol/codec.ts'
import { MAX_ENTRY_BYTES } from '#protocol/entry.ts'
import { Refusal } from '#protocol/refusal.ts'
import { formatTracker } from '#protocol/tracker.ts'
import { Unusable } from './failure.ts'
import { decodeBallot } from './sealed.ts'
import { jsonOf, type Recorded, type Server } from './server.ts'

/** A ballot of the file: the bytes of its entry and the receipt (C2SP tlog-proof). */
export type BallotReceipt = Pick<Recorded, 'entry' | 'receipt'>

/** What a receipt proves: that this ballot is in the log under the checkpoint. */
export interface Proven {
  readonly ballot: Ballot
  readonly hash: Uint8Array
  readonly tracker: string
  readonly index: number
  /** The log and its size at the checkpoint. */
  readonly origin: string
  readonly size: number
}

/** What became of a recorded ballot. `denied`: the server shows a log that does not have it there, although the receipt
 *  proves that the log does; the receipt is then evidence against whoever runs it. */
export type Fate =
  | { readonly status: 'counted' | 'denied' }
  | { readonly status: 'superseded'; readonly by: Pick<Proven, 'index' | 'tracker'> }

const MAX_BALLOTS = 1000
const MAX_RECEIPT = 20_000

const base64 = z.codec(z.string().check(z.maxLength(2 * MAX_ENTRY_BYTES)), bytesUpTo(MAX_ENTRY_BYTES), {
  decode: (text, payload) => {
    try {
      return decodeBase64(text)
    } catch {
      payload.issues.push({ code: 'custom', message: 'not Base 64', input: text })
      return z.NEVER
    }
  },
  encode: encodeBase64,
})

const fileSchema = z.strictObject({
  format: z.literal('comitia-receipt'),
  ballots: z
    .array(z.strictObject({ entry: base64, receipt: z.string().check(z.maxLength(MAX_RECEIPT)) }))
    .check(z.minLength(1), z.maxLength(MAX_BALLOTS)),
})

/** The text of the file: JSON, in which nothing is said twice. */
export function formatReceiptFile(ballots: readonly BallotReceipt[]): string {
  const plain = ballots.map(({ entry, receipt }) => ({ entry, receipt }))
  return `${JSON.stringify(z.encode(fileSchema, { format: 'comitia-receipt', ballots: plain }), null, 2)}\n`
}

/** The opposite. Throws `Unusable('file-unreadable')` on any other text. Nothing in it is checked. */
export function parseReceiptFile(text: string): BallotReceipt[] {
  let plain: unknown
  try {
    plain = JSON.parse(text)
  } catch {
    throw new Unusable('file-unreadable')
  }
  const file = z.safeDecode(fileSchema, plain as z.input<typeof fileSchema>)
  if (!file.success) throw new Unusable('file-unreadable')
  return file.data.ballots
}

/** What the receipt proves under the policy; undefined if it proves nothing. Needs no network. */
export function checkBallotReceipt({ entry, receipt }: BallotReceipt, policy: Policy): Proven | undefined {
  if (!checkReceipt(receipt, policy, leafHash(entry))) return undefined
  const { index, checkpoint } = parseReceipt(receipt)
  const { origin, size } = parseCheckpoint(checkpoint)
  const ballot = ballotIn(entry)
  if (ballot === undefined) return undefined
  const hash = bodyHash(ballot.body)
  return { ballot, hash, tracker: formatTracker(hash), index, origin, size }
}

/** What became of a ballot whose receipt holds. 'counted' is the server's word until the whole record is verified;
 *  'superseded' comes with the checked receipt of the voter's later ballot. Throws `Unusable` for an answer that proves
 *  nothing: 'receipt-invalid', 'bad-answer', or none. */
export async function fateOf(server: Server, proven: Proven): Promise<Fate> {
  const path = `/api/ballots/${toHex(proven.hash)}`
  const said = await ask(server, path)
  if (said === undefined) return { status: 'denied' }
  const there = await server.checked({ ...said, entry: await server.entry(said.index) })
  // The body that the log shows for this hash must be the one that the receipt is of.
  const same = ballotIn(there.entry)
  if (said.index !== proven.index || same === undefined || !equalBytes(bodyHash(same.body), proven.hash))
    return { status: 'denied' }
  if (said.status === 'counted') return { status: 'counted' }
  const later = checkBallotReceipt(await server.recorded(said.by), await server.policy())
  if (later === undefined || !supersedes(later, proven))
    throw new Unusable('bad-answer', {
      path,
      detail: `entry ${said.by} is no later ballot of the same voter`,
    })
  return { status: 'superseded', by: { index: later.index, tracker: later.tracker } }
}

const place = natural(Number.MAX_SAFE_INTEGER)
const saidSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('counted'), index: place, receipt: z.string() }),
  z.object({ status: z.literal('superseded'), index: place, receipt: z.string(), by: place }),
])

async function ask(server: Server, path: string): Promise<z.output<typeof saidSchema> | undefined> {
  try {
    const said = z.safeParse(saidSchema, await jsonOf<unknown>(await server.send(path)))
    if (!said.success) throw new Unusable('bad-answer', { path, detail: said.error.message })
    return said.data
  } catch (error) {
    if (error instanceof Unusable && error.code === 'not-found') return undefined
    throw error
  }
}

/** Whether a ballot replaces another: same contest, same voter, a higher sequence number, further on in the log. */
function supersedes(later: Proven, earlier: Proven): boolean {
  const [a, b] = [later.ballot, earlier.ballot]
  return (
    equalBytes(a.body.election, b.body.election) &&
    a.body.contest === b.body.contest &&
    a.envelope.nullifier === b.envelope.nullifier &&
    a.body.sequence > b.body.sequence &&
    later.index > earlier.index
  )
}

function ballotIn(entry: Uint8Array): Ballot | undefined {
  try {
    return decodeBallot(entry)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
