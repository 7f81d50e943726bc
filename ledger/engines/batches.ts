// Group commit (SPEC 7.5): appends that arrive together share one commit and one signature. A batch goes when it holds
// 256 entries or its first one has waited 4 ms; while one is being written the next gathers.
import { Busy, type Appended } from '#ledger/engine.ts'

/** What writing a batch gave: size and text of the checkpoint that covers it. */
export interface Written {
  readonly size: number
  readonly checkpoint: string
}

/** Entries that may wait; also the most that one call may append. */
export const MAX_WAITING = 5_000

const BATCH_ENTRIES = 256
const BATCH_MS = 4
const MAX_WAITING_BYTES = 64 * 2 ** 20

interface Call {
  readonly entries: readonly Uint8Array[]
  readonly since: number
  readonly resolve: (appended: Appended) => void
  readonly reject: (error: unknown) => void
}

/** The queue before the writer. Order of the calls is order in the log. */
export class Batches {
  readonly #write: (entries: readonly Uint8Array[]) => Promise<Written>
  #calls: Call[] = []
  #entries = 0
  #bytes = 0
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined

  /** `write` stores a batch; batches are written one at a time. If it rejects, so does every call of the batch. */
  constructor(write: (entries: readonly Uint8Array[]) => Promise<Written>) {
    this.#write = write
  }

  /** Queues one call's entries, which must not change afterwards. Rejects with Busy if too much is waiting. */
  add(entries: readonly Uint8Array[]): Promise<Appended> {
    const bytes = byteLength(entries)
    if (this.#entries + entries.length > MAX_WAITING || this.#bytes + bytes > MAX_WAITING_BYTES) {
      return Promise.reject(new Busy('too many entries are waiting to be written'))
    }
    this.#entries += entries.length
    this.#bytes += bytes
    return new Promise((resolve, reject) => {
      this.#calls.push({ entries, since: performance.now(), resolve, reject })
      this.#schedule()
    })
  }

  /** Resolves when nothing is waiting any more. */
  async finish(): Promise<void> {
    while (this.#calls.length > 0 || this.#writing !== undefined) {
      this.#start()
      await this.#writing
    }
  }

  /** Writes now if there is reason to; else sees to it that the first call does not wait too long. */
  #schedule(): void {
    const [first] = this.#calls
    if (first === undefined || this.#writing !== undefined) return
    const wait = first.since + BATCH_MS - performance.now()
    if (this.#entries >= BATCH_ENTRIES || wait <= 0) this.#start()
    else this.#timer ??= setTimeout(() => this.#start(), wait)
  }

  #start(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#writing !== undefined || this.#calls.length === 0) return
    const batch = this.#take()
    this.#writing = this.#commit(batch).finally(() => {
      this.#writing = undefined
      this.#schedule()
    })
  }

  /** Whole calls, until there are 256 entries or no more calls. */
  #take(): Call[] {
    let [calls, entries] = [0, 0]
    for (const call of this.#calls) {
      if (entries >= BATCH_ENTRIES) break
      calls++
      entries += call.entries.length
    }
    const batch = this.#calls.slice(0, calls)
    this.#calls = this.#calls.slice(calls)
    return batch
  }

  async #commit(batch: readonly Call[]): Promise<void> {
    const entries = batch.flatMap((call) => call.entries)
    const bytes = byteLength(entries)
    try {
      const { size, checkpoint } = await this.#write(entries)
      let first = size - entries.length
      for (const call of batch) {
        call.resolve({ first, size, checkpoint })
        first += call.entries.length
      }
    } catch (error) {
      for (const call of batch) call.reject(error)
    } finally {
      this.#entries -= entries.length
      this.#bytes -= bytes
    }
  }
}

function byteLength(entries: readonly Uint8Array[]): number {
  return entries.reduce((sum, entry) => sum + entry.length, 0)
}
