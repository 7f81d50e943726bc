// SPEC 6.5: the circuits' sizes and the order of their public inputs.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { publicInputCount, publicInputs } from '#circuits/ballot.ts'
import { signalInputs } from '#circuits/signal.ts'
import { CIRCUITS, budgetBits, SEALED_BITS, slotBits, sumBits } from '#circuits/sizes.ts'
import { type Circuit, circuit } from './harness.ts'
import { fill, openRule, sample } from './sample.ts'

/** Groth16's domain: the next power of two of constraints + public inputs + 1. */
function domain({ constraints, publicCount }: Circuit): number {
  return 2 ** Math.ceil(Math.log2(constraints.length + publicCount + 1))
}

test.each([
  ['S', 2 ** 13, 7_600],
  ['L', 2 ** 14, 13_200],
  ['signal', 2 ** 13, 4_500],
] as const)('circuit %s fits its domain', async (id, size, constraints) => {
  const compiled = await circuit(id)
  expect(domain(compiled)).toBe(size)
  expect(compiled.constraints.length).toBeLessThan(constraints)
})

test.each(['S', 'L'] as const)('the public inputs of %s are in the order of ballot.ts', async (id) => {
  const { names, publicCount } = await circuit(id)
  const { statement, input } = sample(id, openRule(id), fill(id, [1n]))
  const declared =
    'scope root nullifier t com key d1 d2 a gamma target min max cost sumMin sumMax countMin countMax costMax ' +
    'budgetPerWeight quadratic weighted blank positional ranking'
  const expected = declared.split(' ').flatMap((name) => {
    const value = input[name] ?? []
    return Array.isArray(value) ? value.map((_, i) => `${name}[${i}]`) : [name]
  })
  expect(names.slice(1, publicCount + 1)).toEqual(expected)
  const ordered = declared.split(' ').flatMap((name) => (input[name] ?? []) as bigint | bigint[])
  expect(publicInputs(id, statement)).toEqual(ordered)
  expect(publicCount).toBe(publicInputCount(id))
})

test('the public inputs of signal are in the order of signal.ts', async () => {
  const { names, publicCount } = await circuit('signal')
  expect(names.slice(1, publicCount + 1)).toEqual(['scope', 'root', 'nullifier', 'message'])
  expect(publicCount).toBe(publicInputCount('signal'))
  expect(signalInputs({ scope: 1n, root: 2n, nullifier: 3n, message: 4n })).toEqual([1n, 2n, 3n, 4n])
})

describe('the circom sources repeat the numbers of sizes.ts', () => {
  const read = (file: string) => readFileSync(new URL(`../../circuits/${file}`, import.meta.url), 'utf8')

  test('slots and levels', () => {
    expect(read('ballot-s.circom')).toContain(`Ballot(${CIRCUITS.S.slots}, ${CIRCUITS.S.levels})`)
    expect(read('ballot-l.circom')).toContain(`Ballot(${CIRCUITS.L.slots}, ${CIRCUITS.L.levels})`)
    expect(read('signal.circom')).toContain(`Signal(${CIRCUITS.signal.levels})`)
  })

  test('the sealed sum', () => {
    const [, bits, windows] =
      /Num2Bits\((\d+)\)\(value\);\s+.*Windows\(1, (\d+)\)/.exec(read('lib/multiples.circom')) ?? []
    expect(Number(bits)).toBe(3 * Number(windows))
    expect(Number(windows)).toBe(Math.ceil(SEALED_BITS / 3))
    // 128 ciphertexts, challenges of 16 bytes, packed sums below 2^40: protocol/contest.ts.
    expect(slotBits('L') + 128 + 40).toBe(SEALED_BITS)
  })

  test('widths of comparisons', () => {
    const widths = [...read('lib/rule.circom').matchAll(/^ +Range\((.*)\)\(/gm)].map(([, width]) => width)
    for (const id of ['S', 'L'] as const) {
      const numbers = widths.map((width) =>
        (width ?? '')
          .replace('log2(K)', String(slotBits(id)))
          .split(' + ')
          .reduce((sum, x) => sum + Number(x), 0),
      )
      const [sum, count, budget] = [sumBits(id), slotBits(id) + 1, budgetBits(id)]
      expect(numbers).toEqual([16, 16, sum, sum, count, count, budget])
    }
  })
})
