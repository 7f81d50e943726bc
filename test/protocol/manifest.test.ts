// SPEC 8.1: each thing that can be wrong with a manifest, named.
import { describe, expect, test } from 'vitest'
import { problemSentence } from '#cli/manifest-problem.ts'
import { encodeCbor } from '#protocol/codec.ts'
import { checkManifest } from '#protocol/contest.ts'
import { decodeEntry, encodeEntry, MAX_ENTRY_BYTES } from '#protocol/entry.ts'
import { type Contest, defaultQuorum, type Manifest } from '#protocol/manifest.ts'
import { contest, Scene } from '../tally/scene.ts'
import { refusalOf } from '../tally/verifying.ts'

const scene = new Scene({ guardians: 3, threshold: 2 })
scene.found()
const sound = scene.manifest
type Option = Contest['options'][number]
const problems = (changes: Partial<Manifest>) => checkManifest({ ...sound, ...changes }).map(problemSentence)
const inContest = (changes: Partial<Contest>) => problems({ contests: [contest(changes)] })
const options = (n: number, cost?: bigint) =>
  Array.from({ length: n }, (_, i) => ({
    id: `o${i}`,
    title: { en: `Option ${i}` },
    ...(cost !== undefined && { cost }),
  }))

/** The entry that defines an election whose first option and contest are changed, whatever the schema says. */
function definition(changes: Record<string, unknown>, around: Record<string, unknown> = {}): Uint8Array {
  const [first] = contest().options
  const act = scene.signed({ type: 'define-election', election: 'e', manifest: sound })
  const changed = { ...contest({ options: [] }), ...around, options: [{ ...first, ...changes }] }
  const content = { ...act, act: { ...act.act, manifest: { ...sound, contests: [changed] } } }
  return encodeCbor(['act', content])
}

test('a sound manifest has no problem', () => expect(checkManifest(sound)).toEqual([]))

describe('times and guardians', () => {
  const quorum = 'the quorum of intents is not between threshold and number of guardians'
  const threshold = 'the threshold is not between 1 and the number of guardians'
  const small = 'a quorum below (n + t) / 2 needs a threshold above n / 2'
  const [g1, g2, g3] = sound.guardians
  if (g1 === undefined || g2 === undefined || g3 === undefined) throw new Error('three guardians')
  const cases: [string, Partial<Manifest>, string[]][] = [
    ['closes when it opens', { closesAt: sound.opensAt }, ['closes before it opens']],
    ['threshold 0', { threshold: 0, quorum: 2 }, [threshold]],
    ['threshold above n', { threshold: 4, quorum: 4 }, [threshold, quorum]],
    ['quorum below t', { threshold: 2, quorum: 1 }, [quorum]],
    ['quorum above n', { quorum: 4 }, [quorum]],
    ['small quorum with a small threshold', { threshold: 1, quorum: 1 }, [small]],
    ['small quorum with a large threshold', { threshold: 2, quorum: 2 }, []],
    ['minimum of no ballots', { minBallots: 0 }, ['fewer than one ballot cannot be decrypted']],
    ['a guardian twice', { guardians: [g1, g2, { ...g3, key: g1.key }] }, ['two guardians share a key']],
  ]
  for (const [name, changes, expected] of cases) test(name, () => expect(problems(changes)).toEqual(expected))
  test('default quorum', () =>
    expect(
      [
        [1, 1],
        [3, 2],
        [4, 3],
        [5, 3],
        [7, 4],
      ].map(([n = 0, t = 0]) => defaultQuorum(n, t)),
    ).toEqual([1, 2, 4, 4, 6]))
})

describe('texts', () => {
  const texts = 'a text misses a language or has one too many'
  test('a language twice', () =>
    expect(problems({ languages: ['en', 'en'] })).toContain('a language is listed twice'))
  test('a translation missing', () => {
    expect(problems({ languages: ['en', 'fi'] })).toEqual([texts, `contest 0: ${texts}`])
    expect(problems({ title: { en: 'A', fi: 'B' } })).toEqual([texts])
    expect(inContest({ title: { fi: 'B' } })).toEqual([`contest 0: ${texts}`])
    const [first, ...rest] = contest().options
    if (first === undefined) throw new Error('an option')
    expect(inContest({ options: [{ ...first, title: { en: 'A', fi: 'B' } }, ...rest] })).toEqual([
      `contest 0: ${texts}`,
    ])
  })
})

