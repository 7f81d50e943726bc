// The numbered checks of a verification in words, and what their findings add up to. SPEC 11.
import type { Check, Finding, Reason, Status } from '#tally/verify/finding.ts'
import { m } from '#words/messages.js'

/** What a check is about: a few words, and a sentence on what it looks at. */
export const CHECK_WORDS: Readonly<Record<Check, { title: () => string; what: () => string }>> = {
  V1: { title: m.observer_check_v1, what: m.observer_check_v1_what },
  V2: { title: m.observer_check_v2, what: m.observer_check_v2_what },
  V3: { title: m.observer_check_v3, what: m.observer_check_v3_what },
  V4: { title: m.observer_check_v4, what: m.observer_check_v4_what },
  V5: { title: m.observer_check_v5, what: m.observer_check_v5_what },
  V6: { title: m.observer_check_v6, what: m.observer_check_v6_what },
  V7: { title: m.observer_check_v7, what: m.observer_check_v7_what },
  V8: { title: m.observer_check_v8, what: m.observer_check_v8_what },
  V9: { title: m.observer_check_v9, what: m.observer_check_v9_what },
  V10: { title: m.observer_check_v10, what: m.observer_check_v10_what },
  V11: { title: m.observer_check_v11, what: m.observer_check_v11_what },
  V12: { title: m.observer_check_v12, what: m.observer_check_v12_what },
  V13: { title: m.observer_check_v13, what: m.observer_check_v13_what },
  V14: { title: m.observer_check_v14, what: m.observer_check_v14_what },
  V15: { title: m.observer_check_v15, what: m.observer_check_v15_what },
  V16: { title: m.observer_check_v16, what: m.observer_check_v16_what },
  V17: { title: m.observer_check_v17, what: m.observer_check_v17_what },
  V18: { title: m.observer_check_v18, what: m.observer_check_v18_what },
}

export const STATUS_WORDS: Readonly<Record<Status, () => string>> = {
  passed: m.observer_status_passed,
  failed: m.observer_status_failed,
  'not-applicable': m.observer_status_not_applicable,
  'not-rechecked': m.observer_status_not_rechecked,
}

/** Why something was not checked here, and what would help. */
export const REASON_WORDS: Readonly<Record<Reason, () => string>> = {
  'no-policy': m.observer_reason_no_policy,
  'development-setup': m.observer_reason_development,
  'setup-not-rebuilt': m.observer_reason_not_rebuilt,
  'no-server': m.observer_reason_no_server,
}

/** All findings of one check, and the worst of their standings. */
export interface Checked {
  readonly check: Check
  readonly status: Status
  readonly findings: readonly Finding[]
}

/** The findings by check, in the order in which they come. */
export function byCheck(findings: readonly Finding[]): Checked[] {
  return [...Map.groupBy(findings, ({ check }) => check)].map(([check, own]) => ({
    ...{ check, findings: own },
    status: WORST.find((status) => own.some((finding) => finding.status === status)) ?? 'passed',
  }))
}

const WORST: readonly Status[] = ['failed', 'not-rechecked', 'passed', 'not-applicable']
