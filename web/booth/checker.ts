// The page's end of the worker that checks receipts and opened ballots.
import { workerOn } from '#web/worker/start.ts'
import type { CheckWorker } from './check-worker.ts'
import url from './check-worker.ts?worker&url'

export const checker = workerOn<CheckWorker>(url)
