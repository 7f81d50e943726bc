// What runs inside a proof worker, in Node and in the browser alike: jobs in, verdicts out.
import { checkVerificationKey, parseVerificationKey, type VerificationKey } from '#crypto/groth16.ts'
import type { BallotContext } from '#protocol/ballot.ts'
import type { BallotJob } from './ballots.ts'
import type { SignalJob } from './participation.ts'
import { checkJobs } from './proofs.ts'

/** One end of a message channel (a Worker, a MessagePort or a worker's own scope, adapted by the program). */
export interface Port {
  post(message: unknown): void
  listen(receive: (message: never) => void): void
  /** Reports the other end's death. */
  fail(report: (error: Error) => void): void
}

/** What the pool asks. Contexts and keys are named once and then referred to. */
export type Request =
  | { readonly kind: 'key'; readonly hash: string; readonly json: string }
  | { readonly kind: 'context'; readonly id: string; readonly context: BallotContext }
  | {
      readonly kind: 'check'
      readonly id: number
      readonly jobs: readonly (SignalJob | (Omit<BallotJob, 'context'> & { readonly context: string }))[]
    }

/** What a worker answers: the verdict on each job, or why it could not judge. */
export type Answer =
  { readonly id: number; readonly verdicts: boolean[] } | { readonly id: number; readonly error: string }

/** Serves a pool for as long as the port lives. */
export function serve(port: Port): void {
  const keys = new Map<string, VerificationKey>()
  const contexts = new Map<string, BallotContext>()
  port.listen((request: Request) => {
    switch (request.kind) {
      case 'key': {
        const key = parseVerificationKey(request.json)
        if (checkVerificationKey(key).length === 0) keys.set(request.hash, key)
        return
      }
      case 'context':
        contexts.set(request.id, request.context)
        return
      case 'check': {
        const { id } = request
        try {
          const jobs = request.jobs.map((job) =>
            'context' in job ? { ...job, context: known(contexts, job.context) } : job,
          )
          const verdicts = checkJobs(jobs, (hash) => known(keys, hash))
          port.post({ id, verdicts } satisfies Answer)
        } catch (error) {
          port.post({ id, error: String(error) } satisfies Answer)
        }
      }
    }
  })
}

function known<T>(map: ReadonlyMap<string, T>, id: string): T {
  const value = map.get(id)
  if (value === undefined) throw new Error(`unknown or unsound: ${id}`)
  return value
}
