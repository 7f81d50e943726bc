// From a contest's words to the numbers of its circuit: slots, public rule parameters, packing. SPEC 6.3, 6.4.
import { checkParameters, type RuleParameters } from '#circuits/rule.ts'
import { CIRCUITS, type BallotCircuit } from '#circuits/sizes.ts'
import { toHex } from '#crypto/encoding.ts'
import { codec } from './codec.ts'
import { type Contest, type Manifest, manifestSchema } from './manifest.ts'

/** Largest exponent that a tally searches: one packed sum stays below 2^40. */
const PACKED_BITS = 40

/** Largest manifest, bytes: an entry holds no more than 65,535, with the names and approvals around it. */
export const MAX_MANIFEST_BYTES = 60_000
const manifestCodec = codec(manifestSchema)

/** How a contest's values lie in ciphertexts. */
export interface Packing {
  /** Bits of one slot's sum, b. */
  readonly bits: number
  /** Slots in one ciphertext. */
  readonly perCiphertext: number
  readonly ciphertexts: number
}

/** A frozen roll as an election refers to it. */
export interface RollSummary {
  readonly size: number
  readonly totalWeight: bigint
}

/** The slot of the first option: slot 0 is the blank vote's, and lies outside every ranking. SPEC 6.4. */
export function firstSlot(contest: Contest): 0 | 1 {
  return contest.blank || contest.rule.type === 'borda' || contest.rule.type === 'ranking' ? 1 : 0
}

/** Slots in use: the options and, where there is one, the slot before them. */
export function usedSlots(contest: Contest): number {
  return firstSlot(contest) + contest.options.length
}

/** The smallest circuit that holds the contest and the roll. */
export function circuitOf(contest: Contest, rollSize: number): BallotCircuit {
  return usedSlots(contest) <= CIRCUITS.S.slots && rollSize <= 4 ** CIRCUITS.S.levels ? 'S' : 'L'
}

/** The public parameters of the contest's rule in its circuit. SPEC 6.4. */
export function ruleParameters(contest: Contest, circuit: BallotCircuit): RuleParameters {
  const slots = CIRCUITS[circuit].slots
  const first = firstSlot(contest)
  const count = BigInt(contest.options.length)
  const perOption = (number: bigint): bigint[] =>
    Array.from({ length: slots }, (_, slot) =>
      slot >= first && slot < first + contest.options.length ? number : 0n,
    )
  const open = {
    min: perOption(0n),
    cost: perOption(0n),
    sumMin: 0n,
    sumMax: 0n,
    countMin: 0n,
    countMax: count,
    costMax: 0n,
    budgetPerWeight: 0n,
    quadratic: false,
    weighted: contest.weighted,
    blank: contest.blank,
    ranking: false,
  }
  const parameters = ((): RuleParameters => {
    const { rule } = contest
    switch (rule.type) {
      case 'plurality':
        return { ...open, max: perOption(1n), sumMin: 1n, sumMax: 1n, countMin: 1n, countMax: 1n }
      case 'approval':
        return {
          ...open,
          max: perOption(1n),
          sumMin: rule.min,
          sumMax: rule.max,
          countMin: rule.min,
          countMax: rule.max,
        }
      case 'score':
        return { ...open, max: perOption(rule.max), sumMax: rule.max * count }
      case 'cumulative':
        return { ...open, max: perOption(rule.max), sumMin: rule.minTotal, sumMax: rule.maxTotal }
      case 'quadratic':
        return {
          ...open,
          max: perOption(rule.max),
          sumMax: rule.max * count,
          quadratic: true,
          costMax: rule.credits,
        }
      case 'borda': {
        const largest = rule.points.reduce((a, b) => (a > b ? a : b), 0n)
        const sum = rule.points.reduce((a, b) => a + b, 0n)
        const nonZero = BigInt(rule.points.filter((p) => p > 0n).length)
        const scores = Array.from({ length: slots - 1 }, (_, i) => rule.points[i] ?? 0n)
        return {
          ...open,
          max: perOption(largest),
          sumMin: sum,
          sumMax: sum,
          countMin: nonZero,
          countMax: nonZero,
          scores,
        }
      }
      case 'ranking':
        return {
          ...open,
          max: perOption(rule.max),
          sumMax: (rule.max * (rule.max + 1n)) / 2n,
          countMin: rule.min,
          countMax: rule.max,
          ranking: true,
        }
      case 'knapsack': {
        const cost = perOption(0n)
        contest.options.forEach((option, i) => (cost[first + i] = option.cost ?? 0n))
        return { ...open, max: perOption(1n), cost, sumMax: count, costMax: rule.budget }
      }
    }
  })()
  if (!contest.blank) return parameters
  const max = [...parameters.max]
  max[0] = 1n
  const atLeastOne = (x: bigint): bigint => (x > 1n ? x : 1n)
  return {
    ...parameters,
    max,
    sumMax: atLeastOne(parameters.sumMax),
    countMax: atLeastOne(parameters.countMax),
  }
}

