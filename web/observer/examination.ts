// A verification on this device, from a record to a report; that of this server's record goes on as its log grows.
import { earlier } from '#client/earlier.ts'
import { Unusable } from '#client/failure.ts'
import type { Server } from '#client/server.ts'
import { EncodingError } from '#crypto/encoding.ts'
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import { parsePolicy } from '#ledger/policy.ts'
import type { PublicRecord } from '#tally/record.ts'
import type { ElectionState, RecordState } from '#tally/state.ts'
import type { Finding } from '#tally/verify/finding.ts'
import { formatJudged, judgedIn, parseJudged } from '#tally/verify/judged.ts'
import type { Observer } from '#tally/verify/observer.ts'
import { type Source, Verification } from '#tally/verify/verification.ts'
import type { Port } from '#tally/worker.ts'
import type { Kept } from './kept.ts'
import { type Progress, Watch } from './progress.ts'

/** What an observer brings along. Texts and files as they were read. */
export interface Held {
  readonly policy?: string
  readonly checkpoints: readonly string[]
  readonly opening?: Uint8Array
  /** What this device keeps of ledgers, by their origin lines. */
  readonly kept: Readonly<Record<string, Kept>>
  /** The origin line of the ledger that the server showed first, if it was met before. */
  readonly here: string | undefined
  /** Names the code of this page: what other code has found sound is judged again. */
  readonly program: string
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
  /** Ballots whose proofs were judged, now or in an earlier run. */
  readonly ballots: number
  /** What was found sound, to be kept for the next run; undefined where something failed. */
  readonly judged: string | undefined
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

export class Examination {
  readonly #record: PublicRecord
  readonly #server: Server | undefined
  readonly #watch: Watch
  readonly #verification: Verification
  readonly #believed: Report['believed']
  readonly #observer: Observer
  readonly #newer: number | undefined
  readonly #program: string
  /** Checkpoints that the record must extend: those from before, and the newest of this examination. */
  readonly #held: readonly string[]
  #newest: string | undefined
  #took = 0

  /** @param server the one that the record is of, if it is no file */
  constructor(
    record: PublicRecord,
    { policy: own, checkpoints, opening, kept: ledgers, here, program }: Held,
    server: Server | undefined,
    workers: readonly Port[],
    tell: (progress: Progress) => void,
  ) {
    const { origin, size } = parseCheckpoint(record.checkpoint)
    const kept = ledgers[(server && here) ?? origin]
    const seen = kept === undefined ? 0 : parseCheckpoint(kept.checkpoint).size
    // A file may be older than what this device has seen; a server has no excuse.
    this.#newer = server === undefined && seen > size ? seen : undefined
    this.#held = [
      ...checkpoints,
      ...(kept === undefined || this.#newer !== undefined ? [] : [kept.checkpoint]),
    ]
    const whose = own !== undefined ? 'own' : kept !== undefined ? 'kept' : 'record'
    this.#believed = { whose, policy: own ?? kept?.policy ?? record.policy }
    this.#observer = {
      ...(whose !== 'record' && { policy: parsePolicy(this.#believed.policy) }),
      ...(opening && { opening }),
      ...(server && { fetchFile: (path: string) => server.page(path) }),
    }
    this.#record = record
    this.#server = server
    this.#program = program
    const judged = kept?.judged === undefined ? undefined : parseJudged(program, kept.judged)
    const known = judged === 'unreadable' ? undefined : judged
    this.#watch = new Watch(size, tell, known?.size)
    const ports = workers.map((port) => this.#watch.port(port))
    this.#verification = new Verification(
      server === undefined ? record : this.#growing(record, server),
      ports,
      known,
    )
  }

  /** The whole record. */
  run(): Promise<Report> {
    return this.#take(this.#watch.record(this.#record).entries(), this.#record.checkpoint)
  }

  /** What the server's log has more by now. Throws `Unusable`: 'entries-differ' where it tells things differently than
   *  before. */
  async follow(): Promise<Report> {
    const server = this.#server
    if (server === undefined) throw new Error('a file does not grow')
    const checkpoint = await server.checkpoint()
    try {
      const { size } = parseCheckpoint(checkpoint)
      return await this.#take(server.entries(this.#verification.size, size), checkpoint)
    } catch (error) {
      if (error instanceof EncodingError) throw new Unusable('entries-differ')
      throw error
    }
  }

  /** A record that goes on: what it does not have, the server has by now. */
  #growing(record: PublicRecord, server: Server): Source {
    const later = earlier(server, () => this.#verification.size)
    return {
      entry: (index) => (index < record.size ? record.entry(index) : later(index)),
      attachment: (hash) => record.attachment(hash),
    }
  }

  async #take(entries: AsyncIterable<Uint8Array>, checkpoint: string): Promise<Report> {
    const start = performance.now()
    await this.#verification.take(entries)
    this.#watch.end()
    const { policy } = this.#record
    const findings = await this.#verification.findings(
      { checkpoint, policy },
      {
        ...this.#observer,
        checkpoints: [...this.#held, ...(this.#newest === undefined ? [] : [this.#newest])],
      },
    )
    this.#newest = checkpoint
    const judged = judgedIn(checkpoint, findings)
    this.#took += performance.now() - start
    return {
      ...{ findings, checkpoint, newer: this.#newer, believed: this.#believed, took: this.#took },
      origin: parseCheckpoint(checkpoint).origin,
      entries: this.#verification.size,
      elections: electionsOf(this.#verification.state),
      served: this.#server !== undefined,
      ballots: this.#verification.state.bodies.size,
      judged: judged && formatJudged(this.#program, judged),
    }
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
