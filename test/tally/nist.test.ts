// Results in NIST's common data format: valid by the published schema, references included, for every rule; and the exact
// numbers of the count.
import { readFileSync } from 'node:fs'
import { Ajv, type AnySchema } from 'ajv'
import addFormats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { encodeCbor } from '#protocol/codec.ts'
import type { Contest } from '#protocol/manifest.ts'
import type { ContestResult } from '#protocol/result.ts'
import { countContest } from '#tally/count/contest.ts'
import { nistReport } from '#tally/formats/nist.ts'
import { contest, Scene } from './scene.ts'

interface Item {
  readonly '@id'?: string
  readonly '@type'?: string
}
interface Count {
  readonly Type: string
  readonly OtherType?: string
  readonly Count: number
  readonly IsSuppressedForPrivacy?: boolean
}
interface Report {
  readonly Notes: string
  readonly IsTest: boolean
  readonly GpUnit: readonly { readonly VotersRegistered?: number; readonly VotersParticipated?: number }[]
  readonly Election: readonly {
    readonly BallotCounts: readonly { readonly BallotsCast: number }[]
    readonly Candidate: readonly { readonly PostElectionStatus?: string }[]
    readonly Contest: readonly {
      readonly '@type': string
      readonly VoteVariation: string
      readonly OtherVoteVariation?: string
      readonly VotesAllowed?: number
      readonly OtherCounts?: readonly { readonly Undervotes: number }[]
      readonly ContestSelection: readonly { readonly VoteCounts: readonly Count[] }[]
    }[]
  }[]
}

/** Types of the things in the report that is being looked at, by their ids. */
const things = new Map<string, string>()
const validate = schemaOf('../data/nist/NIST_V2_election_results_reporting.json')

/** The published schema, which says of references what they may refer to. */
function schemaOf(path: string) {
  // Of draft 4 it uses nothing that later drafts read otherwise.
  const { $schema, ...schema } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as {
    $schema: string
  }
  expect($schema).toBe('http://json-schema.org/draft-04/schema#')
  const ajv = new Ajv({ allErrors: true })
  addFormats.default(ajv)
  ajv.addKeyword({
    keyword: 'refTypes',
    validate: (types: string[], id: string) => types.includes(things.get(id) ?? 'nothing'),
  })
  return ajv.compile(schema as AnySchema)
}

