// What an election is: its questions, rules, times and guardians, frozen by the defining act. SPEC 8.1.
import * as z from 'zod/mini'
import { proposalReference } from './assessment.ts'
import {
  amount,
  bytes,
  currency,
  hash,
  instant,
  integer,
  language,
  natural,
  slug,
  text,
  texts,
} from './codec.ts'

/** Largest value of one slot, 16 bits (circuits/sizes.ts). */
const value = integer(65535n)
const total = integer((1n << 23n) - 1n)

/** What a voter may do. Values go to options in the manifest's order. SPEC 6.4. */
export const ruleSchema = z.discriminatedUnion('type', [
  /** Exactly one option. */
  z.strictObject({ type: z.literal('plurality') }),
  /** From `min` to `max` options. */
  z.strictObject({ type: z.literal('approval'), min: value, max: value }),
  /** Each option from 0 to `max`. */
  z.strictObject({ type: z.literal('score'), max: value }),
  /** From `minTotal` to `maxTotal` points, at most `max` to one option. */
  z.strictObject({ type: z.literal('cumulative'), minTotal: total, maxTotal: total, max: value }),
  /** v votes for an option cost v^2 of the credits. */
  z.strictObject({ type: z.literal('quadratic'), credits: amount, max: value }),
  /** Each of the listed points goes to a different option, all others get 0. */
  z.strictObject({
    type: z.literal('borda'),
    points: z.array(value).check(z.minLength(1), z.maxLength(127)),
  }),
  /** m options get 1 to m points, m for the best; `min` <= m <= `max` (modified Borda). */
  z.strictObject({ type: z.literal('ranking'), min: value, max: value }),
  /** Any options whose costs sum up to at most `budget`. */
  z.strictObject({ type: z.literal('knapsack'), budget: amount }),
])
export type Rule = z.output<typeof ruleSchema>

/** How sums become a result (tally/count). SPEC 9.5. */
const countMethodSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('plurality'), seats: natural(127) }),
  z.strictObject({ name: z.literal('approval'), seats: natural(127) }),
  z.strictObject({ name: z.literal('score'), seats: natural(127) }),
  z.strictObject({ name: z.literal('cumulative'), seats: natural(127) }),
  z.strictObject({ name: z.literal('quadratic'), seats: natural(127) }),
  z.strictObject({ name: z.literal('borda'), seats: natural(127) }),
  z.strictObject({ name: z.literal('greedy'), budget: amount }),
  z.strictObject({ name: z.literal('greedy-threshold'), budget: amount, threshold: amount }),
  z.strictObject({ name: z.literal('greedy-no-skip'), budget: amount }),
])

/** Degrees as whole millionths, which place a point to a tenth of a metre. */
function microdegrees(most: number) {
  return z.int().check(z.gte(-most * 1e6), z.lte(most * 1e6))
}

const optionSchema = z.strictObject({
  id: text(64),
  title: texts(1000),
  description: z.optional(texts(10000)),
  cost: z.optional(amount),
  /** An attachment by its SHA-256, and what it shows in words for those who do not see it. */
  picture: z.optional(z.strictObject({ hash, alt: texts(1000) })),
  /** Where on the map it would be, WGS 84. */
  point: z.optional(z.strictObject({ lat: microdegrees(90), lon: microdegrees(180) })),
  /** What it came from. SPEC 12.9. */
  proposal: z.optional(proposalReference),
})

export const contestSchema = z.strictObject({
  title: texts(1000),
  description: z.optional(texts(10000)),
  roll: slug,
  options: z.array(optionSchema).check(z.minLength(1), z.maxLength(128)),
  /** `rotated`: each device draws which option its list begins with, and keeps their cyclic order. SPEC 8.1. */
  order: z.enum(['fixed', 'rotated']),
  rule: ruleSchema,
  /** An explicit blank vote that excludes every other mark. */
  blank: z.boolean(),
  /** Votes count as often as the roll says. */
  weighted: z.boolean(),
  count: countMethodSchema,
  /** Costs and budgets are whole units of it. */
  currency: z.optional(currency),
  /** The statement that it puts to a vote, by its name. SPEC 12.8. */
  statement: z.optional(hash),
})
export type Contest = z.output<typeof contestSchema>

export const manifestSchema = z.strictObject({
  title: texts(1000),
  description: texts(10000),
  languages: z.array(language).check(z.minLength(1), z.maxLength(32)),
  organiser: text(1000),
  /** Stamped on every page: this is not a real vote. */
  practice: z.boolean(),
  opensAt: instant,
  closesAt: instant,
  /** `last`: a later ballot replaces the earlier one; `first`: one ballot only. SPEC 8.3. */
  revoting: z.enum(['last', 'first']),
  guardians: z
    .array(z.strictObject({ name: text(200), key: bytes(32) }))
    .check(z.minLength(1), z.maxLength(32)),
  /** Guardians needed to decrypt (t), and intents needed before the first share leaves (q). SPEC 9.1. */
  threshold: natural(32),
  quorum: natural(32),
  /** A contest with fewer counted ballots is never decrypted. */
  minBallots: natural(1_000_000),
  contests: z.array(contestSchema).check(z.minLength(1), z.maxLength(64)),
})
export type Manifest = z.output<typeof manifestSchema>

/** The usual number of intents for n guardians with threshold t: ceil((n + t) / 2) from four guardians up. SPEC 9.1. */
export function defaultQuorum(n: number, t: number): number {
  return n >= 4 ? Math.ceil((n + t) / 2) : t
}
