// SPEC 6.7: trackers, and the alphabet that people type.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeBase32, group, normalizeBase32 } from '#protocol/crockford.ts'
import { formatTracker, parseTracker } from '#protocol/tracker.ts'

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })

test('five bits a character, first bits first', () => {
  expect(encodeBase32(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff), 8)).toBe('ZZZZZZZZ')
  expect(encodeBase32(Uint8Array.of(0x08), 1)).toBe('1')
  expect(encodeBase32(Uint8Array.of(0b00000_000, 0b01_000000), 2)).toBe('01')
  expect(encodeBase32(Uint8Array.of(0x80), 3)).toBe('G00')
  expect(group('ABCDEFGHJ')).toBe('ABCD-EFGH-J')
})

describe('a tracker', () => {
  test('is read however it is typed', () => {
    fc.assert(
      fc.property(hash, (bytes) => {
        const tracker = formatTracker(bytes)
        expect(tracker).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/)
        expect(parseTracker(tracker)).toBe(tracker)
        const typed = tracker.toLowerCase().replace(/-/g, ' ').replace(/0/g, 'o').replace(/1/g, 'l')
        expect(parseTracker(typed)).toBe(tracker)
      }),
    )
  })
  test('follows from the first 80 bits', () => {
    fc.assert(
      fc.property(hash, fc.integer({ min: 0, max: 31 }), (bytes, at) => {
        const other = bytes.with(at, (bytes[at] ?? 0) ^ 1)
        expect(formatTracker(other) === formatTracker(bytes)).toBe(at >= 10)
      }),
    )
  })
  test('with one character changed is refused', () => {
    const tracker = formatTracker(Uint8Array.from({ length: 32 }, (_, i) => 7 * i))
    for (let at = 0; at < tracker.length; at++) {
      if (tracker[at] === '-') continue
      for (const other of '0123456789ABCDEFGHJKMNPQRSTVWXYZ') {
        if (other === tracker[at]) continue
        expect(parseTracker(tracker.slice(0, at) + other + tracker.slice(at + 1))).toBeUndefined()
      }
    }
  })
  test('is nothing else', () => {
    for (const typed of ['', 'ABCD', formatTracker(new Uint8Array(32)) + '0', 'UUUU-0000-0000-0000-0000'])
      expect(parseTracker(typed)).toBeUndefined()
    expect(normalizeBase32('U')).toBeUndefined()
    expect(normalizeBase32('a!')).toBeUndefined()
    // The dotless i and the long s become I and S in upper case.
    for (const foreign of ['\u0131', '\u017f', '\uff11']) expect(normalizeBase32(foreign)).toBeUndefined()
  })
})
