// Moderation in the open over HTTP: what was decided, for everybody, to be read and taken along; what waits for a decision, for
// those who decide. SPEC 12.7.
import * as z from 'zod/mini'
import { encodeField } from '#crypto/babyjubjub.ts'
import { toHex } from '#crypto/encoding.ts'
import { slug } from '#protocol/codec.ts'
import { MEASURES, MODERATION_REASONS, REPORT_REASONS } from '#protocol/moderation.ts'
import { answers } from '#server/officials/shapes.ts'
import { naturalText, operation, type Operation } from '#server/operation.ts'
import type { Parts } from '#server/parts.ts'
import { Problem } from '#server/problem.ts'
import { contributionAt } from '#tally/contributions.ts'
import { formatCsv } from '#tally/formats/csv.ts'
import type {
  CommentState,
  ContributionState,
  ModerationEvent,
  ParticipationState,
  ProposalState,
} from '#tally/state.ts'
import { participationOf } from './find.ts'
import { beforeText, nextSchema, pageOf } from './page.ts'
import {
  momentSchema,
  speakerSchema,
  speakersIn,
  standingSchema,
  standingView,
  writtenSchema,
  writtenView,
} from './views.ts'
import type { Writings } from './writings.ts'

/** Events, and contributions that wait, in one answer. */
const PAGE = 20
/** Those who decide, and those who look over their shoulders. */
const MODERATORS = ['owner', 'moderator', 'auditor'] as const

const count = z.int().check(z.gte(0))

const eventSchema = z.strictObject({
  ...{ index: count, time: count },
  /** Entry of the words that it is about. */
  target: count,
  kind: z.enum(['decision', 'appeal', 'erasure']),
  /** Of decisions. */
  decision: z.nullable(z.enum(MEASURES)),
  /** Of decisions and erasures, with who signed them. */
  reason: z.nullable(z.enum(MODERATION_REASONS)),
  note: z.nullable(z.record(z.string(), z.string())),
  officials: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  /** Reports that it answered, and the entry of the appeal that it decided. */
  reports: count,
  appeal: z.nullable(count),
})
const logSchema = z.strictObject({
  events: z.array(eventSchema),
  /** Contributions that wait for a decision now. */
  waiting: count,
  next: nextSchema,
})
const downloadSchema = z.strictObject({ process: z.string(), events: z.array(eventSchema) })

const caseSchema = z.strictObject({
  index: count,
  kind: z.enum(['proposal', 'comment', 'statement']),
  author: z.string(),
  speaker: speakerSchema,
  /** What a comment is about, and the entry at the beginning of its thread; null of what begins one. */
  about: z.nullable(count),
  root: z.nullable(count),
  /** Also of what is hidden; the latest last. */
  texts: z.array(writtenSchema),
  erased: momentSchema,
  standing: standingSchema,
  /** The entry since which it waits. */
  since: z.nullable(count),
  /** Reports that no decision has answered yet, by reason. */
  reports: z.partialRecord(z.enum(REPORT_REASONS), count),
  /** Decisions so far, which the next one names. */
  earlier: count,
  events: z.array(eventSchema),
  /** What its author said against decisions. */
  appeals: z.array(writtenSchema),
  /** Who must not decide now: those whose decision is appealed against. */
  barred: z.array(z.string()),
})
const queueSchema = z.strictObject({
  cases: z.array(caseSchema),
  waiting: count,
  appeals: count,
  next: nextSchema,
})
export type ModerationEventView = z.output<typeof eventSchema>
export type ModerationLog = z.output<typeof logSchema>
export type ModerationCase = z.output<typeof caseSchema>
export type ModerationQueue = z.output<typeof queueSchema>

