// Guardians get the link to their page: of an election, or before it is defined to the one on which they make the key that its
// definition names. Neither holds a secret: the key is on their device.
import * as z from 'zod/mini'
import { natural, slug, text } from '#protocol/codec.ts'
import { Refusal } from '#protocol/refusal.ts'
import type { Board } from '#server/board.ts'
import { destination, sendLink } from '#server/mail/links.ts'
import { officialOf, operation, type Operation } from '#server/operation.ts'
import type { Parts } from '#server/parts.ts'
import { Problem } from '#server/problem.ts'
import { addressOf, textIn } from '#server/pages.ts'
import { answers, body } from './shapes.ts'

const invited = z.union([
  z.strictObject({
    ...{ process: slug, election: slug },
    /** From 1 in the manifest's order. */
    guardian: natural(32),
    mail: destination,
  }),
  /** For an election that is still being written, under this title. */
  z.strictObject({ title: text(1000), mail: destination }),
])

type Needed = Pick<Parts, 'board' | 'officials' | 'postman'>

export function guardianOperations({ board, officials: { accounts }, postman }: Needed): Operation[] {
  return [
    operation(
      {
        method: 'POST',
        path: '/api/officials/guardians',
        access: ['owner'],
        summary:
          'Sends a guardian the link to their page of an election, or of one to come to the page where keys are made, at once.',
        parameters: {},
        query: {},
        body: body(invited, 'Which guardian, or of what, and where the mail is to go.'),
        success: answers(
          z.strictObject({ reason: z.nullable(z.string()) }),
          200,
          'Null: sent. Else what the mail server said against it.',
        ),
      },
      async ({ body: wanted, c }) => {
        const { id, name: by } = officialOf(c)
        const { path, title, detail } = 'title' in wanted ? comingOf(wanted) : definedOf(board, wanted)
        const link = addressOf(board.state, path)
        const reason = await sendLink(postman, wanted.mail, { by, link, title })
        await accounts.note(id, 'guardian-invited', detail)
        return c.json({ reason })
      },
    ),
  ]
}

/** Where a guardian is to go, of which election, and how the deed is written down. */
interface Way {
  readonly path: string
  readonly title: string
  readonly detail: string
}
type Invited = z.output<typeof invited>

function comingOf({ title }: Extract<Invited, { title: string }>): Way {
  return { path: '/guardian', title, detail: title }
}

function definedOf({ state }: Pick<Board, 'state'>, wanted: Exclude<Invited, { title: string }>): Way {
  const { process, election, guardian, mail } = wanted
  const manifest = state.processes.get(process)?.elections.get(election)?.manifest
  if (manifest === undefined) throw new Refusal('unknown-election', election)
  if (manifest.guardians[guardian - 1] === undefined)
    throw new Problem('not-found', 'There is no such guardian.')
  return {
    path: `/guardian/${process}/${election}`,
    title: textIn(manifest.title, mail.language) ?? election,
    detail: `${process}/${election} ${guardian}`,
  }
}
