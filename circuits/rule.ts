// The rule of a ballot (SPEC 6.4): its public parameters, the checks a manifest's parameters must pass, and the
// integer twin of circuits/lib/rule.circom. The twin decides what a voter may fill in; the proof decides what counts.
import {
  type BallotCircuit,
  budgetBits,
  CIRCUITS,
  COST_BITS,
  slotBits,
  sumBits,
  VALUE_BITS,
  WEIGHT_BITS,
} from './sizes.ts'

/**
 * Parameters for every slot of the circuit; arrays have its length, unused slots have max 0. All bounds are
 * inclusive and always in force: 0 never means "unlimited".
 * The budget holds sum cost_i v_i + [quadratic] sum v_i^2 <= costMax + budgetPerWeight w.
 */
export interface RuleParameters {
  min: readonly bigint[]
  max: readonly bigint[]
  cost: readonly bigint[]
  sumMin: bigint
  sumMax: bigint
  /** Bounds of the number of non-zero values. */
  countMin: bigint
  countMax: bigint
  costMax: bigint
  budgetPerWeight: bigint
  quadratic: boolean
  /** The sealed values are w v_i; the rule applies to v_i. */
  weighted: boolean
  /** Slot 0 is the blank vote: where it is 1 all other values are 0 and no lower bound applies. */
  blank: boolean
  /** Free ranking: the non-zero values of the slots from 1 on are exactly 1, 2, ..., m for some m. */
  ranking: boolean
  /** Positional ranks: the values of the slots from 1 on are these (length slots - 1) in some order. */
  scores?: readonly bigint[]
}

/** Whether a voter of this weight may cast these values; the parameters must have passed checkParameters. */
export function checkRule(parameters: RuleParameters, values: readonly bigint[], weight: bigint): boolean {
  const { min, max, cost } = parameters
  if (values.length !== max.length || weight < 0n || weight >> BigInt(WEIGHT_BITS) !== 0n) return false
  const blank = parameters.blank && values[0] === 1n
  const atLeast = (x: bigint, bound: bigint) => blank || x >= bound
  const others = values.slice(1)
  const chosen = others.filter((v) => v !== 0n)
  const count = BigInt(chosen.length) + (values[0] === 0n ? 0n : 1n)
  const budget = parameters.costMax + parameters.budgetPerWeight * weight
  return (
    values.every((v, i) => v >= 0n && atLeast(v, min[i] ?? 0n) && v <= (max[i] ?? 0n)) &&
    !(blank && chosen.length > 0) &&
    atLeast(total(values), parameters.sumMin) &&
    total(values) <= parameters.sumMax &&
    atLeast(count, parameters.countMin) &&
    count <= parameters.countMax &&
    total(values.map((v, i) => v * ((cost[i] ?? 0n) + (parameters.quadratic ? v : 0n)))) <= budget &&
    !(parameters.ranking && !equalMultisets(chosen, ranks(chosen.length))) &&
    (blank || parameters.scores === undefined || equalMultisets(others, parameters.scores))
  )
}

/**
 * What is wrong with a contest's parameters, one sentence each; none if they are sound for this circuit. The
 * circuit relies on these checks: it compares within fixed widths and takes flags for 0 or 1.
 * An accepted rule can be satisfied; a rule that no values satisfy is always refused.
 */
export function checkParameters(parameters: RuleParameters, circuit: BallotCircuit): string[] {
  const { slots } = CIRCUITS[circuit]
  const { min, max, cost, scores } = parameters
  if (min.length !== slots || max.length !== slots || cost.length !== slots)
    return [`min, max and cost must have ${slots} entries`]
  const problems: string[] = []
  const refuse = (bad: boolean, problem: string) => bad && problems.push(problem)
  const wide = (x: bigint, bits: number) => x < 0n || x >> BigInt(bits) !== 0n
  const largestBudget = parameters.costMax + parameters.budgetPerWeight * LARGEST_WEIGHT

  refuse(
    [...min, ...max].some((x) => wide(x, VALUE_BITS)),
    'a minimum or maximum is not below 2^16',
  )
  refuse(
    min.some((x, i) => x > (max[i] ?? 0n)),
    'a minimum exceeds its maximum',
  )
  refuse(
    [...cost, parameters.budgetPerWeight].some((x) => wide(x, COST_BITS)),
    'a cost or the budget per weight is not below 2^32',
  )
  refuse(
    [parameters.sumMin, parameters.sumMax].some((x) => wide(x, sumBits(circuit))),
    'a bound of the sum is too wide',
  )
  refuse(
    [parameters.countMin, parameters.countMax].some((x) => wide(x, slotBits(circuit) + 1)),
    'a bound of the count is too wide',
  )
  refuse(
    parameters.costMax < 0n || wide(largestBudget, budgetBits(circuit)),
    'the largest budget is too wide',
  )
  refuse(parameters.sumMin > parameters.sumMax, 'the least sum exceeds the largest')
  refuse(parameters.countMin > parameters.countMax, 'the least count exceeds the largest')

  const ranked = parameters.ranking || scores !== undefined
  refuse(
    parameters.ranking && scores !== undefined,
    'a contest is ranked freely or by a score list, not both',
  )
  refuse(scores !== undefined && scores.length !== slots - 1, `the score list must have ${slots - 1} entries`)
  refuse(scores?.some((x) => wide(x, VALUE_BITS)) === true, 'a score is not below 2^16')
  refuse(
    ranked && !parameters.blank && max[0] !== 0n,
    'a ranked contest without a blank vote leaves slot 0 unused',
  )
  refuse(
    parameters.blank && (min[0] !== 0n || max[0] !== 1n),
    'the blank slot must have minimum 0 and maximum 1',
  )
  refuse(
    parameters.blank && !checkRule(parameters, blankVote(slots), LARGEST_WEIGHT),
    'no blank vote can be cast',
  )
  if (problems.length === 0) refuse(example(parameters) === undefined, 'no values satisfy the rule')
  return problems
}

