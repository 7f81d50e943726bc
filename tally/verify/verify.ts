// The observer's run: the whole record against the published protocol, trusting nothing that anybody says. SPEC 11.
import { equalBytes } from '#crypto/encoding.ts'
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import { leafHash } from '#ledger/merkle.ts'
import { Tree } from '#ledger/tree.ts'
import type { PublicRecord } from '#tally/record.ts'
import type { RecordState } from '#tally/state.ts'
import type { Port } from '#tally/worker.ts'
import type { Finding } from './finding.ts'
import type { Observer } from './observer.ts'
import { Verification } from './verification.ts'

/** Beginning of a log whose proofs were all judged and sound, by its size and the root of the Merkle tree over it. */
export interface Judged {
  readonly size: number
  readonly root: Uint8Array
}

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
  const known = judged !== undefined && (await beginsWith(record, judged)) ? judged.size : 0
  const verification = new Verification(record, workers, known)
  await verification.take(record.entries(), (index) => {
    if (index % 64 === 0) onProgress?.(index, record.size)
  })
  onProgress?.(record.size, record.size)
  onState?.(verification.state)
  return verification.findings(record, observer)
}

/** What a run over a whole record has judged: the record, if nothing failed. */
export function judgedIn(checkpoint: string, findings: readonly Finding[]): Judged | undefined {
  if (findings.some(({ status }) => status === 'failed')) return undefined
  const { size, root } = parseCheckpoint(checkpoint)
  return { size, root }
}

/** Whether the record begins with these very entries. */
async function beginsWith(record: PublicRecord, { size, root }: Judged): Promise<boolean> {
  if (size > record.size) return false
  const tree = new Tree()
  for await (const bytes of record.entries()) {
    if (tree.size === size) break
    tree.append(leafHash(bytes))
  }
  return equalBytes(tree.root(), root)
}
