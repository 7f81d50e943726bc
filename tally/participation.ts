// Taking part at the gate: plans, signals (their proofs apart) and answers, and what they fold to. SPEC 12.
import { extendRoot } from '#circuits/roll.ts'
import { CIRCUITS } from '#circuits/sizes.ts'
import type { SignalStatement } from '#circuits/signal.ts'
import { toHex } from '#crypto/encoding.ts'
import type { ActOf } from '#protocol/act.ts'
import type { LogOrigin } from '#protocol/genesis.ts'
import type { Phase } from '#protocol/plan.ts'
import { ensure, Refusal } from '#protocol/refusal.ts'
import type { SealedComment } from '#protocol/sealed-comment.ts'
import {
  type Deed,
  type Signal,
  signalHash,
  signalOf,
  signalSchema,
  signalStatement,
} from '#protocol/signal.ts'
import type * as z from 'zod/mini'
import { ensureGoesOn } from './archive.ts'
import {
  admitComment,
  admitEdit,
  admitErasure,
  applyComment,
  applyErasure,
  contributionOf,
  ensureReadable,
  newThread,
} from './contributions.ts'
import { admitAppeal, admitReport, applyAppeal, applyReport } from './moderation.ts'
import { admitSealedComment, admitSealing, applySealedComment, newSeal } from './sealed-comments.ts'
import { ensureOneWay } from './sealed-opinions.ts'
import { admitIntroduction, admitSpeaking, applyIntroduction, authorOf } from './speakers.ts'
import { admitOpinion, admitStatement, applyOpinion, applyStatement } from './statements.ts'
import type {
  ContributionState,
  Moment,
  ParticipationState,
  ProcessState,
  ProposalState,
  RecordState,
  Voice,
} from './state.ts'

type TextDeed = Extract<Deed, { text: Uint8Array }>
type Text = ContributionState['texts'][number]
type SignalContent = z.output<typeof signalSchema>

/** What is left to check of a signal: its proof. */
export interface SignalJob {
  readonly statement: SignalStatement
  readonly proof: Uint8Array
  /** SHA-256 of the verification key's file, in hexadecimal. */
  readonly verificationKey: string
  /** Hash of the signal in hexadecimal. */
  readonly id: string
}

/** Milliseconds of a day. */
const DAY = 86_400_000

/** Which part of the plan must allow a deed; none for what its author may do at any time. */
const ALLOWED_AS: Record<Deed['type'], Phase['allows'][number] | undefined> = {
  propose: 'propose',
  revise: 'propose',
  withdraw: undefined,
  support: 'support',
  comment: 'comment',
  'sealed-comment': 'sealed-comment',
  statement: 'statement',
  opinion: 'opinion',
  edit: 'comment',
  erase: undefined,
  report: undefined,
  appeal: undefined,
  introduce: undefined,
}

/** Throws `Refusal` unless the plan can be carried out with what the record has. */
export function admitPlan(state: RecordState, process: ProcessState, plan: ActOf<'plan-process'>): void {
  ensureOneWay(process, plan)
  const { participation } = plan
  if (participation === undefined) {
    ensure(process.participation === undefined, 'plan-invalid', 'people take part already')
    return
  }
  const roll = process.rolls.get(participation.roll)
  if (roll === undefined) throw new Refusal('unknown-roll', participation.roll)
  ensure(roll.frozen !== undefined, 'roll-not-frozen', participation.roll)
  admitSealing(state, process, plan.phases, participation)
}

/** Folds an admitted plan: from here on it is the process's. */
export function applyPlan(state: RecordState, process: ProcessState, plan: ActOf<'plan-process'>): void {
  process.plans.push({ index: state.size, time: state.time, plan })
  const { participation } = plan
  const frozen = participation && process.rolls.get(participation.roll)?.frozen
  if (participation === undefined || frozen === undefined) return
  const small = frozen.size <= 4 ** CIRCUITS.S.levels
  process.participation = {
    ...(process.participation ?? nothingSaid()),
    rules: participation,
    root: small ? extendRoot(frozen.root) : frozen.root,
    eligible: frozen.size,
    frozen: frozen.index,
    sealed: process.participation?.sealed ?? newSeal(process, participation),
  }
}

/** What people have said before anybody has. */
function nothingSaid(): Omit<ParticipationState, 'rules' | 'root' | 'eligible' | 'frozen' | 'sealed'> {
  return {
    ...{ proposals: new Map(), comments: new Map(), waiting: new Map(), moderation: new Map() },
    documents: new Map(),
    ...{ voices: new Map(), statements: new Map(), sayings: new Map(), thinkers: new Map(), opinions: [] },
    ...{ introductions: new Map(), speakers: new Map() },
  }
}

