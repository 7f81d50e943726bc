// Speaking under one's verified name at the gate: introductions, what officials find of them, and who may speak so. SPEC 12.12.
import type { ActOf } from '#protocol/act.ts'
import { ensure, Refusal } from '#protocol/refusal.ts'
import { type Deed, isSpoken } from '#protocol/signal.ts'
import { applyErasure, type Author, ensureKept, newContribution } from './contributions.ts'
import { namesOf } from './moderation.ts'
import type {
  ContributionState,
  IntroductionState,
  ParticipationState,
  ProcessState,
  RecordState,
} from './state.ts'

/** What says something new, and so only under a name that holds; whoever has said it may take it back at any time. */
const SPEAKING: ReadonlySet<Deed['type']> = new Set(['propose', 'revise', 'comment', 'edit'])

/** Whether officials say that the name is the person's, and nobody has erased it. */
export function holds({ findings, erased }: IntroductionState): boolean {
  return erased === undefined && findings.at(-1)?.act.holds === true
}

/** By which those are told apart whose names look the same; 0 before officials have found that it holds. */
export function numberOf({ findings }: IntroductionState): number {
  return findings.findLast(({ act }) => act.holds)?.act.number ?? 0
}

/** The commitment to the name. */
export function nameIn({ texts }: IntroductionState): ContributionState['texts'][number] {
  const [name] = texts
  if (name === undefined) throw new Error('an introduction has a name')
  return name
}

/** Throws `Refusal` if the deed is to be under a verified name and there is none. */
export function admitSpeaking({ speakers }: ParticipationState, deed: Deed, nullifier: bigint): void {
  if (deed.type === 'introduce' || !isSpoken(deed) || !SPEAKING.has(deed.type)) return
  const introduction = speakers.get(nullifier)
  ensure(introduction !== undefined && holds(introduction), 'name-not-vouched')
}

/** Whose words a deed is: of what is said under a name, the one that holds now. */
export function authorOf({ speakers }: ParticipationState, deed: Deed, author: bigint): Author {
  const speaks = deed.type !== 'introduce' && isSpoken(deed)
  return { author, speaker: speaks ? speakers.get(author) : undefined }
}

/** Throws `Refusal` as long as the person has another name that waits or holds. */
export function admitIntroduction({ speakers }: ParticipationState, nullifier: bigint): void {
  const earlier = speakers.get(nullifier)
  ensure(earlier === undefined || earlier.erased !== undefined, 'wrong-state', 'there is a name')
}

/** Folds an admitted introduction. */
export function applyIntroduction(
  { introductions, speakers }: ParticipationState,
  author: bigint,
  text: ContributionState['texts'][number],
): void {
  const introduction = { ...newContribution({ author, speaker: undefined }, text, false), findings: [] }
  introductions.set(text.index, introduction)
  speakers.set(author, introduction)
}

/** Throws `Refusal` unless something is still to be found of the name. */
export function admitFinding({ participation }: ProcessState, act: ActOf<'vouch-name'>): void {
  const introduction = introductionOf(participation, act.introduction)
  ensureKept(introduction)
  ensure(!(act.holds && holds(introduction)), 'wrong-state', 'it holds already')
}

/** Folds what officials have found of a name. One that does not hold, or no longer, is erased: nothing may rest on it. */
export function applyFinding(
  state: RecordState,
  { participation }: ProcessState,
  act: ActOf<'vouch-name'>,
  signers: readonly string[],
): void {
  if (participation === undefined) throw new Error('finding was not admitted')
  const { size: index, time } = state
  const { findings } = introductionOf(participation, act.introduction)
  findings.push({ index, time, act, officials: namesOf(state, signers) })
  if (!act.holds) applyErasure(state, participation, act.introduction, { index, time })
}

function introductionOf(participation: ParticipationState | undefined, index: number): IntroductionState {
  const introduction = participation?.introductions.get(index)
  if (introduction === undefined) throw new Refusal('unknown-contribution', `entry ${index}`)
  return introduction
}
