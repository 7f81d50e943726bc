// What moderators ask of the server: words that wait for a decision, hidden ones too.
import type { ModerationCase, ModerationQueue } from '#server/participation/moderation.ts'
import { get } from '#web/device/api.ts'

export type { ModerationCase }

/** Those that have waited longest. */
export function queueOf(process: string): Promise<ModerationQueue> {
  return get(`/api/officials/processes/${encodeURIComponent(process)}/moderation?after=oldest`)
}

/** One proposal or comment, by the index of its entry. */
export function caseOf(process: string, target: number): Promise<ModerationCase> {
  return get(`/api/officials/processes/${encodeURIComponent(process)}/moderation/${target}`)
}
