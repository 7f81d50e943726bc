// What officials see of themselves and each other, and whom they invite.
import * as z from 'zod/mini'
import { toHex } from '#crypto/encoding.ts'
import { slug, text } from '#protocol/codec.ts'
import { DEEDS } from '#server/data/schema.ts'
import { checkDestination, destination, sendLink } from '#server/mail/links.ts'
import { officialOf, operation, type Operation } from '#server/operation.ts'
import type { Parts } from '#server/parts.ts'
import { Problem } from '#server/problem.ts'
import { addressOf } from '#server/pages.ts'
import { answers, body, DONE, EVERYBODY, instant, newcomer, role } from './shapes.ts'

/** Deeds that are shown. */
const MOST = 200

const me = z.strictObject({
  id: z.string(),
  name: z.string(),
  role,
  /** Whether the ledger names them. */
  named: z.boolean(),
  /** Credential id of the passkey for acts. */
  passkey: z.string(),
  /** Whether this server sends mails. */
  mail: z.boolean(),
  sessions: z.array(
    z.strictObject({
      id: z.string(),
      agent: z.string(),
      startedAt: instant,
      seenAt: instant,
      current: z.boolean(),
    }),
  ),
})
const account = z.strictObject({
  ...{ id: z.string(), name: z.string(), role },
  joinedAt: z.nullable(instant),
  removedAt: z.nullable(instant),
  /** Public key for acts in hexadecimal, of those whom the ledger should name. */
  key: z.nullable(z.string()),
  /** Whether the ledger names them as they are. */
  named: z.boolean(),
  /** How an identity provider knows them; shown to owners and auditors. */
  identity: z.nullable(z.string()),
})
const invitation = z.strictObject({
  /** Null where it went by mail. */
  code: z.nullable(z.string()),
  /** What the mail server said against it. */
  reason: z.nullable(z.string()),
})
const deed = z.strictObject({
  at: instant,
  official: z.string(),
  what: z.enum(DEEDS),
  /** Whom or what it concerns. */
  detail: z.string(),
})
export type DeedView = z.output<typeof deed>
export type Me = z.output<typeof me>
export type AccountView = z.output<typeof account>
export type Invitation = z.output<typeof invitation>

type Needed = Pick<Parts, 'board' | 'officials' | 'postman'>

export function peopleOperations({ board, officials, postman }: Needed): Operation[] {
  const { accounts, sessions } = officials
  const isNamed = (id: string): boolean =>
    board.state.officials?.now.officials.some((official) => official.id === id) === true
  return [
    operation(
      {
        method: 'GET',
        path: '/api/officials/me',
        access: EVERYBODY,
        unnamed: true,
        summary: 'Who is signed in, and where.',
        parameters: {},
        query: {},
        success: answers(me),
      },
      async ({ c }) => {
        const { id, name, role } = officialOf(c)
        const passkey = (await accounts.actsPasskey(id)) ?? ''
        const answer: Me = {
          ...{ id, name, role, passkey, mail: postman !== undefined },
          ...{ named: isNamed(id), sessions: await sessions.list(c, id) },
        }
        return c.json(answer)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/officials',
        access: EVERYBODY,
        unnamed: true,
        summary: 'All accounts.',
        parameters: {},
        query: {},
        success: answers(z.strictObject({ officials: z.array(account) })),
      },
      async ({ c }) => {
        const [list, signers] = [await accounts.list(), await accounts.signers()]
        const { role: reader } = officialOf(c)
        const onLedger = board.state.officials?.now.officials ?? []
        const views = list.map((one): AccountView => {
          const key = signers.find(({ id }) => id === one.id)?.key
          const same = onLedger.find(({ id, role }) => id === one.id && role === one.role)
          return {
            ...one,
            identity: reader === 'owner' || reader === 'auditor' ? one.identity : null,
            key: key === undefined ? null : toHex(key),
            named: key !== undefined && same !== undefined && toHex(same.key) === toHex(key),
          }
        })
        return c.json({ officials: views })
      },
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/invitations',
        access: ['owner'],
        summary:
          'Invites somebody, by mail where an address is given; the same again makes a new code, and the old one is void.',
        parameters: {},
        query: {},
        body: body(
          z.strictObject({ ...newcomer.shape, mail: z.optional(destination) }),
          'Who it is, in which role, and where the link is to go.',
        ),
        success: answers(invitation, 201, 'The code, shown once, unless a mail has brought it.'),
      },
      async ({ body: { mail, ...invited }, c }) => {
        const { id, name: by } = officialOf(c)
        if (mail !== undefined) checkDestination(postman, mail.address)
        const code = await accounts.invite(id, invited)
        const link = addressOf(board.state, `/officials/join#${code}`)
        const reason = mail === undefined ? null : await sendLink(postman, mail, { by, link })
        const sent = mail !== undefined && reason === null
        c.header('Cache-Control', 'no-store')
        return c.json({ code: sent ? null : code, reason } satisfies Invitation, 201)
      },
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/people/:id/identity',
        access: ['owner'],
        summary:
          'Lets somebody sign in as whom the identity provider knows by this, or no longer; their sessions end.',
        parameters: { id: slug },
        query: {},
        body: body(z.strictObject({ identity: z.nullable(text(200)) }), 'The value of the claim, or null.'),
        success: DONE,
      },
      async ({ parameters: { id }, body: { identity }, c }) => {
        await accounts.identify(officialOf(c).id, id, identity)
        return c.body(null, 204)
      },
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/people/:id/removal',
        access: ['owner'],
        summary: 'Shuts the account of somebody whom the ledger does not name, or no longer.',
        parameters: { id: slug },
        query: {},
        success: DONE,
      },
      async ({ parameters: { id }, c }) => {
        // Else one owner alone could shut out the others.
        if (isNamed(id)) throw new Problem('forbidden', 'The record names them: that is to be changed first.')
        await accounts.remove(officialOf(c).id, id)
        return c.body(null, 204)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/officials/deeds',
        access: ['owner', 'auditor'],
        summary: 'What officials did beside the ledger, the newest first.',
        parameters: {},
        query: {},
        success: answers(z.strictObject({ deeds: z.array(deed) })),
      },
      async ({ c }) => c.json({ deeds: await accounts.deeds(MOST) }),
    ),
  ]
}
