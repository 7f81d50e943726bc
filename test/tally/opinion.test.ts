// Votes on statements: published conversations read whole, totals as published, groups as Polis found them, one map for
// everybody.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  formatPolisComments,
  formatPolisPeople,
  formatPolisVotes,
  parsePolisComments,
  parsePolisVotes,
  type PolisComment,
  PolisError,
} from '#tally/formats/polis.ts'
import { opinionMap } from '#tally/opinion/map.ts'
import { opinionTable, type OpinionVote, STANCES, totalsOf } from '#tally/opinion/table.ts'
import { adjustedRand } from './rand-index.ts'

const DATA = join(import.meta.dirname, '../data/polis')
const read = (name: string) => readFileSync(join(DATA, name), 'utf8')

interface Expected {
  readonly vote_rows: number
  readonly comments: number
  readonly participants: number
  readonly latest_vote_totals: Readonly<Record<string, readonly [number, number, number]>>
}

describe.each([
  { name: 'brexit-consensus', alike: 0.85 },
  { name: 'vtaiwan.uberx', alike: 0.7 },
])('$name', ({ name, alike }) => {
  const expected = JSON.parse(read(`${name}.expected.json`)) as Expected
  const votes = parsePolisVotes(read(`${name}/votes.csv`))
  const table = opinionTable(votes)

  test('is read whole', () => {
    expect(votes).toHaveLength(expected.vote_rows)
    expect(table.people).toHaveLength(expected.participants)
    expect(table.statements).toHaveLength(expected.comments)
  })

  test('has the published totals, the last vote of each person counted', () => {
    const totals = totalsOf(table).map(({ agree, disagree, pass }) => [agree, disagree, pass])
    expect(Object.fromEntries(table.statements.map((statement, i) => [statement, totals[i]]))).toEqual(
      expected.latest_vote_totals,
    )
  })

  test('is written as it was read, with the columns of the published files', () => {
    expect(parsePolisVotes(formatPolisVotes(votes, String))).toEqual(votes)
    const head = (text: string) => text.split(/\r?\n/, 1)
    expect(head(formatPolisVotes(votes, String))).toEqual(head(read(`${name}/votes.csv`)))
    expect(head(formatPolisPeople(table))).toEqual(head(read(`${name}/participants-votes.csv`)))
  })

  test(`falls into the two groups that Polis found, as far as ${alike}`, () => {
    const published = new Map(
      read(`${name}/participants-votes.csv`)
        .split('\n')
        .slice(1)
        .map((line) => line.split(','))
        .flatMap(([person, group]) => (group === undefined || group === '' ? [] : [[Number(person), group]])),
    )
    const { points, groups } = opinionMap(table)
    const both = points.filter(({ person }) => published.has(person))
    expect(both.length).toBeGreaterThan(published.size * 0.95)
    const theirs = both.map(({ person }) => published.get(person) ?? '')
    expect(groups).toHaveLength(2)
    expect(
      adjustedRand(
        both.map(({ group }) => group),
        theirs,
      ),
    ).toBeGreaterThan(alike)
    expect(groups.map(({ size }) => size).reduce((a, b) => a + b)).toBe(points.length)
    expect(groups.every(({ statements }) => statements.length > 0)).toBe(true)
  })

  test('gives the same map whatever the order of its lines', () => {
    const shuffled = opinionTable(
      [...votes].sort((a, b) => a.statement - b.statement || b.person - a.person || a.time - b.time),
    )
    expect(JSON.stringify(opinionMap(shuffled))).toBe(JSON.stringify(opinionMap(table)))
  })
})

