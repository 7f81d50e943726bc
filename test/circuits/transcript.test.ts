// SPEC 10.2: the transcript of a ceremony. Nothing in it can be changed without a reader noticing which contribution it was.
import { describe, expect, test } from 'vitest'
import {
  BEACON_ITERATIONS,
  beaconContribution,
  checkTranscript,
  type Contribution,
  contribution,
  contributionHash,
  drawBeacon,
  formatTranscript,
  isName,
  parseTranscript,
  type Transcript,
} from '#circuits/transcript.ts'
import { EncodingError, toHex } from '#crypto/encoding.ts'
import { chain, changed, keyOf } from './contributors.ts'

const beacon = { iterations: 10, value: Uint8Array.of(0xbe, 0xac) }
const drawn = drawBeacon(beacon)
const open = chain(['Ada', 11n], ['Ben', 13n])
const sound: Transcript = {
  ...open,
  contributions: [...open.contributions, beaconContribution(open, beacon, drawn.s, drawn.x)],
}
const key = keyOf(11n, 13n, drawn.x)
const problems = (transcript: Transcript, under = key) => checkTranscript(formatTranscript(transcript), under)
const POINTS = ['deltaAfter', 's', 'sx', 'rx'] as const
const cells = sound.contributions.flatMap((_, at) =>
  ([...POINTS, 'hash'] as const).map((field): [string, number, typeof field] => [
    `${field} of contribution ${at + 1}`,
    at,
    field,
  ]),
)

/** The contribution of another chain at the same place: proper points, valid by themselves. */
const foreign = chain(['Uta', 17n], ['Vic', 19n], ['Wim', 23n]).contributions

test('a chain of two contributors and a beacon holds, and its bytes say nothing else', () => {
  expect(problems(sound)).toEqual([])
  expect(parseTranscript(formatTranscript(sound))).toEqual(sound)
})

describe('noticed, with the contribution named', () => {
  const namesIt = (transcript: Transcript, at: number) =>
    expect(problems(transcript).some((problem) => problem.startsWith(`contribution ${at + 1} `))).toBe(true)

  test.each(cells)('%s from another chain', (_, at, field) => {
    namesIt(changed(sound, at, { [field]: foreign[at]?.[field] }), at)
  })
  test.each(cells)('%s with one bit changed', (_, at, field) => {
    const bytes = Uint8Array.from(sound.contributions[at]?.[field] ?? [])
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    namesIt(changed(sound, at, { [field]: bytes }), at)
  })
  test.each(POINTS)('%s neutral', (field) => {
    const zero = new Uint8Array(field === 'rx' ? 128 : 64)
    expect(problems(changed(sound, 0, { [field]: zero }))).toContain(
      'contribution 1 (Ada) has a point that is off its curve or neutral',
    )
  })
  test.each([0, 1])('another name on contribution %i', (at) =>
    namesIt(changed(sound, at, { name: 'Eve' }), at),
  )
  test('a beacon under a name of its own', () =>
    expect(problems(changed(sound, 2, { name: 'Eve' }))).toEqual([
      'contribution 3 (Eve) is a beacon of another name',
    ]))
  test('another value or count of iterations of the beacon', () => {
    for (const other of [
      { ...beacon, value: Uint8Array.of(0xbe, 0xad) },
      { ...beacon, iterations: 11 },
      { ...beacon, iterations: BEACON_ITERATIONS.most + 1 },
      { ...beacon, iterations: BEACON_ITERATIONS.least - 1 },
    ]) {
      expect(problems(changed(sound, 2, { beacon: other }))).toEqual([
        'contribution 3 (beacon) does not follow from the value of its beacon',
      ])
    }
  })
  test('contributors in another order', () => {
    const [first, second, third] = sound.contributions as [Contribution, Contribution, Contribution]
    namesIt({ ...sound, contributions: [second, first, third] }, 0)
  })
  test('a contribution after the beacon', () => {
    const more = { ...sound, contributions: [...sound.contributions, contribution(sound, 'Late', 29n)] }
    expect(problems(more, keyOf(11n, 13n, drawn.x, 29n))).toEqual([
      'contribution 3 (beacon) is a beacon and not the last',
    ])
  })
})

test('a key with another delta is noticed, and so is a chain cut at its end', () => {
  const mismatch = ['the last contribution does not lead to the delta of the verification key']
  expect(problems(sound, keyOf(11n, 13n))).toEqual(mismatch)
  expect(problems(open)).toEqual(mismatch)
})

describe('names', () => {
  test.each(['Ada', 'Ada Lovelace', 'Åsa Öberg', '安田', 'a'.repeat(64), '🗳️ team'])(
    '%s may stand',
    (name) => {
      expect(isName(name)).toBe(true)
      expect(problems(chain([name, 7n]), keyOf(7n))).toEqual([])
    },
  )
  test.each(['', ' Ada', 'Ada ', 'A\nB', 'A\u0000', 'A\u202eB', 'a'.repeat(65), '\ufeff'])(
    '%j may not',
    (name) => {
      expect(isName(name)).toBe(false)
      expect(() => chain([name, 7n])).toThrow('a name has 1 to 64 characters and no control characters')
    },
  )
})

test('a name in bytes that are not UTF-8 is no transcript', () => {
  const bytes = formatTranscript(chain(['Ada', 7n]))
  expect(() => parseTranscript(bytes.with(bytes.length - 1, 0xff))).toThrow(EncodingError)
})

test('a beacon of no bytes, of too many, or too hard to recompute is refused', () => {
  for (const other of [
    { iterations: 10, value: new Uint8Array(0) },
    { iterations: 10, value: new Uint8Array(256) },
    { iterations: 9, value: Uint8Array.of(1) },
    { iterations: 21, value: Uint8Array.of(1) },
  ]) {
    expect(() => drawBeacon(other)).toThrow('a beacon has 1 to 255 bytes, and 10 to 20 as iterations')
  }
})

test('the hash that contributors publish covers every point and the chain before', () => {
  const [first] = sound.contributions as [Contribution]
  const hash = toHex(contributionHash(first))
  for (const field of [...POINTS, 'hash'] as const) {
    expect(toHex(contributionHash({ ...first, [field]: foreign[1]?.[field] }))).not.toBe(hash)
  }
  const elsewhere: Transcript = { circuit: new Uint8Array(64).fill(4), contributions: [] }
  expect(toHex(contributionHash(contribution(elsewhere, 'Ada', 11n)))).not.toBe(hash)
})
