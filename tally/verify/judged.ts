// The beginning of a log that a run has found sound, to be kept for the next run, which then judges only the proofs that
// are new. It is the observer's own and believed as the program itself is; what another program has kept counts for nothing.
import * as z from 'zod/mini'
import { fromHex, toHex } from '#crypto/encoding.ts'
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import type { Finding } from './finding.ts'

/** Beginning of a log whose proofs were all judged and sound, by its size and the root of the Merkle tree over it. */
export interface Judged {
  readonly size: number
  readonly root: Uint8Array
}

const schema = z.strictObject({
  program: z.string(),
  size: z.int().check(z.gte(0)),
  root: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
})

/** What a run over a whole record has judged: the record, if nothing failed. */
export function judgedIn(checkpoint: string, findings: readonly Finding[]): Judged | undefined {
  if (findings.some(({ status }) => status === 'failed')) return undefined
  const { size, root } = parseCheckpoint(checkpoint)
  return { size, root }
}

/** As text.
 *  @param program what names the very code that has judged */
export function formatJudged(program: string, { size, root }: Judged): string {
  return `${JSON.stringify({ program, size, root: toHex(root) })}\n`
}

/** What such a text tells a program: nothing, if it is another's. 'unreadable' if it is no such text. */
export function parseJudged(program: string, text: string): Judged | undefined | 'unreadable' {
  const read = schema.safeParse(jsonOf(text))
  if (!read.success) return 'unreadable'
  const { size, root } = read.data
  return read.data.program === program ? { size, root: fromHex(root) } : undefined
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