/** Whatever is wrong with a report by the schema. */
function problemsOf(report: object): string[] {
  things.clear()
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { '@id': id, '@type': type } = value as Item
    if (id !== undefined) things.set(id, type ?? '')
    Object.values(value).forEach(collect)
  }
  collect(report)
  void validate(report)
  return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`)
}

function counted(described: Contest, sums: bigint[], ballots = 10, blank = 0n): ContestResult {
  const result = countContest(described, { ballots, blank, sums })
  return { status: 'counted', ballots, blank, sums, count: encodeCbor(result) }
}

function textOf(contests: readonly Contest[], results: readonly ContestResult[]): string {
  const { manifest } = new Scene({ contests, manifest: { practice: true } })
  const announced = {
    ...{ process: 'city', slug: 'budget', manifest, definition: new Uint8Array(32) },
    result: { contests: [...results] },
  }
  const dates = { begin: '2026-01-01', end: '2026-01-02', announced: '2026-01-03T10:00:00Z' }
  const rolls = new Map(contests.map(({ roll }) => [roll, 40]))
  return nistReport(announced, dates, rolls, (texts) => texts['en'] ?? '')
}

function reportOf(contests: readonly Contest[], results: readonly ContestResult[]): Report {
  const report = JSON.parse(textOf(contests, results)) as Report
  expect(problemsOf(report)).toEqual([])
  return report
}

const seats = (name: 'plurality' | 'approval' | 'score' | 'cumulative' | 'quadratic' | 'borda') =>
  ({ count: { name, seats: 1 } }) as const

describe('the report', () => {
  test.each<[string, Partial<Contest>, string | undefined, number]>([
    ['plurality', { rule: { type: 'plurality' }, ...seats('plurality') }, undefined, 1],
    ['approval', { rule: { type: 'approval', min: 0n, max: 5n }, ...seats('approval') }, undefined, 2],
    ['range', { rule: { type: 'score', max: 9n }, ...seats('score') }, 'points', 2],
    [
      'cumulative',
      { rule: { type: 'cumulative', minTotal: 0n, maxTotal: 6n, max: 6n }, ...seats('cumulative') },
      undefined,
      6,
    ],
    ['other', { rule: { type: 'quadratic', credits: 9n, max: 3n }, ...seats('quadratic') }, undefined, 2],
    ['borda', { rule: { type: 'borda', points: [2n, 1n] }, ...seats('borda') }, 'points', 2],
    ['other', { rule: { type: 'ranking', min: 1n, max: 2n }, ...seats('borda') }, 'points', 2],
  ])('%s: votes of rule %#', (variation, changes, unit, allowed) => {
    const described = contest(changes)
    const [election] = reportOf([described], [counted(described, [3n, 8n])]).Election
    const [only] = election?.Contest ?? []
    expect(only?.VoteVariation).toBe(variation)
    expect(only?.VotesAllowed).toBe(allowed)
    expect(only?.ContestSelection.map(({ VoteCounts: [count] }) => count?.Count)).toEqual([3, 8])
    expect(only?.ContestSelection[0]?.VoteCounts[0]?.OtherType).toBe(unit)
    expect(election?.Candidate.map((c) => c.PostElectionStatus)).toEqual(['defeated', 'winner'])
  })

  test('a budget says what is funded and what it costs, exactly', () => {
    const cost = 2n ** 62n + 1n
    const described = contest({
      options: [
        { id: 'a', title: { en: 'A' }, cost },
        { id: 'b', title: { en: 'B' }, cost: 7n },
      ],
      rule: { type: 'knapsack', budget: 10n },
      count: { name: 'greedy', budget: 10n },
      currency: 'EUR',
      blank: true,
    })
    const results = [counted(described, [3n, 8n], 10, 2n)]
    const report = reportOf([described], results)
    const [only] = report.Election[0]?.Contest ?? []
    expect(only?.['@type']).toBe('ElectionResults.BallotMeasureContest')
    expect(only?.OtherVoteVariation).toBe('knapsack ballots, greedy count of a budget of 10')
    expect(only?.OtherCounts?.[0]?.Undervotes).toBe(2)
    const said = only?.ContestSelection.map(({ VoteCounts }) =>
      VoteCounts.slice(0, 2).map(({ Type, OtherType, Count }) => [Type, OtherType, Count]),
    )
    expect(said).toEqual([
      [['total', undefined, 3], ['other', 'funded', 0]],
      [['total', undefined, 8], ['other', 'funded', 1]],
    ]) // prettier-ignore
    expect(textOf([described], results)).toContain(
      `"OtherType": "cost in EUR",\n                  "Count": ${cost}\n`,
    )
    expect(report.GpUnit[1]).toMatchObject({ VotersRegistered: 40, VotersParticipated: 10 })
    expect(report.IsTest).toBe(true)
  })

  test('a contest that was never decrypted is suppressed, a tie is told, weight has its own name', () => {
    const tied = contest({ weighted: true })
    const report = reportOf([contest(), tied], [{ status: 'withheld', ballots: 2 }, counted(tied, [4n, 4n])])
    const [election] = report.Election
    expect(election?.BallotCounts.map(({ BallotsCast }) => BallotsCast)).toEqual([2, 10])
    expect(election?.Contest[0]?.ContestSelection[0]?.VoteCounts[0]?.IsSuppressedForPrivacy).toBe(true)
    expect(election?.Contest[1]?.ContestSelection[0]?.VoteCounts[0]?.OtherType).toBe('weighted votes')
    expect(report.GpUnit[1]?.VotersParticipated).toBeUndefined()
    expect(report.Notes).toContain('never decrypted')
    expect(report.Notes).toContain('Ties decided by rule, in order: a (manifest-order), b (manifest-order).')
  })

  test('the schema and its references refuse what is wrong', () => {
    const described = contest()
    const text = textOf([described], [counted(described, [3n, 8n])])
    const spoilt = (from: string, to: string) => problemsOf(JSON.parse(text.replace(from, to)) as object)
    expect(spoilt('"Count": 3', '"Count": "3"')).not.toEqual([])
    expect(spoilt('"contest-1-candidate-2"\n', '"contest-1-candidate-3"\n')).not.toEqual([])
    expect(spoilt('"IssuerAbbreviation"', '"Abbreviation"')).not.toEqual([])
  })
})
