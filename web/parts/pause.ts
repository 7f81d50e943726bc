// Whether voting is paused, as the notices of an election say it.
import type { ElectionSummary } from '#server/summary.ts'

/** The pause that is in force. */
export function pauseIn(notices: ElectionSummary['notices']): ElectionSummary['notices'][number] | undefined {
  const last = notices.findLast(({ type }) => type !== 'tell-voters')
  return last?.type === 'pause-voting' ? last : undefined
}