/** Throws `Refusal` unless the signal may stand next, its proof apart. */
export function admitSignal(state: RecordState, log: LogOrigin, content: SignalContent): SignalJob {
  const signal = signalOf(content)
  const process = state.processes.get(signal.process)
  if (process === undefined) throw new Refusal('unknown-process', signal.process)
  const { participation } = process
  if (participation === undefined) throw new Refusal('signal-not-now', 'nobody takes part in this process')
  const id = toHex(signalHash(signal))
  ensure(!state.signals.has(id), 'signal-recorded', `entry ${state.signals.get(id) ?? ''}`)
  ensureGoesOn(process, signal.deed)
  ensure(allowed(process, signal.deed, state.time), 'signal-not-now', signal.deed.type)
  const earlier = admitDeed(state, log, process, participation, signal)
  ensure(signal.sequence === earlier, 'signal-sequence', `expected ${earlier}`)
  return {
    statement: signalStatement(log, participation.root, signal),
    proof: signal.proof,
    verificationKey: toHex(participation.rules.setup.verificationKey),
    id,
  }
}

/** Folds an admitted signal. */
export function applySignal(state: RecordState, content: SignalContent): void {
  const signal = signalOf(content)
  const process = state.processes.get(signal.process)
  if (process?.participation === undefined) throw new Error('signal was not admitted')
  const { participation } = process
  const { deed, nullifier } = signal
  const { size: index, time } = state
  state.signals.set(toHex(signalHash(signal)), index)
  if (deed.type === 'support') {
    applySupport(participation, proposalOf(participation, deed.proposal), {
      nullifier,
      on: deed.on,
      index,
      time,
    })
    return
  }
  if (deed.type === 'opinion') {
    applyOpinion(participation, deed, nullifier, { index, time })
    return
  }
  const voice = participation.voices.get(nullifier)
  const today = writtenToday(voice, time) + (isLimited(deed) ? 1 : 0)
  participation.voices.set(nullifier, { entries: (voice?.entries ?? 0) + 1, day: dayOf(time), today })
  if (deed.type === 'sealed-comment') applySealedComment(process, deed, nullifier, newText(state, deed))
  else if ('text' in deed) applyText(participation, deed, nullifier, newText(state, deed))
  else if (deed.type === 'withdraw') applyWithdrawal(participation, deed, { index, time })
  else if (deed.type === 'report') applyReport(participation, deed, nullifier, index)
  else applyErasure(state, participation, deed.target, { index, time })
}

/** A text that is from now on the record's. */
function newText({ size, time, texts }: RecordState, { text }: TextDeed): Text {
  texts.set(toHex(text), 'kept')
  return { index: size, time, commitment: text }
}

/** Folds words of somebody: new ones, or others in the place of their own. */
function applyText(
  participation: ParticipationState,
  deed: Exclude<TextDeed, SealedComment>,
  nullifier: bigint,
  text: Text,
): void {
  const by = authorOf(participation, deed, nullifier)
  switch (deed.type) {
    case 'propose':
      participation.proposals.set(text.index, {
        ...newThread(by, text, 0),
        ...{ withdrawn: undefined, supporters: new Map(), support: 0, reached: undefined, answer: undefined },
        ...{ merged: [], assessments: [], projects: [] },
      })
      return
    case 'revise':
      proposalOf(participation, deed.proposal).texts.push(text)
      return
    case 'comment':
      applyComment(participation, deed, by, text)
      return
    case 'edit':
      contributionOf(participation, deed.comment).texts.push(text)
      return
    case 'statement':
      applyStatement(participation, by, text)
      return
    case 'appeal':
      applyAppeal(participation, { ...text, target: deed.target })
      return
    case 'introduce':
      applyIntroduction(participation, nullifier, text)
  }
}

/** Throws `Refusal` unless there is such a proposal that waits for an answer. An office may answer before it must. */
export function admitAnswer(process: ProcessState, act: ActOf<'answer-proposal'>): void {
  const { participation } = process
  if (participation === undefined) throw new Refusal('unknown-proposal', `entry ${act.proposal}`)
  const proposal = proposalOf(participation, act.proposal)
  ensure(
    proposal.answer === undefined && proposal.withdrawn === undefined,
    'wrong-state',
    'nothing to answer',
  )
}

/** Folds an admitted answer. */
export function applyAnswer(state: RecordState, process: ProcessState, act: ActOf<'answer-proposal'>): void {
  if (process.participation === undefined) throw new Error('answer was not admitted')
  proposalOf(process.participation, act.proposal).answer = { index: state.size, time: state.time, act }
}

