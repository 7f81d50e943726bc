// Verifies a record away from the page, which stays free to show how far it is. One worker makes one run; to cancel it,
// the page ends the worker, and with it those that check proofs.
import { holdInMemory, blobSource, type Hold } from '#client/download.ts'
import { Server } from '#client/server.ts'
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import { parsePolicy } from '#ledger/policy.ts'
import { openRecord, type PublicRecord } from '#tally/record.ts'
import type { ElectionState, RecordState } from '#tally/state.ts'
import type { Finding } from '#tally/verify/finding.ts'
import { verify } from '#tally/verify/verify.ts'
import { serve } from '#web/worker/serve.ts'
import { type Progress, Watch } from './progress.ts'
import { startProofWorkers } from './proof-workers.ts'

/** What an observer brings along. Texts and files as they were read. */
export interface Held {
  readonly policy?: string
  readonly checkpoints: readonly string[]
  readonly opening?: Uint8Array
}

export interface Report {
  readonly findings: Finding[]
  /** The record's own checkpoint and policy. */
  readonly checkpoint: string
  readonly policy: string
  readonly entries: number
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
    const run = (record: PublicRecord): Promise<Report> => verifyRecord(record, held, tell)
    if (file !== undefined) return run(await openRecord(blobSource(file)))
    return new Server(location.origin, { hold: counting(tell) }).record(run)
  },
} satisfies Verifier)

async function verifyRecord(record: PublicRecord, held: Held, tell: (step: Step) => void): Promise<Report> {
  const { policy, checkpoints, opening } = held
  const { size } = parseCheckpoint(record.checkpoint)
  const watch = new Watch(size, tell)
  const elections: Verified[] = []
  const start = performance.now()
  const findings = await verify(
    watch.record(record),
    workers.ports.map((port) => watch.port(port)),
    {
      checkpoints,
      ...(policy !== undefined && { policy: parsePolicy(policy) }),
      ...(opening && { opening }),
      onState: (state) => void elections.push(...electionsOf(state)),
    },
  )
  const took = performance.now() - start
  const { ballots } = watch.progress
  return {
    findings,
    checkpoint: record.checkpoint,
    policy: record.policy,
    entries: size,
    ballots,
    took,
    elections,
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
