// How many have voted, told by group: a group is an electoral roll, and nothing finer. Of a roll with fewer members than
// the manifest's minBallots nothing is told: there "all have voted" would be said of people one knows. SPEC 8.1.
import type { ElectionState, ProcessState } from '#tally/state.ts'

export interface Group {
  readonly roll: string
  /** Credentials on it. */
  readonly credentials: number
  /** Those who have answered whichever question most of them have answered; undefined where it is not told. */
  readonly voters: number | undefined
}

export interface Groups {
  /** In the order of the questions. */
  readonly rolls: readonly Group[]
  /** Of all rolls but those that are left out. Who is on several rolls counts on each. */
  readonly together: { readonly credentials: number; readonly voters: number }
  /** Rolls of which not even the sum tells: it would give them away. */
  readonly leftOut: number
}

export function groupsOf({ rolls }: ProcessState, { manifest, contests }: ElectionState): Groups {
  const all = [...new Set(manifest.contests.map(({ roll }) => roll))].map((roll) => ({
    roll,
    credentials: rolls.get(roll)?.credentials.length ?? 0,
    voters: Math.max(
      0,
      ...contests.map((contest, i) => (manifest.contests[i]?.roll === roll ? contest.voters.size : 0)),
    ),
  }))
  const small = all.filter(({ credentials }) => credentials < manifest.minBallots)
  // Several small ones hide each other, if they are many enough together.
  const hidden = small.length > 1 && membersOf(small) >= manifest.minBallots
  const summed = hidden ? all : all.filter((group) => !small.includes(group))
  return {
    rolls: all.map((group) => (small.includes(group) ? { ...group, voters: undefined } : group)),
    together: {
      credentials: membersOf(summed),
      voters: summed.reduce((sum, { voters }) => sum + voters, 0),
    },
    leftOut: hidden ? 0 : small.length,
  }
}

function membersOf(groups: readonly { credentials: number }[]): number {
  return groups.reduce((sum, { credentials }) => sum + credentials, 0)
}
