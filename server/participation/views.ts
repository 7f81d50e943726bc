// A process and what people do in it, as programs read them: views of the record, and of the texts beside it. SPEC 12.
import * as z from 'zod/mini'
import { encodeField } from '#crypto/babyjubjub.ts'
import { toHex } from '#crypto/encoding.ts'
import { encodeBase64 } from '#ledger/base64.ts'
import { DECISIONS } from '#protocol/act.ts'
import { MODERATION_REASONS } from '#protocol/moderation.ts'
import { DEEDS } from '#protocol/plan.ts'
import { measureOf } from '#tally/contributions.ts'
import { opensAt, waitingSealed } from '#tally/sealed-comments.ts'
import { holds, nameIn, numberOf } from '#tally/speakers.ts'
import type {
  ContributionState,
  IntroductionState,
  ParticipationState,
  ProcessState,
  ProposalState,
  RecordState,
  ThreadState,
} from '#tally/state.ts'
import { type Describe, setupSummary, setupSummarySchema } from '#server/summary.ts'
import { assessmentSchema, assessmentViews, projectSchema, projectViews } from './projects.ts'
import type { Writing, Writings } from './writings.ts'

const texts = z.record(z.string(), z.string())
const count = z.int().check(z.gte(0))
const hex = z.string().check(z.regex(/^[0-9a-f]{64}$/))

export const processSchema = z.strictObject({
  process: z.string(),
  title: z.string(),
  /** Entries that changed the officials, of the whole log. */
  officials: z.array(count),
  /** The plan in force, the entry that made it, and how many there were before it. Null before the first. */
  plan: z.nullable(
    z.strictObject({
      index: count,
      earlier: count,
      purpose: texts,
      decides: texts,
      changes: texts,
      moderation: texts,
      phases: z.array(
        z.strictObject({
          title: texts,
          opensAt: count,
          closesAt: count,
          allows: z.array(z.enum(DEEDS)),
        }),
      ),
    }),
  ),
  /** Null where nobody but officials has a say. */
  participation: z.nullable(
    z.strictObject({
      roll: z.string(),
      /** The entry that froze it, its 12-level root, and how many are on it. */
      frozen: count,
      root: hex,
      eligible: count,
      threshold: count,
      answerDays: count,
      daily: count,
      setup: setupSummarySchema,
      proposals: count,
      comments: count,
      /** Where comments are sealed: by which election's guardians they are opened, how many wait, and until when at least. */
      sealed: z.nullable(
        z.strictObject({ election: z.string(), key: z.string(), waiting: count, opensAt: count }),
      ),
      statements: count,
    }),
  ),
  /** What officials say came of it, once it has ended. */
  archived: z.nullable(
    z.strictObject({ ...{ index: count, time: count }, outcome: texts, contributions: texts }),
  ),
})
export type ProcessView = z.output<typeof processSchema>

export const writtenSchema = z.strictObject({
  index: count,
  time: count,
  commitment: hex,
  /** Text and key (base 64), unless they were erased. */
  text: z.nullable(z.string()),
  key: z.nullable(z.string()),
})

export type Written = z.output<typeof writtenSchema>

/** The verified name that words were said under; null of what is said under a pseudonym. */
export const speakerSchema = z.nullable(
  z.strictObject({
    /** Entry of the introduction. */
    introduction: count,
    /** Tells those apart whose names look the same. */
    number: count,
    /** Null where the name is erased, or found not to hold. */
    name: writtenSchema,
  }),
)
export type SpeakerView = z.output<typeof speakerSchema>

export const momentSchema = z.nullable(z.strictObject({ index: count, time: count }))

/** What is said about a proposal or comment: how many comments of each stance are about it itself, and how many there are
 *  in its thread in all. */
export const repliesSchema = z.strictObject({
  stances: z.strictObject({ for: count, against: count, question: count, remark: count }),
  thread: count,
})

/** What officials have decided about a text that is not to stand as it was written. What is hidden comes without its words. */
export const standingSchema = z.nullable(
  z.strictObject({
    ...{ index: count, time: count },
    decision: z.enum(['hide', 'label']),
    reason: z.enum(MODERATION_REASONS),
    note: texts,
    /** What came of an appeal, if the author has appealed. */
    appeal: z.enum(['none', 'waiting', 'decided']),
  }),
)
export type Standing = z.output<typeof standingSchema>

export const proposalSchema = z.strictObject({
  index: count,
  /** The author's pseudonym in this process, or the nullifier under which they speak by name. */
  author: hex,
  speaker: speakerSchema,
  /** The latest last. */
  texts: z.array(writtenSchema).check(z.minLength(1)),
  erased: momentSchema,
  standing: standingSchema,
  ...repliesSchema.shape,
  support: count,
  /** By its author, and the proposal in whose favour. */
  withdrawn: z.nullable(z.strictObject({ index: count, time: count, into: z.nullable(count) })),
  /** Entries of those that were joined to it. */
  merged: z.array(count),
  /** When an answer came to be owed, and until when. */
  reached: z.nullable(z.strictObject({ index: count, time: count, due: count })),
  answer: z.nullable(
    z.strictObject({
      ...{ index: count, time: count, office: texts },
      ...{ decision: z.enum(DECISIONS), reasons: texts },
    }),
  ),
  /** What officials have found of it, the latest last, and the options that it has become. */
  assessments: z.array(assessmentSchema),
  projects: z.array(projectSchema),
})
export type ProposalView = z.output<typeof proposalSchema>

