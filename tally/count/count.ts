// The one door to the counting methods (SPEC 9.5): pure, exact, without clock, network or randomness.
import { budgetRounds } from './budget.ts'
import { electionRounds } from './election.ts'
import { LIMIT, MAX_OPTIONS, type CountInput, type CountMethod, type Result } from './result.ts'

/**
 * The result of a contest, every option explained in one round. No parameter has a special value: a budget of 0 funds
 * only what costs 0, a threshold of 0 is met by every score. Throws RangeError where `checkCount` says false.
 */
export function count(method: CountMethod, input: CountInput): Result {
  if (!checkCount(method, input)) throw new RangeError('not a count: method or input out of bounds')
  const rounds = 'budget' in method ? budgetRounds(method, input) : electionRounds(method, input)
  return {
    method: { ...method },
    winners: rounds
      .filter((round) => round.kind === 'elected' || round.kind === 'funded')
      .map((round) => round.option),
    rounds,
    totals: {
      ballots: input.ballots,
      blank: input.blank ?? 0n,
      points: sum(input.scores),
    },
  }
}

/**
 * Whether the method's parameters are in bounds and the input fits it: 1..1024 options with ids that are not repeated
 * and not empty, one score each, a cost each where there is a budget, 1..1024 seats, all amounts and the sum
 * of the scores in [0, LIMIT).
 */
export function checkCount(method: CountMethod, input: CountInput): boolean {
  const { options, scores, ballots, blank = 0n } = input
  return (
    checkMethod(method) &&
    options.length >= 1 &&
    options.length <= MAX_OPTIONS &&
    options.every((option) => option.id !== '') &&
    new Set(options.map((option) => option.id)).size === options.length &&
    scores.length === options.length &&
    [...scores, sum(scores), ballots, blank].every(isAmount) &&
    (!('budget' in method) || options.every(({ cost }) => cost !== undefined && isAmount(cost)))
  )
}

/** Whether the method's own parameters are in bounds (what a manifest can be checked for before there are scores). */
function checkMethod(method: CountMethod): boolean {
  if ('seats' in method)
    return Number.isInteger(method.seats) && method.seats >= 1 && method.seats <= MAX_OPTIONS
  return isAmount(method.budget) && (method.name !== 'greedy-threshold' || isAmount(method.threshold))
}

function sum(scores: readonly bigint[]): bigint {
  return scores.reduce((total, score) => total + score, 0n)
}

function isAmount(value: bigint): boolean {
  return value >= 0n && value < LIMIT
}
