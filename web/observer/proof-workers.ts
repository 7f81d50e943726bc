// Proof workers in the browser: the adapter between Web Workers and the pool of tally/. They are started by the worker
// that reads the record, and end with it.
import type { Port } from '#tally/worker.ts'
import { makeWorker } from '#web/worker/start.ts'
import { portOver } from './port.ts'
import url from './proof-worker.ts?worker&url'

/** Running workers; `stop` ends them. */
export interface ProofWorkers {
  readonly ports: readonly Port[]
  /** Resolves once all of them are loaded. */
  readonly ready: Promise<unknown>
  stop(): void
}

/** Starts `count` workers, one for each core if not given. */
export function startProofWorkers(count = navigator.hardwareConcurrency): ProofWorkers {
  const made = Array.from({ length: count }, () => makeWorker(url))
  return {
    ports: made.map(({ worker, port }) =>
      portOver(port, (report) =>
        worker.addEventListener('error', ({ message }) =>
          report(new Error(message || 'a proof worker has died')),
        ),
      ),
    ),
    ready: Promise.all(made.map(({ ready }) => ready)),
    stop: () => made.forEach(({ worker }) => worker.terminate()),
  }
}
