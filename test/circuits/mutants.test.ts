// SPEC 6.4: no constraint of the rule is idle. Each is taken out of the source, and then a ballot passes that the rule
// forbids, or a witness that means something else.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Assignment } from '#circuits/ballot.ts'
import { checkRule } from '#circuits/rule.ts'
import { CASES } from './cases.ts'
import { accepts, type Circuit, compileSource, provable } from './harness.ts'
import { fill, ruleInput } from './sample.ts'

const SOURCE = readFileSync(new URL('../../circuits/lib/rule.circom', import.meta.url), 'utf8')
/** A constraint alone on its line: an equality or a range check. */
const CONSTRAINTS = SOURCE.split('\n').filter((line) => /===|^ +Range\(/.test(line))
const PUBLIC =
  'gamma target min max cost sumMin sumMax countMin countMax costMax budgetPerWeight quadratic blank positional ranking weight values'

function compiled(text: string, instance = 'Rule(16)', publicInputs = PUBLIC.split(' ')): Promise<Circuit> {
  return compileSource(text.replace(/^pragma.*$/m, ''), instance, publicInputs)
}

/** Ballots that pass though the rule forbids them. */
function forgeries(circuit: Circuit): number {
  const refused = CASES.flatMap(([, rule, ballots]) =>
    ballots
      .filter(([, , accepted]) => !accepted)
      .map(([list, weight]) => ({ rule, values: fill('S', list), weight })),
  )
  expect(refused.some(({ rule, values, weight }) => checkRule(rule, values, weight))).toBe(false)
  return refused.filter(({ rule, values, weight }) => provable(circuit, ruleInput(rule, values, weight)))
    .length
}

test('nothing passes by the rule itself', async () => {
  expect(forgeries(await compiled(SOURCE))).toBe(0)
  expect(CONSTRAINTS).toHaveLength(13)
})

/** Constraints on what only the prover sets, with a witness that each keeps out alone. */
const FORGERIES: Record<string, [instance: string, input: Assignment, forged: Record<string, bigint>]> = {
  // a value of 5 that does not count
  '(1 - out) * in === 0;': ['NonZero()', { in: 5n }, { out: 0n, inverse: 0n }],
  '(1 - out) * inverse === 0;': ['NonZero()', { in: 0n }, { inverse: 7n }],
  // two ranks for one option
  '(u[k] - u[k + 1]) * (count - k) === 0;': ['Ranks(3)', { count: 1n }, { 'out[0]': 1n, 'out[1]': 2n }],
}

test.each(CONSTRAINTS.map((line) => line.trim()))('without %s', async (constraint) => {
  expect(SOURCE.split(constraint)).toHaveLength(2)
  const mutant = SOURCE.replace(constraint, '')
  const forgery = FORGERIES[constraint]
  if (forgery === undefined) {
    expect(forgeries(await compiled(mutant))).toBeGreaterThan(0)
    return
  }
  const [instance, input, forged] = forgery
  for (const [text, accepted] of [[SOURCE, false] as const, [mutant, true] as const]) {
    const circuit = await compiled(text, instance, Object.keys(input))
    expect(accepts(circuit, circuit.calculate(input))).toBe(true)
    expect(accepts(circuit, circuit.calculate(input), forged)).toBe(accepted)
  }
})
