// The numbered checks of a verification in words, and what their findings add up to. SPEC 11. The texts are loaded apart
// (web/words/messages.ts).
import type { Check, Finding, Status } from '#tally/verify/finding.ts'
import { m } from '#words/messages.js'

/** What a check is about: a few words, and a sentence on what it looks at. */
export const CHECK_WORDS: Readonly<Record<Check, { title: () => string; what: () => string }>> = {
  V1: { title: m.finding_check_v1, what: m.finding_check_v1_what },
  V2: { title: m.finding_check_v2, what: m.finding_check_v2_what },
  V3: { title: m.finding_check_v3, what: m.finding_check_v3_what },
  V4: { title: m.finding_check_v4, what: m.finding_check_v4_what },
  V5: { title: m.finding_check_v5, what: m.finding_check_v5_what },
  V6: { title: m.finding_check_v6, what: m.finding_check_v6_what },
  V7: { title: m.finding_check_v7, what: m.finding_check_v7_what },
  V8: { title: m.finding_check_v8, what: m.finding_check_v8_what },
  V9: { title: m.finding_check_v9, what: m.finding_check_v9_what },
  V10: { title: m.finding_check_v10, what: m.finding_check_v10_what },
  V11: { title: m.finding_check_v11, what: m.finding_check_v11_what },
  V12: { title: m.finding_check_v12, what: m.finding_check_v12_what },
  V13: { title: m.finding_check_v13, what: m.finding_check_v13_what },
  V14: { title: m.finding_check_v14, what: m.finding_check_v14_what },
  V15: { title: m.finding_check_v15, what: m.finding_check_v15_what },
  V16: { title: m.finding_check_v16, what: m.finding_check_v16_what },
  V17: { title: m.finding_check_v17, what: m.finding_check_v17_what },
  V18: { title: m.finding_check_v18, what: m.finding_check_v18_what },
  V19: { title: m.finding_check_v19, what: m.finding_check_v19_what },
}

export const STATUS_WORDS: Readonly<Record<Status, () => string>> = {
  passed: m.finding_status_passed,
  failed: m.finding_status_failed,
  'not-applicable': m.finding_status_not_applicable,
  'not-rechecked': m.finding_status_not_rechecked,
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