describe('what voters are shown of an option', () => {
  const picture = { hash: new Uint8Array(32), alt: { en: 'A bench' } }
  const shown = (changes: Partial<Option>) =>
    inContest({
      options: contest().options.map((option, i) => (i === 0 ? { ...option, ...changes } : option)),
    })
  const texts = ['contest 0: a text misses a language or has one too many']
  test('descriptions and words for pictures are in every language', () => {
    expect(shown({ description: { en: 'Long' }, picture, point: { lat: -1, lon: 1 } })).toEqual([])
    expect(shown({ description: { fi: 'Long' } })).toEqual(texts)
    expect(shown({ picture: { ...picture, alt: { en: 'A bench', fi: 'Penkki' } } })).toEqual(texts)
    expect(inContest({ description: { fi: 'Long' } })).toEqual(texts)
  })
  const point = (lat: number, lon: number) =>
    refusalOf(() => decodeEntry(definition({ point: { lat, lon } })))
  test.each([
    [90e6, 180e6, 'accepted'],
    [-90e6, -180e6, 'accepted'],
    [90e6 + 1, 0, 'malformed'],
    [-90e6 - 1, 0, 'malformed'],
    [0, 180e6 + 1, 'malformed'],
    [0, -180e6 - 1, 'malformed'],
    [0.5, 0, 'malformed'],
  ])('a place at %d, %d millionths of a degree is %s', (lat, lon, answer) => {
    expect(point(lat, lon)).toBe(answer)
  })
  test.each(['', 'Fixed', 'random'])('no order is called "%s"', (order) => {
    expect(refusalOf(() => decodeEntry(definition({}, { order })))).toBe('malformed')
  })
  test.each([
    ['PLN', 'accepted'],
    ['pln', 'malformed'],
    ['PL', 'malformed'],
    ['EURO', 'malformed'],
    ['€', 'malformed'],
  ])('costs in "%s" are %s', (currency, answer) => {
    expect(refusalOf(() => decodeEntry(definition({}, { currency })))).toBe(answer)
  })
  test('128 options with title, description, picture and place fit an entry, and 60,000 bytes are the limit', () => {
    const rule = { type: 'approval' as const, min: 0n, max: 5n }
    const of = (length: number): Partial<Contest> => ({
      ...{ rule, order: 'rotated', count: { name: 'approval', seats: 1 } },
      options: options(128, 2n ** 32n - 1n).map((option) => ({
        ...option,
        title: { en: 'A title that tells options apart' },
        description: { en: 'd'.repeat(length) },
        picture: { hash: new Uint8Array(32), alt: { en: 'A picture of the very place' } },
        point: { lat: -89_000_000, lon: -179_000_000 },
      })),
    })
    expect(inContest(of(200))).toEqual([])
    const manifest = { ...sound, contests: [contest(of(200))] }
    const act = scene.signed({ type: 'define-election', election: 'x'.repeat(64), manifest })
    const approvals = Array.from({ length: 10 }, () => act.approvals).flat()
    expect(encodeEntry(['act', { ...act, approvals }]).length).toBeLessThanOrEqual(MAX_ENTRY_BYTES)
    expect(inContest(of(300))).toEqual(['it is larger than 60000 bytes: shorten descriptions'])
  })
})

describe('contests', () => {
  test('an option twice', () => {
    const [first] = contest().options
    if (first === undefined) throw new Error('an option')
    expect(inContest({ options: [first, first] })).toEqual(['contest 0: two options share an id'])
  })
  test('costs', () => {
    const count = { name: 'greedy' as const, budget: 10n }
    expect(inContest({ options: options(2), count })).toEqual(['contest 0: an option has no cost'])
    expect(inContest({ options: options(2, 0n), count })).toEqual([])
  })
  test('seats', () => {
    for (const [seats, good] of [
      [0, false],
      [1, true],
      [2, true],
      [3, false],
    ] as const)
      expect(inContest({ count: { name: 'plurality', seats } })).toEqual(
        good ? [] : ['contest 0: seats are not between 1 and the options'],
      )
  })
  test('a count of another kind of ballot', () => {
    expect(inContest({ count: { name: 'approval', seats: 1 } })).toEqual([
      'contest 0: the rule is not counted like this: plurality, approval',
    ])
    const rule = { type: 'ranking' as const, min: 1n, max: 2n }
    expect(inContest({ rule, count: { name: 'borda', seats: 1 } })).toEqual([])
    const knapsack = { type: 'knapsack' as const, budget: 10n }
    expect(inContest({ rule: knapsack, count: { name: 'plurality', seats: 1 } })).toEqual([
      'contest 0: the rule is not counted like this: knapsack, plurality',
    ])
  })
  test('slots', () => {
    const rule = { type: 'approval' as const, min: 0n, max: 5n }
    const count = { name: 'approval' as const, seats: 1 }
    expect(inContest({ options: options(128), rule, count })).toEqual([])
    expect(inContest({ options: options(128), rule, count, blank: true })).toEqual([
      'contest 0: more than 128 slots',
    ])
  })
  test('rules that no vote fits', () => {
    const nobody = ['contest 0: the rule cannot be kept: no values satisfy the rule']
    const count = { name: 'approval' as const, seats: 1 }
    expect(inContest({ rule: { type: 'approval', min: 2n, max: 2n }, count })).toEqual([])
    expect(inContest({ rule: { type: 'approval', min: 3n, max: 3n }, count })).toEqual(nobody)
    expect(inContest({ rule: { type: 'approval', min: 2n, max: 1n }, count })).toEqual([
      'contest 0: the rule cannot be kept: the least sum exceeds the largest',
      'contest 0: the rule cannot be kept: the least count exceeds the largest',
    ])
    const borda = { name: 'borda' as const, seats: 1 }
    expect(inContest({ rule: { type: 'borda', points: [2n, 1n] }, count: borda })).toEqual([])
    expect(inContest({ rule: { type: 'borda', points: [3n, 2n, 1n] }, count: borda })).toEqual(nobody)
    const cumulative = { type: 'cumulative' as const, minTotal: 5n, maxTotal: 5n, max: 2n }
    expect(inContest({ rule: cumulative, count: { name: 'cumulative', seats: 1 } })).toEqual(nobody)
  })
  test('numbers too wide for the circuit', () => {
    const quadratic = { type: 'quadratic' as const, credits: 2n ** 53n, max: 5n }
    expect(inContest({ rule: quadratic, count: { name: 'quadratic', seats: 1 } })).toEqual([
      'contest 0: the rule cannot be kept: the largest budget is too wide',
    ])
    const rule = { type: 'knapsack' as const, budget: 10n }
    const count = { name: 'greedy' as const, budget: 10n }
    expect(inContest({ rule, count, options: options(2, 2n ** 32n) })).toEqual([
      'contest 0: the rule cannot be kept: a cost or the budget per weight is not below 2^32',
    ])
  })
})
