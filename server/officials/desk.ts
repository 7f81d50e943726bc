// The help desk: officials look up how far somebody is with registering, never whether they have voted. Who looks says
// why, all of it is written down, and the person can read it (server/holdings.ts).
import * as z from 'zod/mini'
import { text } from '#protocol/codec.ts'
import { Attempts } from '#server/attempts.ts'
import { allLookups, lookUp } from '#server/data/lookups.ts'
import { DELIVERIES } from '#server/mail/queue.ts'
import { officialOf, operation, type Operation } from '#server/operation.ts'
import type { Parts } from '#server/parts.ts'
import { Problem } from '#server/problem.ts'
import { formatCsv } from '#tally/formats/csv.ts'
import { answers, body, READERS, instant } from './shapes.ts'

const found = z.strictObject({
  voters: z.array(
    z.strictObject({
      ...{ process: z.string(), roll: z.string(), row: z.string() },
      address: z.nullable(z.string()),
      registeredAt: z.nullable(instant),
      /** How far the invitation is; of the last mail which it was, how often and when it was tried, and what was said. */
      delivery: z.enum(DELIVERIES),
      kind: z.nullable(z.enum(['invitation', 'reminder'])),
      attempts: z.int(),
      attemptedAt: z.nullable(instant),
      refused: z.nullable(z.string()),
    }),
  ),
  more: z.boolean(),
})
export type FoundView = z.output<typeof found>

type Needed = Pick<Parts, 'database' | 'officials' | 'clock'>

export function deskOperations({ database, officials: { accounts }, clock }: Needed): Operation[] {
  // By official, successes too: a roll is not read out name by name.
  const attempts = new Attempts(clock)
  return [
    operation(
      {
        method: 'POST',
        path: '/api/officials/desk',
        access: READERS,
        summary:
          'Voters by row or address, whole or by at least three characters it begins with; noted for them to read.',
        parameters: {},
        query: {},
        body: body(z.strictObject({ text: text(254), reason: text(500) }), 'Who is looked for, and why.'),
        success: answers(found),
      },
      async ({ body: { text: wanted, reason }, c }) => {
        const { id: official } = officialOf(c)
        const wait = attempts.wait(official)
        if (wait > 0) throw new Problem('too-many-attempts', 'Too many look-ups at once.', wait)
        attempts.fail(official)
        const { voters, more } = await lookUp(database, wanted, { official, at: new Date(clock()), reason })
        // Also where nobody was found.
        await accounts.note(official, 'looked', String(voters.length))
        c.header('Cache-Control', 'no-store')
        return c.json({ voters: [...voters], more } satisfies FoundView)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/officials/desk/lookups.csv',
        access: ['owner', 'auditor'],
        summary: 'Who has looked up whom, when and why, the newest first.',
        parameters: {},
        query: {},
        success: [{ status: 200, description: 'A heading, and a line for each.', type: 'text/csv' }],
      },
      async ({ c }) => {
        const lines = (await allLookups(database)).map(({ at, official, process, roll, row, reason }) => [
          ...[new Date(at).toISOString(), official, process, roll, row, reason ?? ''],
        ])
        const file = formatCsv([['time', 'official', 'process', 'roll', 'voter', 'reason'], ...lines])
        c.header('Cache-Control', 'no-store')
        return c.body(file, 200, { 'Content-Type': 'text/csv; charset=utf-8' })
      },
    ),
  ]
}
