// Ballots of a record on their way through the proof engine, and what is found of them (V8).
import type { BallotJob } from '#tally/ballots.ts'
import type { ProofEngine } from '#tally/pool.ts'
import type { Finding } from './finding.ts'
import type { KeyRing } from './setup.ts'

/** Ballots whose proofs may be under way at once. */
const WINDOW = 4096
const BATCH = 512

/** Batches of ballots on their way through the proof engine, never more than a window of them. */
export class ProofQueue {
  readonly #engine: ProofEngine
  readonly #keys: KeyRing
  readonly #findings: Finding[]
  readonly #running = new Set<Promise<void>>()
  #batch: { index: number; job: BallotJob }[] = []
  #failure: Error | undefined

  constructor(engine: ProofEngine, keys: KeyRing, findings: Finding[]) {
    this.#engine = engine
    this.#keys = keys
    this.#findings = findings
  }

  async add(index: number, job: BallotJob): Promise<void> {
    if ((await this.#keys.problems(job.verificationKey)).length > 0) {
      const sentence = `Entry ${index}: the ballot cannot be checked, since its verification key is missing or unsound.`
      this.#findings.push({ check: 'V8', status: 'failed', entry: index, sentence })
      return
    }
    this.#batch.push({ index, job })
    if (this.#batch.length >= BATCH) this.#send()
    while (this.#running.size >= WINDOW / BATCH) await Promise.race(this.#running)
  }

  async finish(): Promise<void> {
    this.#send()
    await Promise.all(this.#running)
    if (this.#failure !== undefined) throw this.#failure
  }

  #send(): void {
    const batch = this.#batch
    this.#batch = []
    if (batch.length === 0) return
    const run = this.#check(batch)
      .catch((error: unknown) => {
        this.#failure = error instanceof Error ? error : new Error(String(error))
      })
      .finally(() => this.#running.delete(run))
    this.#running.add(run)
  }

  async #check(batch: readonly { index: number; job: BallotJob }[]): Promise<void> {
    const verdicts = await this.#engine.check(batch.map((b) => b.job))
    batch.forEach(({ index, job }, i) => {
      if (verdicts[i] === true) return
      const sentence = `Entry ${index}: the ballot ${job.id.slice(0, 16)} fails its batch equation or its proof.`
      this.#findings.push({
        check: 'V8',
        status: 'failed',
        entry: index,
        code: 'ballot-proof-invalid',
        sentence,
      })
    })
  }
}
