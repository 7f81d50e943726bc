// SPEC 9.5: the counting methods against a slow reference, at their bounds and in ties.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkCount, count } from '#tally/count/count.ts'
import { LIMIT, MAX_OPTIONS, type CountInput, type CountMethod } from '#tally/count/result.ts'
import { referenceDecisive, referenceWinners } from '../../reference/count.ts'

const ELECTIONS = ['plurality', 'approval', 'score', 'cumulative', 'quadratic', 'borda'] as const

/** Options A, B, ... with these scores and costs. */
function input(scores: number[], costs: number[] = scores.map(() => 0), ballots = 10n): CountInput {
  return {
    options: costs.map((cost, i) => ({ id: String.fromCharCode(65 + i), cost: BigInt(cost) })),
    scores: scores.map(BigInt),
    ballots,
  }
}

const greedy = (budget: number): CountMethod => ({ name: 'greedy', budget: BigInt(budget) })
const noSkip = (budget: number): CountMethod => ({ name: 'greedy-no-skip', budget: BigInt(budget) })
const atLeast = (budget: number, threshold: number): CountMethod => ({
  name: 'greedy-threshold',
  budget: BigInt(budget),
  threshold: BigInt(threshold),
})
const seats = (n: number): CountMethod => ({ name: 'plurality', seats: n })

const methods = fc.oneof(
  fc.record({ name: fc.constantFrom(...ELECTIONS), seats: fc.integer({ min: 1, max: 8 }) }),
  fc.record({
    name: fc.constantFrom('greedy' as const, 'greedy-no-skip' as const),
    budget: fc.bigInt({ min: 0n, max: 25n }),
  }),
  fc.record({
    name: fc.constant('greedy-threshold' as const),
    budget: fc.bigInt({ min: 0n, max: 25n }),
    threshold: fc.bigInt({ min: 0n, max: 4n }),
  }),
)

// Few distinct scores and costs, so that ties are the rule.
const inputs = fc
  .array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 9 })), { minLength: 1, maxLength: 6 })
  .map((rows) =>
    input(
      rows.map(([score]) => score),
      rows.map(([, cost]) => cost),
    ),
  )

describe('against the reference', () => {
  test('winners, in order of selection', () => {
    fc.assert(
      fc.property(methods, inputs, (method, instance) => {
        const expected = referenceWinners(method, instance).map((i) => instance.options[i]?.id)
        expect(count(method, instance).winners).toEqual(expected)
      }),
      { numRuns: 3000 },
    )
  })

  test('a tie is called decisive exactly when another order would select another set', () => {
    const seen = { decisive: 0, harmless: 0 }
    fc.assert(
      fc.property(methods, inputs, (method, instance) => {
        for (const round of count(method, instance).rounds) {
          const i = instance.options.findIndex(({ id }) => id === round.option)
          expect(round.tie !== null).toBe(instance.scores.filter((score) => score === round.score).length > 1)
          if (round.tie === null) continue
          expect(round.tie.decisive).toBe(referenceDecisive(method, instance, i))
          seen[round.tie.decisive ? 'decisive' : 'harmless'] += 1
        }
      }),
      { numRuns: 600 },
    )
    expect(Math.min(seen.decisive, seen.harmless)).toBeGreaterThan(50)
  })

  test('one round per option, the money adds up, nothing is both', () => {
    fc.assert(
      fc.property(methods, inputs, (method, instance) => {
        const { rounds, winners, totals } = count(method, instance)
        expect(rounds.map(({ option }) => option).toSorted()).toEqual(instance.options.map(({ id }) => id))
        expect(totals.points).toBe(rounds.reduce((sum, { score }) => sum + score, 0n))
        if (!('budget' in method)) return
        let left = method.budget
        for (const round of rounds) {
          if (round.kind === 'funded') left -= round.cost
          expect(round).toMatchObject({ left })
        }
        expect(left).toBeGreaterThanOrEqual(0n)
        expect(winners).toHaveLength(rounds.filter(({ kind }) => kind === 'funded').length)
      }),
    )
  })
})

