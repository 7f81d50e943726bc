// SPEC 8.1: each thing that can be wrong with a manifest, named.
import { describe, expect, test } from 'vitest'
import { checkManifest } from '#protocol/contest.ts'
import { type Contest, defaultQuorum, type Manifest } from '#protocol/manifest.ts'
import { contest, Scene } from '../tally/scene.ts'

const sound = new Scene({ guardians: 3, threshold: 2 }).manifest
const problems = (changes: Partial<Manifest>) => checkManifest({ ...sound, ...changes })
const inContest = (changes: Partial<Contest>) => problems({ contests: [contest(changes)] })
const options = (n: number, cost?: bigint) =>
  Array.from({ length: n }, (_, i) => ({
    id: `o${i}`,
    title: { en: `Option ${i}` },
    ...(cost !== undefined && { cost }),
  }))

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
      'contest 0: rule plurality is not counted by approval',
    ])
    const rule = { type: 'ranking' as const, min: 1n, max: 2n }
    expect(inContest({ rule, count: { name: 'borda', seats: 1 } })).toEqual([])
    const knapsack = { type: 'knapsack' as const, budget: 10n }
    expect(inContest({ rule: knapsack, count: { name: 'plurality', seats: 1 } })).toEqual([
      'contest 0: rule knapsack is not counted by plurality',
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
    const nobody = ['contest 0: no values satisfy the rule']
    const count = { name: 'approval' as const, seats: 1 }
    expect(inContest({ rule: { type: 'approval', min: 2n, max: 2n }, count })).toEqual([])
    expect(inContest({ rule: { type: 'approval', min: 3n, max: 3n }, count })).toEqual(nobody)
    expect(inContest({ rule: { type: 'approval', min: 2n, max: 1n }, count })).toEqual([
      'contest 0: the least sum exceeds the largest',
      'contest 0: the least count exceeds the largest',
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
      'contest 0: the largest budget is too wide',
    ])
    const rule = { type: 'knapsack' as const, budget: 10n }
    const count = { name: 'greedy' as const, budget: 10n }
    expect(inContest({ rule, count, options: options(2, 2n ** 32n) })).toEqual([
      'contest 0: a cost or the budget per weight is not below 2^32',
    ])
  })
})
