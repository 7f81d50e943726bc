// Promises and spending as the server tells them: views to look at, which a verification holds against the record.
import type { AccountabilityView } from '#server/accountability/views.ts'
import { get } from '#web/device/api.ts'

export type { AccountabilityView, ProcurementView, PromiseView } from '#server/accountability/views.ts'

/** All that is promised and published in a process. */
export function accountability(process: string): Promise<AccountabilityView> {
  return get(`/api/processes/${encodeURIComponent(process)}/accountability`)
}