export function moderationOperations({ board, writings }: Pick<Parts, 'board' | 'writings'>): Operation[] {
  const eventsOf = (process: string) =>
    [...participationOf(board, process).moderation.values()].map(eventView)
  return [
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/moderation',
        access: 'anybody',
        summary: `Decisions of moderators, appeals and erasures, the newest first, ${PAGE} at a time.`,
        parameters: { process: slug },
        query: { before: beforeText },
        success: answers(logSchema),
      },
      ({ parameters: { process }, query: { before }, c }) => {
        const { moderation, waiting } = participationOf(board, process)
        const { indices, next } = pageOf([...moderation.keys()], before, PAGE)
        const events = indices.flatMap((index) => moderation.get(index) ?? []).map(eventView)
        return c.json({ events, waiting: waiting.size, next } satisfies ModerationLog)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/moderation.json',
        access: 'anybody',
        summary: 'All of them, in the order of the record.',
        parameters: { process: slug },
        query: {},
        success: answers(downloadSchema),
      },
      ({ parameters: { process }, c }) => c.json({ process, events: eventsOf(process) }),
    ),
    operation(
      {
        method: 'GET',
        path: '/api/processes/:process/moderation.csv',
        access: 'anybody',
        summary: 'The same as a table.',
        parameters: { process: slug },
        query: {},
        success: [{ status: 200, description: 'RFC 4180, with a heading.', type: 'text/csv' }],
      },
      ({ parameters: { process }, c }) =>
        c.body(csvOf(eventsOf(process)), 200, { 'Content-Type': 'text/csv; charset=utf-8' }),
    ),
    operation(
      {
        method: 'GET',
        path: '/api/officials/processes/:process/moderation',
        access: MODERATORS,
        summary: `What waits for a decision, what has waited longest first, ${PAGE} at a time.`,
        parameters: { process: slug },
        /** Those that have waited since a later entry. */
        query: { after: z.union([z.literal('oldest'), naturalText]) },
        success: answers(queueSchema),
      },
      async ({ parameters: { process }, query: { after }, c }) => {
        const within = participationOf(board, process)
        const bound = after === 'oldest' ? -1 : after
        const later = [...within.waiting].filter(([, since]) => since > bound)
        const page = later.slice(0, PAGE)
        const next = later.length > PAGE ? (page.at(-1)?.[1] ?? null) : null
        const those = page.flatMap(([index]) => contributionAt(within, index) ?? [])
        const appeals = [...within.waiting.keys()].filter(
          (index) => contributionAt(within, index)?.moderation?.appealed !== undefined,
        ).length
        const cases = await caseViews(within, those, writings)
        return c.json({ cases, waiting: within.waiting.size, appeals, next } satisfies ModerationQueue)
      },
    ),
    operation(
      {
        method: 'GET',
        path: '/api/officials/processes/:process/moderation/:target',
        access: MODERATORS,
        summary:
          'A proposal, comment or statement with all that was said and decided about it, hidden or not.',
        parameters: { process: slug, target: naturalText },
        query: {},
        success: answers(caseSchema),
      },
      async ({ parameters: { process, target }, c }) => {
        const within = participationOf(board, process)
        const contribution = contributionAt(within, target)
        if (contribution === undefined) throw new Problem('not-found', 'No such words.')
        const [view] = await caseViews(within, [contribution], writings)
        return c.json(view)
      },
    ),
  ]
}

function eventView(event: ModerationEvent): ModerationEventView {
  const { index, time, target } = event
  const none = { decision: null, reason: null, note: null, officials: [], reports: 0, appeal: null }
  if (!('act' in event)) return { ...none, index, time, target, kind: 'appeal' }
  const { reason, note } = event.act
  const signed = { ...none, index, time, target, reason, note, officials: [...event.officials] }
  if (!('reports' in event)) return { ...signed, kind: 'erasure' }
  const { reports, appeal = null, act } = event
  return { ...signed, kind: 'decision', decision: act.decision, reports, appeal }
}

/** These contributions with their texts, read at once. */
async function caseViews(
  { waiting, moderation }: ParticipationState,
  contributions: readonly ContributionState[],
  writings: Pick<Writings, 'of'>,
): Promise<ModerationCase[]> {
  const written = contributions.flatMap((one) => [...one.texts, ...(one.moderation?.appeals ?? [])])
  const kept = await writings.of(written.map(({ commitment }) => commitment))
  const speakerOf = await speakersIn(contributions, writings)
  return contributions.map((contribution) => {
    const { index, author, texts, erased } = contribution
    const { decisions = [], appeals = [], appealed, reports = [] } = contribution.moderation ?? {}
    const events = [...decisions, ...appeals, ...(erased ? [moderation.get(erased.index)] : [])]
    return {
      ...{ index, author: toHex(encodeField(author)), erased: erased ?? null, earlier: decisions.length },
      ...placeOf(contribution),
      speaker: speakerOf(contribution),
      texts: texts.map((text) => writtenView(text, kept)),
      standing: standingView(contribution),
      since: waiting.get(index) ?? null,
      reports: Object.fromEntries(reports),
      events: events
        .filter((event) => event !== undefined)
        .sort((a, b) => a.index - b.index)
        .map(eventView),
      appeals: appeals.map((text) => writtenView(text, kept)),
      barred: appealed === undefined ? [] : (decisions.at(-1)?.officials ?? []).map(({ id }) => id),
    }
  })
}

/** What it is, and where it stands in a thread. */
function placeOf(
  contribution: ContributionState | CommentState | ProposalState,
): Pick<ModerationCase, 'kind' | 'about' | 'root'> {
  if ('about' in contribution) {
    const { about, root } = contribution
    return { kind: 'comment', about, root }
  }
  return { kind: 'support' in contribution ? 'proposal' : 'statement', about: null, root: null }
}

const COLUMNS = [
  ...['entry', 'time', 'kind', 'target', 'decision', 'reason', 'note'],
  ...['officials', 'reports', 'appeal'],
]

function csvOf(events: readonly ModerationEventView[]): string {
  const rows = events.map((event) => [
    ...[event.index, new Date(event.time).toISOString(), event.kind, event.target],
    ...[event.decision ?? '', event.reason ?? '', notesOf(event.note ?? {})],
    ...[event.officials.map(({ name }) => name).join('; '), event.reports, event.appeal ?? ''],
  ])
  return formatCsv([COLUMNS, ...rows])
}

/** A note in all its languages. */
function notesOf(note: Readonly<Record<string, string>>): string {
  return Object.entries(note)
    .map(([language, text]) => `${language}: ${text}`)
    .join('\n')
}
