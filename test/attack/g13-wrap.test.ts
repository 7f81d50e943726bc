// G13: sums, products and powers that wrap around the field's order to look small.
import { babyjubjub } from '@noble/curves/misc.js'
import { beforeAll, expect, test } from 'vitest'
import { FIELD_ORDER } from '#crypto/babyjubjub.ts'
import { checkRule, type RuleParameters } from '#circuits/rule.ts'
import { type Circuit, gadget, provable } from '../circuits/harness.ts'
import { fill, openRule, ruleInput } from '../circuits/sample.ts'

const { Fp } = babyjubjub.Point
const p = FIELD_ORDER
const [half, third, minusOne] = [Fp.inv(2n), Fp.inv(3n), p - 1n]

let circuit: Circuit
beforeAll(async () => {
  circuit = await gadget('rule.circom', 'Rule(16)')
})

const single = openRule('S', { max: fill('S', [1n, 1n, 1n]), sumMin: 1n, sumMax: 1n })
const quadratic = openRule('S', { quadratic: true, cost: fill('S', []), costMax: 9n })
const knapsack = openRule('S', { cost: fill('S', [3n, 2n, 1n]), costMax: 5n })
const ranking = openRule('S', { ranking: true, max: fill('S', [0n, 3n, 3n, 3n]) })
const blank = openRule('S', { blank: true, max: fill('S', [1n, 1n, 1n]) })

test.each<[string, RuleParameters, bigint[]]>([
  ['a sum that cancels', single, [minusOne, 1n, 1n]],
  ['a sum beyond p', single, [half, half, 0n]],
  ['p - 1 for every option', openRule('S'), Array<bigint>(10).fill(minusOne)],
  ['two halves of p', openRule('S'), [(p - 1n) / 2n, (p + 3n) / 2n]],
  ['the small square of a large value', quadratic, [p - 3n]],
  ['squares that cancel', quadratic, [Fp.sqrt(p - 16n), 4n]],
  ['a cost that a fraction divides', knapsack, [third, half, 1n]],
  ['a negative cost that pays for others', knapsack, [p - 5n, 5n, 5n]],
  ['a rank with a negative counterpart', ranking, [0n, minusOne, 1n, 2n]],
  ['others that cancel beside a blank vote', blank, [1n, 1n, minusOne]],
  ['half a blank vote', blank, [half, 1n, 1n]],
  ['values that only overflow their 16 bits', openRule('S', { max: fill('S', [65535n]) }), [65536n]],
])('%s', (_, rule, list) => {
  const values = fill('S', list)
  expect(checkRule(rule, values, 3n)).toBe(false)
  expect(provable(circuit, ruleInput(rule, values))).toBe(false)
})

test.each<[RuleParameters, bigint[]]>([
  [single, [1n]],
  [quadratic, [3n]],
  [knapsack, [1n, 1n]],
  [ranking, [0n, 2n, 1n]],
  [blank, [1n]],
])('small values that follow rule %# are taken', (rule, list) => {
  expect(provable(circuit, ruleInput(rule, fill('S', list)))).toBe(true)
})
