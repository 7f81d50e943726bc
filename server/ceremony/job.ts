// A job for the ceremony's process, and what comes of it.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { CeremonyReport } from '#circuits/build/ceremony.ts'
import type { CircuitId } from '#circuits/sizes.ts'

/** `begin` makes the first key, `check` verifies one from its beginning, `end` adds the beacon and then verifies. */
export type Job = {
  readonly circuit: CircuitId
  /** The file of phase 1; without one it is the development setup's. */
  readonly powers: string | undefined
} & (
  | { readonly kind: 'begin' }
  | { readonly kind: 'check'; readonly zkey: Uint8Array }
  | { readonly kind: 'end'; readonly zkey: Uint8Array; readonly value: Uint8Array }
)

export interface Made {
  readonly zkey: Uint8Array
  readonly phase1: string
  readonly contributions: CeremonyReport['contributions']
}

export type Answer = { readonly made: Made } | { readonly refused: string }

/** The files that were given do not serve. */
export class JobRefused extends Error {}

/** Does the job; takes seconds to a minute. Rejects with `JobRefused`, or with what was our own fault. */
export async function run(job: Job): Promise<Made> {
  const child = fork(CHILD, { execArgv: [], serialization: 'advanced' })
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      child.once('message', resolve)
      child.once('error', reject)
      child.once('exit', () => reject(new Error('the process of the ceremony ended')))
      child.send(job)
    })
    if ('refused' in answer) throw new JobRefused(answer.refused)
    return answer.made
  } finally {
    child.kill()
  }
}

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url))