/** All processes, in the order in which they were made. */
export function processViews(state: RecordState, describe: Describe): ProcessView[] {
  return [...state.processes].map(([process, within]) => processView(state, process, within, describe))
}

/** One process. */
export function processView(
  { officials }: RecordState,
  process: string,
  within: ProcessState,
  describe: Describe,
): ProcessView {
  const { title, plans, participation, archived } = within
  const last = plans.at(-1)
  return {
    process,
    title,
    officials: [...(officials?.changes ?? [])],
    plan: last === undefined ? null : planView(last.index, plans.length - 1, last.plan),
    participation:
      participation === undefined
        ? null
        : {
            roll: participation.rules.roll,
            frozen: participation.frozen,
            root: toHex(encodeField(participation.root)),
            eligible: participation.eligible,
            threshold: participation.rules.threshold,
            answerDays: participation.rules.answerDays,
            daily: participation.rules.daily,
            setup: setupSummary(participation.rules.setup, describe(participation.rules.setup)),
            proposals: participation.proposals.size,
            comments: participation.comments.size,
            sealed: sealedView(within, participation),
            statements: participation.statements.size,
          },
    archived: archived === undefined ? null : outcomeView(archived),
  }
}

function sealedView(within: ProcessState, participation: ParticipationState) {
  if (participation.sealed === undefined) return null
  const { election, key } = participation.sealed
  return { election, key: toHex(key), waiting: waitingSealed(participation), opensAt: opensAt(within) }
}

/** These proposals with their texts, read at once. */
export async function proposalViews(
  state: RecordState,
  proposals: readonly ProposalState[],
  writings: Pick<Writings, 'of'>,
): Promise<ProposalView[]> {
  const kept = await writings.of(proposals.flatMap(({ texts }) => texts.map(({ commitment }) => commitment)))
  const speakerOf = await speakersIn(proposals, writings)
  return proposals.map((proposal) => ({
    ...threadView(proposal),
    speaker: speakerOf(proposal),
    texts: proposal.texts.map((text) => writtenView(text, shown(proposal, kept))),
    support: proposal.support,
    withdrawn: proposal.withdrawn ? { ...proposal.withdrawn, into: proposal.withdrawn.into ?? null } : null,
    merged: proposal.merged,
    reached: proposal.reached ?? null,
    answer: answerView(proposal),
    assessments: assessmentViews(proposal),
    projects: projectViews(state, proposal),
  }))
}

function answerView({ answer }: ProposalState): ProposalView['answer'] {
  if (answer === undefined) return null
  const { index, time, act } = answer
  return { index, time, office: act.office, decision: act.decision, reasons: act.reasons }
}

/** A text with its words, where they are kept. */
export function writtenView(
  { index, time, commitment }: ContributionState['texts'][number],
  kept: ReadonlyMap<string, Writing>,
): Written {
  const own = kept.get(toHex(commitment))
  const [text, key] = own === undefined ? [null, null] : [own.text, encodeBase64(own.key)]
  return { index, time, commitment: toHex(commitment), text, key }
}

/** Under which verified names these words were said, with the names read at once. */
export async function speakersIn(
  contributions: readonly ContributionState[],
  writings: Pick<Writings, 'of'>,
): Promise<(contribution: ContributionState) => SpeakerView> {
  const speakers = new Set(contributions.flatMap(({ speaker }) => speaker ?? []))
  const kept = await writings.of([...speakers].map((one) => nameIn(one).commitment))
  return ({ speaker }) => (speaker === undefined ? null : speakerView(speaker, kept))
}

function speakerView(speaker: IntroductionState, kept: ReadonlyMap<string, Writing>): SpeakerView {
  const name = writtenView(nameIn(speaker), holds(speaker) ? kept : new Map())
  return { introduction: speaker.index, number: numberOf(speaker), name }
}

/** What views of all words of people have in common. */
export function contributionView(contribution: ContributionState) {
  const { index, author, erased } = contribution
  return {
    ...{ index, author: toHex(encodeField(author)), erased: erased ?? null },
    standing: standingView(contribution),
  }
}

/** What views of proposals and comments have in common. */
export function threadView(contribution: ThreadState) {
  const { stances, thread } = contribution
  return { ...contributionView(contribution), stances: { ...stances }, thread }
}

/** What officials have decided about it, unless it stands as it was written. */
export function standingView({ moderation }: ContributionState): Standing {
  const last = moderation?.decisions.at(-1)
  if (moderation === undefined || last === undefined) return null
  const { index, time, act } = last
  const { decision, reason, note } = act
  if (decision === 'restore') return null
  const appeal =
    moderation.appealed !== undefined ? 'waiting' : last.appeal !== undefined ? 'decided' : 'none'
  return { index, time, decision, reason, note, appeal }
}

/** Those of its texts that everybody may read. */
export function shown(
  contribution: ContributionState,
  kept: ReadonlyMap<string, Writing>,
): ReadonlyMap<string, Writing> {
  return measureOf(contribution) === 'hide' ? new Map() : kept
}

function outcomeView({ index, time, act }: NonNullable<ProcessState['archived']>): ProcessView['archived'] {
  return { index, time, outcome: act.outcome, contributions: act.contributions }
}

function planView(
  index: number,
  earlier: number,
  { purpose, decides, changes, moderation, phases }: ProcessState['plans'][number]['plan'],
): NonNullable<ProcessView['plan']> {
  return { index, earlier, purpose, decides, changes, moderation, phases }
}
