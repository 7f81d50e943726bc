// .pb files: real ones to their official winners (SPEC 9.5), round trip, and each way to be malformed.
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  countFile,
  formatPb,
  inputOf,
  methodOf,
  parsePb,
  PbError,
  UnknownRuleError,
} from '#tally/formats/pabulib.ts'

const FILES = {
  katowice: 'Poland_Katowice_2020_Janow-Nikiszowiec',
  krakow: 'Poland_Krakow_2020_Wzgorza_Krzeslawickie',
  warszawa: 'Poland_Warszawa_2026_Wesola',
  wieliczka: 'Poland_Wieliczka_2023_Green_Budget',
  cambridge: 'US_Stanford_Dataset_PB_Cambridge_2015_vote_knapsacks',
}
const ALL = Object.values(FILES)

interface Official {
  official_winners: string[] | null
  official_winners_cost: string | null
  num_votes: number
  scores: Record<string, string>
}

const read = (name: string, ending: string) =>
  readFileSync(new URL(`../data/pb/${name}.${ending}`, import.meta.url), 'utf8')
const pbOf = (name: string) => parsePb(read(name, 'pb'))
const officialOf = (name: string) => JSON.parse(read(name, 'official.json')) as Official

describe('real files', () => {
  test.each([FILES.katowice, FILES.krakow, FILES.warszawa])('%s: the official winners in order', (name) => {
    const pb = pbOf(name)
    const official = officialOf(name)
    const { winners, rounds } = countFile(pb)
    expect(winners).toEqual(official.official_winners)
    expect((pb.budget - (rounds.findLast((round) => 'left' in round)?.left ?? 0n)).toString()).toBe(
      official.official_winners_cost,
    )
    expect(winners.toSorted()).toEqual(
      pb.projects
        .filter(({ row }) => row.get('selected') === '1')
        .map(({ id }) => id)
        .toSorted(),
    )
  })

  test.each(ALL)('%s: recomputed scores are those of the file and of the official table', (name) => {
    const pb = pbOf(name)
    const official = officialOf(name)
    const { options, scores, ballots } = inputOf(pb)
    expect(Number(ballots)).toBe(official.num_votes)
    expect(Object.fromEntries(options.map(({ id }, i) => [id, scores[i]?.toString()]))).toEqual(
      official.scores,
    )
    const column = pb.projects[0]?.row.has('score') ? 'score' : 'votes'
    expect(pb.projects.map(({ row }) => row.get(column))).toEqual(scores.map(String))
  })

  test.each([
    [FILES.wieliczka, 'equalshares/add1-comparison'],
    [FILES.cambridge, 'unknown'],
  ])('%s: its rule is named, not guessed', (name, rule) => {
    expect(() => countFile(pbOf(name))).toThrow(UnknownRuleError)
    expect(() => countFile(pbOf(name))).toThrow(`"${rule}"`)
  })

  test.each(ALL)('%s: format and parse give the same file', (name) => {
    const pb = pbOf(name)
    expect(parsePb(formatPb(pb))).toEqual(pb)
  })
})

const SMALL = `META
key;value
num_projects;3
num_votes;2
budget;100
vote_type;cumulative
rule;greedy-threshold
min_project_score_threshold;3
min_length;1
max_length;2
min_sum_points;1
max_sum_points;5
PROJECTS
project_id;cost;name
a;60;"Swings; slides and a ""den"""
b;70;Bench
c;40;Trees
VOTES
voter_id;vote;points
1;a,b;2,3
2;c;4
`

