// An announced result as open data: a table of all rounds, and a budget as a .pb file. They show what the record says;
// only the record proves it.
import type { Contest, Manifest } from '#protocol/manifest.ts'
import type { ContestResult, ElectionResult } from '#protocol/result.ts'
import { countContest } from '#tally/count/contest.ts'
import { formatCsv } from './csv.ts'
import { type PbFile, formatPb } from './pabulib.ts'

/** Whose words are taken where a text stands in several languages. */
export type Words = (texts: Readonly<Record<string, string>>) => string

const COLUMNS = [
  ...['contest', 'contest_title', 'ballots', 'blank', 'turn', 'option', 'option_title', 'score'],
  ...['outcome', 'reason', 'seat', 'cost', 'left', 'tied_with', 'tie_rule', 'tie_decided'],
]

/** One row for each option in the order of counting; a contest that was not decrypted has one row that says so. */
export function resultCsv(manifest: Manifest, result: ElectionResult, words: Words): string {
  const rows = manifest.contests.flatMap((contest, i) => rowsOf(contest, i, result.contests[i], words))
  return formatCsv([COLUMNS, ...rows])
}

function rowsOf(
  contest: Contest,
  number: number,
  result: ContestResult | undefined,
  words: Words,
): (string | bigint | number)[][] {
  const head = [number + 1, words(contest.title), result?.ballots ?? 0]
  if (result?.status !== 'counted') return [[...head, ...COLUMNS.slice(3).map(() => '')].with(8, 'withheld')]
  const titles = new Map(contest.options.map(({ id, title }) => [id, words(title)]))
  return countContest(contest, result).rounds.map((round, turn) => {
    const { kind, option, score, tie } = round
    return [
      ...head,
      result.blank,
      turn + 1,
      option,
      titles.get(option) ?? '',
      score,
      kind,
      'reason' in round ? round.reason : '',
      'seat' in round ? round.seat : '',
      'cost' in round ? round.cost : '',
      'left' in round ? round.left : '',
      tie?.options.filter((other) => other !== option).join(' ') ?? '',
      tie?.rule ?? '',
      tie === null ? '' : tie.decisive ? 'yes' : 'no',
    ]
  })
}

/** What a budget's file says beside the contest: who held it, and the first and last day of voting as dd.mm.yyyy. */
export interface Held {
  readonly unit: string
  readonly begin: string
  readonly end: string
}

/** The budget with its projects' sums and which were funded; undefined for other contests. Single votes were never
 *  decrypted, so there are none in the file: `num_votes` is 0, and a comment says how many ballots stand behind the sums. */
export function budgetPb(
  contest: Contest,
  result: Extract<ContestResult, { status: 'counted' }>,
  { unit, begin, end }: Held,
  words: Words,
): string | undefined {
  const { count, currency, options, rule } = contest
  if (!('budget' in count)) return undefined
  const { winners } = countContest(contest, result)
  const threshold = count.name === 'greedy-threshold' ? count.threshold : null
  const voteType = voteTypeOf(rule)
  // Lists of projects are separated by commas.
  const plainIds = options.every(({ id }) => !id.includes(','))
  const projects = options.map(({ id, title, cost = 0n }, i) => ({
    ...{ id, cost },
    row: new Map([
      ['project_id', plainIds ? id : String(i + 1)],
      ['cost', String(cost)],
      ['score', String(result.sums[i] ?? 0n)],
      ['name', words(title)],
      ['selected', winners.includes(id) ? '1' : '0'],
    ]),
  }))
  const meta = {
    description: words(contest.title),
    unit,
    num_projects: String(options.length),
    num_votes: '0',
    budget: String(count.budget),
    ...(currency !== undefined && { currency }),
    vote_type: voteType,
    rule: count.name,
    date_begin: begin,
    date_end: end,
    ...(threshold !== null && { min_project_score_threshold: String(threshold) }),
    comment: `#1: ${result.ballots} ballots were counted without opening any of them; score is the sum of a project`,
  }
  const budget = { voteType, budget: count.budget, rule: count.name, threshold, projects, votes: [] }
  return formatPb({ meta: new Map(Object.entries(meta)), ...budget })
}

/** The kind of vote in PaBuLib's terms whose points add up as these do. */
function voteTypeOf({ type }: Contest['rule']): PbFile['voteType'] {
  switch (type) {
    case 'plurality':
    case 'approval':
    case 'knapsack':
      return 'approval'
    case 'score':
    case 'cumulative':
    case 'quadratic':
      return 'cumulative'
    case 'borda':
    case 'ranking':
      return 'ordinal'
  }
}
