// The announced result: sums, winners and every round of the count, as an official publishes it. SPEC 9.6.
import * as z from 'zod/mini'
import { amount, bytesUpTo, natural } from './codec.ts'

export const contestResultSchema = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('counted'),
    /** Distinct voters whose ballot counts. */
    ballots: natural(4 ** 12),
    blank: amount,
    /** One sum per option in the manifest's order. */
    sums: z.array(amount).check(z.minLength(1), z.maxLength(128)),
    /** The count with its rounds: canonical CBOR of tally/count's `Result`. */
    count: bytesUpTo(60_000),
  }),
  /** Fewer counted ballots than the manifest's minimum, none at all among them: never decrypted. */
  z.strictObject({ status: z.literal('withheld'), ballots: natural(4 ** 12) }),
])
export type ContestResult = z.output<typeof contestResultSchema>

export const resultSchema = z.strictObject({
  contests: z.array(contestResultSchema).check(z.minLength(1), z.maxLength(64)),
})
export type ElectionResult = z.output<typeof resultSchema>
