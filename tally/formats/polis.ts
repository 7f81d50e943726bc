// Votes on statements as Polis publishes them (votes.csv of https://github.com/compdemocracy/openData). Read strictly: what
// this module accepts has one meaning.
import { STANCES, type OpinionVote, type Stance } from '#tally/opinion/table.ts'
import { parseSeparated, SeparatedError } from './separated.ts'

/** A file that is not votes.csv as described above. `line` counts from 1. */
export class PolisError extends Error {
  override readonly name = 'PolisError'
  readonly line: number
  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`)
    this.line = line
  }
}

const COLUMNS = ['timestamp', 'datetime', 'comment-id', 'voter-id', 'vote']

/** All votes in the order of the file, earlier ones of the same person on the same statement among them. Throws
 *  `PolisError`. */
export function parsePolisVotes(text: string): OpinionVote[] {
  const [head, ...rows] = recordsOf(text)
  if (head?.fields.join() !== COLUMNS.join()) throw new PolisError(1, `not the columns ${COLUMNS.join(', ')}`)
  return rows.map(({ line, fields }) => {
    const [time = '', , statement = '', person = '', vote = ''] = fields
    if (fields.length !== COLUMNS.length) throw new PolisError(line, `${fields.length} fields`)
    const stance = STANCES.find((known): known is Stance => String(known) === vote)
    if (stance === undefined) throw new PolisError(line, `no vote: ${vote}`)
    const [at, on, by] = [time, statement, person].map((number) => {
      if (!/^(0|[1-9][0-9]{0,14})$/.test(number)) throw new PolisError(line, `no number: ${number}`)
      return Number(number)
    }) as [number, number, number]
    return { time: at, statement: on, person: by, stance }
  })
}

function recordsOf(text: string) {
  try {
    return parseSeparated(text, ',')
  } catch (error) {
    if (error instanceof SeparatedError) throw new PolisError(error.line, error.message)
    throw error
  }
}
