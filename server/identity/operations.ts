// Signing in with the identity provider, in two steps: the browser is sent there, and our own page hands in with what it
// came back. Officials get a session, voters a ticket; who is on no list gets nothing, and nobody an account.
import { getCookie, setCookie } from 'hono/cookie'
import * as z from 'zod/mini'
import { Refusal } from '#protocol/refusal.ts'
import { Attempts } from '#server/attempts.ts'
import { anyIdentified, rowsOfIdentity } from '#server/data/identity.ts'
import { RegisterRefusal } from '#server/data/register.ts'
import { guard } from '#server/guard.ts'
import { answers, body } from '#server/officials/shapes.ts'
import { operation, type Operation } from '#server/operation.ts'
import type { Parts } from '#server/parts.ts'
import { Problem } from '#server/problem.ts'
import { sourceOf } from '#server/source.ts'
import { PURPOSES, type SignIns } from './sign-ins.ts'

const isFailure = (error: unknown): boolean => error instanceof Problem && error.code === 'sign-in-failed'

/** Binds an answer to the browser that was sent away. No other site can make it be sent, nor another host set it. */
const SIGN_IN_COOKIE = '__Host-comitia-sign-in'
const COOKIE = { path: '/', secure: true, httpOnly: true, sameSite: 'Strict' } as const
const LONGEST_ANSWER = 4096

const offer = z.strictObject({
  /** What people call the provider; null where there is none. */
  name: z.nullable(z.string()),
  /** The claim by which it says who people are. */
  claim: z.nullable(z.string()),
  /** For whom signing in can lead to anything. */
  officials: z.boolean(),
  voters: z.boolean(),
})
export type SignInOffer = z.output<typeof offer>

const signedIn = z.strictObject({
  purpose: z.enum(PURPOSES),
  /** Of a voter: what to register with, in the place of a code. */
  ticket: z.nullable(z.string()),
})
export type SignedInView = z.output<typeof signedIn>

type Needed = Pick<Parts, 'board' | 'database' | 'officials' | 'signIns' | 'proxies' | 'clock'>

export function identityOperations(parts: Needed): Operation[] {
  const { board, database, officials, signIns, proxies, clock } = parts
  const { accounts, sessions } = officials
  const attempts = new Attempts(clock)
  const wanted = (): SignIns => {
    if (signIns === undefined) throw new Problem('not-found', 'This server has no identity provider.')
    return signIns
  }

  /** A ticket for the first row of this person that takes a credential now. */
  async function admit(identity: string): Promise<string> {
    const rows = await rowsOfIdentity(database, identity)
    if (rows.length === 0) throw new RegisterRefusal('identity-unknown')
    const isFrozen = ({ process, roll }: (typeof rows)[number]): boolean =>
      board.state.processes.get(process)?.rolls.get(roll)?.frozen !== undefined
    const open = rows.filter((row) => !isFrozen(row))
    const [row] = open.filter(({ registered }) => !registered)
    if (row !== undefined) return wanted().admit(row.id)
    throw rows.some(({ registered }) => registered)
      ? new RegisterRefusal('identity-registered')
      : new Refusal('roll-frozen')
  }

  return [
    operation(
      {
        method: 'GET',
        path: '/api/sign-in',
        access: 'anybody',
        summary: 'Whether one can sign in with an identity provider here, and as whom.',
        parameters: {},
        query: {},
        success: answers(offer),
      },
      async ({ c }) => {
        const there = signIns !== undefined
        const answer: SignInOffer = {
          ...{ name: signIns?.name ?? null, claim: signIns?.claim ?? null },
          officials: there && (await accounts.anyIdentified()),
          voters: there && (await anyIdentified(database)),
        }
        return c.json(answer)
      },
    ),
    operation(
      {
        method: 'POST',
        path: '/api/sign-in',
        access: 'anybody',
        summary: 'Begins a sign-in: where at the identity provider the browser is to go.',
        parameters: {},
        query: {},
        body: body(z.strictObject({ purpose: z.enum(PURPOSES) }), 'As whom.', 1024),
        success: answers(z.strictObject({ address: z.string() })),
      },
      async ({ body: { purpose }, c }) => {
        const { address, secret } = await wanted().begin(purpose)
        setCookie(c, SIGN_IN_COOKIE, secret, COOKIE)
        return c.json({ address })
      },
    ),
    operation(
      {
        method: 'POST',
        path: '/api/sign-in/answer',
        access: 'anybody',
        summary:
          'Ends a sign-in with what the browser came back with, once: a session, or a ticket to register with.',
        parameters: {},
        query: {},
        body: body(
          z.strictObject({ answer: z.string().check(z.maxLength(LONGEST_ANSWER)) }),
          'The query of the page to which the provider has sent the browser.',
          2 * LONGEST_ANSWER,
        ),
        success: answers(signedIn),
      },
      ({ body: { answer }, c }) => {
        return guard(
          attempts,
          sourceOf(c, proxies),
          async () => {
            const pending = wanted().take(getCookie(c, SIGN_IN_COOKIE) ?? '')
            setCookie(c, SIGN_IN_COOKIE, '', { ...COOKIE, maxAge: 0 })
            if (pending === undefined)
              throw new Problem('sign-in-failed', 'No sign-in was begun here, or too long ago.')
            const { purpose, checks } = pending
            const identity = await wanted().provider.identify(answer, checks)
            if (identity === undefined) throw new RegisterRefusal('identity-unknown')
            if (purpose === 'official') {
              const id = await accounts.identified(identity)
              if (id === undefined) throw new RegisterRefusal('identity-unknown')
              await accounts.note(id, 'signed-in', wanted().name)
              await sessions.start(c, id)
            }
            const ticket = purpose === 'voter' ? await admit(identity) : null
            c.header('Cache-Control', 'no-store')
            return c.json({ purpose, ticket } satisfies SignedInView)
          },
          isFailure,
        )
      },
    ),
  ]
}
