// An announced result in the common data format of NIST SP 1500-100 (Election Results Reporting, version 2, JSON), for
// programs that read no other. What the format has no word for stands under its `OtherType`; `Notes` says what is missing.
// https://doi.org/10.6028/NIST.SP.1500-100r2
import { toHex } from '#crypto/encoding.ts'
import type { Contest, Manifest, Rule } from '#protocol/manifest.ts'
import type { ContestResult, ElectionResult } from '#protocol/result.ts'
import { countContest } from '#tally/count/contest.ts'
import { methodSentence } from '#tally/count/sentence.ts'
import type { ElectionState } from '#tally/state.ts'
import type { Words } from './result-files.ts'

/** A counted election. */
export type Announced = Readonly<
  Pick<ElectionState, 'process' | 'slug' | 'manifest' | 'definition'> & { result: ElectionResult }
>

/** First and last day of voting as yyyy-mm-dd, and when the result was announced by RFC 3339 to the second. */
export interface Dates {
  readonly begin: string
  readonly end: string
  readonly announced: string
}

/** The report as JSON text. Sums and costs are exact integers, also beyond 2^53.
 *  @param rolls credentials on each electoral roll, by its name */
export function nistReport(
  announced: Announced,
  dates: Dates,
  rolls: ReadonlyMap<string, number>,
  words: Words,
): string {
  const { manifest, result, process, slug } = announced
  const contests = manifest.contests.map((contest, i) => new Reported(contest, i, result.contests[i], words))
  const units = [...rolls].map(([name, size]) => rollUnit(name, size, contests))
  const report = {
    '@type': 'ElectionResults.ElectionReport',
    Format: 'summary-contest',
    GeneratedDate: dates.announced,
    Issuer: manifest.organiser,
    IssuerAbbreviation: process,
    SequenceStart: 1,
    SequenceEnd: 1,
    // Whether a result is certified is said by law, not by a ledger.
    Status: 'unofficial-complete',
    VendorApplicationId: 'Comitia',
    IsTest: manifest.practice,
    Notes: notesOf(contests),
    GpUnit: [
      {
        '@id': ELECTORATE,
        '@type': 'ElectionResults.ReportingUnit',
        Type: 'other',
        OtherType: 'electorate',
        ComposingGpUnitIds: units.map((unit) => unit['@id']),
      },
      ...units,
    ],
    Election: [
      {
        '@type': 'ElectionResults.Election',
        Name: textOf(manifest.title),
        Type: 'other',
        OtherType: 'online vote',
        ElectionScopeId: ELECTORATE,
        StartDate: dates.begin,
        EndDate: dates.end,
        ExternalIdentifier: [
          identifier('comitia-election', `${process}/${slug}`),
          identifier('comitia-definition-sha256', toHex(announced.definition)),
        ],
        BallotCounts: contests.map((contest) => contest.ballotCounts()),
        Candidate: contests.flatMap((contest) => contest.candidates()),
        Contest: contests.map((contest) => contest.toReport()),
      },
    ],
  }
  return `${JSON.stringify(report, exact, 2)}\n`
}

const ELECTORATE = 'electorate'

/** One contest on its way into the report. */
class Reported {
  readonly contest: Contest
  readonly #number: number
  readonly #result: ContestResult | undefined
  readonly #words: Words

  constructor(contest: Contest, index: number, result: ContestResult | undefined, words: Words) {
    this.contest = contest
    this.#number = index + 1
    this.#result = result
    this.#words = words
  }

  get roll(): string {
    return rollId(this.contest.roll)
  }

  /** Distinct voters whose ballot counts. */
  get ballots(): number {
    return this.#result?.ballots ?? 0
  }

