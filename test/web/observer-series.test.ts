// Turnout as the observer's pages add it up.
import { expect, test } from 'vitest'
import { busiest, eventful, seriesOf } from '#web/observer/series.ts'

const steps = { from: 1000, step: 500, voters: [2, 0, 3, 3, 0], ballots: [2, 0, 3, 5, 1] }

test('each step begins where the one before ends, and sums run on', () => {
  const series = seriesOf(steps)
  expect(series.map(({ start, end }) => [start, end])).toEqual([
    [1000, 1500],
    [1500, 2000],
    [2000, 2500],
    [2500, 3000],
    [3000, 3500],
  ])
  expect(series.map(({ soFar }) => soFar)).toEqual([2, 2, 5, 8, 8])
})

test('a step counts as eventful when only a ballot was replaced in it', () => {
  expect(eventful(seriesOf(steps)).map(({ start }) => start)).toEqual([1000, 2000, 2500, 3000])
})

test('the busiest step is the first of those with the most new voters', () => {
  expect(busiest(seriesOf(steps))?.start).toBe(2000)
  expect(busiest(seriesOf({ ...steps, voters: [0, 0], ballots: [0, 0] }))).toBeUndefined()
  expect(busiest([])).toBeUndefined()
})
