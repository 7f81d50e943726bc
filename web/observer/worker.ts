// Verifies a record away from the page, which stays free to show how far it is. One worker makes one run; to cancel it,
// the page ends the worker, and with it those that check proofs.
import { holdInMemory, blobSource, type Hold } from '#client/download.ts'
import { Server } from '#client/server.ts'
import { EncodingError } from '#crypto/encoding.ts'
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import { parsePolicy } from '#ledger/policy.ts'
import { openRecord, type PublicRecord } from '#tally/record.ts'
import type { ElectionState, RecordState } from '#tally/state.ts'
import type { Finding } from '#tally/verify/finding.ts'
import { verify } from '#tally/verify/verify.ts'
import { serve } from '#web/worker/serve.ts'
import type { Kept } from './kept.ts'
import { type Progress, Watch } from './progress.ts'
import { startProofWorkers } from './proof-workers.ts'

/** What an observer brings along. Texts and files as they were read. */
export interface Held {
  readonly policy?: string
  readonly checkpoints: readonly string[]
  readonly opening?: Uint8Array
  /** What this device keeps of ledgers, by their origin lines. */
  readonly kept: Readonly<Record<string, Kept>>
}

export interface Report {
  readonly findings: Finding[]
  /** The ledger's name, and the record's checkpoint. */
  readonly origin: string
  readonly checkpoint: string
  readonly entries: number
  /** The policy that the signatures were checked against: the observer's own, the one that this device keeps, or for want
   *  of them the record's. */
  readonly believed: { readonly whose: 'own' | 'kept' | 'record'; readonly policy: string }
  /** Whether it is what the server that this page came from says of its own ledger. */
  readonly served: boolean
  /** Entries of a newer checkpoint that this device keeps, where the record is a file that ends before it. */
  readonly newer: number | undefined
  /** Ballots whose proofs were judged. */
  readonly ballots: number
  /** Time that it took, milliseconds, without the download. */
  readonly took: number
  /** What the entries say that may stand in the record, in the order of their definitions. */
  readonly elections: readonly Verified[]
}

/** An election as the record tells of it. */
export interface Verified extends Pick<
  ElectionState,
  'process' | 'slug' | 'manifest' | 'closesAt' | 'result'
> {
  readonly announcedAt: number | undefined
}

/** What the page is told while it waits. */
export type Step = { readonly bytes: number } | Progress

export interface Verifier {
  /** Resolves once everything that a run needs is loaded, so that the network may be cut. */
  ready(): Promise<unknown>
  /** Verifies a record file, or the record of the server that this page came from. */
  verify(file: Blob | undefined, held: Held, tell: (step: Step) => void): Promise<Report>
}

const workers = startProofWorkers()

serve({
  ready: () => workers.ready,
  async verify(file, held, tell) {
    if (file !== undefined) return verifyRecord(await openFile(file), held, undefined, tell)
    const server = new Server(location.origin, { hold: counting(tell) })
    return server.record((record) => verifyRecord(record, held, server, tell))
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
class NoRecord extends Error {
  readonly code = 'file-no-record'
}

async function verifyRecord(
  record: PublicRecord,
  { policy: own, checkpoints, opening, kept: ledgers }: Held,
  server: Server | undefined,
  tell: (step: Step) => void,
): Promise<Report> {
  const { checkpoint } = record
  const { origin, size } = parseCheckpoint(checkpoint)
  const kept = ledgers[origin]
  const seen = kept === undefined ? 0 : parseCheckpoint(kept.checkpoint).size
  // A file may be older than what this device has seen; a server has no excuse.
  const newer = server === undefined && seen > size ? seen : undefined
  const whose = own !== undefined ? 'own' : kept !== undefined ? 'kept' : 'record'
  const believed = own ?? kept?.policy ?? record.policy
  const watch = new Watch(size, tell)
  const elections: Verified[] = []
  const start = performance.now()
  const findings = await verify(
    watch.record(record),
    workers.ports.map((port) => watch.port(port)),
    {
      checkpoints: [...checkpoints, ...(kept === undefined || newer !== undefined ? [] : [kept.checkpoint])],
      ...(whose !== 'record' && { policy: parsePolicy(believed) }),
      ...(opening && { opening }),
      ...(server && { fetchFile: (path) => server.page(path) }),
      onState: (state) => void elections.push(...electionsOf(state)),
    },
  )
  const took = performance.now() - start
  return {
    ...{ findings, origin, checkpoint, entries: size, newer, took, elections, served: server !== undefined },
    ballots: watch.progress.ballots,
    believed: { whose, policy: believed },
  }
}

function electionsOf({ processes }: RecordState): Verified[] {
  const all = [...processes.values()].flatMap((process) => [...process.elections.values()])
  return all
    .sort((a, b) => a.definedAt - b.definedAt)
    .map(({ process, slug, manifest, closesAt, result, announcedAt }) => ({
      ...{ process, slug, manifest, closesAt, result, announcedAt },
    }))
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
