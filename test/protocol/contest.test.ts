// SPEC 6.3, 6.4: from a contest to its circuit's numbers; which votes fit which rule; packing and its bound.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkParameters, checkRule } from '#circuits/rule.ts'
import { CIRCUITS } from '#circuits/sizes.ts'
import { circuitOf, firstSlot, packing, ruleParameters, usedSlots } from '#protocol/contest.ts'
import type { Contest, Rule } from '#protocol/manifest.ts'
import { contest } from '../tally/scene.ts'

function three(rule: Rule, changes: Partial<Contest> = {}): Contest {
  const options = [3n, 4n, 5n].map((cost, i) => ({ id: `o${i}`, title: { en: `O${i}` }, cost }))
  return contest({ options, rule, ...changes })
}

/** Whether marks on the three options (after the blank slot where there is one) fit. */
function fits(of: Contest, marks: readonly number[], blank = 0, weight = 1n): boolean {
  const values = [...(firstSlot(of) === 1 ? [blank] : []), ...marks].map(BigInt)
  const padded = Array.from({ length: CIRCUITS.S.slots }, (_, i) => values[i] ?? 0n)
  return checkRule(ruleParameters(of, 'S'), padded, weight)
}

const CASES: [Rule, good: number[][], bad: number[][]][] = [
  [
    { type: 'plurality' },
    [
      [1, 0, 0],
      [0, 0, 1],
    ],
    [
      [0, 0, 0],
      [1, 1, 0],
      [2, 0, 0],
    ],
  ],
  [
    { type: 'approval', min: 1n, max: 2n },
    [
      [1, 0, 0],
      [1, 0, 1],
    ],
    [
      [0, 0, 0],
      [1, 1, 1],
      [2, 0, 0],
    ],
  ],
  [
    { type: 'score', max: 4n },
    [
      [0, 0, 0],
      [4, 4, 4],
      [1, 0, 3],
    ],
    [[5, 0, 0]],
  ],
  [
    { type: 'cumulative', minTotal: 2n, maxTotal: 4n, max: 3n },
    [
      [2, 0, 0],
      [3, 1, 0],
      [1, 1, 2],
    ],
    [
      [1, 0, 0],
      [4, 0, 0],
      [3, 1, 1],
    ],
  ],
  [
    { type: 'quadratic', credits: 9n, max: 3n },
    [
      [0, 0, 0],
      [3, 0, 0],
      [2, 2, 1],
    ],
    [
      [3, 1, 0],
      [4, 0, 0],
    ],
  ],
  [
    { type: 'borda', points: [2n, 1n] },
    [
      [2, 1, 0],
      [0, 1, 2],
    ],
    [
      [2, 0, 0],
      [2, 2, 0],
      [1, 1, 1],
      [0, 0, 0],
      [3, 0, 0],
    ],
  ],
  [
    { type: 'ranking', min: 1n, max: 2n },
    [
      [1, 0, 0],
      [2, 1, 0],
      [0, 1, 2],
    ],
    [
      [0, 0, 0],
      [2, 0, 0],
      [1, 1, 0],
      [3, 2, 1],
    ],
  ],
  [
    { type: 'knapsack', budget: 8n },
    [
      [0, 0, 0],
      [1, 1, 0],
      [1, 0, 1],
    ],
    [
      [0, 1, 1],
      [1, 1, 1],
      [2, 0, 0],
    ],
  ],
]

describe.each(CASES)('rule %o', (rule, good, bad) => {
  for (const blank of [false, true])
    test(blank ? 'with a blank vote' : 'without', () => {
      const of = three(rule, { blank })
      for (const circuit of ['S', 'L'] as const)
        expect(checkParameters(ruleParameters(of, circuit), circuit)).toEqual([])
      for (const marks of good) expect([marks, fits(of, marks)]).toEqual([marks, true])
      for (const marks of bad) expect([marks, fits(of, marks)]).toEqual([marks, false])
      if (firstSlot(of) === 0) return
      expect(fits(of, [0, 0, 0], 1)).toBe(blank)
      for (const marks of good.filter((m) => m.some((v) => v !== 0))) expect(fits(of, marks, 1)).toBe(false)
    })
  test('unused slots take nothing', () => {
    const of = three(rule)
    const { min, max, cost } = ruleParameters(of, 'S')
    for (const list of [min, max, cost]) expect(list.slice(usedSlots(of)).every((x) => x === 0n)).toBe(true)
    expect(max).toHaveLength(16)
  })
})

