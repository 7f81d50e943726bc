// What moderators ask of the server: words that wait for a decision, hidden ones too.
import type { ModerationCase, ModerationQueue } from '#server/participation/moderation.ts'
import { get } from '#web/device/api.ts'
import { checked, named } from '#web/process/checked.ts'

export type { ModerationCase }

/** Those that have waited longest. */
export async function queueOf(process: string): Promise<ModerationQueue> {
  const path = `/api/officials/processes/${encodeURIComponent(process)}/moderation?after=oldest`
  const queue = await get<ModerationQueue>(path)
  return { ...queue, cases: queue.cases.map(withTexts) }
}

/** One proposal or comment, by the index of its entry. */
export async function caseOf(process: string, target: number): Promise<ModerationCase> {
  const path = `/api/officials/processes/${encodeURIComponent(process)}/moderation/${target}`
  return withTexts(await get<ModerationCase>(path))
}

function withTexts(one: ModerationCase): ModerationCase {
  return { ...named(one), texts: one.texts.map(checked), appeals: one.appeals.map(checked) }
}
