// Where a guardian stands in one election, as the folded record and what this device holds say it: the steps, who is
// waited for in each, and the one thing that the person has to do now. Plain data without secrets, for the page.
import { fingerprint } from '#client/guardian/keygen.ts'
import type { Manifest } from '#protocol/manifest.ts'
import { attemptTranscript, stageOf } from '#tally/keygen.ts'
import type { ContestState, ElectionState, KeygenAttempt, RecordState } from '#tally/state.ts'

/** The steps in their order: two before key generation can run, its rounds, and what follows. */
export const STEPS = [
  'seat',
  'commit',
  'reveal',
  'deal',
  'confirm',
  'backup',
  'rehearse',
  'vote',
  'decrypt',
] as const
export type StepName = (typeof STEPS)[number]

export interface Step {
  readonly name: StepName
  readonly state: 'done' | 'now' | 'ahead'
  /** Guardians who have yet to act before the next step. */
  readonly missing: readonly number[]
}

/** What is up to the person now, or who or what is waited for. */
export type Task =
  | 'take-seat'
  | 'restore'
  | 'compare'
  | 'backup'
  | 'decrypt'
  | 'wait-officials'
  | 'wait-guardians'
  | 'wait-opening'
  | 'wait-closing'
  | 'wait-result'
  | 'done'

export interface ContestOutlook {
  readonly title: Manifest['title']
  readonly voters: number
  /** Too few ballots: never decrypted. */
  readonly withheld: boolean
  /** Guardians who have announced what they decrypt, and who have decrypted. */
  readonly intents: readonly number[]
  readonly shares: readonly number[]
}

export interface Outlook {
  readonly title: Manifest['title']
  readonly organiser: string
  readonly practice: boolean
  readonly guardians: readonly { readonly number: number; readonly name: string; readonly own: boolean }[]
  readonly threshold: number
  readonly quorum: number
  readonly minBallots: number
  /** Milliseconds since 1970. */
  readonly opensAt: number
  readonly closesAt: number
  /** Fingerprint of the defining entry. */
  readonly definition: string
  readonly attempt: { readonly number: number; readonly guardians: readonly number[] } | undefined
  /** The guardian judged at fault in the attempt before, or in this one if it has failed. */
  readonly judged: number | undefined
  /** Fingerprint that all guardians of the attempt compare, once everybody has dealt. */
  readonly transcript: string | undefined
  readonly steps: readonly Step[]
  readonly task: Task
  /** Empty before closing. */
  readonly contests: readonly ContestOutlook[]
  readonly announced: boolean
}

/** What this device holds of a seat, secrets apart. */
export interface Held {
  /** The attempt that this guardian takes part in, if it has joined one. */
  readonly attempt: number | undefined
  readonly keyShare: boolean
  /** A backup with this key share has been made, or it came out of one. */
  readonly backedUp: boolean
}

/** The outlook of guardian `own`, who holds this of the seat, or has not taken it; of nobody if `own` is not given. */
export function outlookOf(state: RecordState, election: ElectionState, own = 0, held?: Held): Outlook {
  const { manifest, attempts, closesAt, announcedAt } = election
  const { title, organiser, practice, threshold, quorum, minBallots, opensAt } = manifest
  const attempt = attempts.at(-1)
  const dealt = attempt !== undefined && attempt.deals.size === attempt.guardians.length
  return {
    ...{ title, organiser, practice, threshold, quorum, minBallots, opensAt, closesAt },
    guardians: manifest.guardians.map(({ name }, i) => ({ number: i + 1, name, own: i + 1 === own })),
    definition: fingerprint(election.definition),
    attempt: attempt && { number: attempt.number, guardians: attempt.guardians },
    judged: attempts.findLast(({ failed }) => failed !== undefined)?.failed?.judged,
    transcript: dealt ? fingerprint(attemptTranscript(state, election, attempt)) : undefined,
    steps: stepsOf(election, own, held),
    task: taskOf(election, own, held),
    contests: election.closedAt === undefined ? [] : election.contests.map((c) => contestOf(c, manifest)),
    announced: announcedAt !== undefined,
  }
}

function stepsOf(election: ElectionState, own: number, held: Held | undefined): Step[] {
  const { attempts, closedAt } = election
  const attempt = attempts.at(-1)
  const rounds = attempt === undefined || attempt.failed ? undefined : roundsOf(attempt)
  const done: Readonly<Record<StepName, boolean>> = {
    seat: held !== undefined,
    ...ROUNDS.reduce(
      (all, name) => ({ ...all, [name]: rounds?.[name].length === 0 }),
      {} as Record<Round, boolean>,
    ),
    backup: held?.backedUp ?? false,
    vote: closedAt !== undefined,
    decrypt: decrypted(election, own),
  }
  // The backup is the guardian's own affair: it holds nobody up but its owner.
  const first = STEPS.find((name) => name !== 'backup' && !done[name])
  const backupDue = held?.keyShare === true && !held.backedUp
  return STEPS.map((name) => {
    const now = name === first || (name === 'backup' && backupDue)
    return {
      name,
      state: done[name] ? 'done' : now ? 'now' : 'ahead',
      missing: now && isRound(name) ? (rounds?.[name] ?? []) : [],
    }
  })
}

function taskOf(election: ElectionState, own: number, held: Held | undefined): Task {
  const { opening, closedAt, announcedAt, attempts } = election
  const attempt = attempts.at(-1)
  if (announcedAt !== undefined) return 'done'
  if (held === undefined) return opening === undefined ? 'take-seat' : 'restore'
  const current = attempt !== undefined && attempt.number === held.attempt
  if (opening !== undefined && !(current && held.keyShare)) return 'restore'
  if (closedAt !== undefined) return decrypted(election, own) ? 'wait-result' : 'decrypt'
  if (current && held.keyShare && !held.backedUp) return 'backup'
  if (opening !== undefined) return 'wait-closing'
  if (attempt === undefined || attempt.failed !== undefined) return 'wait-officials'
  const stage = stageOf(attempt)
  if (stage === 'confirm' && current && !attempt.confirmed.has(own)) return 'compare'
  return stage === 'done' ? 'wait-opening' : 'wait-guardians'
}

const ROUNDS = ['commit', 'reveal', 'deal', 'confirm', 'rehearse'] as const
type Round = (typeof ROUNDS)[number]

function isRound(name: StepName): name is Round {
  return (ROUNDS as readonly string[]).includes(name)
}

/** Who has yet to speak in each round. */
function roundsOf({ guardians, commits, reveals, deals, confirmed, rehearsals }: KeygenAttempt) {
  const missing = (there: { has(guardian: number): boolean }) => guardians.filter((g) => !there.has(g))
  return {
    commit: missing(commits),
    reveal: missing(reveals),
    deal: missing(deals),
    confirm: missing(confirmed),
    rehearse: missing(rehearsals),
  } satisfies Record<Round, number[]>
}

/** Whether this guardian has decrypted whatever is to be decrypted. */
function decrypted({ closedAt, contests, manifest }: ElectionState, own: number): boolean {
  return (
    closedAt !== undefined &&
    contests.every(({ voters, shares }) => voters.size < manifest.minBallots || shares.has(own))
  )
}

function contestOf({ context, voters, intents, shares }: ContestState, manifest: Manifest): ContestOutlook {
  return {
    title: manifest.contests[context.contest]?.title ?? {},
    voters: voters.size,
    withheld: voters.size < manifest.minBallots,
    intents: [...intents.keys()],
    shares: [...shares.keys()],
  }
}
