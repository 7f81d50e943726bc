// How turnout grew over the time of voting, in at most 200 equal steps of ledger time: sums of what the record says.
import * as z from 'zod/mini'
import { slug } from '#protocol/codec.ts'
import type { ContestState, ElectionState, ProcessState } from '#tally/state.ts'
import { groupsOf } from './groups.ts'
import { operation, type Operation } from './operation.ts'
import type { Parts } from './parts.ts'
import { Problem } from './problem.ts'

const MAX_STEPS = 200

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Steps that people can read off an axis; beyond the last come whole multiples of it. */
const STEPS = [1, 5, 15, 30]
  .flatMap((n) => [n * SECOND, n * MINUTE])
  .concat(
    [1, 3, 6, 12].map((n) => n * HOUR),
    DAY,
  )
  .sort((a, b) => a - b)

const counts = z.array(z.int().check(z.gte(0)))

const turnoutSchema = z.strictObject({
  /** Where the first step begins, milliseconds since 1970, and the length of each. */
  from: z.int().check(z.gte(0)),
  step: z.int().check(z.gte(1)),
  /** New voters and ballots in each step. */
  contests: z.array(z.strictObject({ voters: counts, ballots: counts })),
})
type Turnout = z.output<typeof turnoutSchema>

export function turnoutOperations({ board: { state } }: Pick<Parts, 'board'>): Operation[] {
  return [
    operation(
      {
        method: 'GET',
        path: '/api/elections/:process/:election/turnout',
        access: 'anybody',
        summary:
          'New voters and ballots in each step of ledger time since voting began; none of rolls too small to be told of.',
        parameters: { process: slug, election: slug },
        query: {},
        success: [
          {
            status: 200,
            description: 'No steps before voting begins.',
            type: 'application/json',
            schema: turnoutSchema,
          },
        ],
      },
      ({ parameters: { process, election: name }, c }) => {
        const within = state.processes.get(process)
        const election = within?.elections.get(name)
        if (within === undefined || election === undefined)
          throw new Problem('not-found', 'No such election.')
        return c.json(turnoutOf(within, election, state.time))
      },
    ),
  ]
}

/** Turnout up to now, or to the end of voting. */
function turnoutOf(process: ProcessState, election: ElectionState, now: number): Turnout {
  const { manifest, opening, closesAt, contests } = election
  const begin = Math.max(manifest.opensAt, opening?.time ?? 0)
  const end = Math.min(now, closesAt - 1)
  const step = stepFor(end - begin)
  const from = Math.floor(begin / step) * step
  const steps = opening === undefined || end < begin ? 0 : Math.floor((end - from) / step) + 1
  const { rolls } = groupsOf(process, election)
  const told = (name: string) => rolls.some(({ roll, voters }) => roll === name && voters !== undefined)
  const series = (contest: ContestState | undefined, what: 'voters' | 'ballots'): number[] => {
    const sums = Array.from({ length: steps }, () => 0)
    for (const at of contest?.turnout ?? []) {
      const place = Math.floor((at.time - from) / step)
      sums[place] = (sums[place] ?? 0) + at[what]
    }
    return sums
  }
  return {
    from,
    step,
    contests: manifest.contests.map(({ roll }, i) =>
      told(roll)
        ? { voters: series(contests[i], 'voters'), ballots: series(contests[i], 'ballots') }
        : { voters: [], ballots: [] },
    ),
  }
}

/** The shortest step with which this duration, begun anywhere in a step, takes no more than the steps allowed. */
function stepFor(duration: number): number {
  const least = duration / (MAX_STEPS - 1)
  return STEPS.find((step) => step > least) ?? Math.ceil(least / DAY) * DAY
}