/** How many entries of the signal's nullifier there are. Throws `Refusal` unless the state allows the deed. */
function admitDeed(
  state: RecordState,
  log: LogOrigin,
  within: ProcessState,
  participation: ParticipationState,
  { process, deed, nullifier }: Signal,
): number {
  const voice = participation.voices.get(nullifier)
  const today = writtenToday(voice, state.time)
  if (isLimited(deed)) ensure(today < participation.rules.daily, 'signal-limit', `${today} on this day`)
  // Whoever took over another's commitment could erase the text behind it.
  if ('text' in deed) ensure(!state.texts.has(toHex(deed.text)), 'text-recorded')
  admitSpeaking(participation, deed, nullifier)
  switch (deed.type) {
    case 'propose':
      break
    case 'introduce':
      admitIntroduction(participation, nullifier)
      break
    case 'statement':
      admitStatement(participation, deed)
      break
    case 'comment':
      admitComment(within, deed)
      break
    case 'sealed-comment':
      admitSealedComment(within, log, process, deed, nullifier)
      break
    case 'edit':
      admitEdit(participation, deed, nullifier)
      break
    case 'erase':
      admitErasure(participation, deed, nullifier)
      break
    case 'report':
      admitReport(participation, deed, nullifier)
      break
    case 'appeal':
      admitAppeal(participation, deed, nullifier)
      break
    case 'opinion':
      return admitOpinion(participation, deed, nullifier)
    case 'support':
      return admitSupport(participation, deed, nullifier)
    case 'revise':
    case 'withdraw': {
      const proposal = openProposal(participation, deed.proposal)
      ensure(proposal.author === nullifier, 'signal-not-theirs')
      if (deed.type === 'withdraw') {
        admitMerge(participation, deed)
        break
      }
      // Whoever supports or assesses a proposal read these words.
      ensure(proposal.support === 0, 'wrong-state', 'it has support')
      ensure(proposal.assessments.length === 0, 'wrong-state', 'it was assessed')
    }
  }
  return voice?.entries ?? 0
}

/** Throws `Refusal` unless what the proposal is joined to, if anything, is another of which something is still open. */
function admitMerge(
  participation: ParticipationState,
  { proposal, into }: Extract<Deed, { type: 'withdraw' }>,
): void {
  if (into === undefined) return
  ensure(into !== proposal, 'wrong-state', 'it is the same proposal')
  openProposal(participation, into)
}

function applyWithdrawal(
  participation: ParticipationState,
  { proposal, into }: Extract<Deed, { type: 'withdraw' }>,
  moment: Moment,
): void {
  proposalOf(participation, proposal).withdrawn = { ...moment, into }
  if (into !== undefined) proposalOf(participation, into).merged.push(proposal)
}

/** How many entries of the supporter on this proposal there are. Throws `Refusal` unless the deed changes their word. */
function admitSupport(
  participation: ParticipationState,
  { proposal: index, on }: Extract<Deed, { type: 'support' }>,
  nullifier: bigint,
): number {
  const supporter = openProposal(participation, index).supporters.get(nullifier)
  ensure((supporter?.on ?? false) !== on, 'wrong-state', on ? 'supported' : 'not supported')
  return supporter?.entries ?? 0
}

function applySupport(
  { rules }: ParticipationState,
  proposal: ProposalState,
  given: { nullifier: bigint; on: boolean; index: number; time: number },
): void {
  const { nullifier, on, index, time } = given
  const entries = (proposal.supporters.get(nullifier)?.entries ?? 0) + 1
  proposal.supporters.set(nullifier, { on, entries })
  proposal.support += on ? 1 : -1
  // An answer once owed stays owed.
  if (proposal.support >= rules.threshold)
    proposal.reached ??= { index, time, due: time + rules.answerDays * DAY }
}

/** Whether the plan says how many of them one person may do in a day. */
function isLimited(deed: Deed): boolean {
  return 'text' in deed || deed.type === 'report'
}

function writtenToday(voice: Voice | undefined, time: number): number {
  return voice?.day === dayOf(time) ? voice.today : 0
}

/** Days since 1970, UTC. */
function dayOf(time: number): number {
  return Math.floor(time / DAY)
}

function allowed(process: ProcessState, deed: Deed, time: number): boolean {
  const needed = ALLOWED_AS[deed.type]
  if (needed === undefined) return true
  const phases = process.plans.at(-1)?.plan.phases ?? []
  return phases.some((p) => p.opensAt <= time && time < p.closesAt && p.allows.includes(needed))
}

/** A proposal of which something is still open. */
function openProposal(participation: ParticipationState, index: number): ProposalState {
  const proposal = proposalOf(participation, index)
  ensure(proposal.withdrawn === undefined && proposal.answer === undefined, 'wrong-state', 'it is settled')
  ensureReadable(proposal)
  return proposal
}

function proposalOf({ proposals }: ParticipationState, index: number): ProposalState {
  const proposal = proposals.get(index)
  if (proposal === undefined) throw new Refusal('unknown-proposal', `entry ${index}`)
  return proposal
}
