// SPEC 6.6: links that carry a body's hash and an opening, and what a person may type instead.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { isNoted, noteLink, openingLink, readNoted, readOpeningLink } from '#protocol/challenge.ts'
import { formatTracker } from '#protocol/tracker.ts'

const ORIGIN = 'https://example.org'
const HASH = Uint8Array.from({ length: 32 }, (_, i) => 255 - i)
const TRACKER = formatTracker(HASH)

describe('what was noted', () => {
  test.each([
    ['the link', noteLink(ORIGIN, HASH), HASH],
    ['its fragment alone', new URL(noteLink(ORIGIN, HASH)).hash, HASH],
    ['the link of another origin', noteLink('http://localhost:8080', HASH), HASH],
    ['the hash in hexadecimal', toHex(HASH), HASH],
    ['the tracker', TRACKER, TRACKER],
    ['the tracker as somebody types it', TRACKER.toLowerCase().replaceAll('-', ' '), TRACKER],
  ])('%s', (_, text, noted) => {
    expect(readNoted(text)).toEqual(noted)
    expect(isNoted(noted, HASH)).toBe(true)
    for (const at of [0, 9]) expect(isNoted(noted, HASH.with(at, 7))).toBe(false)
  })
  test('a tracker says nothing of the rest of the hash, the hash all', () => {
    expect(isNoted(TRACKER, HASH.with(31, 7))).toBe(true)
    expect(isNoted(HASH, HASH.with(31, 7))).toBe(false)
  })
  test.each([
    ['nothing', ''],
    ['a tracker with a wrong checksum', TRACKER.replace(/.$/, (last) => (last === '0' ? '1' : '0'))],
    ['half a hash', toHex(HASH).slice(32)],
    ['a link with half a hash', noteLink(ORIGIN, HASH.slice(16))],
    ['a link with a character too many', `${noteLink(ORIGIN, HASH)}A`],
    ['a link with stray bits', noteLink(ORIGIN, HASH).replace(/.$/, 'B')],
    ['the link of an opening', openingLink(ORIGIN, HASH)],
  ])('%s is refused', (_, text) => {
    expect(readNoted(text)).toBeUndefined()
  })
})

test('any file survives its link, which is plain ASCII and no note', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 900 }), (file) => {
      const link = openingLink(ORIGIN, file)
      expect(link).toMatch(/^https:\/\/example\.org\/check#o=[A-Za-z0-9_-]*$/)
      expect(readOpeningLink(link)).toEqual(file)
      expect(readNoted(link)).toBeUndefined()
    }),
  )
  expect(readOpeningLink(noteLink(ORIGIN, HASH))).toBeUndefined()
  expect(readOpeningLink('opening.cbor')).toBeUndefined()
})
