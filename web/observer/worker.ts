// Verifies a record away from the page, which stays free to show how far it is. One worker examines one record; to cancel
// it, the page ends the worker, and with it those that check proofs.
import { blobSource } from '#client/download.ts'
import { Server } from '#client/server.ts'
import { EncodingError } from '#crypto/encoding.ts'
import { openRecord, type PublicRecord } from '#tally/record.ts'
import { fileCache } from '#web/device/cache.ts'
import { serve } from '#web/worker/serve.ts'
import { Examination, type Held, type Report } from './examination.ts'
import type { Progress } from './progress.ts'
import { startProofWorkers } from './proof-workers.ts'

export interface Verifier {
  /** Resolves once everything that a run needs is loaded, so that the network may be cut. */
  ready(): Promise<unknown>
  /** Verifies a record file, or the record of the server that this page came from. */
  verify(file: Blob | undefined, held: Held, tell: (progress: Progress) => void): Promise<Report>
  /** After that of the server's record: the same with what its log has more by now. */
  follow(): Promise<Report>
}

const workers = startProofWorkers()
const bundles = fileCache('comitia-entries', '/log/')
let examination: Examination | undefined

serve({
  ready: () => workers.ready,
  async verify(file, held, tell) {
    if (file !== undefined) return examine(await openFile(file), held, undefined, tell)
    const server = new Server(location.origin, { bundles })
    const report = await examine(await server.growing(), held, server, tell)
    if (!report.findings.some(({ check, status }) => check === 'V1' && status === 'failed')) return report
    // What is kept here may be of another ledger than the server's now: the server alone is to be judged.
    return (await bundles.drop()) ? examine(await server.growing(), held, server, tell) : report
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
  tell: (progress: Progress) => void,
): Promise<Report> {
  examination = new Examination(record, held, server, workers.ports, tell)
  return examination.run()
}
