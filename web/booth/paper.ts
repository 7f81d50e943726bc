// One contest as a voter fills it in: marks as people make them, and the values that they mean to the ballot (SPEC 6.4).
import type { RuleParameters } from '#circuits/rule.ts'
import type { Contest } from '#protocol/manifest.ts'

/** A contest from the checked record, with what its ballots need of it. */
export interface Paper {
  /** Its number in the election, from 0. */
  readonly number: number
  readonly contest: Contest
  /** Slots in use; the options come last. */
  readonly slots: number
  readonly rule: RuleParameters
  /** The voter's weight on the contest's roll. */
  readonly weight: bigint
}

/** What a voter has marked. A mark is 1 for a chosen option, its points, or its place from 1 in a ranking; 0 is none. */
export interface Marks {
  /** The explicit blank vote; where the contest has none, a ballot without any mark. */
  readonly blank: boolean
  /** One mark for each option, in the manifest's order. */
  readonly options: readonly number[]
}

/** A contest filled in so far. */
export interface Draft {
  readonly marks: Marks
  /** The option that the list begins with. SPEC 8.1. */
  readonly start: number
}

/** No mark at all: no ballot is cast in the contest. */
export function noMarks(contest: Contest): Marks {
  return { blank: false, options: contest.options.map(() => 0) }
}

/** Whether nothing is marked, the blank vote included. */
export function isUnmarked({ blank, options }: Marks): boolean {
  return !blank && options.every((mark) => mark === 0)
}

/** Whether marks mean places: a mark that is set or taken away then moves others. */
export function isRanked({ rule }: Contest): boolean {
  return rule.type === 'borda' || rule.type === 'ranking'
}

/** How many places can be given. */
export function placesOf({ rule, options }: Contest): number {
  if (rule.type === 'borda') return Math.min(rule.points.length, options.length)
  return rule.type === 'ranking' ? Math.min(Number(rule.max), options.length) : 0
}

/** Whether a ballot that marks nothing on purpose can be cast: as a blank vote, or because the rule lets it. */
export function allowsBlank({ contest, rule }: Paper): boolean {
  return contest.blank || (rule.sumMin === 0n && rule.countMin === 0n)
}

/** One value for each slot of the circuit. */
export function valuesOf({ contest, slots, rule }: Paper, { blank, options }: Marks): bigint[] {
  const values = rule.max.map(() => 0n)
  const first = slots - contest.options.length
  const last = Math.max(0, ...options)
  options.forEach((mark, i) => (values[first + i] = valueOf(contest, mark, last)))
  if (blank && contest.blank) values[0] = 1n
  return values
}

/** The slot value of a mark. In a free ranking the last place gives 1 point, the one before it 2. */
function valueOf({ rule }: Contest, mark: number, last: number): bigint {
  if (mark === 0) return 0n
  if (rule.type === 'borda') return rule.points[mark - 1] ?? 0n
  return BigInt(rule.type === 'ranking' ? last + 1 - mark : mark)
}

/** The marks with one changed. In a ranking it is moved to the place, or out of it, and those behind close up. */
export function withMark(contest: Contest, marks: Marks, option: number, mark: number): Marks {
  if (!isRanked(contest)) return { ...marks, options: marks.options.with(option, mark) }
  const ranked = rankedOptions(marks).filter((other) => other !== option)
  if (mark > 0) ranked.splice(mark - 1, 0, option)
  return { ...marks, options: marks.options.map((_, i) => ranked.indexOf(i) + 1) }
}

/** The options that have a place, best first. */
export function rankedOptions({ options }: Marks): number[] {
  const ranked = [...options.keys()].filter((i) => options[i] !== 0)
  return ranked.sort((i, j) => (options[i] ?? 0) - (options[j] ?? 0))
}

/** The options as the list shows them: the manifest's cyclic order from the one that was drawn. SPEC 8.1. */
export function listed(contest: Contest, start: number): number[] {
  const { length } = contest.options
  return contest.options.map((_, i) => (start + i) % length)
}

/** The option with which a fresh list begins: the first, or one drawn evenly from all. SPEC 8.1. */
export function drawStart({ order, options }: Contest): number {
  if (order === 'fixed') return 0
  const even = 2 ** 32 - (2 ** 32 % options.length)
  for (;;) {
    const [drawn = even] = crypto.getRandomValues(new Uint32Array(1))
    if (drawn < even) return drawn % options.length
  }
}
