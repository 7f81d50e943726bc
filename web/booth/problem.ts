// Whether marks make a valid vote, and if not, why: the rule's own check decides, the reason is looked for beside it.
import { checkRule } from '#circuits/rule.ts'
import { isUnmarked, type Marks, type Paper, placesOf, valuesOf, withMark } from './paper.ts'

/** Why marks cannot be cast. `by` says how much too many or too few there are. */
export type Problem =
  | { readonly code: 'blank-and-marks' }
  /** More for this option than one option may have. */
  | { readonly code: 'too-high'; readonly option: number; readonly most: bigint }
  | { readonly code: 'too-many' | 'too-few'; readonly bound: bigint; readonly by: bigint }
  | { readonly code: 'over-total' | 'under-total'; readonly bound: bigint; readonly by: bigint }
  /** Of the money in a knapsack, of the credits in a quadratic contest. */
  | { readonly code: 'over-budget'; readonly bound: bigint; readonly by: bigint }
  | { readonly code: 'rule' }

/** What is wrong with the marks; undefined if they can be cast, or if there are none. */
export function problemOf(paper: Paper, marks: Marks): Problem | undefined {
  if (isUnmarked(marks)) return undefined
  if (marks.blank && marks.options.some((mark) => mark !== 0)) return { code: 'blank-and-marks' }
  const { contest, rule, weight } = paper
  const values = valuesOf(paper, marks)
  const given = BigInt(marks.options.filter((mark) => mark !== 0).length)
  const places = BigInt(placesOf(contest))
  if (places > 0n && given > places) return { code: 'too-many', bound: places, by: given - places }
  if (checkRule(rule, values, weight)) return undefined
  if (marks.blank) return { code: 'rule' }

  const high = values.findIndex((value, slot) => value > (rule.max[slot] ?? 0n))
  if (high >= 0) {
    const option = high - (paper.slots - contest.options.length)
    return { code: 'too-high', option, most: rule.max[high] ?? 0n }
  }
  const { count, sum, spent, budget } = used(paper, values)
  const over = [
    ['too-many', count, rule.countMax],
    ['over-total', sum, rule.sumMax],
    ['over-budget', spent, budget],
  ] as const
  for (const [code, amount, bound] of over) if (amount > bound) return { code, bound, by: amount - bound }
  const under = [
    ['too-few', count, rule.countMin],
    ['under-total', sum, rule.sumMin],
  ] as const
  for (const [code, amount, bound] of under) if (amount < bound) return { code, bound, by: bound - amount }
  return { code: 'rule' }
}

/** Whether a problem ends by itself when the voter goes on marking: worth a word only once they want to leave. */
export function isUnfinished({ code }: Problem): boolean {
  return code === 'too-few' || code === 'under-total'
}

/** Why one more cannot be given to an option; undefined if it can. */
export function obstacleTo(paper: Paper, marks: Marks, option: number): Problem | undefined {
  const more = withMark(paper.contest, marks, option, (marks.options[option] ?? 0) + 1)
  const problem = problemOf(paper, { ...more, blank: false })
  return problem === undefined || isUnfinished(problem) ? undefined : problem
}

/** What the marks take of what the rule gives: number of options, sum of points, costs and the budget for them. */
export function used(
  { rule, weight }: Paper,
  values: readonly bigint[],
): { count: bigint; sum: bigint; spent: bigint; budget: bigint } {
  const price = (value: bigint, slot: number) =>
    value * ((rule.cost[slot] ?? 0n) + (rule.quadratic ? value : 0n))
  return {
    count: BigInt(values.filter((value) => value !== 0n).length),
    sum: total(values),
    spent: total(values.map(price)),
    budget: rule.costMax + rule.budgetPerWeight * weight,
  }
}

function total(values: readonly bigint[]): bigint {
  return values.reduce((sum, value) => sum + value, 0n)
}
