// How promises and figures are called, and where they stand on the page.
import { formatInstant } from '#web/words/format.ts'
import { m } from '#words/messages.js'
import type { ProcurementView, PromiseView } from './api.ts'

/** How a promise stands, with its day. */
export function standingWords({ standing, due }: Pick<PromiseView, 'standing' | 'due'>): string {
  return STANDINGS[standing]({ when: formatInstant(due) })
}

const STANDINGS: Readonly<Record<PromiseView['standing'], (words: { when: string }) => string>> = {
  'on-time': m.accountability_on_time,
  late: m.accountability_late,
  done: m.accountability_done,
  'done-late': m.accountability_done_late,
  dropped: () => m.accountability_dropped(),
}

export type Stage = ProcurementView['stages'][number]

/** The stages of a contracting process, in their order. */
export const STAGE_NAMES: Readonly<Record<Stage, () => string>> = {
  planning: m.accountability_stage_planning,
  tender: m.accountability_stage_tender,
  award: m.accountability_stage_award,
  contract: m.accountability_stage_contract,
  implementation: m.accountability_stage_implementation,
}

/** What an amount is of. */
export function figureName({ what, id, title, date }: ProcurementView['figures'][number]): string {
  switch (what) {
    case 'budget':
      return m.accountability_figure_budget()
    case 'tender':
      return m.accountability_figure_tender()
    case 'contract':
      return m.accountability_figure_contract({ id: title ?? id ?? '' })
    case 'payment':
      // A publisher's day is its own: no time zone of ours may shift it.
      return m.accountability_figure_payment({ date: date?.slice(0, 10) ?? id ?? '' })
  }
}

/** Where on the page a contracting process stands. */
export function anchorOf(ocid: string): string {
  return `ocid-${encodeURIComponent(ocid)}`
}
