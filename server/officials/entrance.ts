// How officials come in: the first by the link that the server printed, others by invitation, all by passkey.
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Context } from 'hono'
import * as z from 'zod/mini'
import { slug, text } from '#protocol/codec.ts'
import { Attempts } from '#server/attempts.ts'
import { guard } from '#server/guard.ts'
import { officialOf, operation, type Operation } from '#server/operation.ts'
import type { Parts } from '#server/parts.ts'
import { Problem } from '#server/problem.ts'
import { sourceOf } from '#server/source.ts'
import type { Newcomer, Pair } from './accounts.ts'
import { answers, body, DONE, EVERYBODY, newcomer } from './shapes.ts'

const code = z.string().check(z.regex(/^[\w-]{27}$/))
/** What the browser made of a passkey; @simplewebauthn looks at every part of it. */
const response = z.looseObject({ id: z.string(), rawId: z.string(), type: z.literal('public-key') })
const creations = z.strictObject({
  newcomer: z.nullable(newcomer),
  /** Options of WebAuthn for the two passkeys. */
  login: z.looseObject({}),
  acts: z.looseObject({}),
})
const pair = { login: response, acts: response }

export function entranceOperations(parts: Pick<Parts, 'officials' | 'proxies' | 'clock'>): Operation[] {
  const { officials, proxies, clock } = parts
  const { accounts, sessions, passkeys } = officials
  const attempts = new Attempts(clock)

  /** Guesses cost their source its next ones. */
  function guarded<T>(c: Context, work: () => Promise<T>): Promise<T> {
    return guard(attempts, sourceOf(c, proxies), work, (error) => error instanceof Problem)
  }

  const made = async (login: unknown, acts: unknown): Promise<Pair> => ({
    login: await passkeys.made('login', login as RegistrationResponseJSON),
    acts: await passkeys.made('acts', acts as RegistrationResponseJSON),
  })

  const creationsFor = async (label: string, invited: Newcomer | null) => ({
    newcomer: invited,
    login: await passkeys.creation('login', label),
    acts: await passkeys.creation('acts', label),
  })

  return [
    operation(
      {
        method: 'POST',
        path: '/api/officials/first/options',
        access: 'anybody',
        summary:
          'What the first official needs to make passkeys, with the code of the link that the server printed.',
        parameters: {},
        query: {},
        body: body(z.strictObject({ code, name: text(200) }), 'The code, and who it is.'),
        success: answers(creations),
      },
      ({ body: { code, name }, c }) =>
        guarded(c, async () => {
          officials.checkFirst(code)
          return c.json(await creationsFor(name, null))
        }),
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/first',
        access: 'anybody',
        summary: 'Makes the first official, whom the server names on the ledger, and signs them in.',
        parameters: {},
        query: {},
        body: body(
          z.strictObject({ code, id: slug, name: text(200), ...pair }),
          'Code, person and passkeys.',
        ),
        success: DONE,
      },
      ({ body: { code, id, name, login, acts }, c }) =>
        guarded(c, async () => {
          await officials.found(code, { id, name }, await made(login, acts))
          await sessions.start(c, id)
          return c.body(null, 204)
        }),
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/join/options',
        access: 'anybody',
        summary: 'Who is invited by a code, and what they need to make passkeys.',
        parameters: {},
        query: {},
        body: body(z.strictObject({ code }), 'The code of the invitation.'),
        success: answers(creations),
      },
      ({ body: { code }, c }) =>
        guarded(c, async () => {
          const invited = await accounts.invited(code)
          return c.json(await creationsFor(invited.name, invited))
        }),
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/join',
        access: 'anybody',
        summary: 'Accepts an invitation and signs in. The ledger does not name them yet.',
        parameters: {},
        query: {},
        body: body(z.strictObject({ code, ...pair }), 'Code and passkeys.'),
        success: DONE,
      },
      ({ body: { code, login, acts }, c }) =>
        guarded(c, async () => {
          const { id } = await accounts.join(code, await made(login, acts))
          await sessions.start(c, id)
          return c.body(null, 204)
        }),
    ),
    operation(
      {
        method: 'GET',
        path: '/api/officials/session',
        access: 'anybody',
        summary: 'Whether an official is signed in here, and whether the first one is still to come.',
        parameters: {},
        query: {},
        success: answers(z.strictObject({ signedIn: z.boolean(), first: z.boolean() })),
      },
      async ({ c }) => {
        const signedIn = (await sessions.of(c)) !== undefined
        return c.json({ signedIn, first: officials.first !== undefined })
      },
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/session/options',
        access: 'anybody',
        summary:
          'What a browser needs to ask for a passkey, and whether the first official is still to come.',
        parameters: {},
        query: {},
        success: answers(z.strictObject({ login: z.looseObject({}) })),
      },
      async ({ c }) => {
        return c.json({ login: await passkeys.request() })
      },
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/session',
        access: 'anybody',
        summary: 'Signs in with a passkey.',
        parameters: {},
        query: {},
        body: body(response, 'What the browser answered.'),
        success: DONE,
      },
      ({ body: answer, c }) =>
        guarded(c, async () => {
          const known = await accounts.loginPasskey(answer.id)
          const refused = new Problem('unauthorized', 'No official signs in with this passkey.')
          if (known === undefined) throw refused
          const counter = await passkeys.answered(answer as unknown as AuthenticationResponseJSON, known)
          if (counter === undefined) throw refused
          await accounts.counted(known.id, counter)
          await accounts.note(known.officialId, 'signed-in')
          await sessions.start(c, known.officialId)
          return c.body(null, 204)
        }),
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/session/end',
        access: EVERYBODY,
        unnamed: true,
        summary: 'Signs out here, or everywhere else.',
        parameters: {},
        query: {},
        body: body(z.strictObject({ where: z.enum(['here', 'elsewhere']) }), 'Where.'),
        success: DONE,
      },
      async ({ body: { where }, c }) => {
        const { id } = officialOf(c)
        await accounts.note(id, 'signed-out', where)
        await (where === 'here' ? sessions.end(c) : sessions.endOthers(c, id))
        return c.body(null, 204)
      },
    ),
    operation(
      {
        method: 'POST',
        path: '/api/officials/sessions/:id/end',
        access: EVERYBODY,
        unnamed: true,
        summary: 'Ends one of the sessions of whoever asks.',
        parameters: { id: z.string().check(z.regex(/^[0-9a-f]{16}$/)) },
        query: {},
        success: DONE,
      },
      async ({ parameters: { id: which }, c }) => {
        const { id } = officialOf(c)
        if (!(await sessions.endOne(id, which))) throw new Problem('not-found', 'There is no such session.')
        await accounts.note(id, 'signed-out', which)
        return c.body(null, 204)
      },
    ),
  ]
}
