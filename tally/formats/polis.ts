// Votes on statements as Polis publishes them (votes.csv, comments.csv and participants-votes.csv of
// https://github.com/compdemocracy/openData), read and written. Read strictly: what this module accepts has one meaning.
import { type OpinionTable, type OpinionVote, type Stance, STANCES } from '#tally/opinion/table.ts'
import { formatCsv } from './csv.ts'
import { parseSeparated, SeparatedError, type SeparatedRecord } from './separated.ts'

/** A file that is not as described above. `line` counts from 1. */
export class PolisError extends Error {
  override readonly name = 'PolisError'
  readonly line: number
  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`)
    this.line = line
  }
}

/** A statement as comments.csv has it. */
export interface PolisComment {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly statement: number
  /** Whoever wrote it; empty where that is not said. */
  readonly author: string
  readonly agrees: number
  readonly disagrees: number
  /** Let through, not yet decided, turned down. */
  readonly moderated: 1 | 0 | -1
  readonly body: string
}

const COLUMNS = ['timestamp', 'datetime', 'comment-id', 'voter-id', 'vote']
const COMMENT_COLUMNS = [
  ...['timestamp', 'datetime', 'comment-id', 'author-id'],
  ...['agrees', 'disagrees', 'moderated', 'comment-body'],
]
const PERSON_COLUMNS = ['participant', 'group-id', 'n-comments', 'n-votes', 'n-agree', 'n-disagree']

/** All votes in the order of the file, earlier ones of the same person on the same statement among them. Throws
 *  `PolisError`. */
export function parsePolisVotes(text: string): OpinionVote[] {
  return rowsOf(text, COLUMNS).map(({ line, fields }) => {
    const [time = '', , statement = '', person = '', vote = ''] = fields
    const stance = STANCES.find((known): known is Stance => String(known) === vote)
    if (stance === undefined) throw new PolisError(line, `no vote: ${vote}`)
    const numbers = { time: numberIn(line, time), statement: numberIn(line, statement) }
    return { ...numbers, person: numberIn(line, person), stance }
  })
}

/** Bodies of the statements that were not turned down, in the order of the file. Throws `PolisError`. */
export function parsePolisComments(text: string): string[] {
  return rowsOf(text, COMMENT_COLUMNS).flatMap(({ line, fields }) => {
    const [moderated = '', body = ''] = fields.slice(-2)
    if (!['1', '0', '-1'].includes(moderated)) throw new PolisError(line, `not moderated as: ${moderated}`)
    // An apostrophe before what a spreadsheet would take for a formula is formatCsv's.
    const said = body.replace(/^'(?=[=+\-@])/, '').trim()
    return moderated === '-1' || said === '' ? [] : [said]
  })
}

/** An instant (milliseconds since 1970) as people read it. */
export type Dated = (time: number) => string

/** The file of these votes, in their order. */
export function formatPolisVotes(votes: readonly OpinionVote[], dated: Dated): string {
  const rows = votes.map(({ time, statement, person, stance }) => {
    return [time, dated(time), statement, person, stance]
  })
  return formatCsv([COLUMNS, ...rows])
}

/** The file of these statements, in their order. */
export function formatPolisComments(comments: readonly PolisComment[], dated: Dated): string {
  const rows = comments.map(({ time, statement, author, agrees, disagrees, moderated, body }) => [
    ...[time, dated(time), statement, author],
    ...[agrees, disagrees, moderated, body],
  ])
  return formatCsv([COMMENT_COLUMNS, ...rows])
}

/** Each person's last votes in a row. Whose a statement is the votes do not say, and groups are for the map to find: those
 *  fields are empty. */
export function formatPolisPeople({ people, statements, stances }: OpinionTable): string {
  const rows = people.map((person, i) => {
    const own = statements.map((_, column) => stances[i]?.[column])
    const count = (stance: Stance) => own.filter((one) => one === stance).length
    const [agree, disagree] = [count(1), count(-1)]
    return [person, '', '', agree + disagree + count(0), agree, disagree, ...own.map((one) => one ?? '')]
  })
  return formatCsv([[...PERSON_COLUMNS, ...statements], ...rows])
}

function rowsOf(text: string, columns: readonly string[]): SeparatedRecord[] {
  const [head, ...rows] = recordsOf(text)
  if (head?.fields.join() !== columns.join()) throw new PolisError(1, `not the columns ${columns.join(', ')}`)
  for (const { line, fields } of rows)
    if (fields.length !== columns.length) throw new PolisError(line, `${fields.length} fields`)
  return rows
}

function numberIn(line: number, number: string): number {
  if (!/^(0|[1-9][0-9]{0,14})$/.test(number)) throw new PolisError(line, `no number: ${number}`)
  return Number(number)
}

function recordsOf(text: string) {
  try {
    return parseSeparated(text, ',')
  } catch (error) {
    if (error instanceof SeparatedError) throw new PolisError(error.line, error.message)
    throw error
  }
}
