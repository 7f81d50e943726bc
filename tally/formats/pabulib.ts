// PaBuLib's .pb files: published budgets with every vote (https://pabulib.org/format; Faliszewski et al., "Participatory
// Budgeting: Data, Tools and Analysis", IJCAI 2023). Read strictly: what this module accepts has one meaning.
import { count } from '#tally/count/count.ts'
import { MAX_OPTIONS, type BudgetMethod, type CountInput, type Result } from '#tally/count/result.ts'
import { formatSeparated, parseSeparated, SeparatedError, type SeparatedRecord } from './separated.ts'

/** A file as read. `row` and `meta` hold every field as text, in file order; the other fields are their meaning. */
export interface PbFile {
  meta: Map<string, string>
  voteType: (typeof VOTE_TYPES)[number]
  budget: bigint
  rule: string
  /** `min_project_score_threshold`, if the file has one. */
  threshold: bigint | null
  projects: PbProject[]
  votes: PbVote[]
}

export interface PbProject {
  id: string
  cost: bigint
  row: Map<string, string>
}

/** `choices[i]` is a project's id and `points[i]` what it gets: 1 (approval), the points column, or n, n - 1, ... (ordinal). */
export interface PbVote {
  voter: string
  choices: string[]
  points: bigint[]
  row: Map<string, string>
}

