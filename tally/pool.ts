// A pool of proof workers: splits batches over them and puts the verdicts back in order, each job judged exactly once.
import { toHex } from '#crypto/encoding.ts'
import type { BallotJob } from './ballots.ts'
import type { ProofJob } from './fold.ts'
import type { Answer, Port, Request } from './worker.ts'

/** Answers which ballots and signals hold. */
export interface ProofEngine {
  /** One verdict per job, in order. Rejects if a key is missing or a worker fails: then nothing is known. Once a
   *  worker has died it always rejects. */
  check(jobs: readonly ProofJob[]): Promise<boolean[]>
  /** Jobs that give each worker a whole batch. */
  readonly round: number
}

/** Ballots in one batch equation: the final exponentiation is paid once, a bad ballot costs a bisection of this many. */
const BATCH = 512

/** An engine over these workers.
 *  @param verificationKey the JSON file with this SHA-256 (hexadecimal) */
export function proofEngine(
  workers: readonly Port[],
  verificationKey: (hash: string) => Promise<string>,
): ProofEngine {
  const waiting = new Map<
    number,
    { resolve: (verdicts: boolean[]) => void; reject: (error: Error) => void }
  >()
  const told = workers.map(() => new Set<string>())
  let next = 0
  let dead: Error | undefined
  for (const worker of workers) {
    worker.listen((answer: Answer) => {
      const promise = waiting.get(answer.id)
      waiting.delete(answer.id)
      if ('error' in answer) promise?.reject(new Error(answer.error))
      else promise?.resolve(answer.verdicts)
    })
    worker.fail((error) => {
      dead ??= error
      for (const promise of waiting.values()) promise.reject(error)
      waiting.clear()
    })
  }

  async function ask(jobs: readonly ProofJob[]): Promise<boolean[]> {
    // A dead worker answers nobody.
    if (dead !== undefined) throw dead
    const id = next++
    const at = id % workers.length
    const worker = workers[at]
    const known = told[at]
    if (worker === undefined || known === undefined) throw new Error('no workers')
    const tell = (name: string, request: Request): void => {
      if (known.has(name)) return
      known.add(name)
      worker.post(request)
    }
    const keys = new Map<string, string>()
    for (const { verificationKey: hash } of jobs)
      if (!keys.has(hash)) keys.set(hash, await verificationKey(hash))
    for (const [hash, json] of keys) tell(hash, { kind: 'key', hash, json })
    for (const job of jobs) {
      if ('context' in job)
        tell(contextId(job.context), { kind: 'context', id: contextId(job.context), context: job.context })
    }
    const verdicts = await new Promise<boolean[]>((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      const sent = jobs.map((job) => ('context' in job ? { ...job, context: contextId(job.context) } : job))
      worker.post({ kind: 'check', id, jobs: sent } satisfies Request)
    })
    if (verdicts.length !== jobs.length) throw new Error('a worker did not judge everything')
    return verdicts
  }

  return {
    round: BATCH * workers.length,
    async check(jobs) {
      const size = Math.max(1, Math.min(BATCH, Math.ceil(jobs.length / workers.length)))
      const batches = Array.from({ length: Math.ceil(jobs.length / size) }, (_, i) =>
        jobs.slice(i * size, (i + 1) * size),
      )
      return (await Promise.all(batches.map(ask))).flat()
    },
  }
}

function contextId({ election, contest }: BallotJob['context']): string {
  return `${toHex(election)}/${contest}`
}
