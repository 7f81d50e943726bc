// Where a process and a proposal are at an instant (milliseconds since 1970).
import type { ProcessView, ProposalView } from './api.ts'

type Plan = NonNullable<ProcessView['plan']>
export type Phase = Plan['phases'][number]
export type Deed = Phase['allows'][number]

export type PhaseState = 'over' | 'now' | 'next'

export function phaseState({ opensAt, closesAt }: Phase, now: number): PhaseState {
  if (now >= closesAt) return 'over'
  return now >= opensAt ? 'now' : 'next'
}

/** Whether people may do this now. */
export function mayNow({ plan, participation }: ProcessView, deed: Deed, now: number): boolean {
  const phases = participation === null ? [] : (plan?.phases ?? [])
  return phases.some((phase) => phaseState(phase, now) === 'now' && phase.allows.includes(deed))
}

/** How opinions on statements are given: in the open where the plan takes them, else sealed in votes; undefined where there
 *  is nothing to have an opinion on, nor ever will be. SPEC 12.8. */
export function wayOf({ plan, participation }: ProcessView): 'open' | 'sealed' | undefined {
  if (plan === null || participation === null) return undefined
  const allows = (deed: Deed) => plan.phases.some((phase) => phase.allows.includes(deed))
  if (allows('opinion')) return 'open'
  return allows('statement') || participation.statements > 0 ? 'sealed' : undefined
}

/** When people will next be allowed to do this; undefined if never. */
export function nextChance(
  { plan, participation }: ProcessView,
  deed: Deed,
  now: number,
): number | undefined {
  const phases = participation === null ? [] : (plan?.phases ?? [])
  return phases.find((phase) => phaseState(phase, now) === 'next' && phase.allows.includes(deed))?.opensAt
}

export type ProposalState = 'gathering' | 'owed' | 'overdue' | 'adopted' | 'partly' | 'declined' | 'withdrawn'

/** A proposal that was withdrawn is nobody's any more; an answer that is owed stays owed until it is given. */
export function proposalState({ withdrawn, reached, answer }: ProposalView, now: number): ProposalState {
  if (withdrawn !== null) return 'withdrawn'
  if (answer !== null) return answer.decision
  if (reached === null) return 'gathering'
  return now > reached.due ? 'overdue' : 'owed'
}
