// What officials decide about people's words in the open, and why. SPEC 12.7.
import * as z from 'zod/mini'
import { natural, texts } from './codec.ts'

/** Why a text should not stand. */
export const REPORT_REASONS = [
  ...(['insult', 'hatred', 'threat', 'personal-data', 'misleading'] as const),
  ...(['off-topic', 'spam', 'unlawful'] as const),
] as const
export type ReportReason = (typeof REPORT_REASONS)[number]

/** `restore`: it stands as it was written. */
export const MEASURES = ['hide', 'label', 'restore'] as const
export type Measure = (typeof MEASURES)[number]

/** Why officials decide as they do: a text that stands is within the policy. */
export const MODERATION_REASONS = [...REPORT_REASONS, 'within-policy'] as const
export type ModerationReason = (typeof MODERATION_REASONS)[number]

/** Index of the entry of a proposal or comment. */
const target = natural(Number.MAX_SAFE_INTEGER)
const note = texts(2000)

export const moderate = z
  .strictObject({
    type: z.literal('moderate'),
    target,
    /** Decisions about it so far, so that each stands at one place only. */
    earlier: natural(65535),
    decision: z.enum(MEASURES),
    reason: z.enum(MODERATION_REASONS),
    note,
  })
  .check(
    z.refine((x) => (x.decision === 'restore') === (x.reason === 'within-policy'), 'not a reason for this'),
  )

/** All texts of a proposal or comment, erased for good: what the law does not let anybody keep. */
export const eraseText = z.strictObject({
  type: z.literal('erase-text'),
  target,
  reason: z.enum(REPORT_REASONS),
  note,
})
