// G9: comparators without range checks of their inputs. Ours take a difference's bits, and every term of it is bounded.
import { expect, test } from 'vitest'
import { FIELD_ORDER } from '#crypto/babyjubjub.ts'
import { accepts, gadget, provable } from '../circuits/harness.ts'
import { fill, openRule, ruleInput, source } from '../circuits/sample.ts'
import { looseSignals } from '../circuits/soundness.ts'

const HALF = (FIELD_ORDER - 1n) / 2n

test('a range check takes its range and nothing else of the field', async () => {
  const range = await gadget('rule.circom', 'Range(16)')
  for (const value of [0n, 1n, 65534n, 65535n]) expect(provable(range, { in: value })).toBe(true)
  for (const value of [65536n, -1n, -65535n, HALF, HALF + 1n, FIELD_ORDER - 65536n, 1n << 253n, 1n << 128n])
    expect(provable(range, { in: value })).toBe(false)
})

test('no value far outside the range passes by way of a difference', async () => {
  const circuit = await gadget('rule.circom', 'Rule(16)')
  const rule = openRule('S', { min: fill('S', [1n]) })
  expect(provable(circuit, ruleInput(rule, fill('S', [1n, 5n])))).toBe(true)
  for (const value of [0n, 6n, -1n, HALF, HALF + 3n, FIELD_ORDER - 1n, 65536n, 1n << 252n, (1n << 253n) + 1n])
    expect(provable(circuit, ruleInput(rule, fill('S', [value])))).toBe(false)
})

test('no signal of the rule can be changed alone', async () => {
  const names = [
    'gamma',
    'target',
    'min',
    'max',
    'cost',
    'sumMin',
    'sumMax',
    'countMin',
    'countMax',
    'costMax',
  ]
  const flags = ['budgetPerWeight', 'quadratic', 'blank', 'positional', 'ranking', 'weight']
  const circuit = await gadget('rule.circom', 'Rule(16)', [...names, ...flags])
  const witness = circuit.calculate(ruleInput(openRule('S'), fill('S', [1n, 2n, 0n, 5n])))
  expect(accepts(circuit, witness)).toBe(true)
  const secret = looseSignals(circuit, witness, source('g9')).filter(
    (name) => circuit.wire(name) > circuit.publicCount,
  )
  expect(secret).toEqual([])
})
