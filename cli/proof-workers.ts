// Proof workers as threads of this process: the adapter between node:worker_threads and the pool of tally/.
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Port } from '#tally/worker.ts'

/** The message that ends a worker. */
export const END = 'end'

/** V8 lets garbage lie while there is memory. A batch of the largest ballots fits easily; one that did not would end the
 *  worker, and nothing would be judged. */
const LIMITS = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 256 }

/** Running workers; `stop` lets them finish what they were sent. */
export interface ProofWorkers {
  readonly ports: readonly Port[]
  stop(): Promise<void>
}

/** Starts `count` workers, one for each core if not given. */
export function startProofWorkers(count = availableParallelism()): ProofWorkers {
  const threads = Array.from(
    { length: count },
    () => new Worker(new URL('./proof-worker.ts', import.meta.url), { resourceLimits: LIMITS }),
  )
  return {
    ports: threads.map((thread): Port => ({
      post: (message) => thread.postMessage(message),
      listen: (receive) => void thread.on('message', (message) => receive(message as never)),
      fail: (report) => {
        thread.on('error', report)
        thread.on('exit', () => report(new Error('a proof worker has ended')))
      },
    })),
    async stop() {
      // Not terminate(): Node aborts the process now and then when a thread is ended while it still loads.
      const running = threads.filter(({ threadId }) => threadId !== -1)
      const ended = running.map((thread) => new Promise((resolve) => thread.once('exit', resolve)))
      for (const thread of running) thread.postMessage(END)
      await Promise.all(ended)
    },
  }
}
