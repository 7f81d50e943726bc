// What a process's pages ask of the server that they came from: views to look at, never to be believed.
import type { CommentHistory, CommentsView, CommentView } from '#server/participation/comments.ts'
import type { ModerationEventView, ModerationLog } from '#server/participation/moderation.ts'
import type { SpeakersView } from '#server/participation/names.ts'
import type { StatementsView, StatementView } from '#server/participation/statements.ts'
import type { ProcessView, ProposalView, SpeakerView } from '#server/participation/views.ts'
import { get } from '#web/device/api.ts'
import { checked, named } from './checked.ts'

export type { CommentView, ModerationEventView, ProcessView, ProposalView, SpeakerView, StatementView }
/** Somebody who speaks under a verified name, or wants to. */
export type SpeakerStanding = SpeakersView['speakers'][number]

/** All processes that have been planned. */
export async function processes(): Promise<ProcessView[]> {
  const { processes } = await get<{ processes: ProcessView[] }>('/api/processes')
  return processes.filter(({ plan }) => plan !== null)
}

export function processOf(process: string): Promise<ProcessView> {
  return get(`/api/processes/${encodeURIComponent(process)}`)
}

/** Proposals, the newest first, and where the next page begins. */
export async function proposalsOf(
  process: string,
  before: number | 'newest',
): Promise<{ proposals: ProposalView[]; next: number | null }> {
  const path = `/api/processes/${encodeURIComponent(process)}/proposals?before=${before}`
  const { proposals, next } = await get<{ proposals: ProposalView[]; next: number | null }>(path)
  return { proposals: proposals.map(withTexts), next }
}

export async function proposalOf(process: string, proposal: string): Promise<ProposalView> {
  const path = `/api/processes/${encodeURIComponent(process)}/proposals/${encodeURIComponent(proposal)}`
  return withTexts(await get<ProposalView>(path))
}

/** What is said about a proposal or comment itself, the newest first. */
export async function commentsOn(
  process: string,
  about: number,
  before: number | 'newest',
): Promise<CommentsView> {
  const path = `/api/processes/${encodeURIComponent(process)}/comments?about=${about}&before=${before}`
  const view = await get<CommentsView>(path)
  return { ...view, comments: view.comments.map((one) => ({ ...named(one), text: checked(one.text) })) }
}

/** One comment with its earlier texts. */
export async function commentOf(process: string, comment: number): Promise<CommentHistory> {
  const path = `/api/processes/${encodeURIComponent(process)}/comments/${comment}`
  const view = await get<CommentHistory>(path)
  return { ...named(view), text: checked(view.text), earlier: view.earlier.map(checked) }
}

/** What officials have decided about people's words, the newest first. */
export function moderationOf(process: string, before: number | 'newest'): Promise<ModerationLog> {
  return get(`/api/processes/${encodeURIComponent(process)}/moderation?before=${before}`)
}

/** All statements of a process in the order of the record, and how many wait to be let through. */
export async function statementsOf(process: string): Promise<{ all: StatementView[]; waiting: number }> {
  const path = `/api/processes/${encodeURIComponent(process)}/statements?before=`
  const { statements, waiting, next } = await get<StatementsView>(`${path}newest`)
  for (let before = next; before !== null;) {
    const page: StatementsView = await get<StatementsView>(path + String(before))
    statements.push(...page.statements)
    before = page.next
  }
  const all = statements.map(({ said, ...one }) => ({
    ...one,
    said: said && { ...said, text: checked(said.text) },
  }))
  return { all: all.reverse(), waiting }
}

/** All who speak under a verified name or want to, in the order of the record. */
export async function speakersOf(process: string): Promise<SpeakerStanding[]> {
  const { speakers } = await get<SpeakersView>(`/api/processes/${encodeURIComponent(process)}/speakers`)
  return speakers.map((one) => ({ ...one, name: one.name && checked(one.name) }))
}

function withTexts(view: ProposalView): ProposalView {
  return { ...named(view), texts: view.texts.map(checked) }
}
