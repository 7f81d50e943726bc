// What a process is for, and who may take part in it how and when. SPEC 12.1.
import * as z from 'zod/mini'
import { instant, natural, point, slug, texts } from './codec.ts'
import { setupOf } from './setup.ts'

/** What people may do while a phase lasts. */
export const DEEDS = ['comment', 'opinion', 'propose', 'sealed-comment', 'statement', 'support'] as const

const phase = z
  .strictObject({
    title: texts(200),
    opensAt: instant,
    closesAt: instant,
    allows: z
      .array(z.enum(DEEDS))
      .check(z.refine((x) => x.every((deed, i) => i === 0 || deed > (x[i - 1] ?? '')), 'not ascending')),
  })
  .check(z.refine(({ opensAt, closesAt }) => opensAt < closesAt, 'ends before it begins'))
export type Phase = z.output<typeof phase>

/** When the last phase ends in which comments are sealed, in milliseconds; 0 where there is none. */
export function endOfSealing(phases: readonly Phase[]): number {
  return Math.max(0, ...phases.filter((p) => p.allows.includes('sealed-comment')).map((p) => p.closesAt))
}

const participation = z.strictObject({
  /** A frozen roll: those on it take part. */
  roll: slug,
  setup: setupOf('signal'),
  /** Support at which the office owes an answer, and how long it may take from then on. */
  threshold: natural(4 ** 12).check(z.gte(1)),
  answerDays: natural(3660).check(z.gte(1)),
  /** Texts that one person may put into the process on one day (UTC). */
  daily: natural(1000).check(z.gte(1)),
  /** Whose guardians open sealed comments, and their joint key: signed here, so that a device needs nothing else. SPEC 12.11. */
  sealedTo: z.optional(z.strictObject({ election: slug, key: point })),
})
export type Participation = z.output<typeof participation>

export const planProcess = z.strictObject({
  type: z.literal('plan-process'),
  purpose: texts(4000),
  /** Who decides, and what the process can change. */
  decides: texts(2000),
  changes: texts(2000),
  /** What is hidden from public view and why. */
  moderation: texts(8000),
  phases: z.array(phase).check(
    z.minLength(1),
    z.maxLength(32),
    z.refine((x) => x.every((p, i) => i === 0 || p.opensAt >= (x[i - 1]?.opensAt ?? 0)), 'not in order'),
  ),
  /** Nobody but officials has a say without it. */
  participation: z.optional(participation),
})

/** How a process ended, after which it takes nothing more. SPEC 12.10. */
export const archiveProcess = z.strictObject({
  type: z.literal('archive-process'),
  /** What was decided. */
  outcome: texts(8000),
  /** What becomes of what people have said. */
  contributions: texts(8000),
})
