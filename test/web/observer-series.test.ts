// Turnout as the observer's pages add it up.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { busiest, eventful, seriesOf, ticksBetween } from '#web/observer/series.ts'

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

test('marks an axis at round times, few enough to read', () => {
  const noon = new Date(2026, 0, 1, 12).getTime()
  const hours = (instants: Date[]) => instants.map((at) => at.getHours())
  expect(hours(ticksBetween(noon, noon + 6 * 3_600_000, 7).at)).toEqual([12, 13, 14, 15, 16, 17, 18])
  expect(hours(ticksBetween(noon, noon + 5 * 86_400_000, 6).at)).toEqual([0, 0, 0, 0, 0])
  fc.assert(
    fc.property(
      fc.integer({ min: noon, max: noon + 1e11 }),
      fc.integer({ min: 1, max: 1e11 }),
      fc.integer({ min: 2, max: 12 }),
      (first, span, most) => {
        const { at, interval } = ticksBetween(first, first + span, most)
        expect(at.length).toBeLessThanOrEqual(most + 1)
        expect(interval * most).toBeGreaterThanOrEqual(span)
        for (const tick of at) expect(tick.getTime()).toBeGreaterThanOrEqual(first)
        for (const tick of at) expect(tick.getTime()).toBeLessThanOrEqual(first + span)
      },
    ),
  )
})
