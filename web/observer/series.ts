// Turnout as it grew: what the plot, its table and its sentence all say.

/** New voters and ballots in each step of ledger time, as the server adds them up. */
export interface Steps {
  /** Where the first step begins, milliseconds since 1970, and the length of each. */
  readonly from: number
  readonly step: number
  readonly voters: readonly number[]
  readonly ballots: readonly number[]
}

export interface Step {
  /** The step's beginning and end, milliseconds since 1970. */
  readonly start: number
  readonly end: number
  /** New in it. */
  readonly voters: number
  readonly ballots: number
  /** Voters by its end. */
  readonly soFar: number
}

/** All steps with the sum so far. */
export function seriesOf({ from, step, voters, ballots }: Steps): Step[] {
  let soFar = 0
  return voters.map((fresh, i) => {
    soFar += fresh
    const start = from + i * step
    return { start, end: start + step, voters: fresh, ballots: ballots[i] ?? 0, soFar }
  })
}

/** The steps in which something happened: what a table needs to say. */
export function eventful(series: readonly Step[]): Step[] {
  return series.filter(({ ballots }) => ballots > 0)
}

/** The step with the most new voters, the first of several; undefined before the first voter. */
export function busiest(series: readonly Step[]): Step | undefined {
  const most = Math.max(0, ...series.map(({ voters }) => voters))
  return most === 0 ? undefined : series.find(({ voters }) => voters === most)
}
