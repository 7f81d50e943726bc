// Contests of every rule, as papers of the voting booth.
import { circuitOf, ruleParameters, usedSlots } from '#protocol/contest.ts'
import type { Contest, Rule } from '#protocol/manifest.ts'
import type { Paper } from '#web/booth/paper.ts'

/** A contest of options named a, b, c ..., each dearer than the one before. */
export function contestOf(rule: Rule, blank = false, options = 4): Contest {
  return {
    title: { en: 'Contest' },
    roll: 'residents',
    options: Array.from({ length: options }, (_, i) => ({
      id: String.fromCharCode(97 + i),
      title: { en: `Option ${i + 1}` },
      cost: BigInt(100 * (i + 1)),
    })),
    order: 'fixed',
    rule,
    blank,
    weighted: false,
    count: { name: 'greedy', budget: 500n },
  }
}

export function paperOf(contest: Contest): Paper {
  const rule = ruleParameters(contest, circuitOf(contest, 0))
  return { number: 0, contest, slots: usedSlots(contest), rule, weight: 1n }
}

/** One of each rule, with bounds that can be missed on both sides. */
export const RULES: readonly Rule[] = [
  { type: 'plurality' },
  { type: 'approval', min: 0n, max: 2n },
  { type: 'approval', min: 2n, max: 3n },
  { type: 'score', max: 3n },
  { type: 'cumulative', minTotal: 2n, maxTotal: 5n, max: 4n },
  { type: 'quadratic', credits: 10n, max: 3n },
  { type: 'borda', points: [3n, 2n, 1n] },
  { type: 'borda', points: [2n, 1n, 0n] },
  { type: 'ranking', min: 2n, max: 3n },
  { type: 'knapsack', budget: 500n },
]
