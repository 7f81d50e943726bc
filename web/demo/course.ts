// The steps of the demonstration and which of them comes now, as the record and the device say.
import type { ElectionSummary } from '#server/summary.ts'
import type { Trace } from './worker.ts'
import type { Doing } from './notes.svelte.ts'

export const STEPS = [
  'register',
  'open',
  'vote',
  'test',
  'receipt',
  'guardian',
  'close',
  'decrypt',
  'result',
  'verify',
] as const
export type Step = (typeof STEPS)[number]

/** `now`: what to do next; `missed`: it can no longer be done, and nothing waits for it. */
export type Progress = 'done' | 'now' | 'later' | 'missed'

/** The process beside a demo election, in which its voters propose things. */
export function ideasOf(election: string): string {
  return `ideas-${election}`
}

/** The visitor's place among the guardians. */
export const VISITOR = 3

/** How far each step is. Exactly one is `now`, unless all are over. */
export function courseOf(
  { opening, closing, announcement, contests }: ElectionSummary,
  trace: Trace,
  doings: readonly Doing[],
): Record<Step, Progress> {
  const opened = opening !== null
  const closed = closing !== null
  const announced = announcement !== null
  const decrypted = contests.every(({ shares }) => shares.includes(VISITOR))
  // Nobody can join a roll that is frozen.
  const outside = opened && !trace.registered
  const did = (doing: Doing) => doings.includes(doing)
  const states: Record<Step, 'done' | 'missed' | undefined> = {
    register: trace.registered ? 'done' : opened ? 'missed' : undefined,
    open: opened ? 'done' : undefined,
    vote: trace.voted ? 'done' : closed || outside ? 'missed' : undefined,
    test: did('tested') ? 'done' : closed || outside ? 'missed' : undefined,
    receipt: did('checked') ? 'done' : !trace.voted && (closed || outside) ? 'missed' : undefined,
    guardian: trace.seated || decrypted ? 'done' : announced ? 'missed' : undefined,
    close: closed ? 'done' : undefined,
    decrypt: decrypted ? 'done' : announced ? 'missed' : undefined,
    result: did('seen') ? 'done' : undefined,
    verify: did('verified') ? 'done' : undefined,
  }
  const next = STEPS.find((step) => states[step] === undefined)
  return Object.fromEntries(
    STEPS.map((step) => [step, states[step] ?? (step === next ? 'now' : 'later')]),
  ) as Record<Step, Progress>
}
