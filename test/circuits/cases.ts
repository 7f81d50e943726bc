// Rules with ballots just inside and just outside each of them (SPEC 6.4).
import type { RuleParameters } from '#circuits/rule.ts'
import { fill, openRule } from './sample.ts'

/** Bounds that forbid nothing. */
export const ROOM = { sumMax: (1n << 20n) - 1n, countMax: 16n, costMax: 1n << 50n }
const used = (options: number, value: bigint) => fill('S', Array<bigint>(options).fill(value))
/** Options in the slots 1..5, slot 0 for the blank vote. */
const withBlank = (changes: Partial<RuleParameters> = {}) =>
  openRule('S', { ...ROOM, blank: true, max: fill('S', [1n, 5n, 5n, 5n, 5n, 5n]), ...changes })
const ranked = (changes: Partial<RuleParameters> = {}) =>
  openRule('S', { ...ROOM, max: fill('S', [0n, 5n, 5n, 5n, 5n, 5n]), ...changes })
const scores = (...list: bigint[]) => Array.from({ length: 15 }, (_, i) => list[i] ?? 0n)

/** A rule, and ballots at its bounds and one beyond. */
export const CASES: [
  name: string,
  rule: RuleParameters,
  ballots: [values: bigint[], weight: bigint, accepted: boolean][],
][] = [
  [
    'each value between its bounds',
    openRule('S', { ...ROOM, min: fill('S', [2n]), max: used(2, 4n) }),
    [
      [[2n, 4n], 3n, true],
      [[1n, 4n], 3n, false],
      [[5n, 0n], 3n, false],
      [[2n, 5n], 3n, false],
      [[2n, 0n, 1n], 3n, false],
    ],
  ],
  [
    'the largest value a slot can have',
    openRule('S', { ...ROOM, max: used(16, 65535n) }),
    [
      [Array<bigint>(16).fill(65535n), 3n, true],
      [[65536n], 3n, false],
      [[1n << 128n], 3n, false],
    ],
  ],
  [
    'single choice',
    openRule('S', { ...ROOM, max: used(4, 1n), sumMin: 1n, sumMax: 1n }),
    [
      [[0n, 1n], 3n, true],
      [[0n, 0n], 3n, false],
      [[1n, 1n], 3n, false],
      [[0n, 0n, 0n, 0n, 1n], 3n, false],
    ],
  ],
  [
    'sum between its bounds',
    openRule('S', { ...ROOM, sumMin: 3n, sumMax: 7n }),
    [
      [[1n, 2n], 3n, true],
      [[1n, 1n], 3n, false],
      [[5n, 2n], 3n, true],
      [[5n, 3n], 3n, false],
    ],
  ],
  [
    'number of non-zero values between its bounds',
    openRule('S', { ...ROOM, countMin: 2n, countMax: 3n }),
    [
      [[5n], 3n, false],
      [[5n, 1n], 3n, true],
      [[1n, 0n, 1n, 0n, 1n], 3n, true],
      [[1n, 1n, 1n, 1n], 3n, false],
    ],
  ],
  [
    'knapsack',
    openRule('S', { ...ROOM, max: used(4, 1n), cost: fill('S', [10n, 20n, 30n, 40n]), costMax: 70n }),
    [
      [[0n, 0n, 1n, 1n], 3n, true],
      [[1n, 1n, 0n, 1n], 3n, true],
      [[1n, 0n, 1n, 1n], 3n, false],
    ],
  ],
  [
    'quadratic, credits by weight',
    openRule('S', { ...ROOM, cost: used(16, 0n), costMax: 0n, budgetPerWeight: 6n, quadratic: true }),
    [
      [[3n, 3n], 3n, true],
      [[4n, 1n, 1n], 3n, true],
      [[4n, 2n], 3n, false],
      [[3n, 3n], 2n, false],
      [[0n], 0n, true],
      [[1n], 0n, false],
    ],
  ],
  [
    'the largest costs',
    openRule('S', {
      ...ROOM,
      max: used(16, 65535n),
      cost: used(16, 4294967295n),
      costMax: 15n * 281470681677825n,
    }),
    [
      [Array<bigint>(15).fill(65535n), 3n, true],
      [Array<bigint>(16).fill(65535n), 3n, false],
    ],
  ],
  [
    'the largest weight',
    openRule('S', { ...ROOM, cost: used(16, 1n), costMax: 0n, budgetPerWeight: 1n, max: used(2, 65535n) }),
    [
      [[65535n], 65535n, true],
      [[65535n, 1n], 65535n, false],
    ],
  ],
  [
    'a blank vote excludes all others and needs no lower bound',
    withBlank({ min: fill('S', [0n, 1n]), sumMin: 3n, countMin: 2n }),
    [
      [[1n], 3n, true],
      [[1n, 1n], 3n, false],
      [[1n, 2n, 2n], 3n, false],
      [[0n, 2n, 2n], 3n, true],
      [[0n], 3n, false],
      [[2n], 3n, false],
      [[0n, 0n, 3n, 3n], 3n, false],
    ],
  ],
  [
    'without a blank vote slot 0 is as any other',
    openRule('S', { ...ROOM, max: used(3, 1n) }),
    [
      [[1n], 3n, true],
      [[1n, 1n, 1n], 3n, true],
    ],
  ],
  [
    'a score list',
    ranked({ scores: scores(3n, 2n, 1n, 0n, 0n) }),
    [
      [[0n, 3n, 2n, 1n], 3n, true],
      [[0n, 0n, 1n, 0n, 3n, 2n], 3n, true],
      [[0n, 3n, 2n, 2n], 3n, false],
      [[0n, 3n, 2n], 3n, false],
      [[0n], 3n, false],
      [[0n, 3n, 3n, 0n], 3n, false],
    ],
  ],
  [
    'a score list with a blank vote',
    withBlank({ scores: scores(2n, 1n, 1n), sumMin: 4n }),
    [
      [[1n], 3n, true],
      [[0n, 1n, 2n, 1n], 3n, true],
      [[1n, 1n, 2n, 1n], 3n, false],
      [[0n], 3n, false],
    ],
  ],
  [
    'free ranking',
    ranked({ ranking: true, countMin: 1n, countMax: 4n }),
    [
      [[0n, 1n], 3n, true],
      [[0n, 3n, 0n, 1n, 2n], 3n, true],
      [[0n, 4n, 3n, 2n, 1n], 3n, true],
      [[0n], 3n, false],
      [[0n, 5n, 4n, 3n, 2n, 1n], 3n, false],
      [[0n, 2n], 3n, false],
      [[0n, 1n, 1n], 3n, false],
      [[0n, 1n, 3n], 3n, false],
      [[0n, 2n, 3n, 2n], 3n, false],
      [[1n], 3n, false],
    ],
  ],
  [
    'free ranking with a blank vote',
    withBlank({ ranking: true, countMin: 2n, countMax: 5n }),
    [
      [[1n], 3n, true],
      [[0n, 2n, 1n], 3n, true],
      [[0n, 1n], 3n, false],
      [[1n, 2n, 1n], 3n, false],
      [[1n, 2n], 3n, false],
    ],
  ],
]
