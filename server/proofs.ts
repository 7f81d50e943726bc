// Ballots and signals on their way to the proof workers, gathered into micro-batches: the more load, the larger the batches. Sources
// take turns, and one that has sent a bad proof of late is served singly and behind the others (pitfall W4), but served:
// a whole town may share its address.
import { Busy } from '#ledger/engine.ts'
import type { ProofJob } from '#tally/fold.ts'
import type { ProofEngine } from '#tally/pool.ts'
import { Attempts } from './attempts.ts'

/** Longest wait for company of a ballot that finds the workers idle, in milliseconds. */
const PATIENCE = 10
const MAX_BATCH = 512
/** Batches under way at once: one is worked on, the next lies ready, all others gather company. */
const MAX_RUNNING = 2
/** Ballots of suspects that may wait, from one source and from all; each is judged by itself. */
const MAX_SUSPECT = 16
const MAX_SUSPECTS = 256

interface Waiting {
  readonly job: ProofJob
  readonly source: string
  readonly resolve: (verdict: boolean) => void
  readonly reject: (failure: Error) => void
}

/** The proof workers could not tell whether a ballot holds; nothing was accepted. */
export class ProofFailure extends Error {
  override readonly name = 'ProofFailure'
}

export class Proofs {
  readonly #engine: Pick<ProofEngine, 'check'>
  readonly #attempts: Attempts
  readonly #waiting = new Turns<Waiting>()
  readonly #suspects = new Turns<Waiting>()
  #running = 0
  #suspectRunning = false
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param clock milliseconds since 1970 */
  constructor(engine: Pick<ProofEngine, 'check'>, clock: () => number) {
    this.#engine = engine
    this.#attempts = new Attempts(clock)
  }

  /** Whether the ballot's batch equation and proof hold. Rejects with `ProofFailure` if the workers could not tell, and
   *  with `Busy` if too much is waiting from a source that has sent bad proofs. */
  check(job: ProofJob, source: string): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#queue({ job, source, resolve, reject })
      if (this.#waiting.size >= MAX_BATCH) this.#send()
      else if (this.#waiting.size > 0) this.#timer ??= setTimeout(() => this.#send(), PATIENCE)
    })
  }

  #queue(ballot: Waiting): void {
    const { source } = ballot
    if (!this.#attempts.suspects(source)) this.#waiting.add(source, ballot)
    else if (this.#suspects.of(source) >= MAX_SUSPECT || this.#suspects.size >= MAX_SUSPECTS)
      ballot.reject(new Busy('too many bad proofs from there'))
    else {
      this.#suspects.add(source, ballot)
      this.#sendSuspect()
    }
  }

  #send(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#running >= MAX_RUNNING || this.#waiting.size === 0) return
    this.#running += 1
    void this.#judge(this.#waiting.take(MAX_BATCH)).finally(() => {
      this.#running -= 1
      this.#send()
    })
  }

  #sendSuspect(): void {
    if (this.#suspectRunning || this.#suspects.size === 0) return
    this.#suspectRunning = true
    void this.#judge(this.#suspects.take(1)).finally(() => {
      this.#suspectRunning = false
      this.#sendSuspect()
    })
  }

  async #judge(batch: readonly Waiting[]): Promise<void> {
    try {
      const verdicts = await this.#engine.check(batch.map((ballot) => ballot.job))
      const failed = batch.filter((_, i) => verdicts[i] !== true)
      for (const { source } of failed) this.#attempts.fail(source)
      for (const source of new Set(failed.map((ballot) => ballot.source)))
        for (const ballot of this.#waiting.remove(source)) this.#queue(ballot)
      batch.forEach((ballot, i) => ballot.resolve(verdicts[i] ?? false))
    } catch (error) {
      const failure = new ProofFailure('the proof workers have failed', { cause: error })
      for (const ballot of batch) ballot.reject(failure)
    }
  }
}

/** A queue in which sources take turns. */
class Turns<T> {
  readonly #queues = new Map<string, T[]>()
  size = 0

  /** How much waits from a source. */
  of(source: string): number {
    return this.#queues.get(source)?.length ?? 0
  }

  add(source: string, item: T): void {
    const queue = this.#queues.get(source)
    if (queue === undefined) this.#queues.set(source, [item])
    else queue.push(item)
    this.size += 1
  }

  /** Up to `most`, one from each source in turn. */
  take(most: number): T[] {
    const taken: T[] = []
    for (const [source, queue] of this.#queues) {
      if (taken.length === most) break
      taken.push(...queue.splice(0, 1))
      // Who still waits comes again after all others.
      this.#queues.delete(source)
      if (queue.length > 0) this.#queues.set(source, queue)
    }
    this.size -= taken.length
    return taken
  }

  /** All that waits from a source. */
  remove(source: string): T[] {
    const queue = this.#queues.get(source) ?? []
    this.#queues.delete(source)
    this.size -= queue.length
    return queue
  }
}
