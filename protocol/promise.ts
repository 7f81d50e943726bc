// What becomes of a result: promises with their terms, reports on them, and publications of spending. SPEC 13.
import * as z from 'zod/mini'
import { amount, currency, hash, instant, natural, slug, text, texts } from './codec.ts'

/** Index of an entry. */
const index = natural(Number.MAX_SAFE_INTEGER)

/** What a promise follows from: an announced result, perhaps one option of it, or a proposal that an office has taken up. */
const subject = z.union([
  z.strictObject({ election: slug, contest: natural(63), option: z.optional(natural(127)) }),
  z.strictObject({ proposal: index }),
])
export type Subject = z.output<typeof subject>

const terms = {
  title: texts(500),
  /** The office that answers for it. */
  owner: texts(200),
  due: instant,
  cost: z.strictObject({
    amount,
    /** So many of its last digits are decimals: 125050 with 2 is 1250.50. */
    decimals: natural(4),
    currency,
  }),
}

export const makePromise = z.strictObject({ type: z.literal('make-promise'), subject, ...terms })

/** Other terms from here on; the earlier ones stay on the record. */
export const changePromise = z.strictObject({
  type: z.literal('change-promise'),
  /** Index of the promise's entry. */
  promise: index,
  ...terms,
  reasons: texts(4000),
})

/** How an office says that a promise stands. Whether it is late nobody says: that follows from the time. */
export const PROGRESS = ['under-way', 'done', 'dropped'] as const

export const reportProgress = z
  .strictObject({
    type: z.literal('report-progress'),
    promise: index,
    state: z.enum(PROGRESS),
    /** What has been reached. */
    milestone: texts(1000),
    reasons: z.optional(texts(4000)),
    /** Where it can be seen, and SHA-256 of what is there, if that is a file. */
    evidence: z.optional(
      z.strictObject({
        link: text(1000).check(z.regex(/^https:\/\//)),
        hash: z.optional(hash),
      }),
    ),
    /** All that was spent so far, in the unit of the promise's cost. */
    spent: z.optional(amount),
  })
  .check(
    z.refine(({ state, reasons }) => state !== 'dropped' || reasons !== undefined, 'dropped for no reason'),
  )

/** A publisher's OCDS file, an attachment under its SHA-256, with all releases in it. SPEC 13.2 */
export const publishReleases = z.strictObject({
  type: z.literal('publish-releases'),
  file: hash,
  releases: z
    .array(z.strictObject({ ocid: text(200), id: text(200), hash }))
    .check(z.minLength(1), z.maxLength(600)),
  /** The promise that the money is spent on. */
  promise: z.optional(index),
})
