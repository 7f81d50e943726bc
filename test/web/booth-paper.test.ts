// Marks of the voting booth: what values they mean, and that the booth's word on them is the rule's.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkRule } from '#circuits/rule.ts'
import {
  allowsBlank,
  drawStart,
  isRanked,
  isUnmarked,
  listed,
  type Marks,
  noMarks,
  rankedOptions,
  valuesOf,
  withMark,
} from '#web/booth/paper.ts'
import { isUnfinished, obstacleTo, problemOf } from '#web/booth/problem.ts'
import { contestOf, paperOf, RULES } from './papers.ts'

function marked(...options: number[]): Marks {
  return { blank: false, options }
}
function problem(rule: (typeof RULES)[number], marks: Marks, blank = false) {
  return problemOf(paperOf(contestOf(rule, blank)), marks)
}

describe('values', () => {
  test('a mark is the value of its option; the first slot is the blank vote', () => {
    const plain = paperOf(contestOf({ type: 'cumulative', minTotal: 0n, maxTotal: 5n, max: 5n }))
    expect(valuesOf(plain, marked(0, 3, 0, 1)).slice(0, 5)).toEqual([0n, 3n, 0n, 1n, 0n])
    const blank = paperOf(contestOf({ type: 'approval', min: 0n, max: 2n }, true))
    expect(valuesOf(blank, marked(0, 1, 0, 1)).slice(0, 5)).toEqual([0n, 0n, 1n, 0n, 1n])
    expect(valuesOf(blank, { ...marked(0, 0, 0, 0), blank: true }).slice(0, 5)).toEqual([1n, 0n, 0n, 0n, 0n])
  })

  test('places become points: those of the list, or as many as there are places behind', () => {
    const borda = paperOf(contestOf({ type: 'borda', points: [10n, 5n, 1n] }))
    expect(valuesOf(borda, marked(2, 0, 1, 3)).slice(0, 5)).toEqual([0n, 5n, 0n, 10n, 1n])
    const ranking = paperOf(contestOf({ type: 'ranking', min: 1n, max: 4n }))
    expect(valuesOf(ranking, marked(2, 0, 1, 0)).slice(0, 5)).toEqual([0n, 1n, 0n, 2n, 0n])
  })

  test('a ballot that is blank on purpose marks nothing where the contest has no blank vote', () => {
    const paper = paperOf(contestOf({ type: 'knapsack', budget: 500n }))
    expect(allowsBlank(paper)).toBe(true)
    expect(valuesOf(paper, { ...noMarks(paper.contest), blank: true }).every((v) => v === 0n)).toBe(true)
    expect(allowsBlank(paperOf(contestOf({ type: 'plurality' })))).toBe(false)
    expect(allowsBlank(paperOf(contestOf({ type: 'plurality' }, true)))).toBe(true)
  })
})

describe('ranking', () => {
  const contest = contestOf({ type: 'ranking', min: 1n, max: 4n })

  test('an option that is put to a place moves those behind it', () => {
    expect(withMark(contest, marked(1, 2, 0, 0), 2, 1).options).toEqual([2, 3, 1, 0])
    expect(withMark(contest, marked(2, 3, 1, 0), 2, 3).options).toEqual([1, 2, 3, 0])
    expect(withMark(contest, marked(1, 2, 3, 0), 0, 0).options).toEqual([0, 1, 2, 0])
    expect(rankedOptions(marked(2, 3, 1, 0))).toEqual([2, 0, 1])
  })

  test('places stay 1, 2, 3 ... whatever is done', () => {
    const moves = fc.array(fc.tuple(fc.nat(3), fc.nat(4)))
    fc.assert(
      fc.property(moves, (all) => {
        const end = all.reduce(
          (marks, [option, place]) => withMark(contest, marks, option, place),
          noMarks(contest),
        )
        const places = end.options.filter((place) => place > 0).toSorted((a, b) => a - b)
        expect(places).toEqual(places.map((_, i) => i + 1))
      }),
    )
  })
})