/** A file that is not .pb as described above. `line` counts from 1. */
export class PbError extends Error {
  override readonly name = 'PbError'
  readonly line: number
  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`)
    this.line = line
  }
}

/** A well-formed file whose rule this program does not count by. */
export class UnknownRuleError extends Error {
  override readonly name = 'UnknownRuleError'
  readonly rule: string
  constructor(rule: string) {
    super(`no counting method for the rule "${rule}"; known rules: greedy, greedy-threshold, greedy-no-skip`)
    this.rule = rule
  }
}

/**
 * The file's meaning. Throws `PbError` for anything that is not plainly right: sections missing or out of order, columns
 * or keys missing or repeated, counts that do not match META, ids repeated or unknown, votes outside the lengths and
 * sums of META, amounts (and the sum of all points) that are not natural numbers below 2^53. CRLF and a byte order mark are accepted.
 * Ordinal votes give Borda points: max_length for the first, one less for each further one (without max_length: num_projects).
 */
export function parsePb(text: string): PbFile {
  const sections = splitSections(records(text))
  const meta = readMeta(sections.META)
  const voteType = VOTE_TYPES.find((type) => type === meta.text('vote_type'))
  if (voteType === undefined) throw meta.wrong('vote_type', `is not one of ${VOTE_TYPES.join(', ')}`)
  const scoring = meta.optional('scoring_fn')
  if (scoring !== undefined && scoring.toLowerCase() !== 'borda')
    throw meta.wrong('scoring_fn', 'is not Borda')

  const projects = readProjects(sections.PROJECTS)
  if (meta.amount('num_projects') !== BigInt(projects.size))
    throw meta.wrong('num_projects', `but there are ${projects.size}`)
  const votes = readVotes(sections.VOTES, projects, voteType, {
    minLength: meta.optionalAmount('min_length') ?? 0n,
    maxLength: meta.optionalAmount('max_length') ?? BigInt(projects.size),
    minSum: meta.optionalAmount('min_sum_points') ?? 0n,
    maxSum: meta.optionalAmount('max_sum_points') ?? MAX_AMOUNT,
  })
  if (meta.amount('num_votes') !== BigInt(votes.length))
    throw meta.wrong('num_votes', `but there are ${votes.length}`)

  return {
    meta: meta.values,
    voteType,
    budget: meta.amount('budget'),
    rule: meta.text('rule'),
    threshold: meta.optionalAmount('min_project_score_threshold') ?? null,
    projects: [...projects.values()],
    votes,
  }
}

/** The file as text with LF line ends, from `meta` and the rows. `parsePb` of it gives an equal file. */
export function formatPb(pb: PbFile): string {
  const table = (required: string[], rows: readonly { row: Map<string, string> }[]): string[][] => [
    [...(rows[0]?.row.keys() ?? required)],
    ...rows.map(({ row }) => [...row.values()]),
  ]
  return formatSeparated([
    ['META'],
    ['key', 'value'],
    ...pb.meta.entries(),
    ['PROJECTS'],
    ...table(PROJECT_COLUMNS, pb.projects),
    ['VOTES'],
    ...table(voteColumns(pb.voteType), pb.votes),
  ])
}

/** The counting method that the file's rule names. Throws `UnknownRuleError`. */
export function methodOf({ rule, budget, threshold }: PbFile): BudgetMethod {
  if (rule === 'greedy' || rule === 'greedy-no-skip') return { name: rule, budget }
  if (rule !== 'greedy-threshold') throw new UnknownRuleError(rule)
  if (threshold === null) throw new UnknownRuleError('greedy-threshold without min_project_score_threshold')
  return { name: rule, budget, threshold }
}

/** The votes summed up, projects in file order. Scores that the file records are not used. */
export function inputOf({ projects, votes }: PbFile): CountInput {
  const scores = new Map(projects.map(({ id }) => [id, 0n]))
  for (const { choices, points } of votes) {
    choices.forEach((id, i) => scores.set(id, (scores.get(id) ?? 0n) + (points[i] ?? 0n)))
  }
  return {
    options: projects.map(({ id, cost }) => ({ id, cost })),
    scores: [...scores.values()],
    ballots: BigInt(votes.length),
  }
}

/** The result by the file's own rule. Throws `UnknownRuleError`. */
export function countFile(pb: PbFile): Result {
  return count(methodOf(pb), inputOf(pb))
}

const VOTE_TYPES = ['approval', 'cumulative', 'ordinal'] as const
const PROJECT_COLUMNS = ['project_id', 'cost']
const MAX_AMOUNT = BigInt(Number.MAX_SAFE_INTEGER)
const MAX_VOTES = 1 << 24
const SECTIONS = ['META', 'PROJECTS', 'VOTES'] as const
type Section = Record<(typeof SECTIONS)[number], SeparatedRecord[]>

function voteColumns(voteType: PbFile['voteType']): string[] {
  return voteType === 'cumulative' ? ['voter_id', 'vote', 'points'] : ['voter_id', 'vote']
}

function records(text: string): SeparatedRecord[] {
  try {
    const all = parseSeparated(text)
    while (all.at(-1)?.fields.join('') === '' && all.at(-1)?.fields.length === 1) all.pop()
    return all
  } catch (error) {
    if (error instanceof SeparatedError) throw new PbError(error.line, error.message)
    throw error
  }
}

/** Each section's records without its title; the first is its header. Titles must come in order, once each. */
function splitSections(all: readonly SeparatedRecord[]): Section {
  const sections: Section = { META: [], PROJECTS: [], VOTES: [] }
  const isTitle = ({ fields: [title, ...more] }: SeparatedRecord) =>
    more.length === 0 && SECTIONS.some((name) => name === title)
  const starts = all.flatMap((record, i) => (isTitle(record) ? [i] : []))
  SECTIONS.forEach((name, n) => {
    const start = starts[n] ?? all.length
    const record = all[start]
    if (record?.fields[0] !== name || (n === 0 && start !== 0)) {
      throw new PbError(record?.line ?? (all.at(-1)?.line ?? 0) + 1, `section ${name} is missing here`)
    }
    sections[name] = all.slice(start + 1, starts[n + 1])
    if (sections[name].length === 0) throw new PbError(record.line, `section ${name} has no header`)
  })
  const extra = all[starts[SECTIONS.length] ?? all.length]
  if (extra !== undefined) throw new PbError(extra.line, 'a fourth section')
  return sections
}

/** The rows of a section under its header, each as column -> text. */
function* readTable(section: readonly SeparatedRecord[], required: readonly string[]) {
  const [header, ...rows] = section
  if (header === undefined) return
  const columns = header.fields
  if (new Set(columns).size !== columns.length) throw new PbError(header.line, 'a column is there twice')
  const missing = required.find((column) => !columns.includes(column))
  if (missing !== undefined) throw new PbError(header.line, `column ${missing} is missing`)
  for (const { line, fields } of rows) {
    if (fields.length !== columns.length) {
      throw new PbError(line, `${fields.length} fields under ${columns.length} columns`)
    }
    yield { line, row: new Map(columns.map((column, i) => [column, fields[i] ?? ''])) }
  }
}

function readMeta(section: readonly SeparatedRecord[]) {
  const header = section[0]
  if (header?.fields.join(';') !== 'key;value')
    throw new PbError(header?.line ?? 0, 'the header of META is not key;value')
  const values = new Map<string, string>()
  const lines = new Map<string, number>()
  for (const { line, row } of readTable(section, [])) {
    const key = row.get('key') ?? ''
    if (key === '') throw new PbError(line, 'an empty key')
    if (values.has(key)) throw new PbError(line, `key ${key} is there twice`)
    values.set(key, row.get('value') ?? '')
    lines.set(key, line)
  }
  const lineOf = (key: string) => lines.get(key) ?? header.line
  const optional = (key: string) => values.get(key)
  const text = (key: string): string => {
    const value = values.get(key)
    if (value === undefined || value === '') throw new PbError(lineOf(key), `META has no ${key}`)
    return value
  }
  const amount = (key: string) => readAmount(text(key), lineOf(key), key)
  return {
    values,
    optional,
    text,
    amount,
    optionalAmount: (key: string) => (values.has(key) ? amount(key) : undefined),
    wrong: (key: string, why: string) =>
      new PbError(lineOf(key), `${key} is ${values.get(key) ?? ''}, ${why}`),
  }
}

function readProjects(section: readonly SeparatedRecord[]): Map<string, PbProject> {
  const projects = new Map<string, PbProject>()
  for (const { line, row } of readTable(section, PROJECT_COLUMNS)) {
    const id = row.get('project_id') ?? ''
    if (id === '' || id.includes(',')) throw new PbError(line, `"${id}" is no project id`)
    if (projects.has(id)) throw new PbError(line, `project ${id} is there twice`)
    if (projects.size === MAX_OPTIONS) throw new PbError(line, `more than ${MAX_OPTIONS} projects`)
    projects.set(id, { id, cost: readAmount(row.get('cost') ?? '', line, 'cost'), row })
  }
  if (projects.size === 0) throw new PbError(section[0]?.line ?? 0, 'no projects')
  return projects
}

interface VoteBounds {
  minLength: bigint
  maxLength: bigint
  minSum: bigint
  maxSum: bigint
}

function readVotes(
  section: readonly SeparatedRecord[],
  projects: ReadonlyMap<string, PbProject>,
  voteType: PbFile['voteType'],
  bounds: VoteBounds,
): PbVote[] {
  const votes: PbVote[] = []
  const voters = new Set<string>()
  let total = 0n
  for (const { line, row } of readTable(section, voteColumns(voteType))) {
    const voter = row.get('voter_id') ?? ''
    if (voter === '') throw new PbError(line, 'a vote without voter_id')
    if (voters.has(voter)) throw new PbError(line, `voter ${voter} votes twice`)
    if (votes.length === MAX_VOTES) throw new PbError(line, `more than ${MAX_VOTES} votes`)
    voters.add(voter)

    const choices = list(row.get('vote') ?? '')
    const unknown = choices.find((id) => !projects.has(id))
    if (unknown !== undefined)
      throw new PbError(line, `the vote names project ${unknown}, which there is not`)
    if (new Set(choices).size !== choices.length) throw new PbError(line, 'the vote names a project twice')
    if (choices.length < bounds.minLength || choices.length > bounds.maxLength) {
      throw new PbError(line, `the vote names ${choices.length} projects, outside the file's bounds`)
    }

    const points = pointsOf(voteType, choices, list(row.get('points') ?? ''), bounds.maxLength, line)
    const sum = points.reduce((subtotal, point) => subtotal + point, 0n)
    total += sum
    if (total > MAX_AMOUNT) throw new PbError(line, 'the votes give 2^53 points or more')
    if (voteType === 'cumulative' && (sum < bounds.minSum || sum > bounds.maxSum)) {
      throw new PbError(line, `the vote gives ${sum.toString()} points, outside the file's bounds`)
    }
    votes.push({ voter, choices, points, row })
  }
  return votes
}

function pointsOf(
  voteType: PbFile['voteType'],
  choices: readonly string[],
  column: readonly string[],
  maxLength: bigint,
  line: number,
): bigint[] {
  switch (voteType) {
    case 'approval':
      return choices.map(() => 1n)
    case 'ordinal':
      return choices.map((_, i) => maxLength - BigInt(i))
    case 'cumulative':
      if (column.length !== choices.length) {
        throw new PbError(line, `${column.length} points for ${choices.length} projects`)
      }
      return column.map((point) => readAmount(point, line, 'points'))
  }
}

function list(field: string): string[] {
  return field === '' ? [] : field.split(',').map((item) => item.trim())
}

function readAmount(text: string, line: number, name: string): bigint {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text) || BigInt(text) > MAX_AMOUNT) {
    throw new PbError(line, `${name} "${text}" is not a natural number below 2^53`)
  }
  return BigInt(text)
}
