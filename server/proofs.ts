// Ballots on their way to the proof workers, gathered into micro-batches: the more load, the larger the batches.
import type { BallotJob } from '#tally/ballots.ts'
import type { ProofEngine } from '#tally/pool.ts'

/** Longest wait for company, in milliseconds. */
const PATIENCE = 20
const MAX_BATCH = 256

export class Proofs {
  readonly #engine: ProofEngine
  #waiting: { job: BallotJob; resolve: (verdict: boolean) => void; reject: (error: unknown) => void }[] = []
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(engine: ProofEngine) {
    this.#engine = engine
  }

  /** Whether the ballot's batch equation and proof hold. */
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
    const batch = this.#waiting
    this.#waiting = []
    this.#engine.check(batch.map((b) => b.job)).then(
      (verdicts) => batch.forEach((b, i) => b.resolve(verdicts[i] ?? false)),
      (error: unknown) => batch.forEach((b) => b.reject(error)),
    )
  }
}