describe('problems', () => {
  test('name what is too much at once, and by how much', () => {
    expect(problem({ type: 'approval', min: 0n, max: 2n }, marked(1, 1, 1, 0))).toEqual({
      code: 'too-many',
      bound: 2n,
      by: 1n,
    })
    expect(problem({ type: 'cumulative', minTotal: 2n, maxTotal: 5n, max: 4n }, marked(4, 3, 0, 0))).toEqual({
      code: 'over-total',
      bound: 5n,
      by: 2n,
    })
    expect(problem({ type: 'score', max: 3n }, marked(0, 0, 4, 0))).toEqual({
      code: 'too-high',
      option: 2,
      most: 3n,
    })
    expect(problem({ type: 'score', max: 3n }, marked(0, 0, 4, 0), true)).toMatchObject({ option: 2 })
    expect(problem({ type: 'quadratic', credits: 10n, max: 3n }, marked(3, 2, 0, 0))).toEqual({
      code: 'over-budget',
      bound: 10n,
      by: 3n,
    })
    expect(problem({ type: 'knapsack', budget: 500n }, marked(0, 1, 0, 1))).toEqual({
      code: 'over-budget',
      bound: 500n,
      by: 100n,
    })
    expect(problem({ type: 'borda', points: [2n, 1n] }, marked(1, 2, 3, 0))).toEqual({
      code: 'too-many',
      bound: 2n,
      by: 1n,
    })
    expect(problem({ type: 'plurality' }, { ...marked(1, 0, 0, 0), blank: true }, true)).toEqual({
      code: 'blank-and-marks',
    })
  })

  test('name what is missing, and let the voter go on marking', () => {
    const few = problem({ type: 'ranking', min: 2n, max: 3n }, marked(0, 1, 0, 0))
    expect(few).toEqual({ code: 'too-few', bound: 2n, by: 1n })
    const points = problem({ type: 'cumulative', minTotal: 2n, maxTotal: 5n, max: 4n }, marked(1, 0, 0, 0))
    expect(points).toEqual({ code: 'under-total', bound: 2n, by: 1n })
    for (const unfinished of [few, points]) expect(unfinished && isUnfinished(unfinished)).toBe(true)
    const many = problem({ type: 'approval', min: 0n, max: 1n }, marked(1, 1, 0, 0))
    expect(many && isUnfinished(many)).toBe(false)
  })

  test('marks have none exactly if the rule takes their values', () => {
    const numbers = fc.tuple(...Array.from({ length: 4 }, () => fc.nat(5)))
    for (const rule of RULES) {
      for (const blank of [false, true]) {
        const contest = contestOf(rule, blank)
        const paper = paperOf(contest)
        const usable = fc.record({
          blank: fc.boolean().map((wanted) => wanted && allowsBlank(paper)),
          options: numbers.map((drawn) =>
            isRanked(contest)
              ? drawn.reduce((marks, place, i) => withMark(contest, marks, i, place), noMarks(contest))
                  .options
              : drawn,
          ),
        })
        fc.assert(
          fc.property(usable, (marks) => {
            fc.pre(!isUnmarked(marks))
            const fits = checkRule(paper.rule, valuesOf(paper, marks), 1n)
            const found = problemOf(paper, marks)
            if (found === undefined) expect(fits).toBe(true)
            else if (found.code === 'rule')
              expect.fail(`no reason for ${JSON.stringify(marks)} in ${rule.type}`)
            // Places behind the last that counts, and marks beside an empty ballot, the booth refuses of itself.
            else if (
              found.code !== 'blank-and-marks' &&
              !(rule.type === 'borda' && found.code === 'too-many')
            )
              expect(fits).toBe(false)
          }),
        )
      }
    }
  })

  test('no marks are none', () => {
    for (const rule of RULES) expect(problem(rule, noMarks(contestOf(rule)))).toBeUndefined()
  })
})

test('one more is refused with its reason where money, credits, points or places run out', () => {
  const reason = (rule: (typeof RULES)[number], marks: Marks, option: number) =>
    obstacleTo(paperOf(contestOf(rule)), marks, option)?.code
  expect(reason({ type: 'knapsack', budget: 500n }, marked(1, 0, 1, 0), 1)).toBe('over-budget')
  expect(reason({ type: 'knapsack', budget: 500n }, marked(0, 0, 1, 0), 1)).toBeUndefined()
  expect(reason({ type: 'quadratic', credits: 10n, max: 3n }, marked(2, 2, 0, 0), 0)).toBe('over-budget')
  expect(reason({ type: 'cumulative', minTotal: 2n, maxTotal: 5n, max: 4n }, marked(4, 1, 0, 0), 2)).toBe(
    'over-total',
  )
  expect(reason({ type: 'cumulative', minTotal: 2n, maxTotal: 5n, max: 4n }, marked(4, 0, 0, 0), 0)).toBe(
    'too-high',
  )
  expect(
    reason({ type: 'cumulative', minTotal: 2n, maxTotal: 5n, max: 4n }, marked(0, 0, 0, 0), 0),
  ).toBeUndefined()
  expect(reason({ type: 'ranking', min: 2n, max: 3n }, marked(1, 2, 3, 0), 3)).toBe('too-many')
})

test('a rotated list begins anywhere and keeps the cyclic order; a fixed one begins with the first', () => {
  const contest = contestOf({ type: 'plurality' })
  expect(listed(contest, 2)).toEqual([2, 3, 0, 1])
  expect(drawStart(contest)).toBe(0)
  const drawn = new Set(Array.from({ length: 200 }, () => drawStart({ ...contest, order: 'rotated' })))
  expect([...drawn].toSorted()).toEqual([0, 1, 2, 3])
})
