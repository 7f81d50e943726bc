// A page's way to the contributor's worker.
import { type Remote, wrap } from 'comlink'
import { makeWorker } from '#web/worker/start.ts'
import url from './worker.ts?worker&url'
import type { Workshop } from './worker.ts'

/** The worker's interface, and its end, with which all that it knows is gone. */
export interface OpenWorkshop extends Disposable {
  readonly workshop: Remote<Workshop>
}

/** Starts the worker. */
export function openWorkshop(): OpenWorkshop {
  const { worker, port } = makeWorker(url)
  return { workshop: wrap<Workshop>(port), [Symbol.dispose]: () => worker.terminate() }
}
