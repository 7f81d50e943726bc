// The order in which options are considered, and the groups that tie by score (SPEC 9.5).
import type { CountInput } from './result.ts'

/** An option with its score, its cost (0 where the method has no costs) and its place in the manifest, from 0. */
export interface Entrant {
  id: string
  score: bigint
  cost: bigint
  place: number
}

/** The input's options as entrants, in manifest order. */
export function entrants(input: CountInput): Entrant[] {
  return input.options.map((option, place) => ({
    id: option.id,
    score: input.scores[place] ?? 0n,
    cost: option.cost ?? 0n,
    place,
  }))
}

/** Groups of equal score, highest first; inside a group manifest order. No group is empty. */
export function scoreGroups(field: readonly Entrant[]): Entrant[][] {
  const groups = Map.groupBy(field, (entrant) => entrant.score)
  return [...groups.values()].sort(([a], [b]) => descending(a?.score ?? 0n, b?.score ?? 0n))
}

/** The group by lower cost, then manifest order. */
export function byCost(group: readonly Entrant[]): Entrant[] {
  return [...group].sort((a, b) => descending(b.cost, a.cost) || a.place - b.place)
}

function descending(a: bigint, b: bigint): number {
  return a > b ? -1 : a < b ? 1 : 0
}
