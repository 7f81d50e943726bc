// What people think of statements: one stance of each person on each, the last one they took. Exact; what is drawn from it
// stands in map.ts.

/** Agree, disagree, pass. */
export const STANCES = [1, -1, 0] as const
export type Stance = (typeof STANCES)[number]

export interface OpinionVote {
  /** Milliseconds since 1970. */
  readonly time: number
  /** Numbers that name both. */
  readonly statement: number
  readonly person: number
  readonly stance: Stance
}

export interface OpinionTable {
  /** Ascending. */
  readonly people: readonly number[]
  readonly statements: readonly number[]
  /** Of each person, in that order, the stance on each statement, in that order; undefined where they took none. */
  readonly stances: readonly (readonly (Stance | undefined)[])[]
}

/** How many people agree, disagree and pass. */
export interface Totals {
  readonly agree: number
  readonly disagree: number
  readonly pass: number
}

/** The table of these votes. Of several by one person on one statement the one with the latest time counts, of those with
 *  one time the last in the list. */
export function opinionTable(votes: readonly OpinionVote[]): OpinionTable {
  const people = numbered(votes.map(({ person }) => person))
  const statements = numbered(votes.map(({ statement }) => statement))
  const latest = [...people.keys()].map(() => new Map<number, OpinionVote>())
  for (const vote of votes) {
    const own = latest[people.get(vote.person) ?? -1]
    if (own === undefined) throw new Error('everybody who voted is in the table')
    if ((own.get(vote.statement)?.time ?? -1) <= vote.time) own.set(vote.statement, vote)
  }
  const order = [...statements.keys()]
  return {
    people: [...people.keys()],
    statements: order,
    stances: latest.map((own) => order.map((statement) => own.get(statement)?.stance)),
  }
}

/** Of each statement of the table, in its order, among these people (by their place; all if not given). */
export function totalsOf(table: OpinionTable, places?: readonly number[]): Totals[] {
  const rows = places?.map((place) => table.stances[place] ?? []) ?? table.stances
  return table.statements.map((_, column) => {
    const count = (stance: Stance) => rows.filter((row) => row[column] === stance).length
    return { agree: count(1), disagree: count(-1), pass: count(0) }
  })
}

/** Each value once, ascending, with its place. */
function numbered(values: readonly number[]): Map<number, number> {
  return new Map([...new Set(values)].sort((a, b) => a - b).map((value, place) => [value, place]))
}
