// Where entries come in, and what the ledger says of them: places, receipts, a ballot's fate (SPEC 7.1, 7.5, 8.3).
import * as z from 'zod/mini'
import { toHex } from '#crypto/encoding.ts'
import { Busy, type Ledger } from '#ledger/engine.ts'
import { ballotOf } from '#protocol/ballot.ts'
import { decodeEntry, MAX_ENTRY_BYTES } from '#protocol/entry.ts'
import type { RecordState } from '#tally/state.ts'
import { hashText, naturalText, operation, type Operation } from './operation.ts'
import type { Parts } from './parts.ts'
import { Problem } from './problem.ts'
import { sourceOf } from './source.ts'

export const placeSchema = z.strictObject({ index: z.int().check(z.gte(0)), receipt: z.string() })

const ballotStatusSchema = z.strictObject({
  index: z.int().check(z.gte(0)),
  receipt: z.string(),
  status: z.enum(['counted', 'superseded']),
  /** The entry that superseded it. */
  by: z.optional(z.int().check(z.gte(0))),
})

const voterSchema = z.strictObject({
  /** Ballots of this nullifier in the contest so far, which is the sequence number of the next. */
  ballots: z.int().check(z.gte(0)),
  latest: z.nullable(z.int().check(z.gte(0))),
})

const trackedSchema = z.strictObject({
  index: z.int().check(z.gte(0)),
  /** Hash of the ballot's body. */
  hash: z.string(),
})

const RECEIPT = 'The receipt is a C2SP tlog-proof of the entry, to be checked offline against the policy.'

export function entryOperations({ board, proxies }: Pick<Parts, 'board' | 'proxies'>): Operation[] {
  const { ledger, state } = board
  return [
    operation(
      {
        method: 'POST',
        path: '/api/entries',
        access: 'anybody',
        summary: 'Offers an entry: a ballot, an official act or a message of a guardian.',
        parameters: {},
        query: {},
        body: {
          type: 'application/cbor',
          maximum: MAX_ENTRY_BYTES,
          description: 'The canonical bytes of one entry.',
        },
        success: [
          {
            status: 201,
            description: `Recorded and durable. ${RECEIPT}`,
            type: 'application/json',
            schema: placeSchema,
          },
          {
            status: 200,
            description: `It, or another envelope of the same ballot, was recorded before. ${RECEIPT}`,
            type: 'application/json',
            schema: placeSchema,
          },
        ],
      },
      async ({ body, c }) => {
        if (board.busy) throw new Busy('too many entries are waiting')
        const { index, recorded } = await board.submit(body, sourceOf(c, proxies))
        const answer: z.output<typeof placeSchema> = { index, receipt: await ledger.receipt(index) }
        return c.json(answer, recorded ? 200 : 201)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/receipts/:index',
        access: 'anybody',
        summary: 'The receipt of an entry under the newest checkpoint.',
        parameters: { index: naturalText },
        query: {},
        success: [{ status: 200, description: 'A C2SP tlog-proof.', type: 'text/plain' }],
      },
      async ({ parameters: { index }, c }) => {
        if (index >= ledger.size) throw new Problem('not-found', 'No such entry.')
        return c.text(await ledger.receipt(index))
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/ballots/:hash',
        access: 'anybody',
        summary: 'Whether a ballot is recorded, and whether it is the one that counts.',
        parameters: { hash: hashText },
        query: {},
        success: [
          {
            status: 200,
            description: 'It is recorded.',
            type: 'application/json',
            schema: ballotStatusSchema,
          },
        ],
      },
      async ({ parameters: { hash }, c }) => {
        const index = state.bodies.get(hash)
        // The state runs ahead of the disk by a moment; only the disk counts.
        if (index === undefined || index >= ledger.size) throw new Problem('not-found', 'No such ballot.')
        const latest = await latestOf(state, ledger, index)
        const answer: z.output<typeof ballotStatusSchema> = {
          index,
          receipt: await ledger.receipt(index),
          ...(latest === index ? { status: 'counted' } : { status: 'superseded', by: latest }),
        }
        return c.json(answer)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/voters/:election/:contest/:nullifier',
        access: 'anybody',
        summary: 'How many ballots of a nullifier are recorded in a contest of the opened election E.',
        parameters: { election: hashText, contest: naturalText, nullifier: hashText },
        query: {},
        success: [
          { status: 200, description: 'Its ballots.', type: 'application/json', schema: voterSchema },
        ],
      },
      ({ parameters: { election, contest, nullifier }, c }) => {
        const voters = state.opened.get(election)?.contests[contest]?.voters
        if (voters === undefined) throw new Problem('not-found', 'No such contest is open.')
        const voter = voters.get(BigInt(`0x${nullifier}`))
        const answer = { ballots: voter?.ballots ?? 0, latest: voter?.index ?? null }
        return c.json(answer satisfies z.output<typeof voterSchema>)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/trackers/:tracker',
        access: 'anybody',
        summary: 'The ballot with this tracker, however it was typed.',
        parameters: { tracker: z.string().check(z.maxLength(64)) },
        query: {},
        success: [
          { status: 200, description: 'Its place.', type: 'application/json', schema: trackedSchema },
        ],
      },
      ({ parameters: { tracker }, c }) => {
        const found = state.bodies.find(tracker)
        if (found === undefined || found.index >= ledger.size)
          throw new Problem('not-found', 'No ballot has this tracker.')
        return c.json(found satisfies z.output<typeof trackedSchema>)
      },
    ),
  ]
}

/** Index of the latest ballot by the voter of the one at `index`. */
async function latestOf(state: RecordState, ledger: Ledger, index: number): Promise<number> {
  const [type, content] = decodeEntry(await ledger.entry(index))
  if (type !== 'ballot') throw new Error(`entry ${index} is no ballot`)
  const { body, envelope } = ballotOf(content)
  const contest = state.opened.get(toHex(body.election))?.contests[body.contest]
  const latest = contest?.voters.get(envelope.nullifier)?.index
  if (latest === undefined) throw new Error(`ballot ${index} has no voter`)
  return latest
}
