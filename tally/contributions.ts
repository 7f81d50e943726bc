// Words that people put on the record at the gate: comments in threads, their edits, and erasure. SPEC 12.5, 12.6.
import { toHex } from '#crypto/encoding.ts'
import type { Entry } from '#protocol/entry.ts'
import type { Measure } from '#protocol/moderation.ts'
import { ensure, Refusal } from '#protocol/refusal.ts'
import { type Deed, signalOf } from '#protocol/signal.ts'
import type {
  Accountability,
  CommentState,
  ContributionState,
  Moment,
  ParticipationState,
  ProcessState,
  ProposalState,
  RecordState,
  Thread,
  ThreadState,
} from './state.ts'

/** Comments upon comments, counted from the beginning of the thread. */
const DEEPEST = 8

type DeedOf<T extends Deed['type']> = Extract<Deed, { type: T }>
type Text = ContributionState['texts'][number]
/** Whose words they are. */
export type Author = Pick<ContributionState, 'author' | 'speaker'>

/** What every contribution begins with. */
export function newContribution(by: Author, text: Text, screened: boolean): ContributionState {
  return {
    ...{ index: text.index, ...by, texts: [text], screened, sealed: false },
    ...{ erased: undefined, moderation: undefined },
  }
}

/** What a proposal and a comment begin with. */
export function newThread(by: Author, text: Text, depth: number): ThreadState {
  return { ...newContribution(by, text, false), ...emptyThread(text.index, depth) }
}

/** What others may comment on, before anybody has. */
function emptyThread(index: number, depth = 0): Thread {
  return { index, depth, replies: [], stances: { for: 0, against: 0, question: 0, remark: 0 }, thread: 0 }
}

/** The proposal, comment or statement of this entry. Throws `Refusal`. */
export function contributionOf(participation: ParticipationState, index: number): ContributionState {
  const contribution = contributionAt(participation, index)
  if (contribution === undefined) throw new Refusal('unknown-contribution', `entry ${index}`)
  return contribution
}

/** The same; undefined where there is none. */
export function contributionAt(
  { proposals, comments, sayings }: ParticipationState,
  index: number,
): ProposalState | CommentState | ContributionState | undefined {
  return proposals.get(index) ?? comments.get(index) ?? sayings.get(index)
}

/** The same, or a name: whatever has words that can be erased. Throws `Refusal`. */
export function erasableOf(participation: ParticipationState, index: number): ContributionState {
  return participation.introductions.get(index) ?? contributionOf(participation, index)
}

/** Whether the entry is a promise or a publication, which one may comment on as on a proposal. SPEC 12.5. */
export function isDocument({ promises, publications }: Accountability, index: number): boolean {
  return promises.has(index) || publications.some((one) => one.index === index)
}

/** Throws `Refusal` unless one may comment on what the comment is about. */
export function admitComment(
  { accountability, participation }: ProcessState,
  { about }: DeedOf<'comment' | 'sealed-comment'>,
): void {
  const contribution = participation?.proposals.get(about) ?? participation?.comments.get(about)
  if (contribution === undefined) {
    ensure(isDocument(accountability, about), 'unknown-contribution', `entry ${about}`)
    return
  }
  ensureReadable(contribution)
  const gone = 'withdrawn' in contribution && contribution.withdrawn !== undefined
  ensure(!gone, 'wrong-state', 'it is withdrawn')
  ensure(contribution.depth < DEEPEST, 'thread-too-deep', `${DEEPEST} at most`)
}

/** Folds an admitted comment into its thread. */
export function applyComment(
  participation: ParticipationState,
  deed: DeedOf<'comment' | 'sealed-comment'>,
  by: Author,
  text: Text,
): void {
  const { about } = deed
  const seal = deed.type === 'sealed-comment' ? deed : undefined
  const stance = deed.type === 'comment' ? deed.stance : undefined
  const { proposals, comments, documents } = participation
  const threadOf = (index: number): Thread | CommentState =>
    proposals.get(index) ?? comments.get(index) ?? documents.get(index) ?? emptyThread(index)
  const parent = threadOf(about)
  if (!proposals.has(about) && !comments.has(about)) documents.set(about, parent)
  const root = 'root' in parent ? parent.root : parent.index
  const comment = { ...newThread(by, text, parent.depth + 1), about, root, stance, seal }
  comments.set(text.index, { ...comment, sealed: seal !== undefined })
  parent.replies.push(text.index)
  if (stance !== undefined) parent.stances[stance] += 1
  for (let above = parent; ; above = threadOf(above.about)) {
    above.thread += 1
    if (!('about' in above)) return
  }
}

/** Throws `Refusal` unless the comment is its author's to edit. */
export function admitEdit(
  { comments }: ParticipationState,
  { comment: index }: DeedOf<'edit'>,
  by: bigint,
): void {
  const comment = comments.get(index)
  if (comment === undefined) throw new Refusal('unknown-contribution', `entry ${index}`)
  ensure(comment.author === by, 'signal-not-theirs')
  ensureReadable(comment)
}

/** Throws `Refusal` unless there are words of this author to erase. */
export function admitErasure(
  participation: ParticipationState,
  { target }: DeedOf<'erase'>,
  by: bigint,
): void {
  const contribution = erasableOf(participation, target)
  ensure(contribution.author === by, 'signal-not-theirs')
  ensureKept(contribution)
}

/** Folds an admitted erasure. */
export function applyErasure(
  state: RecordState,
  participation: ParticipationState,
  target: number,
  moment: Moment,
): void {
  const contribution = erasableOf(participation, target)
  contribution.erased = moment
  participation.waiting.delete(target)
  for (const commitment of commitmentsOf(contribution)) state.texts.set(toHex(commitment), 'erased')
}

/** Commitments to the texts that an entry on the record erases. */
export function erasedBy({ processes }: RecordState, [type, content]: Entry): Uint8Array[] {
  if (type !== 'signal' && type !== 'act') return []
  const { process, deed } = type === 'signal' ? signalOf(content) : { ...content, deed: content.act }
  const participation = processes.get(process)?.participation
  if (participation === undefined) return []
  if (deed.type === 'vouch-name')
    return deed.holds ? [] : commitmentsOf(erasableOf(participation, deed.introduction))
  if (deed.type !== 'erase' && deed.type !== 'erase-text') return []
  return commitmentsOf(erasableOf(participation, deed.target))
}

/** Commitments to all that its author has written there, and against decisions about it. */
function commitmentsOf({ texts, moderation }: ContributionState): Uint8Array[] {
  return [...texts, ...(moderation?.appeals ?? [])].map(({ commitment }) => commitment)
}

/** What officials have decided last; where they have decided nothing, `restore`, unless it has to be let through first. */
export function measureOf({ moderation, screened }: ContributionState): Measure {
  return moderation?.decisions.at(-1)?.act.decision ?? (screened ? 'hide' : 'restore')
}

/** Throws `Refusal` if its words are gone. */
export function ensureKept({ erased }: ContributionState): void {
  ensure(erased === undefined, 'wrong-state', 'it is erased')
}

/** Throws `Refusal` if its words are gone, or sealed. */
export function ensureOpened(contribution: ContributionState): void {
  ensureKept(contribution)
  ensure(!contribution.sealed, 'wrong-state', 'it is sealed')
}

/** Throws `Refusal` if its words are gone, sealed or hidden. */
export function ensureReadable(contribution: ContributionState): void {
  ensureOpened(contribution)
  ensure(measureOf(contribution) !== 'hide', 'wrong-state', 'it is hidden')
}
