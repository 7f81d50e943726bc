// Registration codes: what is read back, what is refused (B9: one spelling is one code).
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCode } from '#protocol/registration-code.ts'
import { hashCode, makeCode } from '#server/data/code.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const code = fc.constant(null).map(makeCode)

test('a code is five groups, and reads back as itself', () => {
  fc.assert(
    fc.property(code, (made) => {
      expect(made).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]$/)
      expect(parseCode(made)).toBe(made)
    }),
  )
})

test('case, blanks, hyphens and look-alike letters do not matter', () => {
  const looks: Record<string, string[]> = { '0': ['0', 'O', 'o'], '1': ['1', 'I', 'i', 'L', 'l'] }
  const choice = fc.tuple(fc.nat(), fc.constantFrom('', ' ', '-', ' - ', '\u00a0'))
  fc.assert(
    fc.property(code, fc.array(choice, { minLength: 17, maxLength: 17 }), (made, choices) => {
      const typed = Array.from(made.replaceAll('-', ''))
        .map((digit, i) => {
          const [pick, blank] = choices[i] ?? [0, '']
          const forms = looks[digit] ?? [digit, digit.toLowerCase()]
          return (forms[pick % forms.length] ?? digit) + blank
        })
        .join('')
      expect(parseCode(typed)).toBe(made)
    }),
  )
})

test('any one wrong character and any two exchanged ones are refused', () => {
  for (let round = 0; round < 20; round++) {
    const made = makeCode().replaceAll('-', '')
    for (let i = 0; i < 17; i++) {
      for (const digit of ALPHABET) {
        if (digit !== made[i]) expect(parseCode(made.slice(0, i) + digit + made.slice(i + 1))).toBeUndefined()
      }
      for (let j = 0; j < i; j++) {
        if (made[i] === made[j]) continue
        const swapped = Array.from(made)
        ;[swapped[i], swapped[j]] = [made[j] ?? '', made[i] ?? '']
        expect(parseCode(swapped.join(''))).toBeUndefined()
      }
    }
  }
})

test('what is no code is refused, also where upper-casing would make one of it', () => {
  const made = makeCode()
  const wrong = ['', '-', made.slice(1), `${made}0`, made.replace(/^./, 'U'), `${made}*`, `${made}\0`]
  const full = Array.from(made)
    .map((c) => (c === '-' ? c : String.fromCharCode(c.charCodeAt(0) + 0xfee0)))
    .join('')
  for (const typed of [...wrong, full, made + ' '.repeat(64)]) expect(parseCode(typed), typed).toBeUndefined()
  // Dotless i and long s, whose upper case is I and S.
  const withOne = findCode('1')
  expect(parseCode(withOne.replace('1', 'i'))).toBe(withOne)
  expect(parseCode(withOne.replace('1', '\u0131'))).toBeUndefined()
  const withS = findCode('S')
  expect(parseCode(withS.replace('S', 's'))).toBe(withS)
  expect(parseCode(withS.replace('S', '\u017f'))).toBeUndefined()
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => parseCode(text) === undefined))
})

test('different codes have different hashes of 32 bytes, and a hash stays as it is', () => {
  expect(hashCode(makeCode())).toHaveLength(32)
  expect(hashCode(makeCode())).not.toEqual(hashCode(makeCode()))
  expect(parseCode('0000-0000-0000-0000-0')).toBe('0000-0000-0000-0000-0')
  expect(parseCode('0000-0000-0000-0001-2')).toBe('0000-0000-0000-0001-2')
})

function findCode(character: string): string {
  for (;;) {
    const made = makeCode()
    if (made.includes(character)) return made
  }
}
