// Ballots on their way to the proof workers, gathered into micro-batches: the more load, the larger the batches.
import type { BallotJob } from '#tally/ballots.ts'
import type { ProofEngine } from '#tally/pool.ts'

/** Longest wait for company of a ballot that finds the workers idle, in milliseconds. */
const PATIENCE = 10
const MAX_BATCH = 512
/** Batches under way at once: one is worked on, the next lies ready, all others gather company. */
const MAX_RUNNING = 2

interface Waiting {
  readonly job: BallotJob
  readonly resolve: (verdict: boolean) => void
  readonly reject: (failure: ProofFailure) => void
}

/** The proof workers could not tell whether a ballot holds; nothing was accepted. */
export class ProofFailure extends Error {
  override readonly name = 'ProofFailure'
}

export class Proofs {
  readonly #engine: Pick<ProofEngine, 'check'>
  #waiting: Waiting[] = []
  #running = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(engine: Pick<ProofEngine, 'check'>) {
    this.#engine = engine
  }

  /** Whether the ballot's batch equation and proof hold. Rejects with `ProofFailure` if the workers could not tell. */
  check(job: BallotJob): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject })
      if (this.#waiting.length >= MAX_BATCH) this.#send()
      else this.#timer ??= setTimeout(() => this.#send(), PATIENCE)
    })
  }

  #send(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#running >= MAX_RUNNING || this.#waiting.length === 0) return
    const batch = this.#waiting.slice(0, MAX_BATCH)
    this.#waiting = this.#waiting.slice(MAX_BATCH)
    this.#running += 1
    void this.#judge(batch).finally(() => {
      this.#running -= 1
      this.#send()
    })
  }

  async #judge(batch: readonly Waiting[]): Promise<void> {
    try {
      const verdicts = await this.#engine.check(batch.map((ballot) => ballot.job))
      batch.forEach((ballot, i) => ballot.resolve(verdicts[i] ?? false))
    } catch (error) {
      const failure = new ProofFailure('the proof workers have failed', { cause: error })
      for (const ballot of batch) ballot.reject(failure)
    }
  }
}
