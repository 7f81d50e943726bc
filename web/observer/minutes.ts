// How long voting takes, roughly: what the start page promises.
import type { Contest } from '#protocol/manifest.ts'

/** Minutes for all contests: one for review, sealing and receipt, and one for each contest, more for long lists. */
export function minutesFor(contests: readonly Pick<Contest, 'options'>[]): number {
  return contests.reduce((sum, { options }) => sum + Math.ceil(options.length / 12), 1)
}
