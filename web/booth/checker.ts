// The worker that checks receipts and opened ballots, started by the first page that asks.
import type { Remote } from 'comlink'
import { startWorker } from '#web/worker/start.ts'
import type { CheckWorker } from './check-worker.ts'
import url from './check-worker.ts?worker&url'

let worker: Remote<CheckWorker> | undefined

export function checker(): Remote<CheckWorker> {
  return (worker ??= startWorker<CheckWorker>(url))
}
