// Comments over HTTP: what is said about a proposal or a comment, a page at a time, and one comment with its earlier texts.
// SPEC 12.5.
import * as z from 'zod/mini'
import { toHex } from '#crypto/encoding.ts'
import { slug } from '#protocol/codec.ts'
import { STANCES } from '#protocol/signal.ts'
import { bufferOf } from '#server/answer.ts'
import { naturalText, operation, type Operation } from '#server/operation.ts'
import { answers } from '#server/officials/shapes.ts'
import type { Parts } from '#server/parts.ts'
import { Problem } from '#server/problem.ts'
import { isDocument, measureOf } from '#tally/contributions.ts'
import type { CommentState, ParticipationState } from '#tally/state.ts'
import { participationOf } from './find.ts'
import { beforeText, nextSchema, pageOf } from './page.ts'
import {
  momentSchema,
  repliesSchema,
  shown,
  speakerSchema,
  speakersIn,
  standingSchema,
  threadView,
  writtenSchema,
  writtenView,
} from './views.ts'
import type { Writings } from './writings.ts'

/** Comments in one answer. */
const PAGE = 20

const count = z.int().check(z.gte(0))

const commentSchema = z.strictObject({
  index: count,
  /** The entry that it is about, and the one at the beginning of the thread: a proposal, or what officials promised or published. */
  about: count,
  root: count,
  kind: z.enum(['proposal', 'document']),
  /** 1 of what is about that itself. */
  depth: count,
  /** Null of what came sealed, which takes none; and whether it waits to be opened. */
  stance: z.nullable(z.enum(STANCES)),
  sealed: z.boolean(),
  /** The author's pseudonym in this process, or the nullifier under which they speak by name. */
  author: z.string(),
  speaker: speakerSchema,
  /** As it stands now, and how many texts it had before. */
  text: writtenSchema,
  edits: count,
  erased: momentSchema,
  standing: standingSchema,
  ...repliesSchema.shape,
})
const commentsSchema = z.strictObject({ comments: z.array(commentSchema), next: nextSchema })
const historySchema = z.strictObject({
  ...commentSchema.shape,
  /** The latest last. */
  earlier: z.array(writtenSchema),
})
export type CommentView = z.output<typeof commentSchema>
export type CommentsView = z.output<typeof commentsSchema>
export type CommentHistory = z.output<typeof historySchema>

export function commentOperations({ board, writings }: Pick<Parts, 'board' | 'writings'>): Operation[] {
  return [
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/comments',
        access: 'anybody',
        summary: `What is said about a proposal, promise, publication or comment itself, the newest first, ${PAGE} at a time.`,
        parameters: { process: slug },
        /** `about`: its entry. */
        query: { about: naturalText, before: beforeText },
        success: answers(commentsSchema),
      },
      async ({ parameters: { process }, query: { about, before }, c }) => {
        const within = participationOf(board, process)
        const { proposals, comments, documents } = within
        const accountability = board.state.processes.get(process)?.accountability
        const parent = proposals.get(about) ?? comments.get(about) ?? documents.get(about)
        // Of what nobody has commented on yet there is no thread.
        const silent = accountability !== undefined && isDocument(accountability, about)
        if (parent === undefined && !silent) throw new Problem('not-found', 'Nothing that has comments.')
        const { indices, next } = pageOf(parent?.replies ?? [], before, PAGE)
        const page = indices.flatMap((index) => comments.get(index) ?? [])
        return c.json({ comments: await commentViews(within, page, writings), next } satisfies CommentsView)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/comments/:comment',
        access: 'anybody',
        summary: 'One comment, by the index of its entry, with its earlier texts.',
        parameters: { process: slug, comment: naturalText },
        query: {},
        success: answers(historySchema),
      },
      async ({ parameters: { process, comment: index }, c }) => {
        const within = participationOf(board, process)
        const comment = within.comments.get(index)
        if (comment === undefined) throw new Problem('not-found', 'No such comment.')
        const [view] = await commentViews(within, [comment], writings)
        if (view === undefined) throw new Error('one comment, one view')
        const before = comment.texts.slice(0, -1)
        const kept = await writings.of(before.map(({ commitment }) => commitment))
        const earlier = before.map((text) => writtenView(text, shown(comment, kept)))
        return c.json({ ...view, earlier } satisfies CommentHistory)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/comments/:comment/box',
        access: 'anybody',
        summary:
          'The box in which a sealed comment came: once guardians have opened it, what opens it is in the record.',
        parameters: { process: slug, comment: naturalText },
        query: {},
        success: [{ status: 200, description: 'The bytes of the box.', type: 'application/octet-stream' }],
      },
      async ({ parameters: { process, comment: index }, c }) => {
        const comment = participationOf(board, process).comments.get(index)
        const seal = comment && measureOf(comment) !== 'hide' ? comment.seal : undefined
        const kept = seal && (await writings.boxes([seal.text])).get(toHex(seal.text))
        if (kept === undefined) throw new Problem('not-found', 'No such box.')
        c.header('Content-Type', 'application/octet-stream')
        return c.body(bufferOf(kept.box))
      },
    ),
  ]
}

/** These comments as they stand, with their texts read at once. */
async function commentViews(
  { proposals }: ParticipationState,
  comments: readonly CommentState[],
  writings: Pick<Writings, 'of'>,
): Promise<CommentView[]> {
  const latest = comments.map(({ texts }) => texts.at(-1))
  const kept = await writings.of(latest.flatMap((text) => text?.commitment ?? []))
  const speakerOf = await speakersIn(comments, writings)
  return comments.map((comment, i) => {
    const text = latest[i]
    if (text === undefined) throw new Error('every comment has a text')
    const { about, root, depth, stance, sealed, texts } = comment
    const kind = proposals.has(root) ? ('proposal' as const) : ('document' as const)
    return {
      ...threadView(comment),
      speaker: speakerOf(comment),
      ...{ about, root, kind, depth, stance: stance ?? null, sealed, edits: texts.length - 1 },
      text: writtenView(text, shown(comment, kept)),
    }
  })
}
