// A thread that checks proofs for proof-workers.ts.
import { parentPort } from 'node:worker_threads'
import { serve } from '#tally/worker.ts'
import { END } from './proof-workers.ts'

const port = parentPort
if (port === null) throw new Error('this file runs as a worker thread')
serve({
  post: (message) => port.postMessage(message),
  listen: (receive) =>
    void port.on('message', (message) => (message === END ? port.close() : receive(message as never))),
  fail: () => undefined,
})
