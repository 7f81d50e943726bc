// What a device notes of its owner's words in a process, so that it can show them all without asking anybody.
import * as z from 'zod/mini'
import { instant } from '#protocol/codec.ts'
import type { Deed } from '#protocol/signal.ts'

export const saidSchema = z.strictObject({
  kind: z.enum(['proposal', 'comment', 'appeal']),
  /** Its entry, and that of the proposal or comment with which it is erased. */
  index: instant,
  target: instant,
  /** By the device's own clock. */
  at: instant,
  /** The latest words; none once they are erased. */
  text: z.optional(z.string()),
})
export type Said = z.output<typeof saidSchema>

/** What is noted after a deed that the ledger has. */
export function saidAfter(
  earlier: readonly Said[],
  deed: Deed,
  { index, text, at }: { index: number; text: string | undefined; at: number },
): Said[] {
  const words = text === undefined ? {} : { text }
  switch (deed.type) {
    case 'propose':
      return [...earlier, { kind: 'proposal', index, target: index, at, ...words }]
    case 'comment':
    case 'sealed-comment':
      return [...earlier, { kind: 'comment', index, target: index, at, ...words }]
    case 'appeal':
      return [...earlier, { kind: 'appeal', index, target: deed.target, at, ...words }]
    case 'revise':
      return earlier.map((one) => (one.index === deed.proposal ? { ...one, ...words } : one))
    case 'edit':
      return earlier.map((one) => (one.index === deed.comment ? { ...one, ...words } : one))
    case 'erase':
      return earlier.map((one) => (one.target === deed.target ? without(one) : one))
    default:
      return [...earlier]
  }
}

function without({ kind, index, target, at }: Said): Said {
  return { kind, index, target, at }
}
