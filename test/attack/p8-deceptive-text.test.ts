// P8: characters that are not seen make a name or a text look like another: overrides and isolates that turn the order of
// what follows (CVE-2021-42574), controls, two spellings of the same letters. No entry holds any of them. SPEC 2.1.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isPlain, plain } from '#protocol/text.ts'
import { committed, Correspondence, words } from '../server/correspondence.ts'
import { refusal } from '../server/stage.ts'
import { contest, Scene } from '../tally/scene.ts'

const DECEPTIVE = {
  'an override to the right-to-left': 'A \u202egnp.exe',
  'an embedding': 'A \u202apond',
  'an isolate that does not end': 'A \u2067pond',
  'a null': 'A\0pond',
  'a backspace': 'A pond\b\b\b\bbank',
  'an escape of terminals': '\x1b[2Jpond',
  'a carriage return': 'A bank\rA pond',
  'a letter and its accent apart': 'Cafe\u0301',
  'half a character': 'A \ud83d pond',
}

let at: Correspondence
beforeAll(async () => {
  at = await Correspondence.begin(2)
})
afterAll(() => at[Symbol.asyncDispose]())

test.each(Object.entries(DECEPTIVE))('%s: in no text, title or name', async (_, text) => {
  expect(isPlain(text)).toBe(false)
  const scene = new Scene()
  scene.found()
  expect(() => scene.signed({ type: 'create-process', title: text })).toThrow()
  expect(() => new Scene({ contests: [contest({ title: { en: text } })] }).prepare()).toThrow()
  expect(() => new Scene({ manifest: { organiser: text } }).prepare()).toThrow()

  const deed = { type: 'propose', text: committed(text) } as const
  const response = await at.send(at.people.signal(0, deed), words(text))
  expect(await refusal(response)).toEqual([400, 'malformed'])
})

test('what people type or paste becomes a text that an entry holds', () => {
  expect(plain('Cafe\u0301\r\nA \u202epond\0')).toBe('Café\nA pond')
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => isPlain(plain(text))))
})

test('texts of all languages stay as they are', () => {
  for (const text of [
    'Ääkköset',
    'Gàidhlig',
    'עברית עם English',
    'العربية \u200f',
    '日本語',
    '👩‍👩‍👧',
    'a\tb\nc',
  ])
    expect(plain(text.normalize('NFC'))).toBe(text.normalize('NFC'))
})
