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

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const INTERVALS = [1, 5, 15, 30]
  .map((n) => n * 1000)
  .concat([1, 5, 15, 30].map((n) => n * MINUTE))
  .concat([1, 3, 6, 12].map((n) => n * HOUR))

/** Instants to mark on an axis from `first` to `last`: at most `most`, at round times of this device's time zone; and how
 *  far apart they are, milliseconds. */
export function ticksBetween(first: number, last: number, most: number): { at: Date[]; interval: number } {
  const least = (last - first) / Math.max(1, most - 1)
  const interval = INTERVALS.find((step) => step >= least) ?? Math.ceil(least / DAY) * DAY
  const midnight = new Date(first)
  midnight.setHours(0, 0, 0, 0)
  const at: Date[] = []
  for (let tick = midnight; tick.getTime() <= last; tick = later(tick, interval)) {
    if (tick.getTime() >= first) at.push(tick)
  }
  return { at, interval }
}

/** By days where days are meant: some have 23 hours, or 25. */
function later(instant: Date, interval: number): Date {
  if (interval % DAY !== 0) return new Date(instant.getTime() + interval)
  const next = new Date(instant)
  next.setDate(next.getDate() + interval / DAY)
  return next
}
