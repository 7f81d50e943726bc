// The observer's run: the whole record against the published protocol, trusting nothing that anybody says. SPEC 11.
import type { PublicRecord } from '#tally/record.ts'
import type { RecordState } from '#tally/state.ts'
import type { Port } from '#tally/worker.ts'
import type { Finding } from './finding.ts'
import type { Judged } from './judged.ts'
import type { Observer } from './observer.ts'
import { Verification } from './verification.ts'

export interface VerifyOptions extends Observer {
  /** What an earlier run of this same program found sound. Everything is checked again but the proofs in it. */
  readonly judged?: Judged | undefined
  readonly onProgress?: (done: number, total: number) => void
  /** Told at the end what the entries fold to that may stand in the record. */
  readonly onState?: (state: RecordState) => void
}

/** Runs every check over the record and gives all findings, at least one for each check. */
export async function verify(
  record: PublicRecord,
  workers: readonly Port[],
  { judged, onProgress, onState, ...observer }: VerifyOptions = {},
): Promise<Finding[]> {
  const verification = new Verification(record, workers, judged)
  await verification.take(record.entries(), (index) => {
    if (index % 64 === 0) onProgress?.(index, record.size)
  })
  onProgress?.(record.size, record.size)
  onState?.(verification.state)
  return verification.findings(record, observer)
}
