// The end of a process at the gate: when officials may state its outcome, and what it takes from then on. SPEC 12.10.
import type { Act, ActOf } from '#protocol/act.ts'
import { ensure } from '#protocol/refusal.ts'
import type { Deed } from '#protocol/signal.ts'
import { waitingSealed } from './sealed-comments.ts'
import type { ProcessState, RecordState } from './state.ts'

/** What may still follow: words that must go, the last of moderation, what becomes of promises, and what concerns the
 *  whole log. */
const AFTERWARDS: ReadonlySet<(Act | Deed)['type']> = new Set([
  ...(['erase', 'erase-text', 'appeal', 'moderate'] as const),
  ...(['make-promise', 'change-promise', 'report-progress', 'publish-releases'] as const),
  ...(['change-officials', 'publish-application'] as const),
])

/** Throws `Refusal` if the process is archived and does not take this any more. */
export function ensureGoesOn({ archived }: ProcessState, { type }: Pick<Act | Deed, 'type'>): void {
  ensure(archived === undefined || AFTERWARDS.has(type), 'process-archived', type)
}

/** Throws `Refusal` unless nothing is left to be done, and the outcome is said to all whom the plan speaks to. */
export function admitArchiving(
  { time }: RecordState,
  { plans, elections, participation }: ProcessState,
  { outcome, contributions }: ActOf<'archive-process'>,
): void {
  const plan = plans.at(-1)?.plan
  ensure(plan !== undefined, 'outcome-early', 'nothing was planned')
  ensure(
    plan.phases.every(({ closesAt }) => closesAt <= time),
    'outcome-early',
    'a phase is not over',
  )
  const counting = [...elections.values()].some(
    (one) => one.opening !== undefined && one.result === undefined,
  )
  ensure(!counting, 'outcome-early', 'a vote has no result')
  const owed = [...(participation?.proposals.values() ?? [])].some(
    ({ reached, answer, withdrawn }) =>
      reached !== undefined && answer === undefined && withdrawn === undefined,
  )
  ensure(!owed, 'outcome-early', 'an answer is owed')
  const sealed = participation === undefined ? 0 : waitingSealed(participation)
  ensure(sealed === 0, 'outcome-early', 'comments are sealed')
  const languages = languagesOf(plan.purpose)
  const said = [outcome, contributions].every((texts) => languagesOf(texts) === languages)
  ensure(said, 'outcome-invalid', `in ${languages}`)
}

function languagesOf(texts: Readonly<Record<string, string>>): string {
  return Object.keys(texts).sort().join(', ')
}
