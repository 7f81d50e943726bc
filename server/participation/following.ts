// Following a process by mail over HTTP: asking, confirming, ending. Nobody learns here whether an address is known.
import * as z from 'zod/mini'
import { fromHex } from '#crypto/encoding.ts'
import { slug } from '#protocol/codec.ts'
import { Attempts } from '#server/attempts.ts'
import { isAddress, RegisterRefusal } from '#server/data/register.ts'
import { LANGUAGES, RHYTHMS } from '#server/data/schema.ts'
import { answers, body, DONE } from '#server/officials/shapes.ts'
import { hashText, operation, type Operation } from '#server/operation.ts'
import { addressOf } from '#server/pages.ts'
import type { Parts } from '#server/parts.ts'
import { Problem } from '#server/problem.ts'
import { sourceOf } from '#server/source.ts'
import { pageOf } from './digests.ts'
import { Followers } from './followers.ts'
import { followedTitle } from './news.ts'

const wish = z.strictObject({
  address: z.string().check(z.maxLength(254)),
  language: z.enum(LANGUAGES),
  every: z.enum(RHYTHMS),
  /** News of this promise alone, by the index of its entry. */
  promise: z.optional(z.int().check(z.gte(0))),
})
const offer = z.strictObject({
  /** Who mails are from; null where no mail server is set up, so that nothing can be followed by mail. */
  from: z.nullable(z.string()),
})
const confirmed = z.strictObject({
  process: z.string(),
  promise: z.nullable(z.int()),
  /** Of the process or the promise. */
  title: z.string(),
  every: z.enum(RHYTHMS),
})
export type FollowOffer = z.output<typeof offer>
export type Confirmed = z.output<typeof confirmed>

type Needed = Pick<Parts, 'board' | 'database' | 'postman' | 'proxies' | 'clock'>

export function followingOperations({ board, database, postman, proxies, clock }: Needed): Operation[] {
  const followers = new Followers(database, clock)
  /** Each one asked counts, since each is a mail to somebody. */
  const attempts = new Attempts(clock)
  const parameters = { secret: hashText }
  return [
    operation(
      {
        method: 'GET',
        path: '/api/followers',
        access: 'anybody',
        summary: 'Whether processes can be followed by mail.',
        parameters: {},
        query: {},
        success: answers(offer),
      },
      ({ c }) => c.json({ from: postman?.from ?? null } satisfies FollowOffer),
    ),
    operation(
      {
        method: 'POST',
        path: '/api/processes/:process/followers',
        access: 'anybody',
        summary:
          'Sends a mail to an address that asks whether news of the process, or of one promise in it, are wanted there.',
        parameters: { process: slug },
        query: {},
        body: body(wish, 'Where to, in which language, how often.'),
        success: [{ status: 202, description: 'Asked, whether the address was known before or not.' }],
      },
      async ({ parameters: { process }, body: asked, c }) => {
        if (postman === undefined) throw new Problem('mail-not-set-up', 'No mail server is set up.')
        const within = board.state.processes.get(process)
        const followed = within && followedTitle(within, asked.promise ?? null, asked.language)
        if (followed === undefined) throw new Problem('not-found', 'No such process or promise.')
        if (!isAddress(asked.address)) throw new RegisterRefusal('address-invalid')
        const source = sourceOf(c, proxies)
        const wait = attempts.wait(source)
        if (wait > 0) throw new Problem('too-many-attempts', 'Too many addresses from here.', wait)
        attempts.fail(source)
        await followers.ask({ process, ...asked }, board.state.size - 1)
        postman.wake()
        return c.body(null, 202)
      },
    ),
    operation(
      {
        method: 'POST',
        path: '/api/followers/:secret/confirmation',
        access: 'anybody',
        summary: 'News are wanted there, says who has the link of the mail. Again it changes nothing.',
        parameters,
        query: {},
        success: answers(confirmed),
      },
      async ({ parameters: { secret }, c }) => {
        const found = await followers.confirm(fromHex(secret))
        if (found === undefined) throw new Problem('not-found', 'This link holds no longer.')
        const { process, promise, language, every } = found
        const within = board.state.processes.get(process)
        const title = within && followedTitle(within, promise, language)
        return c.json({ process, promise, title: title ?? process, every } satisfies Confirmed)
      },
    ),
    operation(
      {
        method: 'POST',
        path: '/api/followers/:secret/end',
        access: 'anybody',
        summary:
          'Deletes the address of this link (RFC 8058: programs ask at one click). Again it is the same.',
        parameters,
        query: {},
        success: DONE,
      },
      async ({ parameters: { secret }, c }) => {
        await followers.end(fromHex(secret))
        return c.body(null, 204)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/followers/:secret/end',
        access: 'anybody',
        summary: 'The page on which one presses to end it: programs that look at links end nothing.',
        parameters,
        query: {},
        success: [{ status: 303, description: 'There it is.' }],
      },
      ({ parameters: { secret }, c }) =>
        c.redirect(addressOf(board.state, pageOf('end', fromHex(secret))), 303),
    ),
  ]
}
