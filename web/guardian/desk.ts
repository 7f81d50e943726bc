// A page's way to the guardian's worker.
import { type Remote, wrap } from 'comlink'
import { makeWorker } from '#web/worker/start.ts'
import url from './worker.ts?worker&url'
import type { GuardianDesk } from './worker.ts'

/** The worker's interface, and its end: whatever it is doing is stored, and is gone on with by the next one. */
export interface Desk extends Disposable {
  readonly desk: Remote<GuardianDesk>
}

/** Starts the guardian's worker. */
export function openDesk(): Desk {
  const { worker, port } = makeWorker(url)
  return { desk: wrap<GuardianDesk>(port), [Symbol.dispose]: () => worker.terminate() }
}
