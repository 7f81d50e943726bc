// SPEC 12.12: which names may stand, and which of them people could take for one another.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isName, LONGEST_NAME, lookOf } from '#protocol/name.ts'

describe('names of all scripts stand', () => {
  test.each([
    ...[
      'Anna Virtanen',
      'Åsa Öberg',
      'J. R. R. Tolkien',
      'Martin Luther King Jr.',
      'Seán Ó’Briain',
      "Jeanne d'Arc",
    ],
    ...['Jean-Luc Picard', 'Núria Gal·la', 'Nguyễn Thị Minh Khai', 'Мария Иванова', 'Γιώργος Σεφέρης'],
    ...[
      'אברהם לוי',
      'صلاح الدين',
      'पुष्पा देवी',
      'สมชาย ใจดี',
      '한 지민',
      '山田 太郎',
      'ジョン・スミス'.replace('・', ' '),
    ],
    'x'.repeat(LONGEST_NAME),
  ])('%s', (name) => expect(isName(name.normalize('NFC'))).toBe(true))
})

describe('what is no name does not', () => {
  test.each(
    Object.entries({
      'a Cyrillic letter among Latin ones': '\u0410nna Virtanen',
      'words of two scripts': 'Anna \u0421\u043e\u0441\u043e',
      'an override of the order': 'Anna \u202enenatriV',
      'an isolate': 'Anna \u2067Virtanen',
      'a mark of direction': 'Anna\u200f Virtanen',
      'a joiner that nobody sees': 'Anna\u200d Virtanen',
      'a blank of no width': 'Anna\u200bVirtanen',
      'a blank of another kind': 'Anna\u00a0Virtanen',
      'a soft hyphen': 'An\u00adna Virtanen',
      'a letter and its mark apart': 'A\u030asa \u00d6berg',
      'a heap of marks': `A\u0316\u0317\u0318\u0319nna Virtanen`,
      'a mark alone': '\u0301 Anna',
      'letters of mathematics': '\ud835\udc00nna Virtanen',
      'a check mark as of verified names': 'Anna Virtanen \u2713',
      'a number as of names that look the same': 'Anna Virtanen (2)',
      'a digit': 'Ann4 Virtanen',
      'two blanks': 'Anna  Virtanen',
      'a blank at the end': 'Anna Virtanen ',
      'a line of its own': 'Anna\nVirtanen',
      'a comma': 'Virtanen, Anna',
      markup: '<b>Anna</b>',
      'one letter': 'A',
      'no letter': '. -',
      nothing: '',
      'too long': 'x'.repeat(LONGEST_NAME + 1),
    }),
  )('%s', (_, name) => expect(isName(name)).toBe(false))
})

describe('names that look the same are the same to whoever numbers them', () => {
  test.each([
    ['Anna Virtanen', 'ANNA VIRTANEN'],
    ['Anna Virtanen', 'Änna Virtanén'],
    ['Anna-Maria', 'Anna Maria'],
    ["O'Brien", 'O\u2019Brien'],
    ['Ida Illman', 'lda lIIman'],
    ['Arne', 'Ame'],
    ['Coco', '\u0421\u043e\u0441\u043e'],
    ['Anna', '\uff21\uff4e\uff4e\uff41'],
    ['Nina', '\u039d\u0399\u039d\u0391'],
  ])('%s and %s', (one, other) => expect(lookOf(one)).toBe(lookOf(other)))

  test('and others are not', () => {
    const names = [
      'Anna Virtanen',
      'Anne Virtanen',
      'Jane Doe',
      'Мария Иванова',
      '山田 太郎',
      '山田 次郎',
      'पुष्पा',
      'पोषपी',
    ]
    expect(new Set(names.map(lookOf)).size).toBe(names.length)
  })
})

test('no text that stands as a name is turned, hidden or of two scripts, whatever somebody tries', () => {
  const unit = fc.constantFrom(...Array.from('Anna Åé\u0301.-\u2019\u202e\u200b\u0430\u03b1(2)山'))
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
      if (!isName(text)) return
      expect(text).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{N}]/u)
      const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Han}/u]
      expect(scripts.filter((script) => script.test(text))).toHaveLength(1)
    }),
  )
})
