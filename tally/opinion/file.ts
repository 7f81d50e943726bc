// The map of opinions as a file: the same from the page, the command line and anybody who makes it again, byte for byte.
import { type OpinionMap, opinionMap } from './map.ts'
import { type OpinionTable, type OpinionVote, opinionTable, type Totals, totalsOf } from './table.ts'

/** A statement with what people think of it now. */
export interface CountedStatement extends Totals {
  readonly statement: number
}

/** All that a map shows. */
export interface OpinionPicture extends OpinionMap {
  /** People who have said anything, placed or not. */
  readonly people: number
  /** Ascending. */
  readonly statements: readonly CountedStatement[]
}

/** The picture of these votes. */
export function pictureOf(votes: readonly OpinionVote[]): OpinionPicture {
  const table = opinionTable(votes)
  const { points, groups } = opinionMap(table)
  return { people: table.people.length, statements: countedIn(table), points, groups }
}

/** Its bytes, as text in JSON. */
export function pictureFile(picture: OpinionPicture): string {
  return `${JSON.stringify(picture, null, 2)}\n`
}

function countedIn(table: OpinionTable): CountedStatement[] {
  const totals = totalsOf(table)
  return table.statements.map((statement, i) => {
    const { agree, disagree, pass } = totals[i] ?? { agree: 0, disagree: 0, pass: 0 }
    return { statement, agree, disagree, pass }
  })
}