/** Packing for a frozen roll: b bits hold M x the largest value, floor(40 / b) slots share a ciphertext; undefined
 *  where even one slot's sum could exceed 2^40. M is the total weight where votes are weighted, else the roll's size. */
export function packing(contest: Contest, circuit: BallotCircuit, roll: RollSummary): Packing | undefined {
  const voters = contest.weighted ? roll.totalWeight : BigInt(roll.size)
  const largest = ruleParameters(contest, circuit).max.reduce((a, b) => (a > b ? a : b), 0n)
  const bits = (voters * largest).toString(2).length
  if (bits > PACKED_BITS) return undefined
  const slots = usedSlots(contest)
  const perCiphertext = Math.min(Math.floor(PACKED_BITS / bits), slots)
  return { bits, perCiphertext, ciphertexts: Math.ceil(slots / perCiphertext) }
}

/** Why an election cannot be held as a manifest says. */
export type ManifestFault =
  | 'closes-early'
  | 'threshold-range'
  | 'quorum-range'
  | 'quorum-small'
  | 'ballots-none'
  | 'guardians-alike'
  | 'languages-alike'
  | 'languages-differ'
  | 'too-large'
  | 'options-alike'
  | 'cost-missing'
  | 'seats-range'
  | 'count-differs'
  | 'slots-many'
  | 'rule-unsound'

/** One thing that is wrong: with a contest, counted from 0, or with the whole. */
export interface ManifestProblem {
  readonly code: ManifestFault
  readonly contest?: number
  /** What more is known, in English. */
  readonly detail?: string
}

/** What is wrong with a manifest; empty if nothing is. SPEC 8.1. */
export function checkManifest(manifest: Manifest): ManifestProblem[] {
  const { guardians, threshold, quorum, languages } = manifest
  const problems: ManifestProblem[] = []
  const need = (condition: boolean, code: ManifestFault, of?: { contest: number }): void => {
    if (!condition) problems.push({ code, ...of })
  }
  const n = guardians.length
  need(manifest.opensAt < manifest.closesAt, 'closes-early')
  need(threshold >= 1 && threshold <= n, 'threshold-range')
  need(quorum >= threshold && quorum <= n, 'quorum-range')
  need(2 * quorum >= n + threshold || 2 * threshold > n, 'quorum-small')
  need(manifest.minBallots >= 1, 'ballots-none')
  need(distinct(guardians.map((g) => g.key.toString())), 'guardians-alike')
  need(distinct(languages), 'languages-alike')
  need(manifestCodec.encode(manifest).length <= MAX_MANIFEST_BYTES, 'too-large')
  const inAllLanguages = (texts: Record<string, string>): boolean =>
    languages.every((l) => texts[l] !== undefined) && Object.keys(texts).length === languages.length
  need(inAllLanguages(manifest.title) && inAllLanguages(manifest.description), 'languages-differ')
  manifest.contests.forEach((contest, i) => {
    const of = { contest: i }
    need(distinct(contest.options.map((o) => o.id)), 'options-alike', of)
    need(textsOf(contest).every(inAllLanguages), 'languages-differ', of)
    problems.push(...checkCount(contest).map((problem) => ({ ...problem, ...of })))
    if (usedSlots(contest) > CIRCUITS.L.slots) {
      need(false, 'slots-many', of)
    } else {
      const circuit = circuitOf(contest, 0)
      for (const detail of checkParameters(ruleParameters(contest, circuit), circuit))
        problems.push({ code: 'rule-unsound', ...of, detail })
    }
  })
  return problems
}

/** SHA-256 of each picture that a manifest names, each once, in hexadecimal. */
export function picturesOf({ contests }: Manifest): string[] {
  const pictures = contests.flatMap(({ options }) => options.map((o) => o.picture))
  return [...new Set(pictures.filter((p) => p !== undefined).map((p) => toHex(p.hash)))]
}

/** Every text of a contest that stands there in several languages. */
function textsOf({ title, description, options }: Contest): Record<string, string>[] {
  const all = options.flatMap((o) => [o.title, o.description, o.picture?.alt])
  return [title, description, ...all].filter((t) => t !== undefined)
}

function checkCount({ rule, count, options }: Contest): ManifestProblem[] {
  const problems: ManifestProblem[] = []
  const byCost = 'budget' in count || rule.type === 'knapsack'
  if (byCost && options.some((o) => o.cost === undefined)) problems.push({ code: 'cost-missing' })
  if ('seats' in count) {
    if (count.seats < 1 || count.seats > options.length) problems.push({ code: 'seats-range' })
    const wanted = rule.type === 'ranking' ? 'borda' : rule.type
    if (count.name !== wanted) problems.push({ code: 'count-differs', detail: `${rule.type}, ${count.name}` })
  }
  return problems
}

function distinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length
}