  /** How it was counted, and ties that the rule and not the voters decided; in words, for the format has no place. */
  get note(): string {
    const { contest } = this
    const head = `Contest ${this.#number} (${contest.rule.type} ballots${contest.weighted ? ', weighted' : ''})`
    if (this.#result?.status !== 'counted') return `${head}: too few ballots, never decrypted.`
    const { rounds } = countContest(contest, this.#result)
    const decided = rounds.flatMap(({ tie, option }) =>
      tie?.decisive === true ? [`${option} (${tie.rule})`] : [],
    )
    const ties = decided.length === 0 ? '' : ` Ties decided by rule, in order: ${decided.join(', ')}.`
    return `${head}: ${methodSentence(contest.count)}${ties}`
  }

  /** A ballot of ours holds one contest, so that each has a count of its own. */
  ballotCounts() {
    return {
      '@type': 'ElectionResults.BallotCounts',
      GpUnitId: this.roll,
      Type: 'other',
      OtherType: `counted ballots of ${this.#id()}`,
      BallotsCast: this.ballots,
    }
  }

  candidates() {
    const { contest } = this
    if ('budget' in contest.count) return []
    const winners = this.#winners()
    return contest.options.map(({ id, title }, i) => ({
      '@id': this.#id('candidate', i),
      '@type': 'ElectionResults.Candidate',
      BallotName: textOf(title),
      ExternalIdentifier: [identifier('comitia-option', id)],
      ...(winners !== undefined && { PostElectionStatus: winners.has(id) ? 'winner' : 'defeated' }),
    }))
  }

  toReport() {
    const { contest } = this
    const counted = this.#result?.status === 'counted'
    const blank = this.#result?.status === 'counted' && contest.blank ? this.#result.blank : undefined
    const all = {
      '@id': this.#id(),
      Name: this.#words(contest.title),
      BallotTitle: textOf(contest.title),
      ElectionDistrictId: this.roll,
      SequenceOrder: this.#number,
      HasRotation: contest.order === 'rotated',
      CountStatus: [
        {
          '@type': 'ElectionResults.CountStatus',
          Type: 'total',
          Status: counted ? 'completed' : 'not-processed',
        },
      ],
      ...variationOf(contest),
      // Blank on purpose is the one way to give fewer marks than the rule asks for.
      ...(blank !== undefined && {
        OtherCounts: [{ '@type': 'ElectionResults.OtherCounts', GpUnitId: this.roll, Undervotes: blank }],
      }),
    }
    if ('budget' in contest.count)
      return {
        '@type': 'ElectionResults.BallotMeasureContest',
        ...all,
        Type: 'other',
        OtherType: 'participatory budget',
        ContestSelection: contest.options.map((option, i) => ({
          '@id': this.#id('selection', i),
          '@type': 'ElectionResults.BallotMeasureSelection',
          SequenceOrder: i + 1,
          Selection: textOf(option.title),
          ExternalIdentifier: [identifier('comitia-option', option.id)],
          VoteCounts: [
            ...this.#counts(i),
            ...(counted ? [this.#count(this.#winners()?.has(option.id) ? 1n : 0n, 'funded')] : []),
            this.#count(
              option.cost ?? 0n,
              `cost${contest.currency === undefined ? '' : ` in ${contest.currency}`}`,
            ),
          ],
        })),
      }
    return {
      '@type': 'ElectionResults.CandidateContest',
      ...all,
      NumberElected: contest.count.seats,
      VotesAllowed: votesAllowed(contest),
      ContestSelection: contest.options.map((_, i) => ({
        '@id': this.#id('selection', i),
        '@type': 'ElectionResults.CandidateSelection',
        SequenceOrder: i + 1,
        CandidateIds: [this.#id('candidate', i)],
        VoteCounts: this.#counts(i),
      })),
    }
  }

  #winners(): ReadonlySet<string> | undefined {
    if (this.#result?.status !== 'counted') return undefined
    return new Set(countContest(this.contest, this.#result).winners)
  }

  /** What an option got: votes as the format's total, anything else under its name. A count that was never decrypted is
   *  one that the format calls suppressed for privacy. */
  #counts(option: number) {
    const unit = unitOf(this.contest)
    if (this.#result?.status !== 'counted')
      return [{ ...this.#count(0n, unit), IsSuppressedForPrivacy: true }]
    return [this.#count(this.#result.sums[option] ?? 0n, unit)]
  }

  #count(count: bigint, unit?: string) {
    return {
      '@type': 'ElectionResults.VoteCounts',
      GpUnitId: this.roll,
      Type: unit === undefined ? 'total' : 'other',
      ...(unit !== undefined && { OtherType: unit }),
      Count: count,
    }
  }

  #id(what?: string, option = 0): string {
    const contest = `contest-${this.#number}`
    return what === undefined ? contest : `${contest}-${what}-${option + 1}`
  }
}

function rollUnit(name: string, size: number, contests: readonly Reported[]) {
  const own = contests.filter(({ contest }) => contest.roll === name)
  const [only] = own
  return {
    '@id': rollId(name),
    '@type': 'ElectionResults.ReportingUnit',
    Type: 'other',
    OtherType: 'electoral roll',
    Number: name,
    VotersRegistered: size,
    // Ballots of one voter in two contests cannot be told to be of one voter.
    ...(own.length === 1 && only !== undefined && { VotersParticipated: only.ballots }),
  }
}

function rollId(name: string): string {
  return `roll-${name}`
}

/** What sums are sums of, where that is not plain votes. */
function unitOf({ rule, weighted }: Contest): string | undefined {
  const points = rule.type === 'score' || rule.type === 'borda' || rule.type === 'ranking'
  if (weighted) return points ? 'weighted points' : 'weighted votes'
  return points ? 'points' : undefined
}

/** The format knows how ballots are marked, not how a budget is spent. */
function variationOf({ rule, count }: Contest) {
  const other = (name: string) => ({ VoteVariation: 'other', OtherVoteVariation: name })
  if ('budget' in count)
    return other(`${rule.type} ballots, ${count.name} count of a budget of ${count.budget}`)
  switch (rule.type) {
    case 'plurality':
      return count.seats === 1 ? { VoteVariation: 'plurality' } : other('single non-transferable vote')
    case 'approval':
    case 'borda':
    case 'cumulative':
      return { VoteVariation: rule.type }
    case 'score':
      return { VoteVariation: 'range' }
    case 'quadratic':
    case 'knapsack':
      return other(rule.type)
    case 'ranking':
      return other('modified Borda')
  }
}

/** Most options, or most votes where one option may get several, that a voter may mark. */
function votesAllowed({ rule, options }: { rule: Rule; options: readonly unknown[] }): bigint {
  const all = BigInt(options.length)
  switch (rule.type) {
    case 'plurality':
      return 1n
    case 'approval':
    case 'ranking':
      return rule.max < all ? rule.max : all
    case 'cumulative':
      return rule.maxTotal
    case 'borda':
      return BigInt(rule.points.length)
    case 'score':
    case 'quadratic':
    case 'knapsack':
      return all
  }
}

function notesOf(contests: readonly Reported[]): string {
  return [
    'Ballots were never opened one by one: counts are sums decrypted by guardians.',
    'The rounds of each count and the proofs are in the record, which `comitia verify` checks.',
    ...contests.map(({ note }) => note),
  ].join(' ')
}

function textOf(texts: Manifest['title']) {
  return {
    '@type': 'ElectionResults.InternationalizedText',
    Text: Object.entries(texts).map(([language, content]) => ({
      '@type': 'ElectionResults.LanguageString',
      Language: language,
      Content: content,
    })),
  }
}

function identifier(type: string, value: string) {
  return { '@type': 'ElectionResults.ExternalIdentifier', Type: 'other', OtherType: type, Value: value }
}

/** Integers of any size as JSON numbers (ECMA-262, proposal JSON.parse source text access). */
function exact(_key: string, value: unknown): unknown {
  const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown }
  return typeof value === 'bigint' ? rawJSON(String(value)) : value
}