test('slot 0 is left to the blank vote in every ranked contest', () => {
  expect(CASES.map(([rule]) => firstSlot(three(rule)))).toEqual([0, 0, 0, 0, 0, 1, 1, 0])
  expect(CASES.map(([rule]) => firstSlot(three(rule, { blank: true })))).toEqual(CASES.map(() => 1))
})

describe('circuit', () => {
  const of = (n: number) =>
    contest({ options: Array.from({ length: n }, (_, i) => ({ id: String(i), title: { en: 'x' } })) })
  test('S holds 16 slots and 4^10 voters', () => {
    expect(circuitOf(of(16), 4 ** 10)).toBe('S')
    expect(circuitOf(of(17), 1)).toBe('L')
    expect(circuitOf(of(1), 4 ** 10 + 1)).toBe('L')
    expect(circuitOf({ ...of(16), blank: true }, 1)).toBe('L')
  })
})

describe('packing', () => {
  const score = (max: bigint, changes: Partial<Contest> = {}) => three({ type: 'score', max }, changes)
  test('holds every sum, up to 2^40 and no further', () => {
    const whole = { size: 4 ** 12, totalWeight: 65535n * 4n ** 12n }
    // 2^24 voters times 65,535 is just below 2^40; one unit of weight more than 2^40 / 65,535 is too much.
    expect(packing(score(65535n), 'L', whole)).toEqual({ bits: 40, perCiphertext: 1, ciphertexts: 3 })
    const most = (1n << 40n) / 65535n
    const weighted = score(65535n, { weighted: true })
    expect(packing(weighted, 'S', { size: 1000, totalWeight: most })?.bits).toBe(40)
    expect(packing(weighted, 'S', { size: 1000, totalWeight: most + 1n })).toBeUndefined()
  })
  test('counts people where votes are not weighted, and weight where they are', () => {
    const roll = { size: 100, totalWeight: 10_000n }
    expect(packing(score(1n), 'S', roll)?.bits).toBe(7)
    expect(packing(score(1n, { weighted: true }), 'S', roll)?.bits).toBe(14)
  })
  test('b bits hold M x largest, one bit less does not; all slots have a place', () => {
    const sizes = fc.record({
      max: fc.bigInt({ min: 1n, max: 65535n }),
      size: fc.integer({ min: 1, max: 4 ** 12 }),
      n: fc.integer({ min: 1, max: 127 }),
      blank: fc.boolean(),
    })
    fc.assert(
      fc.property(sizes, ({ max, size, n, blank }) => {
        const options = Array.from({ length: n }, (_, i) => ({ id: String(i), title: { en: 'x' } }))
        const of = contest({ options, rule: { type: 'score', max }, blank })
        const packed = packing(of, 'L', { size, totalWeight: BigInt(size) })
        if (packed === undefined) throw new Error('fits by its bounds')
        const { bits, perCiphertext, ciphertexts } = packed
        const largest = BigInt(size) * max
        expect(largest < 1n << BigInt(bits)).toBe(true)
        expect(largest >= 1n << BigInt(bits - 1)).toBe(true)
        expect(bits * perCiphertext).toBeLessThanOrEqual(40)
        const slots = usedSlots(of)
        expect(perCiphertext * ciphertexts).toBeGreaterThanOrEqual(slots)
        expect(perCiphertext * (ciphertexts - 1)).toBeLessThan(slots)
        expect(perCiphertext === slots || bits * (perCiphertext + 1) > 40).toBe(true)
      }),
    )
  })
})
