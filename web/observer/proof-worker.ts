// A worker that checks proofs for proof-workers.ts.
import { serve } from '#tally/worker.ts'
import { accept } from '#web/worker/serve.ts'
import { portOver } from './port.ts'

accept((port) => serve(portOver(port)))
