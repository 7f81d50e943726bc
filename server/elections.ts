// Elections, electoral rolls and setups as programs read them: views of the record (SPEC 4.2, 8).
import * as z from 'zod/mini'
import { bigintToBytes, concat } from '#crypto/encoding.ts'
import { slug } from '#protocol/codec.ts'
import { rollVersion } from '#tally/rolls.ts'
import { bufferOf, streamOf } from './answer.ts'
import { operation, type Operation } from './operation.ts'
import type { Parts } from './parts.ts'
import { Problem } from './problem.ts'
import {
  electionSummarySchema,
  setupSummary,
  setupSummarySchema,
  summaries,
  summary,
  type ElectionSummary,
  type SetupSummary,
} from './summary.ts'

const electionsSchema = z.strictObject({ elections: z.array(electionSummarySchema) })
const setupsSchema = z.strictObject({ setups: z.array(setupSummarySchema) })

/** Credentials in one piece of an answer. */
const PIECE = 4096

export function electionOperations({ board, setups }: Pick<Parts, 'board' | 'setups'>): Operation[] {
  const { state } = board
  return [
    operation(
      {
        method: 'GET',
        path: '/api/elections',
        access: 'anybody',
        summary: 'All elections.',
        parameters: {},
        query: {},
        success: [
          { status: 200, description: 'Summaries.', type: 'application/json', schema: electionsSchema },
        ],
      },
      ({ c }) => {
        const elections = summaries(state, (setup) => setups.describe(setup))
        return c.json({ elections } satisfies { elections: ElectionSummary[] })
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/elections/:process/:election',
        access: 'anybody',
        summary: 'One election.',
        parameters: { process: slug, election: slug },
        query: {},
        success: [
          { status: 200, description: 'Summary.', type: 'application/json', schema: electionSummarySchema },
        ],
      },
      ({ parameters, c }) => {
        const process = state.processes.get(parameters.process)
        const election = process?.elections.get(parameters.election)
        if (process === undefined || election === undefined)
          throw new Problem('not-found', 'No such election.')
        return c.json(summary(board.state, process, election, (setup) => setups.describe(setup)))
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/setups',
        access: 'anybody',
        summary: "The setups of this server's circuits, which an opening may name.",
        parameters: {},
        query: {},
        success: [{ status: 200, description: 'Setups.', type: 'application/json', schema: setupsSchema }],
      },
      ({ c }) => {
        const own = setups.own.map((setup) => setupSummary(setup, setups.describe(setup)))
        return c.json({ setups: own } satisfies { setups: SetupSummary[] })
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/rolls/:process/:roll',
        access: 'anybody',
        summary:
          'A whole electoral roll; a single place is never asked for, since that would name the voter.',
        parameters: { process: slug, roll: slug },
        query: {},
        success: [
          {
            status: 200,
            description: '34 bytes a credential: its commitment and its weight, most significant byte first.',
            type: 'application/octet-stream',
          },
        ],
      },
      ({ parameters: { process, roll }, c }) => {
        const found = state.processes.get(process)?.rolls.get(roll)
        if (found === undefined) throw new Problem('not-found', 'No such roll.')
        const { credentials } = found
        const tag = `"${rollVersion(found)}"`
        c.header('ETag', tag)
        c.header('Cache-Control', 'no-cache')
        if (c.req.header('if-none-match') === tag) return c.body(null, 304)
        c.header('Content-Type', 'application/octet-stream')
        return c.body(streamOf(piecesOf(credentials)))
      },
    ),
  ]
}

function* piecesOf(credentials: readonly { commitment: bigint; weight: bigint }[]): Generator<Uint8Array> {
  const { length } = credentials
  for (let at = 0; at < length; at += PIECE) {
    const piece = credentials.slice(at, Math.min(at + PIECE, length))
    const parts = piece.flatMap((c) => [bigintToBytes(c.commitment, 32), bigintToBytes(c.weight, 2)])
    yield bufferOf(concat(...parts))
  }
}
