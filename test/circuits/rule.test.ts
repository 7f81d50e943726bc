// SPEC 6.4: the rule at its bounds and one beyond, in the twin and in the circuit, and the checks of its parameters.
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkParameters, checkRule, type RuleParameters } from '#circuits/rule.ts'
import { CASES, ROOM } from './cases.ts'
import { type Circuit, gadget, provable } from './harness.ts'
import { fill, openRule, ruleInput } from './sample.ts'

let circuit: Circuit
beforeAll(async () => {
  circuit = await gadget('rule.circom', 'Rule(16)')
})

/** Both verdicts, which must agree. */
function verdict(rule: RuleParameters, values: readonly bigint[], weight = 3n): boolean {
  const twin = checkRule(rule, values, weight)
  expect(provable(circuit, ruleInput(rule, values, weight))).toBe(twin)
  return twin
}

describe.each(CASES)('%s', (_, rule, cases) => {
  test('its parameters are sound', () => {
    expect(checkParameters(rule, 'S')).toEqual([])
  })

  test.each(cases)('%s of weight %s: %s', (values, weight, accepted) => {
    expect(verdict(rule, fill('S', values), weight)).toBe(accepted)
  })
})

test('the circuit accepts exactly what the twin accepts', () => {
  const small = (max: number) => fc.integer({ min: 0, max }).map(BigInt)
  const near = fc.constantFrom(-1n, 0n, 0n, 0n, 0n, 0n, 1n, 2n)
  const ballot = fc.record({
    values: fc.array(fc.oneof(small(1), small(5), fc.constant(0n)), { minLength: 1, maxLength: 16 }),
    mins: fc.array(fc.oneof(fc.constant(0n), fc.constant(0n), near), { minLength: 16, maxLength: 16 }),
    maxs: fc.array(fc.oneof(small(4), near), { minLength: 16, maxLength: 16 }),
    cost: fc.array(small(3), { minLength: 16, maxLength: 16 }),
    deltas: fc.array(near, { minLength: 5, maxLength: 5 }),
    kind: fc.constantFrom('free', 'free', 'scores', 'ranking'),
    order: fc.boolean(),
    quadratic: fc.boolean(),
    blank: fc.boolean(),
    isBlank: fc.boolean(),
    budgetPerWeight: small(3),
    weight: small(20),
  })
  let accepted = 0
  let compared = 0
  fc.assert(
    fc.property(ballot, (x) => {
      const ranked = x.kind !== 'free'
      const list = fill('S', x.values)
      if (x.blank) list[0] = x.isBlank ? 1n : 0n
      else if (ranked) list[0] = 0n
      if (x.blank && x.isBlank && x.order) list.fill(0n, 1)
      if (x.kind === 'ranking' && x.order)
        for (let i = 1, k = 0n; i < 16; i++) list[i] = list[i] === 0n ? 0n : ++k
      const max = list.map((v, i) => (v + (x.maxs[i] ?? 0n) < 0n ? 0n : v + (x.maxs[i] ?? 0n)))
      const min = list.map((v, i) => ((x.mins[i] ?? 0n) < 0n || v === 0n ? 0n : v + (x.mins[i] ?? 0n) - 1n))
      if (x.blank || ranked) [min[0], max[0]] = [0n, x.blank ? 1n : 0n]
      const [d0 = 0n, d1 = 0n, d2 = 0n, d3 = 0n, d4 = 0n] = x.deltas
      const positive = (n: bigint) => (n < 0n ? 0n : n)
      const sum = list.reduce((s, v) => s + v, 0n)
      const count = BigInt(list.filter((v) => v !== 0n).length)
      const spent = list.reduce((s, v, i) => s + v * ((x.cost[i] ?? 0n) + (x.quadratic ? v : 0n)), 0n)
      const rule: RuleParameters = {
        min,
        max,
        cost: x.cost,
        sumMin: positive(sum + d0 - 1n),
        sumMax: sum + (d1 < 0n && sum === 0n ? 0n : d1),
        countMin: positive(count + d2 - 1n),
        countMax: positive(count + d3),
        costMax: positive(spent + d4 - x.budgetPerWeight * x.weight),
        budgetPerWeight: x.budgetPerWeight,
        quadratic: x.quadratic,
        weighted: false,
        blank: x.blank,
        ranking: x.kind === 'ranking',
        ...(x.kind === 'scores' ? { scores: list.slice(1).reverse() } : {}),
      }
      fc.pre(checkParameters(rule, 'S').length === 0)
      compared++
      if (verdict(rule, list, x.weight)) accepted++
      // And one value off.
      const other = list.map((v, i) => (i === Number(x.weight) % 16 ? v + 1n : v))
      verdict(rule, other, x.weight)
    }),
    { numRuns: 300, seed: 20261121 },
  )
  expect(accepted).toBeGreaterThan(compared / 5)
  expect(accepted).toBeLessThan((compared * 4) / 5)
})

test('the same template serves 128 slots', async () => {
  circuit = await gadget('rule.circom', 'Rule(128)')
  const rule = openRule(
    'L',
    { ...ROOM, ranking: true, max: fill('L', [0n, ...Array<bigint>(127).fill(127n)]) },
    128,
  )
  const everybody = { ...rule, countMax: 127n, sumMax: 127n * 64n }
  expect(checkParameters(everybody, 'L')).toEqual([])
  const full = Array.from({ length: 128 }, (_, i) => BigInt(i))
  expect(verdict(everybody, full)).toBe(true)
  expect(verdict(everybody, full.with(127, 1n))).toBe(false)
  expect(verdict({ ...everybody, countMax: 126n }, full)).toBe(false)
})