describe('a table', () => {
  const vote = fc.record({
    time: fc.nat(20),
    statement: fc.nat(5),
    person: fc.nat(8),
    stance: fc.constantFrom(...STANCES),
  })

  test('counts each person once on each statement', () => {
    fc.assert(
      fc.property(fc.array(vote), (votes) => {
        const pairs = new Set(votes.map(({ person, statement }) => `${person}/${statement}`))
        const seen = totalsOf(opinionTable(votes)).reduce(
          (n, { agree, disagree, pass }) => n + agree + disagree + pass,
          0,
        )
        expect(seen).toBe(pairs.size)
      }),
    )
  })

  test('takes the latest', () => {
    const at = (time: number, stance: OpinionVote['stance']) => ({ time, statement: 1, person: 1, stance })
    expect(opinionTable([at(2, 1), at(1, -1)]).stances).toEqual([[1]])
    expect(opinionTable([at(2, 1), at(2, -1)]).stances).toEqual([[-1]])
  })

  test('of few people has no groups', () => {
    const few = Array.from({ length: 9 }, (_, person) => ({
      time: 1,
      statement: 1,
      person,
      stance: 1 as const,
    }))
    expect(opinionMap(opinionTable(few))).toEqual({ points: [], groups: [] })
    expect(opinionMap(opinionTable([]))).toEqual({ points: [], groups: [] })
  })

  test('in which all think alike has one', () => {
    const alike = Array.from({ length: 12 }, (_, person) => ({
      time: 1,
      statement: 1,
      person,
      stance: 1 as const,
    }))
    const { points, groups } = opinionMap(opinionTable(alike))
    expect(groups).toEqual([{ size: 12, statements: [] }])
    expect(points.every(({ x, y }) => x === 0 && y === 0)).toBe(true)
  })
})

test.each([
  ['another head', 'a,b\n', 1],
  ['a vote that is none', 'timestamp,datetime,comment-id,voter-id,vote\n1,x,0,0,2\n', 2],
  ['a number that is none', 'timestamp,datetime,comment-id,voter-id,vote\n1,x,0,-1,1\n', 2],
  ['fields missing', 'timestamp,datetime,comment-id,voter-id,vote\n1,x,0,1\n', 2],
  ['an open quote', 'timestamp,datetime,comment-id,voter-id,vote\n1,"x,0,1,1\n', 2],
])('a file with %s is refused by its line', (_, text, line) => {
  expect(() => parsePolisVotes(text)).toThrow(PolisError)
  expect(() => parsePolisVotes(text)).toThrow(`line ${line}`)
})

describe('statements', () => {
  const comment = fc.record({
    ...{ time: fc.nat(), statement: fc.nat(), agrees: fc.nat(), disagrees: fc.nat() },
    author: fc.constantFrom('', 'abc'),
    moderated: fc.constantFrom(1, 0, -1),
    body: fc.string({ minLength: 1 }).map((body) => body.replaceAll(/[\0\r]/g, ' ').trim()),
  }) as fc.Arbitrary<PolisComment>

  test('come back as they were written, but those that were turned down', () => {
    fc.assert(
      fc.property(fc.array(comment), (comments) => {
        const kept = comments.filter(({ moderated, body }) => moderated !== -1 && body !== '')
        // What a spreadsheet took for a formula has lost nothing; an apostrophe that was there before one has.
        const bodies = kept.map(({ body }) => body.replace(/^'(?=[=+\-@])/, ''))
        expect(parsePolisComments(formatPolisComments(comments, String))).toEqual(bodies)
      }),
    )
  })

  const head = 'timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body'
  test.each([
    ['another head', 'a,b\n', 1],
    ['fields missing', `${head}\n1,x,0,0,0,0,1\n`, 2],
    ['another decision', `${head}\n1,x,0,0,0,0,2,Hello\n`, 2],
  ])('in a file with %s are refused by its line', (_, text, line) => {
    expect(() => parsePolisComments(text)).toThrow(PolisError)
    expect(() => parsePolisComments(text)).toThrow(`line ${line}`)
  })
})

test('the adjusted Rand index of known groupings', () => {
  expect(adjustedRand([0, 0, 1, 1], ['b', 'b', 'a', 'a'])).toBe(1)
  expect(adjustedRand([0, 0, 1, 1], [0, 1, 0, 1])).toBeCloseTo(-0.5)
})
