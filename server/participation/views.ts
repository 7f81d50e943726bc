// A process and what people do in it, as programs read them: views of the record, and of the texts beside it. SPEC 12.
import * as z from 'zod/mini'
import { encodeField } from '#crypto/babyjubjub.ts'
import { toHex } from '#crypto/encoding.ts'
import { encodeBase64 } from '#ledger/base64.ts'
import { DECISIONS } from '#protocol/act.ts'
import { DEEDS } from '#protocol/plan.ts'
import type { ContributionState, ProcessState, ProposalState, RecordState } from '#tally/state.ts'
import { type Describe, setupSummary, setupSummarySchema } from '#server/summary.ts'
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
    }),
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

export const momentSchema = z.nullable(z.strictObject({ index: count, time: count }))

/** What is said about a proposal or comment: how many comments of each stance are about it itself, and how many there are
 *  in its thread in all. */
export const repliesSchema = z.strictObject({
  stances: z.strictObject({ for: count, against: count, question: count, remark: count }),
  thread: count,
})

export const proposalSchema = z.strictObject({
  index: count,
  /** The author's pseudonym in this process. */
  author: hex,
  /** The latest last. */
  texts: z.array(writtenSchema).check(z.minLength(1)),
  erased: momentSchema,
  ...repliesSchema.shape,
  support: count,
  withdrawn: momentSchema,
  /** When an answer came to be owed, and until when. */
  reached: z.nullable(z.strictObject({ index: count, time: count, due: count })),
  answer: z.nullable(
    z.strictObject({
      ...{ index: count, time: count, office: texts },
      ...{ decision: z.enum(DECISIONS), reasons: texts },
    }),
  ),
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
  const { title, plans, participation } = within
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
          },
  }
}

/** These proposals with their texts, read at once. */
export async function proposalViews(
  proposals: readonly ProposalState[],
  writings: Pick<Writings, 'of'>,
): Promise<ProposalView[]> {
  const kept = await writings.of(proposals.flatMap(({ texts }) => texts.map(({ commitment }) => commitment)))
  return proposals.map(({ index, author, texts, erased, support, withdrawn, reached, answer, ...rest }) => ({
    index,
    author: toHex(encodeField(author)),
    texts: texts.map((text) => writtenView(text, kept)),
    erased: erased ?? null,
    ...repliesView(rest),
    support,
    withdrawn: withdrawn ?? null,
    reached: reached ?? null,
    answer:
      answer === undefined
        ? null
        : {
            ...{ index: answer.index, time: answer.time, office: answer.act.office },
            ...{ decision: answer.act.decision, reasons: answer.act.reasons },
          },
  }))
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

/** What is said about a proposal or comment, in numbers. */
export function repliesView({ stances, thread }: Pick<ContributionState, 'stances' | 'thread'>) {
  return { stances: { ...stances }, thread }
}

function planView(
  index: number,
  earlier: number,
  { purpose, decides, changes, moderation, phases }: ProcessState['plans'][number]['plan'],
): NonNullable<ProcessView['plan']> {
  return { index, earlier, purpose, decides, changes, moderation, phases }
}