const LARGEST_WEIGHT = (1n << BigInt(WEIGHT_BITS)) - 1n

/** The first of some likely ballots that the rule accepts; not blank, and of a voter of the largest weight. */
function example(parameters: RuleParameters): bigint[] | undefined {
  for (const values of candidates(parameters))
    if (checkRule(parameters, values, LARGEST_WEIGHT)) return values
  return undefined
}

function* candidates(parameters: RuleParameters): Generator<bigint[]> {
  const others = parameters.max.length - 1
  if (parameters.scores) yield deal(parameters, parameters.scores)
  else if (parameters.ranking) {
    for (let m = Number(parameters.countMin); m <= Math.min(others, Number(parameters.countMax)); m++)
      yield deal(parameters, [...ranks(m), ...Array<bigint>(others - m).fill(0n)])
  } else {
    yield cheapest(parameters, (i) => parameters.cost[i] ?? 0n)
    yield cheapest(parameters, (i) => -(parameters.max[i] ?? 0n))
  }
}

/** Gives every score to the slot with the least maximum that can take it: finds a perfect matching if one exists. */
function deal({ min, max }: RuleParameters, scores: readonly bigint[]): bigint[] {
  const values = max.map(() => 0n)
  const free = new Set(max.keys())
  free.delete(0)
  for (const score of scores.toSorted(ascending)) {
    const open = [...free].filter((i) => (min[i] ?? 0n) <= score)
    const slot = open.reduce((best, i) => ((max[i] ?? 0n) < (max[best] ?? 0n) ? i : best), open[0] ?? 0)
    values[slot] = score
    free.delete(slot)
  }
  return values
}

/**
 * Raises the minima to the least count, opening slots in the given order, then to the least sum by the cheapest
 * units of any slots that the largest count lets be open. Units of a slot grow dearer only in a quadratic contest,
 * so taking them by price is optimal for the chosen slots (Gross 1956, separable convex allocation).
 */
function cheapest(parameters: RuleParameters, order: (slot: number) => bigint): bigint[] {
  const { min, cost, quadratic } = parameters
  const top = parameters.max.map((x, i) => (parameters.blank && i === 0 ? 0n : x))
  const values = [...min]
  const slots = [...top.keys()].sort((i, j) => ascending(order(i), order(j)) || i - j)
  const open = slots.filter((i) => (min[i] ?? 0n) > 0n)
  const shut = slots.filter((i) => min[i] === 0n && (top[i] ?? 0n) > 0n)
  for (const i of shut.splice(0, Math.max(0, Number(parameters.countMin) - open.length))) {
    values[i] = 1n
    open.push(i)
  }
  open.push(...shut.slice(0, Math.max(0, Number(parameters.countMax) - open.length)))

  /** The slot's value when all units at a price up to this are taken. */
  const taken = (i: number, price: bigint) => {
    const above = price - (cost[i] ?? 0n)
    const value = above < 0n ? 0n : quadratic ? (above + 1n) / 2n : (top[i] ?? 0n)
    const [low, high] = [values[i] ?? 0n, top[i] ?? 0n]
    return value < low ? low : value > high ? high : value
  }
  const sumAt = (price: bigint) => total(open.map((i) => taken(i, price)))
  let [below, price] = [-1n, 1n << BigInt(COST_BITS + 1)]
  while (price - below > 1n) {
    const middle = (below + price) / 2n
    if (sumAt(middle) >= parameters.sumMin) price = middle
    else below = middle
  }
  let missing = parameters.sumMin - sumAt(price - 1n)
  for (const i of open) {
    const base = taken(i, price - 1n)
    const step = taken(i, price) - base
    const add = missing < 0n ? 0n : step < missing ? step : missing
    values[i] = base + add
    missing -= add
  }
  return values
}

function blankVote(slots: number): bigint[] {
  return Array.from({ length: slots }, (_, i) => (i === 0 ? 1n : 0n))
}

function ranks(m: number): bigint[] {
  return Array.from({ length: m }, (_, k) => BigInt(k + 1))
}

function total(values: readonly bigint[]): bigint {
  return values.reduce((sum, v) => sum + v, 0n)
}

function equalMultisets(a: readonly bigint[], b: readonly bigint[]): boolean {
  const [x, y] = [a.toSorted(ascending), b.toSorted(ascending)]
  return x.length === y.length && x.every((v, i) => v === y[i])
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
