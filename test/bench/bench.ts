// What a benchmark is, and how its figures are taken: medians over repeats, peers measured in the same run.

/** Figures of one run, by name. Times say their unit in the name; null where something could not be measured, with the
 *  reason beside it under the same name + `Because`. */
export type Figures = Record<string, number | string | boolean | null>

/** Told what happens now. */
export type OnProgress = (step: string) => void

export interface Sizes {
  /** How many ballots to make; each bench has a default that takes well under a minute. */
  readonly ballots?: number
}

export interface Bench {
  readonly name: string
  /** One line for --list. */
  readonly what: string
  /** Left out of a run of all benches unless --all is given. */
  readonly long?: boolean
  run(onProgress: OnProgress, sizes: Sizes): Promise<Figures>
}

/** The middle value; the mean of the two in the middle if there are evenly many. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  if (upper === undefined || lower === undefined) throw new Error('the median of nothing')
  return (upper + lower) / 2
}

/** The smallest value that at least this share of the values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  if (value === undefined) throw new Error('a percentile of nothing')
  return value
}

export interface Timed<T> {
  readonly result: T
  /** Milliseconds on the clock. */
  readonly ms: number
  /** Milliseconds of processor time of this process, all its threads together: what work on one thread takes where
   *  nobody else wants the processor. */
  readonly cpuMs: number
}

/** What some work gives, and how long it takes. */
export async function timed<T>(work: () => T | Promise<T>): Promise<Timed<T>> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const result = await work()
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  return { result, ms, cpuMs: (user + system) / 1000 }
}

/** Rounded to four significant digits: none of these figures is better than that. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4))
}
