// Dates as people read them.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { formatSpan } from '#web/words/format.ts'

// The chosen language is a state of the page, which only a browser has.
vi.mock('#web/words/locale.svelte.ts', () => ({ region: () => 'en' }))

const zone = process.env['TZ']
beforeEach(() => {
  process.env['TZ'] = 'Europe/Helsinki'
})
afterEach(() => {
  process.env['TZ'] = zone
})

test('a span says its time zone once, and both where the clocks change within it', () => {
  // In Helsinki summer time ended on 25 October 2026 at 4:00.
  const [saturday, sunday, monday] = [24, 25, 26].map((day) => Date.UTC(2026, 9, day, 12)) as [
    number,
    number,
    number,
  ]
  expect(formatSpan(sunday, monday).match(/GMT\+\d/g)).toEqual(['GMT+2'])
  expect(formatSpan(saturday, monday).match(/GMT\+\d/g)).toEqual(['GMT+3', 'GMT+2'])
})