describe('elections', () => {
  test.each(ELECTIONS)('%s elects the highest sums', (name) => {
    expect(count({ name, seats: 2 }, input([3, 9, 5]))).toEqual({
      method: { name, seats: 2 },
      winners: ['B', 'C'],
      rounds: [
        { kind: 'elected', option: 'B', score: 9n, seat: 1n, tie: null },
        { kind: 'elected', option: 'C', score: 5n, seat: 2n, tie: null },
        { kind: 'not-elected', option: 'A', score: 3n, reason: 'seats-filled', tie: null },
      ],
      totals: { ballots: 10n, blank: 0n, points: 17n },
    })
  })

  test('a tie across the last seat goes by manifest order and says that this decided', () => {
    const tie = { options: ['A', 'C', 'D'], rule: 'manifest-order', decisive: true }
    const { winners, rounds } = count(seats(2), input([4, 1, 4, 4]))
    expect(winners).toEqual(['A', 'C'])
    expect(rounds.map((round) => round.tie)).toEqual([tie, tie, tie, null])
  })

  test('a tie that ends at the last seat decides nothing', () => {
    const { winners, rounds } = count(seats(2), input([1, 4, 4]))
    expect(winners).toEqual(['B', 'C'])
    expect(rounds[0]?.tie).toEqual({ options: ['B', 'C'], rule: 'manifest-order', decisive: false })
  })

  test('more seats than options: all are elected, also with 0 points while others have some', () => {
    expect(count(seats(9), input([0, 2])).winners).toEqual(['B', 'A'])
  })

  test('blank votes are reported and elect nobody', () => {
    const result = count(seats(1), { ...input([0, 0]), blank: 10n })
    expect(result.winners).toEqual([])
    expect(result.totals).toEqual({ ballots: 10n, blank: 10n, points: 0n })
  })
})

describe('budgets', () => {
  // A does not fit after B; C fits after A is skipped.
  const three = input([5, 9, 2], [6, 5, 3])

  test('greedy skips what does not fit', () => {
    expect(count(greedy(10), three).winners).toEqual(['B', 'C'])
  })

  test('greedy-no-skip stops there', () => {
    const { winners, rounds } = count(noSkip(10), three)
    expect(winners).toEqual(['B'])
    expect(rounds.slice(1)).toEqual([
      { kind: 'not-funded', option: 'A', score: 5n, cost: 6n, left: 5n, reason: 'over-budget', tie: null },
      { kind: 'not-funded', option: 'C', score: 2n, cost: 3n, left: 5n, reason: 'after-stop', tie: null },
    ])
  })

  test('the threshold is met by equality, missed by one', () => {
    expect(count(atLeast(10, 2), three).winners).toEqual(['B', 'C'])
    const { winners, rounds } = count(atLeast(10, 3), three)
    expect(winners).toEqual(['B'])
    expect(rounds[2]).toMatchObject({ option: 'C', reason: 'below-threshold' })
  })

  test('the budget is met by equality, missed by one', () => {
    expect(count(greedy(8), three).winners).toEqual(['B', 'C'])
    expect(count(greedy(7), three).winners).toEqual(['B'])
  })

  test('a cost above the whole budget never fits', () => {
    expect(count(greedy(4), input([9, 1], [5, 4])).winners).toEqual(['B'])
    expect(count(noSkip(4), input([9, 1], [5, 4])).winners).toEqual([])
  })

  test('equal scores: lower cost first, equal costs in manifest order', () => {
    const { winners, rounds } = count(greedy(5), input([7, 7, 7], [3, 2, 3]))
    expect(winners).toEqual(['B', 'A'])
    expect(rounds.map((round) => round.tie?.rule)).toEqual(['lower-cost', 'manifest-order', 'manifest-order'])
    expect(rounds.every((round) => round.tie?.decisive)).toBe(true)
  })

  test('all equal and all funded: the tie decides nothing', () => {
    const { winners, rounds } = count(greedy(3), input([1, 1, 1], [1, 1, 1]))
    expect(winners).toEqual(['A', 'B', 'C'])
    expect(rounds.some((round) => round.tie?.decisive)).toBe(false)
  })
})

