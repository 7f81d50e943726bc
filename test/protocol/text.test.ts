// SPEC 12.4: a commitment to a text holds for that text and key, and for nothing else.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkText, commitText, TEXT_KEY_BYTES } from '#protocol/text.ts'
import { flip } from '../tally/verifying.ts'

const key = fc.uint8Array({ minLength: TEXT_KEY_BYTES, maxLength: TEXT_KEY_BYTES })

test('any text', () => {
  fc.assert(
    fc.property(key, fc.string({ unit: 'grapheme' }), (own, text) => {
      const commitment = commitText(own, text)
      expect(checkText(commitment, own, text)).toBe(true)
      expect(checkText(commitment, own, `${text} `)).toBe(false)
      expect(checkText(commitment, flip(own, 31), text)).toBe(false)
      expect(checkText(flip(commitment, 31), own, text)).toBe(false)
    }),
  )
})

test('a key of another length, which HMAC would fill up with zeros', () => {
  const short = new Uint8Array(31).fill(1)
  const commitment = commitText(short, 'A pond')
  expect(commitText(new Uint8Array([...short, 0]), 'A pond')).toEqual(commitment)
  expect(checkText(commitment, short, 'A pond')).toBe(false)
})
