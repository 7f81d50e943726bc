// The page's end of the credential's worker: one for the whole visit.
import { workerOn } from '#web/worker/start.ts'
import type { Device } from './worker.ts'
import url from './worker.ts?worker&url'

export const device = workerOn<Device>(url)
