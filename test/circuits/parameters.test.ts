// SPEC 6.4: the checks of a rule's parameters, on which the circuit's comparisons rely.
import { describe, expect, test } from 'vitest'
import { checkParameters, type RuleParameters } from '#circuits/rule.ts'
import { type BallotCircuit, budgetBits, CIRCUITS, sumBits } from '#circuits/sizes.ts'
import { fill, openRule } from './sample.ts'

const at = (circuit: BallotCircuit, index: number, value: bigint) => fill(circuit, []).with(index, value)
const scores = (circuit: BallotCircuit, list: bigint[]) => fill(circuit, list).slice(0, -1)

describe.each(['S', 'L'] as const)('%s', (circuit) => {
  const wideSum = 1n << BigInt(sumBits(circuit))
  const wideBudget = 1n << BigInt(budgetBits(circuit))
  const last = CIRCUITS[circuit].slots - 1
  const ranked = { max: fill(circuit, [0n, 3n, 3n, 3n]), ranking: true }
  const blank = { max: fill(circuit, [1n, 3n]), blank: true }

  const refused: [string, Partial<RuleParameters>, string][] = [
    ['too few slots', { min: [0n] }, `min, max and cost must have ${last + 1} entries`],
    ['a minimum over its maximum', { min: at(circuit, 1, 6n) }, 'a minimum exceeds its maximum'],
    ['a wide maximum', { max: at(circuit, last, 1n << 16n) }, 'a minimum or maximum is not below 2^16'],
    ['a negative minimum', { min: at(circuit, last, -1n) }, 'a minimum or maximum is not below 2^16'],
    [
      'a wide cost',
      { cost: at(circuit, last, 1n << 32n) },
      'a cost or the budget per weight is not below 2^32',
    ],
    ['a negative cost', { cost: at(circuit, 0, -1n) }, 'a cost or the budget per weight is not below 2^32'],
    [
      'a wide budget per weight',
      { budgetPerWeight: 1n << 32n },
      'a cost or the budget per weight is not below 2^32',
    ],
    ['a wide sum', { sumMax: wideSum }, 'a bound of the sum is too wide'],
    ['a negative sum', { sumMin: -1n }, 'a bound of the sum is too wide'],
    ['a wide count', { countMax: BigInt(2 * (last + 1)) }, 'a bound of the count is too wide'],
    ['a negative count', { countMin: -1n }, 'a bound of the count is too wide'],
    ['a wide budget', { costMax: wideBudget }, 'the largest budget is too wide'],
    [
      'a budget that weight makes wide',
      { costMax: wideBudget - 65535n, budgetPerWeight: 1n },
      'the largest budget is too wide',
    ],
    ['a negative budget', { costMax: -1n }, 'the largest budget is too wide'],
    ['sums the wrong way round', { sumMin: 3n, sumMax: 2n }, 'the least sum exceeds the largest'],
    ['counts the wrong way round', { countMin: 3n, countMax: 2n }, 'the least count exceeds the largest'],
    [
      'two rankings',
      { ...ranked, scores: scores(circuit, []) },
      'a contest is ranked freely or by a score list, not both',
    ],
    [
      'a short score list',
      { ...ranked, ranking: false, scores: [1n] },
      `the score list must have ${last} entries`,
    ],
    [
      'a wide score',
      { ...ranked, ranking: false, scores: scores(circuit, [1n << 16n]) },
      'a score is not below 2^16',
    ],
    [
      'a ranking that uses slot 0',
      { ranking: true },
      'a ranked contest without a blank vote leaves slot 0 unused',
    ],
    [
      'a score list that uses slot 0',
      { scores: scores(circuit, []) },
      'a ranked contest without a blank vote leaves slot 0 unused',
    ],
    [
      'a blank slot up to 2',
      { ...blank, max: at(circuit, 0, 2n) },
      'the blank slot must have minimum 0 and maximum 1',
    ],
    [
      'no blank slot',
      { ...blank, max: at(circuit, 1, 2n) },
      'the blank slot must have minimum 0 and maximum 1',
    ],
    [
      'a blank slot that must be filled',
      { ...blank, min: at(circuit, 0, 1n) },
      'the blank slot must have minimum 0 and maximum 1',
    ],
    ['a blank vote that the sum forbids', { ...blank, sumMax: 0n }, 'no blank vote can be cast'],
    ['a blank vote that the count forbids', { ...blank, countMax: 0n }, 'no blank vote can be cast'],
    [
      'a blank vote beyond the budget',
      { ...blank, cost: at(circuit, 0, 2n), costMax: 1n },
      'no blank vote can be cast',
    ],
    ['more than all can have', { sumMin: 51n, sumMax: 60n }, 'no values satisfy the rule'],
    ['less than all must have', { min: fill(circuit, [3n, 3n]), sumMax: 5n }, 'no values satisfy the rule'],
    ['more options than there are', { countMin: 11n, countMax: 16n }, 'no values satisfy the rule'],
    [
      'fewer options than must be filled',
      { min: fill(circuit, [1n, 1n]), countMax: 1n },
      'no values satisfy the rule',
    ],
    ['more options than the sum lets', { countMin: 3n, sumMax: 2n }, 'no values satisfy the rule'],
    ['a sum that the count forbids', { countMax: 2n, sumMin: 11n }, 'no values satisfy the rule'],
    ['a sum beyond the budget', { sumMin: 4n, costMax: 3n }, 'no values satisfy the rule'],
    [
      'a quadratic sum beyond the budget',
      { sumMin: 11n, costMax: 23n, quadratic: true },
      'no values satisfy the rule',
    ],
    [
      'a score no slot can take',
      { ...ranked, ranking: false, scores: scores(circuit, [4n]) },
      'no values satisfy the rule',
    ],
    ['more ranks than slots', { ...ranked, countMin: 4n }, 'no values satisfy the rule'],
    ['only the blank vote', { ...blank, sumMin: 4n }, 'no values satisfy the rule'],
  ]

  test.each(refused)('%s', (_, changes, problem) => {
    expect(checkParameters(openRule(circuit, changes), circuit)).toContain(problem)
  })

  const accepted: [string, Partial<RuleParameters>][] = [
    ['an open rule', {}],
    [
      'bounds at their widths',
      { sumMax: wideSum - 1n, countMax: BigInt(2 * last + 1), costMax: wideBudget - 1n },
    ],
    ['costs at their widths', { cost: at(circuit, 1, (1n << 32n) - 1n), max: at(circuit, 1, 65535n) }],
    ['everything that can be had', { sumMin: 50n }],
    [
      'an exact budget',
      { cost: fill(circuit, [5n, 1n, 9n]), sumMin: 8n, max: fill(circuit, [5n, 5n, 5n]), costMax: 20n },
    ],
    ['an exact quadratic budget', { sumMin: 11n, cost: fill(circuit, []), costMax: 13n, quadratic: true }],
    [
      'few options, all of them large',
      { countMax: 2n, sumMin: 10n, cost: fill(circuit, [0n, 1n, 2n, 3n, 3n]) },
    ],
    ['exactly these options', { min: fill(circuit, [1n, 1n]), countMin: 2n, countMax: 2n, sumMax: 2n }],
    ['a free ranking of all', { ...ranked, countMin: 3n }],
    [
      'scores only one slot can take each',
      {
        ...ranked,
        ranking: false,
        max: fill(circuit, [0n, 1n, 3n, 2n]),
        scores: scores(circuit, [3n, 2n, 1n]),
      },
    ],
    ['a blank vote under every lower bound', { ...blank, min: at(circuit, 1, 2n), sumMin: 3n, countMin: 1n }],
  ]

  test.each(accepted)('accepts %s', (_, changes) => {
    expect(checkParameters(openRule(circuit, changes), circuit)).toEqual([])
  })
})