describe('a small file', () => {
  test('means what it says', () => {
    const pb = parsePb(SMALL)
    expect(pb.projects[0]?.row.get('name')).toBe('Swings; slides and a "den"')
    expect(pb.votes.map(({ choices, points }) => [choices, points])).toEqual([
      [
        ['a', 'b'],
        [2n, 3n],
      ],
      [['c'], [4n]],
    ])
    expect(methodOf(pb)).toEqual({ name: 'greedy-threshold', budget: 100n, threshold: 3n })
    expect(countFile(pb).winners).toEqual(['c'])
  })

  test.each([
    ['CRLF line ends', SMALL.replaceAll('\n', '\r\n')],
    ['mixed line ends', SMALL.replace('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${SMALL}`],
    ['no line end at the end', SMALL.trimEnd()],
    ['blank lines at the end', `${SMALL}\n\r\n`],
    ['spaces around fields', SMALL.replaceAll(';', ' ; ').replace('Swings ;  slides', 'Swings; slides')],
  ])('%s change nothing', (_, text) => {
    expect(parsePb(text)).toEqual(parsePb(SMALL))
  })

  test('ordinal votes give max_length points to the first, one less to each further one', () => {
    const text = SMALL.replace('cumulative', 'ordinal').replace('max_length;2', 'max_length;3')
    expect(inputOf(parsePb(text)).scores).toEqual([3n, 2n, 3n])
    expect(inputOf(parsePb(text.replace('max_length;3\n', ''))).scores).toEqual([3n, 2n, 3n])
    expect(inputOf(parsePb(text.replace('max_length;3', 'max_length;2'))).scores).toEqual([2n, 1n, 2n])
  })

  test('approval votes give one point each, whatever a points column says', () => {
    expect(inputOf(parsePb(SMALL.replace('cumulative', 'approval'))).scores).toEqual([1n, 1n, 1n])
  })

  test('no votes: nothing is funded', () => {
    const text = SMALL.replace('num_votes;2', 'num_votes;0').replace(/^1;a.*\n2;c.*\n/m, '')
    expect(countFile(parsePb(text)).winners).toEqual([])
    expect(parsePb(formatPb(parsePb(text)))).toEqual(parsePb(text))
  })

  test('greedy-threshold without a threshold is no rule', () => {
    expect(() => countFile(parsePb(SMALL.replace(/^min_project_score.*\n/m, '')))).toThrow(UnknownRuleError)
  })
})

describe('malformed files', () => {
  test.each<[string, string, string, number, RegExp]>([
    ['an empty file', SMALL, '', 1, /section META is missing/],
    ['text before META', 'META\n', 'hello\nMETA\n', 2, /section META is missing/],
    ['no META', 'META\n', '', 12, /section META is missing/],
    ['no PROJECTS', 'PROJECTS\n', '', 17, /section PROJECTS is missing/],
    ['no VOTES', 'VOTES\n', '', 21, /section VOTES is missing/],
    ['a section twice', 'VOTES\n', 'PROJECTS\nVOTES\n', 18, /section VOTES is missing/],
    ['a fourth section', '2;c;4\n', '2;c;4\nVOTES\n', 22, /a fourth section/],
    ['VOTES without a header', SMALL.slice(SMALL.indexOf('voter_id')), '', 18, /section VOTES has no header/],
    ['another header of META', 'key;value', 'key;values', 2, /header of META/],
    ['a key twice', 'budget;100', 'budget;100\nbudget;900', 6, /key budget is there twice/],
    ['an empty key', 'budget;100', 'budget;100\n;1', 6, /empty key/],
    ['no budget', 'budget;100\n', '', 2, /META has no budget/],
    ['an empty rule', 'greedy-threshold', '', 7, /META has no rule/],
    ['an unknown vote type', 'cumulative', 'scoring', 6, /vote_type is scoring/],
    [
      'an unknown scoring function',
      'budget;100',
      'budget;100\nscoring_fn;plurality',
      6,
      /scoring_fn is plurality/,
    ],
    [
      'a wrong number of projects',
      'num_projects;3',
      'num_projects;4',
      3,
      /num_projects is 4, but there are 3/,
    ],
    ['a wrong number of votes', 'num_votes;2', 'num_votes;1', 4, /num_votes is 1, but there are 2/],
    ['a negative budget', 'budget;100', 'budget;-100', 5, /budget "-100" is not a natural number/],
    ['a budget with decimals', 'budget;100', 'budget;100.50', 5, /budget "100.50"/],
    ['a budget of 2^53', 'budget;100', 'budget;9007199254740992', 5, /below 2\^53/],
    ['a huge budget', 'budget;100', `budget;1${'0'.repeat(400)}`, 5, /below 2\^53/],
    ['a leading zero', 'budget;100', 'budget;0100', 5, /budget "0100"/],
    ['a negative threshold', 'threshold;3', 'threshold;-3', 8, /threshold "-3"/],
    ['a column twice', 'project_id;cost;name', 'project_id;cost;cost', 14, /a column is there twice/],
    ['no cost column', 'project_id;cost;name', 'project_id;price;name', 14, /column cost is missing/],
    ['no points column', 'voter_id;vote;points', 'voter_id;vote;age', 19, /column points is missing/],
    ['a field too few', 'b;70;Bench', 'b;70', 16, /2 fields under 3 columns/],
    ['a field too many', 'b;70;Bench', 'b;70;Bench;', 16, /4 fields under 3 columns/],
    ['a blank line inside', 'b;70;Bench', '\nb;70;Bench', 16, /1 fields under 3 columns/],
    ['a project twice', 'b;70;Bench', 'a;70;Bench', 16, /project a is there twice/],
    ['a project without id', 'b;70;Bench', ';70;Bench', 16, /is no project id/],
    ['a comma in an id', 'b;70;Bench', '"b,d";70;Bench', 16, /is no project id/],
    ['a negative cost', 'b;70;Bench', 'b;-70;Bench', 16, /cost "-70"/],
    ['no cost', 'b;70;Bench', 'b;;Bench', 16, /cost ""/],
    ['a cost in hexadecimal', 'b;70;Bench', 'b;0x46;Bench', 16, /cost "0x46"/],
    ['a vote twice', '2;c;4', '1;c;4', 21, /voter 1 votes twice/],
    ['a vote without voter', '2;c;4', ';c;4', 21, /without voter_id/],
    ['an unknown project in a vote', '2;c;4', '2;d;4', 21, /names project d, which there is not/],
    ['a project twice in a vote', '1;a,b;2,3', '1;a,a;2,3', 20, /names a project twice/],
    ['a vote that is too long', '1;a,b;2,3', '1;a,b,c;1,1,1', 20, /names 3 projects/],
    ['a vote that is too short', '2;c;4', '2;;', 21, /names 0 projects/],
    ['too many points', '2;c;4', '2;c;6', 21, /gives 6 points/],
    ['too few points', '2;c;4', '2;c;0', 21, /gives 0 points/],
    ['points for nobody', '2;c;4', '2;c;4,1', 21, /2 points for 1 projects/],
    ['negative points', '1;a,b;2,3', '1;a,b;-2,3', 20, /points "-2"/],
    [
      'points beyond 2^53 in sum',
      'max_sum_points;5',
      'max_sum_points;9007199254740991',
      21,
      /2\^53 points or more/,
    ],
    ['a fault below a field of three lines', 'Bench', '"Bench\r\n\n"\nd;-1;Trees', 19, /cost "-1"/],
    ['an open quote', '2;c;4', '2;"c;4', 21, /a quote inside a field, or left open/],
    ['a quote inside a field', 'Bench', 'Be"nch', 16, /a quote inside a field/],
    ['text after a closing quote', 'Bench', '"Bench"es', 16, /a quote inside a field/],
  ])('%s', (_, find, replacement, line, message) => {
    expect(SMALL).toContain(find)
    let text = SMALL.replace(find, replacement)
    if (message.source.includes('or more'))
      text = text.replace('1;a,b;2,3', '1;a,b;2,9007199254740980').replace('2;c;4', '2;c;40')
    expect(() => parsePb(text)).toThrow(PbError)
    expect(() => parsePb(text)).toThrow(message)
    expect(() => parsePb(text)).toThrow(expect.objectContaining({ line }) as Error)
  })

  test('more projects than a count takes', () => {
    const rows = Array.from({ length: 1025 }, (_, i) => `p${i};1`).join('\n')
    const text = `META\nkey;value\nnum_projects;1025\nnum_votes;0\nbudget;1\nvote_type;approval\nrule;greedy\nPROJECTS\nproject_id;cost\n${rows}\nVOTES\nvoter_id;vote\n`
    expect(() => parsePb(text)).toThrow('line 1034: more than 1024 projects')
    expect(parsePb(text.replace('1025', '1024').replace('\np1024;1', '')).projects).toHaveLength(1024)
  })
})

test('any file that can be written is read back, and never anything but PbError is thrown', () => {
  const cell = fc.string({ unit: fc.constantFrom('x', '"', ';', '\n', '\r', ' ', ',', 'ż'), maxLength: 6 })
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 6 }), fc.nat(), (names, seed) => {
      const pb = parsePb(SMALL)
      const projects = names.map((name, i) => ({
        id: `p${i}`,
        cost: BigInt(i),
        row: new Map([
          ['project_id', `p${i}`],
          ['cost', String(i)],
          ['name', name],
        ]),
      }))
      const chosen = seed % names.length
      const vote = new Map([
        ['voter_id', 'v'],
        ['vote', `p${chosen}`],
        ['points', '1'],
      ])
      const meta = new Map([
        ...pb.meta,
        ['num_projects', String(names.length)],
        ['num_votes', '1'],
        ['note', names[0] ?? ''],
      ])
      const file = {
        ...pb,
        meta,
        projects,
        votes: [{ voter: 'v', choices: [`p${chosen}`], points: [1n], row: vote }],
      }
      expect(parsePb(formatPb(file))).toEqual(file)
    }),
  )
  fc.assert(
    fc.property(fc.nat({ max: SMALL.length }), fc.nat({ max: 8 }), cell, (at, length, patch) => {
      try {
        parsePb(SMALL.slice(0, at) + patch + SMALL.slice(at + length))
      } catch (error) {
        expect(error).toBeInstanceOf(PbError)
      }
    }),
    { numRuns: 2000 },
  )
})
