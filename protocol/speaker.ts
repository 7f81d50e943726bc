// Speaking under one's verified name: what somebody introduces themselves with, and what officials find of it. The record holds but a
// commitment to the name. SPEC 12.12.
import * as z from 'zod/mini'
import { hash, natural } from './codec.ts'

/** A name that the person on the roll wants to speak under; it is committed to like a text. */
export const introduce = z.strictObject({ type: z.literal('introduce'), text: hash })

/** What a deed says that is done under the verified name; without it, it is done under the pseudonym. */
export const underName = { as: z.optional(z.literal('speaker')) }

/** Officials say whether the name is that of the person on the roll who has introduced themselves. */
export const vouchName = z
  .strictObject({
    type: z.literal('vouch-name'),
    /** Index of the introduction's entry. */
    introduction: natural(Number.MAX_SAFE_INTEGER),
    holds: z.boolean(),
    /** Tells people apart whose names look the same: 1 of the first. 0 where the name does not hold. */
    number: natural(65535),
  })
  .check(z.refine(({ holds, number }) => holds === number > 0, 'a number of what holds, and of nothing else'))
