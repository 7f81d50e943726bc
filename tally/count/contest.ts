// A contest of a manifest counted from its sums. SPEC 9.5.
import type { Contest } from '#protocol/manifest.ts'
import { count } from './count.ts'
import type { Result } from './result.ts'

/** What was decrypted of a contest: counted ballots, blank votes, and one sum for each option in the manifest's order. */
export interface Sums {
  readonly ballots: number
  readonly blank: bigint
  readonly sums: readonly bigint[]
}

/** The result by the contest's own method. */
export function countContest({ options, count: method }: Contest, { ballots, blank, sums }: Sums): Result {
  return count(method, {
    options: options.map(({ id, cost }) => (cost === undefined ? { id } : { id, cost })),
    scores: sums,
    ballots: BigInt(ballots),
    blank,
  })
}
