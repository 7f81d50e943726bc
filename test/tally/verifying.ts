// The observer's run inside a test, and short words for what it finds.
import { equalBytes } from '#crypto/encoding.ts'
import { parsePolicy } from '#ledger/policy.ts'
import { decodeEntry, encodeEntry, type Entry } from '#protocol/entry.ts'
import { Refusal, type RefusalCode } from '#protocol/refusal.ts'
import { admit } from '#tally/fold.ts'
import type { RecordState } from '#tally/state.ts'
import type { Check, Finding } from '#tally/verify/finding.ts'
import { verify, type VerifyOptions } from '#tally/verify/verify.ts'
import { type Port, serve } from '#tally/worker.ts'
import { checkpointOf, POLICY, recordOf } from './record.ts'
import { attachmentsOf } from './setup.ts'

/** A proof worker in this thread: what `serve` answers comes back at once. */
export function inlineWorker(): Port {
  const [requests, answers]: ((message: never) => void)[][] = [[], []]
  const end = (outgoing: typeof requests = [], incoming: typeof requests = []): Port => ({
    post: (message) => outgoing.forEach((receive) => receive(message as never)),
    listen: (receive) => void incoming.push(receive),
    fail: () => undefined,
  })
  serve(end(answers, requests))
  return end(requests, answers)
}

export interface Inspection extends VerifyOptions {
  readonly checkpoint?: string
  readonly attachments?: readonly Uint8Array[]
}

const S_FILES = attachmentsOf('S')

/** All findings on these entries, by an observer who brings the log's key. The checkpoint signs them unless another
 *  is given: the server itself is the attacker. */
export function inspect(
  entries: readonly Uint8Array[],
  { checkpoint = checkpointOf(entries), attachments = S_FILES, ...options }: Inspection = {},
): Promise<Finding[]> {
  const observer = { policy: parsePolicy(POLICY), ...options }
  return verify(recordOf(entries, attachments, checkpoint), [inlineWorker()], observer)
}

/** The failed findings as `V8@26 ballot-proof-invalid`, without the entry where there is none. */
export function failures(findings: readonly Finding[]): string[] {
  return findings
    .filter((f) => f.status === 'failed')
    .map(({ check, entry, code }) => `${check}${entry === undefined ? '' : `@${entry}`} ${code}`)
}

/** The checks that failed, each once, in order. */
export function failedChecks(findings: readonly Finding[]): Check[] {
  return [...new Set(findings.filter((f) => f.status === 'failed').map((f) => f.check))]
}

/** Why the gate refuses this entry here, or 'accepted'. Nothing is folded; the entry travels as bytes. */
export function answer(state: RecordState, entry: Entry): RefusalCode | 'accepted' {
  return refusalOf(() => admit(state, decodeEntry(encodeEntry(entry))))
}

/** The code of the `Refusal` that this throws, or 'accepted'; anything else thrown is our own fault. */
export function refusalOf(run: () => unknown): RefusalCode | 'accepted' {
  try {
    run()
    return 'accepted'
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

/** The bytes with the lowest bit of one byte flipped. */
export function flip(bytes: Uint8Array, at = 0): Uint8Array {
  const flipped = bytes.with(at, (bytes[at] ?? 0) ^ 1)
  if (equalBytes(flipped, bytes)) throw new Error('nothing was flipped')
  return flipped
}
