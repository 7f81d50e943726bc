// P4: the same person recognised in two processes, or behind support and pseudonym in one. By construction the names are
// values of Poseidon at different places; here they are also looked at as somebody with all names would. SPEC 4.3, 12.2.
import { expect, test } from 'vitest'
import { nullifier } from '#circuits/credential.ts'
import { sha256 } from '#crypto/hash.ts'
import { hashToField } from '#crypto/hash.ts'
import type { LogOrigin } from '#protocol/genesis.ts'
import { type Deed, signalScope } from '#protocol/signal.ts'
import { nameOf } from '#web/process/pseudonym.ts'
import { textOf } from '../tally/people.ts'

const PEOPLE = 1000
const BITS = 253
const log: LogOrigin = { origin: 'example.org/log', genesis: sha256(Uint8Array.of(1)) }
const speak: Deed = { type: 'propose', text: textOf('A pond') }
const scopes = {
  'a process': signalScope(log, 'parks', speak),
  'another process': signalScope(log, 'schools', speak),
  'support of a proposal': signalScope(log, 'parks', { type: 'support', proposal: 7, on: true }),
  'support of the next one': signalScope(log, 'parks', { type: 'support', proposal: 8, on: true }),
  'a verified name': signalScope(log, 'parks', { ...speak, as: 'speaker' }),
  reports: signalScope(log, 'parks', { type: 'report', target: 7, reason: 'spam' }),
}
const secrets = Array.from({ length: PEOPLE }, (_, i) =>
  hashToField('test-voter', Uint8Array.of(1, i >> 8, i)),
)
const names = Object.entries(scopes).map(
  ([where, scope]) => [where, secrets.map((secret) => nullifier(secret, scope))] as const,
)
const pairs = names.flatMap((one, i) => names.slice(i + 1).map((other) => [one, other] as const))

test('one person has one pseudonym in a process, whatever they say there', () => {
  const all: Deed[] = [
    speak,
    { type: 'comment', about: 7, stance: 'for', text: textOf('Yes') },
    { type: 'erase', target: 7 },
    { type: 'appeal', target: 7, text: textOf('No') },
  ]
  expect(new Set(all.map((deed) => signalScope(log, 'parks', deed))).size).toBe(1)
})

test.each(pairs.map(([[here, a], [there, b]]) => ({ here, there, a, b })))(
  '$here and $there: no name in common, no bit that follows the other, no order that stays',
  ({ a, b }) => {
    expect(new Set([...a, ...b]).size).toBe(2 * PEOPLE)
    // Equal bits at the same place: half of them, within six standard deviations.
    const deviation = Math.sqrt(PEOPLE / 4)
    for (let bit = 0n; bit < BITS; bit++) {
      const same = a.filter((name, i) => (((name ^ (b[i] ?? 0n)) >> bit) & 1n) === 0n).length
      // The highest bits of a field element are not even: below r, which begins with 0b110000.
      if (bit < BITS - 3) expect(Math.abs(same - PEOPLE / 2)).toBeLessThan(6 * deviation)
    }
    // Spearman's rank correlation of unrelated orders has a standard deviation of 1 / sqrt(n - 1).
    expect(Math.abs(rankCorrelation(a, b))).toBeLessThan(6 / Math.sqrt(PEOPLE - 1))
    // The generated names of a process say no more.
    const shown = (those: readonly bigint[]) =>
      those.map((name) => nameOf(name.toString(16).padStart(64, '0')))
    const there = shown(b)
    expect(shown(a).filter((name, i) => name === there[i])).toEqual([])
  },
)

test('the measures see a link where there is one', () => {
  const a = names[0]?.[1] ?? []
  const linked = a.map((name) => name ^ 1n)
  expect(rankCorrelation(a, linked)).toBeGreaterThan(0.9)
})

function rankCorrelation(a: readonly bigint[], b: readonly bigint[]): number {
  const [x, y] = [ranks(a), ranks(b)]
  const squares = x.reduce((sum, rank, i) => sum + (rank - (y[i] ?? 0)) ** 2, 0)
  return 1 - (6 * squares) / (x.length * (x.length ** 2 - 1))
}

function ranks(values: readonly bigint[]): number[] {
  const sorted = [...values].sort((p, q) => (p < q ? -1 : 1))
  const place = new Map(sorted.map((value, i) => [value, i]))
  return values.map((value) => place.get(value) ?? -1)
}
