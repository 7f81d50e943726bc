// What a count reads and what it returns: plain data of strings and bigints, so that it can stand in a ledger entry (SPEC 9.5).
// A round holds facts only; sentence.ts puts it into words. Read by the result entry, the verifier and `comitia count`.

/**
 * Elections on sums of points: the `seats` options with the highest sums win, equal sums in manifest order. The name
 * says what a ballot was.
 */
export interface ElectionMethod {
  name: 'plurality' | 'approval' | 'score' | 'cumulative' | 'quadratic' | 'borda'
  seats: number
}

/** Budgets: projects in order of score; equal scores by lower cost, then manifest order. Amounts in the contest's one unit. */
export type BudgetMethod =
  | { name: 'greedy'; budget: bigint }
  | { name: 'greedy-threshold'; budget: bigint; threshold: bigint }
  | { name: 'greedy-no-skip'; budget: bigint }

export type CountMethod = ElectionMethod | BudgetMethod

/** One choice of the contest, in manifest order. A budget needs `cost` (0 <= cost < LIMIT) on every option; elections ignore it. */
export interface CountOption {
  id: string
  cost?: bigint
}

/** `scores[i]` is the decoded sum of `options[i]`; `ballots` counts ballots (not weight); `blank` is the sum of slot 0, if there is one. */
export interface CountInput {
  options: readonly CountOption[]
  scores: readonly bigint[]
  ballots: bigint
  blank?: bigint
}

/**
 * Present where other options have the same score. `options`: all of them in manifest order, this one included.
 * `rule`: the tie rule that gave this option its place among them. `decisive`: another order among them would have
 * selected another set (in an election: the tie lies across the last seat), so the rule and not the voters chose.
 */
export interface Tie {
  options: string[]
  rule: 'lower-cost' | 'manifest-order'
  decisive: boolean
}

/** One option in its turn. `seat` counts from 1; `left` is the budget that remains after the round. */
export type Round =
  | { kind: 'elected'; option: string; score: bigint; seat: bigint; tie: Tie | null }
  | {
      kind: 'not-elected'
      option: string
      score: bigint
      reason: 'no-votes' | 'seats-filled'
      tie: Tie | null
    }
  | { kind: 'funded'; option: string; score: bigint; cost: bigint; left: bigint; tie: Tie | null }
  | {
      kind: 'not-funded'
      option: string
      score: bigint
      cost: bigint
      left: bigint
      reason: 'no-votes' | 'below-threshold' | 'over-budget' | 'after-stop'
      tie: Tie | null
    }

/** `winners` in order of selection; one round per option, in the order in which they were considered. `points` = sum of all scores. */
export interface Result {
  method: CountMethod
  winners: string[]
  rounds: Round[]
  totals: { ballots: bigint; blank: bigint; points: bigint }
}

/** Most options that a count takes. */
export const MAX_OPTIONS = 1024

/** Costs, budgets, thresholds, ballots and the sum of all scores are below this, the limit of amounts in a manifest (SPEC 8.1). */
export const LIMIT = 2n ** 63n
