// Which elections a roll admits to, and what the elections on a roll ask of it.
import type { ElectionSummary } from '#server/summary.ts'
import type { RollName } from './kept.ts'
import type { KnownRoll } from './standings.ts'

/** So many credentials must be on a roll for it to hide a vote, whatever its elections say. */
const LEAST = 20

/** All rolls that elections refer to, each once. */
export function rollsOf(elections: readonly ElectionSummary[]): KnownRoll[] {
  const rolls = elections.flatMap(({ process, officials, contests }) =>
    contests.map(({ roll, frozen }) => ({
      ...{ process, roll },
      frozen: frozen === null ? undefined : { index: frozen.index, officials },
    })),
  )
  return [...new Map(rolls.map((name) => [keyOf(name), name])).values()]
}

/** The roll's name as one text. Slugs have no slash. */
export function keyOf({ process, roll }: RollName): string {
  return `${process}/${roll}`
}

/** Whether a contest of the election is for those on the roll. */
export function usesRoll({ process, contests }: ElectionSummary, name: RollName): boolean {
  return process === name.process && contests.some(({ roll }) => roll === name.roll)
}

/** Fewer credentials than this on the roll deserve a warning. */
export function leastOn(elections: readonly ElectionSummary[], name: RollName): number {
  const using = elections.filter((election) => usesRoll(election, name))
  return Math.max(LEAST, ...using.map(({ minBallots }) => minBallots))
}

/** Whether votes of those on the roll have weights. */
export function weightedOn(elections: readonly ElectionSummary[], name: RollName): boolean {
  return elections.some(
    ({ process, contests }) =>
      process === name.process && contests.some(({ roll, weighted }) => weighted && roll === name.roll),
  )
}

/** What the process is called; its slug where no election tells. */
export function processTitle(elections: readonly ElectionSummary[], process: string): string {
  return elections.find((election) => election.process === process)?.processTitle ?? process
}