describe('no parameter has a special value at 0 (G14)', () => {
  const two = input([5, 3], [0, 1])
  test.each([
    ['budget 0 funds only what costs 0', greedy(0), ['A']],
    ['budget 0 stops at the first cost', noSkip(0), ['A']],
    ['budget 0 with a threshold', atLeast(0, 1), ['A']],
    ['threshold 0 is met by every score', atLeast(1, 0), ['A', 'B']],
  ])('%s', (_, method, winners) => {
    expect(count(method, two).winners).toEqual(winners)
  })

  test('0 seats is no election', () => {
    expect(checkCount(seats(0), two)).toBe(false)
    expect(() => count(seats(0), two)).toThrow(RangeError)
  })

  test.each([seats(2), greedy(9), noSkip(9), atLeast(9, 0)])(
    'no votes at all select nothing: $name',
    (method) => {
      const { winners, rounds } = count(method, input([0, 0], [1, 0], 0n))
      expect(winners).toEqual([])
      expect(rounds).toHaveLength(2)
      for (const round of rounds)
        expect(round).toMatchObject({ reason: 'no-votes', tie: { decisive: false } })
    },
  )
})

describe('bounds', () => {
  const fine = input([1, 2], [1, 1])
  const last = LIMIT - 1n
  const one = { options: [{ id: 'A', cost: last }], scores: [last], ballots: last }
  const wide = (n: number) => input(Array<number>(n).fill(1))
  const named = (...ids: string[]) => ({ ...fine, options: ids.map((id) => ({ id, cost: 1n })) })

  test.each<[string, boolean, CountMethod, CountInput]>([
    ['largest amounts', true, { name: 'greedy', budget: last }, one],
    ['largest field', true, seats(MAX_OPTIONS), wide(MAX_OPTIONS)],
    ['field too large', false, seats(1), wide(MAX_OPTIONS + 1)],
    ['no options', false, seats(1), wide(0)],
    ['too many seats', false, seats(MAX_OPTIONS + 1), fine],
    ['half a seat', false, seats(1.5), fine],
    ['budget too large', false, { name: 'greedy', budget: LIMIT }, one],
    ['negative budget', false, greedy(-1), fine],
    ['negative threshold', false, atLeast(1, -1), fine],
    ['threshold too large', false, { name: 'greedy-threshold', budget: 1n, threshold: LIMIT }, fine],
    ['negative cost', false, greedy(1), input([1], [-1])],
    ['cost missing in a budget', false, greedy(1), { ...fine, options: [{ id: 'A' }, { id: 'B' }] }],
    ['cost missing in an election', true, seats(1), { ...fine, options: [{ id: 'A' }, { id: 'B' }] }],
    ['negative score', false, seats(1), input([-1])],
    ['sum of scores too large', false, seats(1), { ...fine, scores: [last, 1n] }],
    ['score missing', false, seats(1), { ...fine, scores: [1n] }],
    ['id repeated', false, seats(1), named('A', 'A')],
    ['id empty', false, seats(1), named('A', '')],
    ['negative ballots', false, seats(1), { ...fine, ballots: -1n }],
    ['negative blank', false, seats(1), { ...fine, blank: -1n }],
  ])('%s: %s', (_, valid, method, instance) => {
    expect(checkCount(method, instance)).toBe(valid)
    if (valid) expect(count(method, instance).rounds).toHaveLength(instance.options.length)
    else expect(() => count(method, instance)).toThrow(RangeError)
  })
})
