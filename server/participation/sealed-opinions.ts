// Statements that were put to a vote, as programs read them: in which contests, and the sums once they are announced. Of sealed
// opinions nothing else is ever known. SPEC 12.8.
import * as z from 'zod/mini'
import { toHex } from '#crypto/encoding.ts'
import type { ContestResult } from '#protocol/result.ts'
import { opinionSums } from '#protocol/sealed-opinion.ts'
import type { Language } from '#server/data/register.ts'
import { textIn } from '#server/pages.ts'
import { formatCsv } from '#tally/formats/csv.ts'
import type { ProcessState } from '#tally/state.ts'

const count = z.int().check(z.gte(0))

/** A contest, counted from 0, with the words that people voted on, and how it ended: `withheld` if too few voted for a
 *  result. */
export const voteSchema = z.strictObject({
  ...{ election: z.string(), contest: count, practice: z.boolean() },
  title: z.record(z.string(), z.string()),
  sums: z.discriminatedUnion('status', [
    z.strictObject({ status: z.enum(['none-yet', 'withheld']) }),
    z.strictObject({ status: z.literal('counted'), agree: count, disagree: count, pass: count }),
  ]),
})
export type VoteView = z.output<typeof voteSchema>

/** Votes on statements by their names in hexadecimal, in the order in which their elections were defined. */
export function votesOnStatements({ elections }: Pick<ProcessState, 'elections'>): Map<string, VoteView[]> {
  const all = [...elections.values()].flatMap(({ slug: election, manifest, result }) =>
    manifest.contests.flatMap(({ statement, title }, contest) => {
      if (statement === undefined) return []
      const sums = sumsOf(result?.contests[contest])
      return { name: toHex(statement), vote: { election, contest, practice: manifest.practice, title, sums } }
    }),
  )
  return new Map(
    [...Map.groupBy(all, ({ name }) => name)].map(([name, own]) => [name, own.map(({ vote }) => vote)]),
  )
}

/** The sums of all votes that were counted; docs/open-data.md says what the columns are. */
export function sumsCsv(
  { elections, participation }: Pick<ProcessState, 'elections' | 'participation'>,
  language: Language,
): string {
  const votes = votesOnStatements({ elections })
  const rows = [...(participation?.statements ?? [])].flatMap(([name, { number }]) =>
    (votes.get(name) ?? []).flatMap(({ election, contest, practice, title, sums }) => {
      if (sums.status !== 'counted') return []
      const { agree, disagree, pass } = sums
      const words = textIn(title, language) ?? ''
      return [[number, election, contest + 1, practice ? 1 : 0, agree, disagree, pass, words]]
    }),
  )
  return formatCsv([COLUMNS, ...rows])
}

const COLUMNS = [
  ...['comment-id', 'election', 'question', 'practice', 'agrees', 'disagrees', 'passes', 'comment-body'],
]

function sumsOf(result: ContestResult | undefined): VoteView['sums'] {
  if (result === undefined) return { status: 'none-yet' }
  const sums = opinionSums(result)
  return sums === undefined ? { status: 'withheld' } : { status: 'counted', ...sums }
}
