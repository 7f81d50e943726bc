// What a device notes of its owner's words in a process, so that it can show them all without asking anybody.
import * as z from 'zod/mini'
import { instant } from '#protocol/codec.ts'
import { type Deed, isSpoken } from '#protocol/signal.ts'
import { underName } from '#protocol/speaker.ts'

export const saidSchema = z.strictObject({
  kind: z.enum(['proposal', 'comment', 'appeal', 'name']),
  /** Its entry, and that of the proposal or comment with which it is erased. */
  index: instant,
  target: instant,
  /** By the device's own clock. */
  at: instant,
  /** The latest words; none once they are erased. */
  text: z.optional(z.string()),
  /** Whether it was said under the verified name. */
  ...underName,
})
export type Said = z.output<typeof saidSchema>

/** What is noted after a deed that the ledger has. */
export function saidAfter(
  earlier: readonly Said[],
  deed: Deed,
  { index, text, at }: { index: number; text: string | undefined; at: number },
): Said[] {
  const voice = isSpoken(deed) ? { as: 'speaker' as const } : {}
  const words = { ...(text !== undefined && { text }), ...voice }
  switch (deed.type) {
    case 'propose':
      return [...earlier, { kind: 'proposal', index, target: index, at, ...words }]
    case 'comment':
    case 'sealed-comment':
      return [...earlier, { kind: 'comment', index, target: index, at, ...words }]
    case 'introduce':
      return [...earlier, { kind: 'name', index, target: index, at, ...words }]
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

function without({ kind, index, target, at, as }: Said): Said {
  return { kind, index, target, at, ...(as && { as }) }
}
