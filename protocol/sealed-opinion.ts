// A contest that puts a statement to a vote: opinions on it are then ballots, sealed and only summed. SPEC 12.8.
import { equalBytes } from '#crypto/encoding.ts'
import { encodeCbor } from './codec.ts'
import type { Contest } from './manifest.ts'
import type { ContestResult } from './result.ts'

type Texts = Contest['title']

/** What of such a contest is not the same in all of them. */
export interface StatementQuestion {
  /** The statement's name. */
  readonly statement: Uint8Array
  readonly title: Texts
  readonly roll: string
  /** What the two options are called; a blank vote is to pass. */
  readonly agree: Texts
  readonly disagree: Texts
}

/** The one contest of this statement. */
export function statementContest({ statement, title, roll, agree, disagree }: StatementQuestion): Contest {
  return {
    title,
    roll,
    options: [
      { id: 'agree', title: agree },
      { id: 'disagree', title: disagree },
    ],
    order: 'fixed',
    rule: { type: 'plurality' },
    ...{ blank: true, weighted: false, count: { name: 'plurality', seats: 1 } },
    statement,
  }
}

/** Whether a contest asks just that, and nothing that would lead people to one side. */
export function isStatementContest(contest: Contest): boolean {
  const { statement, title, roll, options } = contest
  const [agree, disagree] = options
  if (statement === undefined || agree === undefined || disagree === undefined) return false
  const wanted = statementContest({ statement, title, roll, agree: agree.title, disagree: disagree.title })
  return equalBytes(encodeCbor(wanted), encodeCbor(contest))
}

/** People by what they think. */
export interface OpinionSums {
  readonly agree: number
  readonly disagree: number
  readonly pass: number
}

/** What the result of such a contest says; undefined where too few voted for one. */
export function opinionSums(result: ContestResult): OpinionSums | undefined {
  if (result.status === 'withheld') return undefined
  const [agree = 0n, disagree = 0n] = result.sums
  return { agree: Number(agree), disagree: Number(disagree), pass: Number(result.blank) }
}
