// Why somebody's words should not stand, or may, in words. SPEC 12.7.
import type { ModerationReason, ReportReason } from '#protocol/moderation.ts'
import { m } from '#words/messages.js'

const REPORTED: Readonly<Record<ReportReason, () => string>> = {
  insult: m.app_reason_insult,
  hatred: m.app_reason_hatred,
  threat: m.app_reason_threat,
  'personal-data': m.app_reason_personal_data,
  misleading: m.app_reason_misleading,
  'off-topic': m.app_reason_off_topic,
  spam: m.app_reason_spam,
  unlawful: m.app_reason_unlawful,
}

/** Those for which words can be reported, in the order in which they are offered. */
export const REPORTABLE = Object.keys(REPORTED) as ReportReason[]

export function reasonName(reason: ModerationReason): string {
  return reason === 'within-policy' ? m.app_reason_within_policy() : REPORTED[reason]()
}
