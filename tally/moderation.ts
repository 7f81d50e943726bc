// Moderation in the open at the gate: reports, decisions of officials, appeals, and who may decide on them. SPEC 12.7.
import type { ActOf } from '#protocol/act.ts'
import { ensure, Refusal } from '#protocol/refusal.ts'
import type { Deed } from '#protocol/signal.ts'
import {
  applyErasure,
  contributionOf,
  ensureKept,
  ensureOpened,
  ensureReadable,
  erasableOf,
  measureOf,
} from './contributions.ts'
import type {
  ContributionState,
  ModerationAppeal,
  ModerationDecision,
  ModerationState,
  Moment,
  ParticipationState,
  ProcessState,
  RecordState,
} from './state.ts'

type DeedOf<T extends Deed['type']> = Extract<Deed, { type: T }>

/** Throws `Refusal` unless there is a text to be read that this person has not reported yet, and that may be decided on. */
export function admitReport(
  participation: ParticipationState,
  { target }: DeedOf<'report'>,
  by: bigint,
): void {
  const contribution = contributionOf(participation, target)
  ensureReadable(contribution)
  ensureOpen(contribution)
  const reported = contribution.moderation?.reporters.get(by)
  ensure(reported !== latestText(contribution), 'wrong-state', 'reported already')
}

/** Folds an admitted report. */
export function applyReport(
  participation: ParticipationState,
  { target, reason }: DeedOf<'report'>,
  by: bigint,
  index: number,
): void {
  const contribution = contributionOf(participation, target)
  const { reporters, reports } = moderationOf(contribution)
  reporters.set(by, latestText(contribution))
  reports.set(reason, (reports.get(reason) ?? 0) + 1)
  wait(participation, target, index)
}

/** Throws `Refusal` unless a decision about this author's words stands that nobody has appealed against. */
export function admitAppeal(
  participation: ParticipationState,
  { target }: DeedOf<'appeal'>,
  by: bigint,
): void {
  const contribution = contributionOf(participation, target)
  ensure(contribution.author === by, 'signal-not-theirs')
  ensureKept(contribution)
  ensure(measureOf(contribution) !== 'restore', 'wrong-state', 'nothing to appeal against')
  const { appealed, decisions } = moderationOf(contribution)
  const last = decisions.at(-1)
  if (last === undefined) throw new Refusal('wrong-state', 'nothing is decided yet')
  ensure(appealed === undefined && last.appeal === undefined, 'wrong-state', 'appealed against already')
}

/** Folds an admitted appeal. */
export function applyAppeal(participation: ParticipationState, appeal: ModerationAppeal): void {
  const moderation = moderationOf(contributionOf(participation, appeal.target))
  moderation.appealed = appeal
  moderation.appeals.push(appeal)
  participation.moderation.set(appeal.index, appeal)
  wait(participation, appeal.target, appeal.index)
}

/** Throws `Refusal` unless there is something to decide, and these officials may. */
export function admitDecision(
  { participation }: ProcessState,
  { target, earlier, decision }: ActOf<'moderate'>,
  signers: readonly string[],
): void {
  const contribution = contributionIn(participation, target)
  ensureOpened(contribution)
  const { decisions = [], appealed, reports } = contribution.moderation ?? {}
  ensure(earlier === decisions.length, 'act-counter-stale', `expected ${decisions.length}`)
  if (appealed !== undefined) {
    const before = new Set(decisions.at(-1)?.officials.map(({ id }) => id))
    ensure(!signers.some((id) => before.has(id)), 'appeal-same-official')
    return
  }
  ensureOpen(contribution)
  const awaited = contribution.screened && decisions.length === 0
  const changes = measureOf(contribution) !== decision || (reports !== undefined && reports.size > 0)
  ensure(awaited || changes, 'wrong-state', 'nothing to decide')
}

/** Folds an admitted decision. */
export function applyDecision(
  state: RecordState,
  { participation }: ProcessState,
  act: ActOf<'moderate'>,
  signers: readonly string[],
): void {
  if (participation === undefined) throw new Error('decision was not admitted')
  const { target } = act
  const moderation = moderationOf(contributionOf(participation, target))
  const decision: ModerationDecision = {
    ...{ index: state.size, time: state.time, target, act, officials: namesOf(state, signers) },
    reports: [...moderation.reports.values()].reduce((sum, count) => sum + count, 0),
    appeal: moderation.appealed?.index,
  }
  moderation.decisions.push(decision)
  moderation.reports.clear()
  moderation.appealed = undefined
  participation.moderation.set(decision.index, decision)
  participation.waiting.delete(target)
}

/** Throws `Refusal` unless there are words to erase. */
export function admitTextErasure({ participation }: ProcessState, { target }: ActOf<'erase-text'>): void {
  if (participation === undefined) throw new Refusal('unknown-contribution', `entry ${target}`)
  ensureOpened(erasableOf(participation, target))
}

/** Folds an admitted erasure by officials. */
export function applyTextErasure(
  state: RecordState,
  { participation }: ProcessState,
  act: ActOf<'erase-text'>,
  signers: readonly string[],
): void {
  if (participation === undefined) throw new Error('erasure was not admitted')
  const { target } = act
  const moment: Moment = { index: state.size, time: state.time }
  applyErasure(state, participation, target, moment)
  participation.moderation.set(moment.index, { ...moment, target, act, officials: namesOf(state, signers) })
}

/** What was decided on appeal stands until its author puts other words there. */
function ensureOpen(contribution: ContributionState): void {
  const last = contribution.moderation?.decisions.at(-1)
  const final = last?.appeal !== undefined && last.index > latestText(contribution)
  ensure(!final, 'wrong-state', 'it was decided on appeal')
}

function contributionIn(participation: ParticipationState | undefined, target: number): ContributionState {
  if (participation === undefined) throw new Refusal('unknown-contribution', `entry ${target}`)
  return contributionOf(participation, target)
}

function moderationOf(contribution: ContributionState): ModerationState {
  contribution.moderation ??= {
    ...{ reporters: new Map(), reports: new Map(), decisions: [], appeals: [], appealed: undefined },
  }
  return contribution.moderation
}

/** Puts words before those who decide: from the first report or appeal on, later ones do not put it behind others. */
export function wait({ waiting }: ParticipationState, target: number, index: number): void {
  if (!waiting.has(target)) waiting.set(target, index)
}

function latestText({ texts }: ContributionState): number {
  return texts.at(-1)?.index ?? NaN
}

/** Who signed, by the ids and names of the time. */
export function namesOf(
  { founded, officials }: RecordState,
  signers: readonly string[],
): ModerationDecision['officials'] {
  const known = [...(officials?.now.officials ?? []), ...(founded?.genesis.signers ?? [])]
  return signers.map((id) => ({ id, name: known.find((one) => one.id === id)?.name ?? id }))
}
