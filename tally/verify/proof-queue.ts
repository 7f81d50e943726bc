// Ballots of a record on their way through the proof engine, and what is found of them (V8).
import type { ProofJob } from '#tally/fold.ts'
import type { ProofEngine } from '#tally/pool.ts'
import type { Check, Finding } from './finding.ts'
import type { KeyRing } from './setup.ts'

interface Waiting {
  readonly index: number
  readonly job: ProofJob
}

/** Rounds of the engine that may be under way at once: one is judged, the other lies ready. */
const WINDOW = 2

/** Batches of ballots on their way through the proof engine, never more than a window of them. Each is judged, or waits
 *  to be: what went wrong once is tried again with the ballots that come next. */
export class ProofQueue {
  readonly #engine: ProofEngine
  readonly #keys: KeyRing
  readonly #findings: Finding[]
  readonly #running = new Set<Promise<void>>()
  #batch: Waiting[] = []
  #failure: Error | undefined

  constructor(engine: ProofEngine, keys: KeyRing, findings: Finding[]) {
    this.#engine = engine
    this.#keys = keys
    this.#findings = findings
  }

  /** Takes one more. Rejects if keys or workers have failed meanwhile; no ballot is lost by that. */
  async add(index: number, job: ProofJob): Promise<void> {
    this.#batch.push({ index, job })
    if (this.#batch.length >= this.#engine.round) this.#send()
    while (this.#running.size >= WINDOW) await Promise.race(this.#running)
    this.#raise()
  }

  /** Resolves once all are judged. Rejects as `add` does. */
  async finish(): Promise<void> {
    this.#send()
    await Promise.all(this.#running)
    this.#raise()
  }

  #raise(): void {
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure
  }

  #send(): void {
    const batch = this.#batch
    this.#batch = []
    if (batch.length === 0) return
    const run = this.#judge(batch)
      .catch((error: unknown) => {
        this.#batch.unshift(...batch)
        this.#failure = error instanceof Error ? error : new Error(String(error))
      })
      .finally(() => this.#running.delete(run))
    this.#running.add(run)
  }

  async #judge(batch: readonly Waiting[]): Promise<void> {
    const unsound = new Set<string>()
    for (const hash of new Set(batch.map(({ job }) => job.verificationKey)))
      if ((await this.#keys.problems(hash)).length > 0) unsound.add(hash)
    await this.#check(batch.filter(({ job }) => !unsound.has(job.verificationKey)))
    for (const { index, job } of batch.filter(({ job }) => unsound.has(job.verificationKey))) {
      const { check } = kindOf(job)
      this.#findings.push({ check, status: 'failed', entry: index, code: 'key-unsound', fields: {} })
    }
  }

  async #check(batch: readonly Waiting[]): Promise<void> {
    const verdicts = await this.#engine.check(batch.map((b) => b.job))
    batch.forEach(({ index, job }, i) => {
      if (verdicts[i] === true) return
      const { check, kind } = kindOf(job)
      const fields = { detail: `${kind} ${job.id.slice(0, 16)}` }
      this.#findings.push({ check, status: 'failed', entry: index, code: `${kind}-proof-invalid`, fields })
    })
  }
}

function kindOf(job: ProofJob): { kind: 'ballot' | 'signal'; check: Check } {
  return 'statement' in job ? { kind: 'signal', check: 'V18' } : { kind: 'ballot', check: 'V8' }
}
