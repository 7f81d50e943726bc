// W10: somebody without a code tries to register in another person's place by guessing codes, or to learn from the
// answers which codes exist.
import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { makeCode } from '#server/data/code.ts'
import { claim, importVoters, registration } from '#server/data/register.ts'
import { ENGINES, useDatabase } from '../server/data/engines.ts'

const people = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ row: `person-${i}`, weight: 1n }))

describe.each(ENGINES)('guessing registration codes on %s', (engine) => {
  const opened = useDatabase(engine)

  test('unknown and malformed codes get one and the same answer, and claim nothing', async () => {
    const { db } = opened
    const [issued] = await importVoters(db, { process: 'city', roll: 'north', rows: people(1) })
    if (!issued) throw new Error('no code was issued')
    const one = issued.code.startsWith('0') ? '1' : '0'
    const guesses = [
      makeCode(),
      '',
      'x',
      one + issued.code.slice(1),
      `${issued.code}0`,
      issued.code.slice(0, -1),
      '%'.repeat(19),
      `${issued.code}' OR '1'='1`,
      '\0'.repeat(19),
      '0'.repeat(100_000),
    ]
    const commitment = randomBytes(32)
    for (const code of guesses) {
      const answers = await Promise.allSettled([registration(db, { code }), claim(db, { code, commitment })])
      for (const answer of answers) {
        if (answer.status === 'fulfilled') throw new Error('a guess was accepted')
        const { name, message, code: refusal, line } = answer.reason as Record<string, unknown>
        expect({ name, message, refusal, line }).toEqual({
          name: 'RegisterRefusal',
          message: 'code-unknown',
          refusal: 'code-unknown',
          line: undefined,
        })
      }
    }
    // The same claim with the code itself is accepted: no guess has used it up.
    const accepted = await claim(db, { code: issued.code, commitment })
    expect(accepted.row).toBe('person-0')
  })
})

describe('entropy', () => {
  test('each of the 80 bits of a code is a coin toss of its own', () => {
    const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
    const codes = Array.from({ length: 8000 }, () => makeCode().replaceAll('-', '').slice(0, 16))
    expect(new Set(codes).size).toBe(8000)
    const bits = codes.map((code) =>
      Array.from(code).flatMap((digit) =>
        [16, 8, 4, 2, 1].map((bit) => (digits.indexOf(digit) & bit ? 1 : 0)),
      ),
    )
    // Six standard deviations of 8,000 tosses, sqrt(8000) / 2: a fair run fails once in ten million.
    const near = (count: number) => Math.abs(count - 4000) < (6 * Math.sqrt(8000)) / 2
    for (let i = 0; i < 80; i++) {
      expect(near(bits.filter((code) => code[i] === 1).length), `bit ${i}`).toBe(true)
      for (let j = 0; j < i; j++) {
        expect(near(bits.filter((code) => code[i] === code[j]).length), `bits ${j} and ${i}`).toBe(true)
      }
    }
  })

  test('a million guesses a second for a year at a million codes find one with probability below 1 in 10,000', () => {
    const guesses = 1e6 * 365 * 24 * 3600
    expect((guesses * 1e6) / 2 ** 80).toBeLessThan(1e-4)
  })
})
