// Guardians of an election get the link to their page. It holds no secret: their key is on their device.
import * as z from 'zod/mini'
import { natural, slug } from '#protocol/codec.ts'
import { Refusal } from '#protocol/refusal.ts'
import { destination, sendLink } from '#server/mail/links.ts'
import { officialOf, operation, type Operation } from '#server/operation.ts'
import type { Parts } from '#server/parts.ts'
import { Problem } from '#server/problem.ts'
import { addressOf, textIn } from '#server/pages.ts'
import { answers, body } from './shapes.ts'

const invited = z.strictObject({
  ...{ process: slug, election: slug },
  /** From 1 in the manifest's order. */
  guardian: natural(32),
  mail: destination,
})

type Needed = Pick<Parts, 'board' | 'officials' | 'postman'>

export function guardianOperations({ board, officials: { accounts }, postman }: Needed): Operation[] {
  return [
    operation(
      {
        method: 'POST',
        path: '/api/officials/guardians',
        access: ['owner'],
        summary: 'Sends a guardian the link to their page of an election, at once.',
        parameters: {},
        query: {},
        body: body(invited, 'Which guardian, and where the mail is to go.'),
        success: answers(
          z.strictObject({ reason: z.nullable(z.string()) }),
          200,
          'Null: sent. Else what the mail server said against it.',
        ),
      },
      async ({ body: { process, election, guardian, mail }, c }) => {
        const manifest = board.state.processes.get(process)?.elections.get(election)?.manifest
        if (manifest === undefined) throw new Refusal('unknown-election', election)
        if (manifest.guardians[guardian - 1] === undefined)
          throw new Problem('not-found', 'There is no such guardian.')
        const { id, name: by } = officialOf(c)
        const title = textIn(manifest.title, mail.language) ?? election
        const link = addressOf(board.state, `/guardian/${process}/${election}`)
        const reason = await sendLink(postman, mail, { by, link, title })
        await accounts.note(id, 'guardian-invited', `${process}/${election} ${guardian}`)
        return c.json({ reason })
      },
    ),
  ]
}
