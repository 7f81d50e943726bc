// The plan of a process while it is being written: fields as they are typed, and the act that they make (SPEC 12.1).
import { fromHex } from '#crypto/encoding.ts'
import type { ActOf } from '#protocol/act.ts'
import { DEEDS } from '#protocol/plan.ts'
import type { Setup } from '#protocol/setup.ts'
import type { NextView } from '#server/officials/acts.ts'
import type { ProcessView } from '#server/participation/views.ts'
import type { SetupSummary } from '#server/summary.ts'
import { type Texts, written } from '#web/officials/texts.ts'

type Plan = ActOf<'plan-process'>
type Deed = Plan['phases'][number]['allows'][number]

export interface PhaseDraft {
  title: Texts
  /** Local times of this device, as `datetime-local` has them. */
  opensAt: string
  closesAt: string
  allows: Record<Deed, boolean>
}

export interface PlanDraft {
  languages: string[]
  purpose: Texts
  decides: Texts
  changes: Texts
  moderation: Texts
  phases: PhaseDraft[]
  /** Whether people take part, and the short name of their roll. */
  takePart: boolean
  roll: string
  /** The vote whose guardians keep comments sealed. */
  sealedTo: string
  threshold: number
  answerDays: number
  daily: number
}

export function newPhase(): PhaseDraft {
  return { title: {}, opensAt: '', closesAt: '', allows: allowing([]) }
}

/** What is in force, to be changed; an empty draft in this language where nothing is.
 *  @param rolls short names of rolls that people could take part by */
export function draftOf(
  { plan, participation }: Pick<ProcessView, 'plan' | 'participation'>,
  language: string,
  rolls: readonly string[],
): PlanDraft {
  const rules = { threshold: 50, answerDays: 30, daily: 3, ...participation }
  return {
    languages: plan === null ? [language] : Object.keys(plan.purpose),
    purpose: { ...plan?.purpose },
    decides: { ...plan?.decides },
    changes: { ...plan?.changes },
    moderation: { ...plan?.moderation },
    phases: plan?.phases.map(phaseOf) ?? [newPhase()],
    takePart: participation !== null || rolls.length > 0,
    roll: participation?.roll ?? rolls[0] ?? '',
    sealedTo: participation?.sealed?.election ?? '',
    threshold: rules.threshold,
    answerDays: rules.answerDays,
    daily: rules.daily,
  }
}

/** The act of a draft whose fields are filled in.
 *  @param keys those of the process's votes that are made */
export function planOf(draft: PlanDraft, setup: SetupSummary | undefined, keys: NextView['keys'] = []): Plan {
  const said = (texts: Texts) => written(texts, draft.languages)
  const { roll, threshold, answerDays, daily } = draft
  const keeper = keys.find(({ election }) => election === draft.sealedTo)
  const phases = draft.phases.map(({ title, opensAt, closesAt, allows }) => ({
    title: said(title),
    opensAt: new Date(opensAt).getTime(),
    closesAt: new Date(closesAt).getTime(),
    allows: DEEDS.filter((deed) => allows[deed]),
  }))
  return {
    type: 'plan-process',
    purpose: said(draft.purpose),
    decides: said(draft.decides),
    changes: said(draft.changes),
    moderation: said(draft.moderation),
    phases: phases.sort((a, b) => a.opensAt - b.opensAt),
    ...(draft.takePart &&
      setup !== undefined && {
        participation: {
          ...{ roll, setup: setupFrom(setup), threshold, answerDays, daily },
          ...(keeper !== undefined && { sealedTo: { election: keeper.election, key: fromHex(keeper.key) } }),
        },
      }),
  }
}

function phaseOf({ title, opensAt, closesAt, allows }: NonNullable<ProcessView['plan']>['phases'][number]) {
  return {
    title: { ...title },
    opensAt: localTime(opensAt),
    closesAt: localTime(closesAt),
    allows: allowing(allows),
  }
}

function allowing(allowed: readonly Deed[]): Record<Deed, boolean> {
  return Object.fromEntries(DEEDS.map((deed) => [deed, allowed.includes(deed)])) as Record<Deed, boolean>
}

/** An instant as `datetime-local` has it: the local time without its zone, to the minute. */
function localTime(instant: number): string {
  const shifted = instant - new Date(instant).getTimezoneOffset() * 60_000
  return new Date(shifted).toISOString().slice(0, 16)
}

function setupFrom(summary: SetupSummary): Setup<'signal'> {
  const { r1cs, witnessCode, provingKey, verificationKey, transcript } = summary
  return {
    circuit: 'signal',
    r1cs: fromHex(r1cs),
    witnessCode: fromHex(witnessCode),
    provingKey: fromHex(provingKey),
    verificationKey: fromHex(verificationKey),
    transcript: fromHex(transcript),
  }
}
