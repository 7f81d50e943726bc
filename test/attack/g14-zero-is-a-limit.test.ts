// G14: a rule in force only where its parameter is above 0. Ours are always in force: every parameter at 0, with a
// ballot just inside and one just outside.
import { beforeAll, expect, test } from 'vitest'
import { checkRule, type RuleParameters } from '#circuits/rule.ts'
import { type Circuit, gadget, provable } from '../circuits/harness.ts'
import { fill, openRule, ruleInput } from '../circuits/sample.ts'

let circuit: Circuit
beforeAll(async () => {
  circuit = await gadget('rule.circom', 'Rule(16)')
})

const zeros = fill('S', [])
const rankSlots = fill('S', [0n, 3n, 3n, 3n])

test.each<[string, Partial<RuleParameters>, inside: bigint[], outside: bigint[], weight?: bigint]>([
  ['max', { max: fill('S', [5n, 0n, 5n]) }, [5n, 0n, 5n], [5n, 1n, 5n]],
  ['every max', { max: zeros }, [], [1n]],
  ['sumMax', { sumMax: 0n }, [], [1n]],
  ['countMax', { countMax: 0n }, [], [0n, 1n]],
  ['costMax', { costMax: 0n }, [], [1n]],
  ['costMax, one option free', { costMax: 0n, cost: fill('S', [0n, 1n]) }, [5n], [5n, 1n]],
  ['costMax in a quadratic contest', { costMax: 0n, cost: zeros, quadratic: true }, [], [1n]],
  ['budgetPerWeight', { costMax: 2n, budgetPerWeight: 0n }, [2n], [2n, 1n]],
  ['the weight', { costMax: 0n, budgetPerWeight: 9n }, [], [1n], 0n],
  ['every score', { scores: zeros.slice(1), max: rankSlots }, [], [0n, 1n]],
  ['countMax of a ranking', { ranking: true, countMax: 0n, max: rankSlots }, [], [0n, 1n]],
  [
    'max of the only slot of a rank',
    { ranking: true, max: fill('S', [0n, 1n, 0n, 3n]) },
    [0n, 1n, 0n, 2n],
    [0n, 1n, 2n],
  ],
  ['sumMax beside a blank vote', { blank: true, sumMax: 1n, max: fill('S', [1n, 0n, 1n]) }, [1n], [1n, 1n]],
])('%s at 0', (_, changes, inside, outside, weight = 3n) => {
  const rule = openRule('S', changes)
  for (const [list, verdict] of [[inside, true] as const, [outside, false] as const]) {
    const values = fill('S', list)
    expect(checkRule(rule, values, weight)).toBe(verdict)
    expect(provable(circuit, ruleInput(rule, values, weight))).toBe(verdict)
  }
})

test('lower bounds at 0 ask for nothing, at 1 for something', () => {
  for (const name of ['sumMin', 'countMin'] as const)
    for (const bound of [0n, 1n])
      expect(provable(circuit, ruleInput(openRule('S', { [name]: bound }), zeros))).toBe(bound === 0n)
})
