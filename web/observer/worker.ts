// Verifies a record away from the page, which stays free to show how far it is. One worker examines one record; to cancel
// it, the page ends the worker, and with it those that check proofs.
import { holdInMemory, blobSource, type Hold } from '#client/download.ts'
import { Server } from '#client/server.ts'
import { EncodingError } from '#crypto/encoding.ts'
import { openRecord, type PublicRecord } from '#tally/record.ts'
import { serve } from '#web/worker/serve.ts'
import { Examination, type Held, type Report } from './examination.ts'
import type { Progress } from './progress.ts'
import { startProofWorkers } from './proof-workers.ts'

/** What the page is told while it waits. */
export type Step = { readonly bytes: number } | Progress

export interface Verifier {
  /** Resolves once everything that a run needs is loaded, so that the network may be cut. */
  ready(): Promise<unknown>
  /** Verifies a record file, or the record of the server that this page came from. */
  verify(file: Blob | undefined, held: Held, tell: (step: Step) => void): Promise<Report>
  /** After that of the server's record: the same with what its log has more by now. */
  follow(): Promise<Report>
}

const workers = startProofWorkers()
let examination: Examination | undefined

serve({
  ready: () => workers.ready,
  async verify(file, held, tell) {
    if (file !== undefined) return examine(await openFile(file), held, undefined, tell)
    const server = new Server(location.origin, { hold: counting(tell) })
    return server.record((record) => examine(record, held, server, tell))
  },
  follow() {
    if (examination === undefined) throw new Error('nothing has been verified')
    return examination.follow()
  },
} satisfies Verifier)

async function openFile(file: Blob): Promise<PublicRecord> {
  try {
    return await openRecord(blobSource(file))
  } catch (error) {
    if (error instanceof EncodingError) throw new NoRecord(error.message)
    throw error
  }
}

/** The file that was given is no record. */
export class NoRecord extends Error {
  readonly code = 'file-no-record'
}

function examine(
  record: PublicRecord,
  held: Held,
  server: Server | undefined,
  tell: (step: Step) => void,
): Promise<Report> {
  examination = new Examination(record, held, server, workers.ports, tell)
  return examination.run()
}

/** Holds the record as a blob, and says how much of it has come. */
function counting(tell: (step: Step) => void): Hold {
  return (response, use) => {
    let bytes = 0
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.length
        tell({ bytes })
        controller.enqueue(chunk)
      },
    })
    return holdInMemory(new Response(response.body?.pipeThrough(count) ?? null, response), use)
  }
}
