// Promises, reports on them and published spending in words.
import type { ActOf } from '#protocol/act.ts'
import type { Subject } from '#protocol/promise.ts'
import { formatDecimal } from '#tally/formats/decimal.ts'
import { formatAmount, formatInstant, formatNumber } from '#web/words/format.ts'
import { textOf } from '#web/words/locale.svelte.ts'
import { m } from '#words/messages.js'
import { code, type Field, field } from './fields.ts'

type Terms = Pick<ActOf<'make-promise'>, 'title' | 'owner' | 'due' | 'cost'>

/** Sentence and fields of such an act. */
export function describePromise(
  act: ActOf<'make-promise' | 'change-promise' | 'report-progress' | 'publish-releases'>,
): { sentence: string; fields: Field[] } {
  switch (act.type) {
    case 'make-promise':
      return {
        sentence: m.record_make_promise({ title: textOf(act.title) }),
        fields: [field(m.record_field_subject(), subjectName(act.subject)), ...terms(act)],
      }
    case 'change-promise':
      return {
        sentence: m.record_change_promise({ promise: formatNumber(act.promise) }),
        fields: [...terms(act), field(m.record_field_reasons(), textOf(act.reasons))],
      }
    case 'report-progress': {
      const { promise, state, milestone, reasons, evidence, spent } = act
      return {
        sentence: m.record_report_progress({ promise: formatNumber(promise) }),
        fields: [
          field(m.record_field_state(), PROGRESS[state]()),
          field(m.record_field_milestone(), textOf(milestone)),
          ...(reasons === undefined ? [] : [field(m.record_field_reasons(), textOf(reasons))]),
          ...(evidence === undefined ? [] : [field(m.record_field_evidence(), evidence.link)]),
          ...(evidence?.hash === undefined ? [] : [code(m.record_field_file(), evidence.hash)]),
          ...(spent === undefined ? [] : [field(m.record_field_spent(), formatNumber(spent))]),
        ],
      }
    }
    case 'publish-releases': {
      const { file, releases, promise } = act
      return {
        sentence: m.record_publish_releases({ count: formatNumber(releases.length) }),
        fields: [
          code(m.record_field_file(), file),
          ...(promise === undefined ? [] : [field(m.record_field_promise(), formatNumber(promise))]),
          ...releases.map(({ ocid, id, hash }) => code(m.record_field_release({ ocid, id }), hash)),
        ],
      }
    }
  }
}

/** How an office says that a promise stands. */
export const PROGRESS: Readonly<Record<ActOf<'report-progress'>['state'], () => string>> = {
  'under-way': m.record_state_under_way,
  done: m.record_state_done,
  dropped: m.record_state_dropped,
}

/** What a promise follows from, by names and numbers that count from 1. */
function subjectName(subject: Subject): string {
  if ('proposal' in subject)
    return m.record_field_subject_proposal({ proposal: formatNumber(subject.proposal) })
  const { election, contest, option } = subject
  const place = { election, contest: formatNumber(contest + 1) }
  return option === undefined
    ? m.record_field_subject_election(place)
    : m.record_field_subject_option({ ...place, option: formatNumber(option + 1) })
}

function terms({ title, owner, due, cost: { amount, decimals, currency } }: Terms): Field[] {
  return [
    field(m.record_field_title(), textOf(title)),
    field(m.record_field_owner(), textOf(owner)),
    field(m.record_field_due(), formatInstant(due)),
    field(m.record_field_cost(), formatAmount(formatDecimal({ digits: amount, decimals }), currency)),
  ]
}
