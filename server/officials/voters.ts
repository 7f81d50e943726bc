// One voter of a roll, as officials find them, and given a new code. Off the roll or its list they come by an act of two
// officials (SPEC 4.4).
import * as z from 'zod/mini'
import { toHex } from '#crypto/encoding.ts'
import { slug } from '#protocol/codec.ts'
import { Refusal } from '#protocol/refusal.ts'
import { findVoter } from '#server/data/departure.ts'
import { noteLookup } from '#server/data/lookups.ts'
import { issueCode } from '#server/data/register.ts'
import { hashUnlisted } from '#server/lists.ts'
import { hashText, officialOf, operation, type Operation } from '#server/operation.ts'
import type { Parts } from '#server/parts.ts'
import { answers, body, SIGNERS } from './shapes.ts'

const own = { process: slug, roll: slug, row: z.string().check(z.maxLength(200)) }

const found = z.strictObject({
  row: z.string(),
  /** The credential's commitment in hexadecimal, once there is one. */
  commitment: z.nullable(z.string()),
  /** Whether they can get mail. */
  address: z.boolean(),
  /** By which an act names them that takes them off the list before they register. */
  unlisting: hashText,
})
export type FoundVoterView = z.output<typeof found>

type Needed = Pick<Parts, 'board' | 'database' | 'officials' | 'operator' | 'clock'>

export function oneVoterOperations(parts: Needed): Operation[] {
  const { board, database, officials, operator, clock } = parts
  const { accounts } = officials
  const checkOpen = ({ process, roll }: { process: string; roll: string }): void => {
    if (board.state.processes.get(process)?.rolls.get(roll)?.frozen !== undefined)
      throw new Refusal('roll-frozen', roll)
  }
  return [
    operation(
      {
        method: 'GET',
        path: '/api/officials/voters/voter',
        access: SIGNERS,
        summary: 'One voter of a roll, and what an act would name that removes them.',
        parameters: {},
        query: own,
        success: answers(found),
      },
      async ({ query, c }) => {
        const { row, commitment, address } = await findVoter(database, query)
        const looking = { official: officialOf(c).id, at: new Date(clock()), reason: null }
        await noteLookup(database, { ...query, row }, looking)
        const answer: FoundVoterView = {
          ...{ row, commitment: commitment && toHex(commitment), address: address !== null },
          unlisting: toHex(hashUnlisted(operator, { ...query, row })),
        }
        return c.json(answer)
      },
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/voters/code',
        access: SIGNERS,
        summary:
          'Another code for a voter who has not registered. It is shown once; the one before it stays valid.',
        parameters: {},
        query: {},
        body: body(z.strictObject(own), 'For whom.'),
        success: answers(z.strictObject({ code: z.string() })),
      },
      async ({ body: whom, c }) => {
        checkOpen(whom)
        const code = await issueCode(database, whom)
        await accounts.note(officialOf(c).id, 'coded', `${whom.process}/${whom.roll} ${whom.row}`)
        c.header('Cache-Control', 'no-store')
        return c.json({ code })
      },
    ),
  ]
}
