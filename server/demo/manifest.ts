// What the demo elections ask: a real budget and a small second question (election.json says where both come from); and
// how the simulated voters answer.
import type { Contest, Manifest } from '#protocol/manifest.ts'
import data from './election.json' with { type: 'json' }

const { budget, report } = data

/** How many voters can be simulated: as many as votes are there. */
const MAX_SIMULATED = Math.min(budget.votes.length, report.votes.length)

/** What differs between the demo elections. */
export type Particulars = Pick<Manifest, 'opensAt' | 'closesAt' | 'guardians' | 'minBallots'> & {
  readonly roll: string
}

/** The manifest of a demo election, always a practice vote. */
export function demoManifest({ roll, ...rest }: Particulars): Manifest {
  const { title, description, languages } = data
  return {
    ...rest,
    ...{ title, description, languages },
    organiser: 'Comitia',
    practice: true,
    revoting: 'last',
    threshold: 2,
    quorum: 2,
    contests: [budgetContest(roll), reportContest(roll)],
  }
}

/** The simulated voters' values by voter and contest, one per used slot: `count` of them, evenly spaced. */
export function simulatedVotes(count: number): bigint[][][] {
  return Array.from({ length: count }, (_, i) => {
    const at = Math.floor((i * MAX_SIMULATED) / count)
    return [budgetValues(budget.votes[at] ?? {}), reportValues(report.votes[at] ?? [])]
  })
}

function budgetContest(roll: string): Contest {
  const points = BigInt(budget.points)
  return {
    ...{ title: budget.title, description: budget.description, roll },
    options: budget.options.map((option) => ({ ...option, cost: BigInt(option.cost) })),
    order: 'fixed',
    rule: { type: 'cumulative', minTotal: 1n, maxTotal: points, max: points },
    blank: false,
    weighted: false,
    count: {
      name: 'greedy-threshold',
      budget: BigInt(budget.spend),
      threshold: BigInt(budget.threshold),
    },
    currency: budget.currency,
  }
}

function reportContest(roll: string): Contest {
  return {
    ...{ title: report.title, options: report.options, roll },
    order: 'rotated',
    rule: { type: 'approval', min: 1n, max: BigInt(report.most) },
    blank: true,
    weighted: false,
    count: { name: 'approval', seats: 1 },
  }
}

/** A vote of the published file: points by project. */
function budgetValues(vote: Readonly<Record<string, number | undefined>>): bigint[] {
  return budget.options.map(({ id }) => BigInt(vote[id] ?? 0))
}

/** Options that are approved of; none is the blank vote, which has the first slot. */
function reportValues(vote: readonly string[]): bigint[] {
  const marks = report.options.map(({ id }) => (vote.includes(id) ? 1n : 0n))
  return [vote.length === 0 ? 1n : 0n, ...marks]
}
