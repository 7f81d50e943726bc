// SPEC 2.1, 7.1, 7.2: one reading for each byte string, one writing for each message.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { concat, equalBytes, fromHex, toHex } from '#crypto/encoding.ts'
import {
  amount,
  codec,
  decodeCbor,
  encodeCbor,
  integer,
  language,
  slug,
  text,
  texts,
} from '#protocol/codec.ts'
import { decodeEntry, encodeEntry, MAX_ENTRY_BYTES, type Entry } from '#protocol/entry.ts'
import { Refusal } from '#protocol/refusal.ts'
import { Scene } from '../tally/scene.ts'

const TIME = encodeEntry(['time', 1_767_225_600_000])

function code(bytes: Uint8Array): string {
  try {
    decodeEntry(bytes)
    return 'accepted'
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

describe('an entry in other bytes than its own is refused', () => {
  // 82 64 "time" 1b 0000019b76dac400: an array of two, text of four, an integer in eight bytes.
  const value = toHex(TIME).slice(12)
  const cases: Record<string, string> = {
    'array length in two bytes': `98026474696d65${value}`,
    'text length in two bytes': `82780474696d65${value}`,
    'array of indefinite length': `9f6474696d65${value}ff`,
    'text of indefinite length': `827f6474696d65ff${value}`,
    'a tag before the integer': `826474696d65c1${value}`,
    'a float': `826474696d65fb4279b76dac400000`,
    'a small integer in two bytes': '826474696d651805',
    'a small integer in nine bytes': '826474696d651b0000000000000005',
    'a negative integer': '826474696d6520',
    'a float that is whole': '826474696d65f93c00',
    'a string for the integer': '826474696d656135',
    null: '826474696d65f6',
    undefined: '826474696d65f7',
    'a bignum': '826474696d65c24105',
    'a third item': `836474696d65${value}00`,
    'one item': '816474696d65',
    'trailing bytes': `826474696d65${value}00`,
    'an unknown type': `8264746f6d65${value}`,
    'a map for the array': `a16474696d65${value}`,
    'no bytes': '',
    'cut short': toHex(TIME).slice(0, -2),
  }
  test('positive control', () => {
    expect(toHex(TIME)).toBe(`826474696d65${value}`)
    expect(code(TIME)).toBe('accepted')
    expect(code(fromHex('826474696d6505'))).toBe('accepted')
  })
  for (const [name, bytes] of Object.entries(cases))
    test(name, () => expect(code(fromHex(bytes))).toBe('malformed'))
})

describe('maps', () => {
  const pair = codec(z.strictObject({ a: integer(10n), bb: z.optional(integer(10n)) }))
  const refused = (bytes: string) =>
    expect(() => pair.decode(fromHex(bytes))).toThrow(expect.objectContaining({ code: 'malformed' }))

  test('positive control', () => {
    expect(pair.decode(fromHex('a2616101626262' + '02'))).toEqual({ a: 1n, bb: 2n })
    expect(pair.decode(fromHex('a1616101'))).toEqual({ a: 1n })
  })
  test('keys out of order', () => refused('a262626202616101'))
  test('a key twice', () => refused('a2616101616101'))
  test('an unknown key', () => refused('a2616101616202'))
  test('a missing key', () => refused('a162626202'))
  test('null for an optional key', () => refused('a2616101626262f6'))
  test('an integer as a key', () => refused('a10101'))
  test('a key of the prototype', () => refused('a2616101695f5f70726f746f5f5f01'))
  test('above the bound', () => refused('a161610b'))
  test('text that is not UTF-8', () => {
    for (const bytes of ['61ff', '62c328', '63edbfbf', '63e08080'])
      expect(() => decodeCbor(fromHex(bytes))).toThrow(Refusal)
  })
  test('the order of keys is that of their encodings', () =>
    expect(toHex(encodeCbor({ bb: 1, a: 2, c: 3 }))).toBe('a3616102616303626262' + '01'))
})

describe('shapes', () => {
  const accepts = (schema: z.ZodMiniType, value: unknown) => {
    try {
      codec(schema).decode(encodeCbor(value))
      return true
    } catch (error) {
      if (error instanceof Refusal) return false
      throw error
    }
  }
  test('amounts are below 2^63', () => {
    expect(accepts(amount, 2n ** 63n - 1n)).toBe(true)
    expect(accepts(amount, 2n ** 63n)).toBe(false)
    expect(accepts(amount, -1)).toBe(false)
    expect(accepts(amount, 1.5)).toBe(false)
  })
  test('text is in normal form C, not empty, not too long', () => {
    expect(accepts(text(3), 'é')).toBe(true)
    expect(accepts(text(3), 'e\u0301')).toBe(false)
    expect(accepts(text(3), 'a\u202e')).toBe(false)
    expect(accepts(text(3), 'a\n\t')).toBe(true)
    expect(accepts(text(3), '')).toBe(false)
    expect(accepts(text(3), 'abcd')).toBe(false)
  })
  test('slugs', () => {
    for (const good of ['a', 'a-b', 'x1-2', 'a'.repeat(64)]) expect(accepts(slug, good), good).toBe(true)
    for (const bad of ['', '-a', 'a-', 'a--b', 'A', 'ä', 'a b', 'a/b', '..', 'a\n', 'a'.repeat(65)])
      expect(accepts(slug, bad), bad).toBe(false)
  })
  test('languages, and texts in at least one', () => {
    for (const good of ['en', 'gd', 'de-AT', 'fil']) expect(accepts(language, good), good).toBe(true)
    for (const bad of ['EN', 'e', 'en-', 'en-gb', 'en\n']) expect(accepts(language, bad), bad).toBe(false)
    expect(accepts(texts(5), { en: 'a', fi: 'b' })).toBe(true)
    expect(accepts(texts(5), {})).toBe(false)
    expect(accepts(texts(5), { english: 'a' })).toBe(false)
    expect(accepts(texts(5), { ['__proto__']: 'a' })).toBe(false)
  })
})

describe('every entry of an election', () => {
  const scene = new Scene()
  scene.prepare()
  scene.keygen()
  scene.open()
  scene.cast(0, [1n, 0n])

  test('has one writing', () => {
    expect(new Set(scene.entries.map((bytes) => decodeEntry(bytes)[0]))).toEqual(
      new Set(['genesis', 'time', 'act', 'guardian', 'ballot']),
    )
    for (const bytes of scene.entries) expect(toHex(encodeEntry(decodeEntry(bytes)))).toBe(toHex(bytes))
  })
  test('with one bit changed says something else, in canonical bytes, or nothing', () => {
    const entry = fc.constantFrom(...scene.entries)
    fc.assert(
      fc.property(entry, fc.nat(), fc.nat(7), (bytes, at, bit) => {
        const place = at % bytes.length
        const changed = bytes.with(place, (bytes[place] ?? 0) ^ (1 << bit))
        let read: Entry
        try {
          read = decodeEntry(changed)
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal)
          return
        }
        expect(equalBytes(encodeEntry(read), changed)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
  test('is refused with anything before, after or missing', () => {
    for (const bytes of scene.entries) {
      expect(code(concat(bytes, Uint8Array.of(0)))).toBe('malformed')
      expect(code(bytes.slice(0, -1))).toBe('malformed')
      expect(code(bytes.slice(1))).toBe('malformed')
    }
  })
})

test('plain data survives, and equal data has equal bytes', () => {
  const leaf = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.string({ unit: 'binary' }),
    fc.uint8Array(),
    fc.boolean(),
  )
  const data = fc.letrec((tie) => ({
    any: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('any')), fc.dictionary(fc.string(), tie('any'))),
  })).any
  fc.assert(
    fc.property(data, (value) => {
      const bytes = encodeCbor(value)
      expect(toHex(encodeCbor(decodeCbor(bytes)))).toBe(toHex(bytes))
    }),
  )
})

test('an entry has at most 65,535 bytes', () => {
  expect(code(new Uint8Array(MAX_ENTRY_BYTES + 1))).toBe('too-large')
  expect(code(new Uint8Array(MAX_ENTRY_BYTES))).toBe('malformed')
})

test('deep nesting is refused, not a crash', () => {
  expect(code(new Uint8Array(65_000).fill(0x81))).toBe('malformed')
})
