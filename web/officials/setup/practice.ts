// A practice election made of a real one: the same questions, rules and guardians under the mark of practice, with rolls of
// its own, so that none of those who really vote is closed off.
import type { Manifest } from '#protocol/manifest.ts'

const SUFFIX = '-practice'
/** Longest name in an address. */
const LONGEST = 64

/** What whoever makes it decides. */
export type Changes = Pick<Manifest, 'opensAt' | 'closesAt' | 'minBallots'>

export function practiceOf(manifest: Manifest, changes: Changes): Manifest {
  const contests = manifest.contests.map((contest) => ({ ...contest, roll: nameFor(contest.roll, []) }))
  return { ...manifest, ...changes, practice: true, contests }
}

/** The short name of practice for what has this one; another than those that are taken. */
export function nameFor(name: string, taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const end = number === 1 ? SUFFIX : `${SUFFIX}-${number}`
    const made = `${name.slice(0, LONGEST - end.length).replace(/-$/, '')}${end}`
    if (!taken.includes(made)) return made
  }
}
