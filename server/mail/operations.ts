// Officials send invitations and reminders, see what became of each, and mend addresses. Texts and codes they do not see.
import type { Context } from 'hono'
import * as z from 'zod/mini'
import { slug } from '#protocol/codec.ts'
import { Refusal } from '#protocol/refusal.ts'
import { isAddress, type Language, RegisterRefusal, type RollName } from '#server/data/register.ts'
import { LANGUAGES } from '#server/data/schema.ts'
import { answers, body, DONE, READERS, instant, SIGNERS } from '#server/officials/shapes.ts'
import { officialOf, operation, type Operation } from '#server/operation.ts'
import type { Parts } from '#server/parts.ts'
import { Problem } from '#server/problem.ts'
import { SAMPLE_CODE, writeLetter } from './letter.ts'
import type { Postman } from './postman.ts'
import { DELIVERIES, type MailKind, MailQueue } from './queue.ts'

/** Voters that are shown at a time. */
const PAGE = 200

const name = { process: slug, roll: slug }
const kind = z.enum(['invitation', 'reminder'])
const language = z.enum(LANGUAGES)
const row = z.string().check(z.maxLength(200))
const address = z.string().check(z.maxLength(254))

const tally = z.strictObject({ all: instant, registered: instant })
const overview = z.strictObject({
  /** Who mails are from; null where no mail server is set up. */
  from: z.nullable(z.string()),
  /** Why the mail server takes nothing at present. */
  trouble: z.nullable(z.string()),
  /** Voters by how far their invitations are. */
  deliveries: z.record(z.enum(DELIVERIES), tally),
})
const voter = z.strictObject({
  row: z.string(),
  registered: z.boolean(),
  kind: z.nullable(kind),
  attemptedAt: z.nullable(instant),
  /** What the mail server said against it. */
  reason: z.nullable(z.string()),
})
const letter = z.strictObject({ subject: z.string(), text: z.string() })
const queued = z.strictObject({ queued: instant })
const tried = z.strictObject({ reason: z.nullable(z.string()) })
export type MailOverview = z.output<typeof overview>
export type VoterMailView = z.output<typeof voter>
export type LetterView = z.output<typeof letter>

type Needed = Pick<Parts, 'board' | 'database' | 'officials' | 'postman' | 'clock'>

export function mailOperations({ board, database, officials, postman, clock }: Needed): Operation[] {
  const queue = new MailQueue(database, clock)
  const { accounts } = officials
  const sender = (): Postman => {
    if (postman === undefined) throw new Problem('mail-not-set-up', 'No mail server is set up.')
    return postman
  }
  const sampleFor = (to: RollName, what: { kind: MailKind; language: Language }) =>
    writeLetter(board.state, to, { ...what, code: SAMPLE_CODE, from: sender().from, now: clock() })
  /** Queues mails and has it written down. */
  const enqueue = async (c: Context, what: MailKind, { process, roll }: RollName): Promise<number> => {
    const postman = sender()
    if (board.state.processes.get(process)?.rolls.get(roll)?.frozen !== undefined)
      throw new Refusal('roll-frozen', roll)
    const to = { process, roll }
    const count = what === 'invitation' ? await queue.invite(to) : await queue.remind(to)
    await accounts.note(officialOf(c).id, 'mailed', `${process}/${roll} ${what} ${count}`)
    postman.wake()
    return count
  }
  return [
    operation(
      {
        method: 'GET',
        path: '/api/officials/mail',
        access: READERS,
        summary: 'How far the invitations of a roll are.',
        parameters: {},
        query: name,
        success: answers(overview),
      },
      async ({ query, c }) => {
        const answer: MailOverview = {
          ...{ from: postman?.from ?? null, trouble: postman?.trouble ?? null },
          deliveries: await queue.counts(query),
        }
        return c.json(answer)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/officials/mail/voters',
        access: READERS,
        summary: `Voters of a roll whose invitations are so far: ${PAGE} at most, by their rows.`,
        parameters: {},
        query: { ...name, delivery: z.enum(DELIVERIES), after: row },
        success: answers(z.strictObject({ voters: z.array(voter) })),
      },
      async ({ query: { delivery, after, ...to }, c }) =>
        c.json({ voters: await queue.voters(to, delivery, after, PAGE) }),
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/mail/invitations',
        access: SIGNERS,
        summary: 'Invites all who have an address, were not invited and have not registered.',
        parameters: {},
        query: {},
        body: body(z.strictObject(name), 'Which roll.'),
        success: answers(queued, 200, 'So many mails wait to be sent now.'),
      },
      async ({ body: to, c }) => c.json({ queued: await enqueue(c, 'invitation', to) }),
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/mail/reminders',
        access: SIGNERS,
        summary: 'Reminds all who were sent a mail a day ago or earlier and have not registered.',
        parameters: {},
        query: {},
        body: body(z.strictObject(name), 'Which roll.'),
        success: answers(queued, 200, 'So many mails wait to be sent now.'),
      },
      async ({ body: to, c }) => c.json({ queued: await enqueue(c, 'reminder', to) }),
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/mail/address',
        access: SIGNERS,
        summary:
          'Gives a voter another address, to which the last mail goes again; null erases the address and what is known of mails to it.',
        parameters: {},
        query: {},
        body: body(z.strictObject({ ...name, row, address: z.nullable(address) }), 'Whose, and which.'),
        success: DONE,
      },
      async ({ body: { row, address, ...to }, c }) => {
        await queue.readdress(to, row, address)
        await accounts.note(officialOf(c).id, 'readdressed', `${to.process}/${to.roll} ${row}`)
        postman?.wake()
        return c.body(null, 204)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/officials/mail/letter',
        access: READERS,
        summary: 'What a mail says, with a code that does not work.',
        parameters: {},
        query: { ...name, kind, language },
        success: answers(letter),
      },
      ({ query: { kind, language, ...to }, c }) => c.json(sampleFor(to, { kind, language })),
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/mail/test',
        access: SIGNERS,
        summary: 'Sends the same to an address of the official’s own, at once.',
        parameters: {},
        query: {},
        body: body(z.strictObject({ ...name, kind, language, address }), 'Which mail, and where to.'),
        success: answers(tried, 200, 'Null: sent. Else what the mail server said against it.'),
      },
      async ({ body: { kind, language, address, ...to }, c }) => {
        if (!isAddress(address)) throw new RegisterRefusal('address-invalid')
        const sample = sampleFor(to, { kind, language })
        const outcome = await sender().transport.send({ to: address, ...sample })
        await accounts.note(officialOf(c).id, 'mailed', `${to.process}/${to.roll} test`)
        return c.json({ reason: outcome.is === 'sent' ? null : outcome.reason })
      },
    ),
  ]
}
