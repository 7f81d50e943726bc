// What the record says so far: the state that server and observer both fold from the entries, and nothing else does.
import type { RollSummary } from '#protocol/contest.ts'
import type { ActOf } from '#protocol/act.ts'
import type { BallotContext } from '#protocol/ballot.ts'
import type { Genesis, LogOrigin } from '#protocol/genesis.ts'
import type { GuardianMessageOf } from '#protocol/guardian.ts'
import type { Manifest } from '#protocol/manifest.ts'
import type { Officials } from '#protocol/official.ts'
import type { ReportReason } from '#protocol/moderation.ts'
import type { Position } from '#protocol/position.ts'
import type { Participation } from '#protocol/plan.ts'
import type { ElectionResult } from '#protocol/result.ts'
import type { SealedComment } from '#protocol/sealed-comment.ts'
import type { Stance } from '#protocol/signal.ts'

export interface RecordState {
  /** Entries folded so far; the next one has this index. */
  size: number
  /** Ledger time: that of the last `time` entry, milliseconds since 1970. */
  time: number
  founded: { readonly log: LogOrigin; readonly genesis: Genesis } | undefined
  /** Those that the latest change names, and the entries of all changes. SPEC 7.8. */
  officials: { readonly changes: readonly number[]; readonly now: Officials } | undefined
  /** The web app named last, by SHA-256 of the list of its files, and the entry that names it. SPEC 7.7. */
  application: { readonly index: number; readonly files: Uint8Array } | undefined
  readonly processes: Map<string, ProcessState>
  /** Opened elections by E in hexadecimal. */
  readonly opened: Map<string, ElectionState>
  /** Index of the entry of each ballot body, by its hash in hexadecimal. */
  readonly bodies: Map<string, number>
  /** The same of each signal. */
  readonly signals: Map<string, number>
  /** Commitments to people's texts in hexadecimal, and whether the texts were erased. SPEC 12.4, 12.6. */
  readonly texts: Map<string, 'kept' | 'erased'>
}

export interface ProcessState {
  readonly title: string
  /** Acts accepted so far, without those that add to rolls. */
  counter: number
  readonly rolls: Map<string, RollState>
  /** Lists of who may register that have not ended, by their hashes in hexadecimal: how many rows. SPEC 4.4. */
  readonly lists: Map<string, { readonly roll: string; readonly rows: number }>
  readonly elections: Map<string, ElectionState>
  /** What officials have planned, and by which entries; the last one holds. SPEC 12.1. */
  readonly plans: { readonly index: number; readonly time: number; readonly plan: ActOf<'plan-process'> }[]
  /** What people do in it beside voting, once a plan lets them. */
  participation: ParticipationState | undefined
  readonly accountability: Accountability
  /** How it ended. SPEC 12.10. */
  archived: (Moment & { readonly act: ActOf<'archive-process'> }) | undefined
}

/** What officials have promised, and what they have published of spending. SPEC 13. */
export interface Accountability {
  /** By the index of their first entries. */
  readonly promises: Map<number, PromiseState>
  readonly publications: (Moment & { readonly act: ActOf<'publish-releases'> })[]
}

/** A promise with all that was said of it. */
export interface PromiseState {
  readonly made: Moment & { readonly act: ActOf<'make-promise'> }
  readonly changes: (Moment & { readonly act: ActOf<'change-promise'> })[]
  readonly reports: (Moment & { readonly act: ActOf<'report-progress'> })[]
}

export interface ParticipationState {
  readonly rules: Participation
  /** The 12-level root of the roll of those who take part, and how many they are. */
  readonly root: bigint
  readonly eligible: number
  /** The entry that froze it. */
  readonly frozen: number
  /** By the index of their first entries. */
  readonly proposals: Map<number, ProposalState>
  readonly comments: Map<number, CommentState>
  /** Threads about promises and publications that somebody has commented on, by the index of their entries. */
  readonly documents: Map<number, Thread>
  /** What opinions are about, by name in hexadecimal, in the order of the record. SPEC 12.8. */
  readonly statements: Map<string, StatementState>
  /** Those of them that people have made, by the index of their entries. */
  readonly sayings: Map<number, ContributionState>
  /** Names under which people want to speak, by the index of their entries, and the latest one of each nullifier. SPEC 12.12. */
  readonly introductions: Map<number, IntroductionState>
  readonly speakers: Map<bigint, IntroductionState>
  /** Who has said what they think of statements, by nullifier, and all that they have said. */
  readonly thinkers: Map<bigint, Thinker>
  readonly opinions: OpinionState[]
  /** Contributions that wait for a decision, by index, each with the entry since which it waits, ascending. SPEC 12.7. */
  readonly waiting: Map<number, number>
  /** What moderation has seen, by entry. */
  readonly moderation: Map<number, ModerationEvent>
  /** Comments that nobody can read yet, and how they are opened; undefined where no plan has let people seal any. SPEC 12.11. */
  readonly sealed: SealedState | undefined
  /** Those who have said anything, by the nullifier that is their pseudonym, or under which they report. */
  readonly voices: Map<bigint, Voice>
}

/** The sealed comments of a process. */
export interface SealedState {
  /** Whose guardians open them, with which key, of which attempt, and how many of them it takes. */
  readonly election: string
  readonly attempt: KeygenAttempt
  readonly key: Uint8Array
  readonly threshold: number
  /** Indices of their entries, ascending: one message opens a lot of them. */
  readonly comments: number[]
  /** Nobody opens them before, in milliseconds: the latest end that an author was told. */
  until: number
  /** What guardians have said by lot and guardian. From the first on no comment is sealed any more. */
  readonly openings: Map<number, Map<number, GuardianMessageOf<'unseal'>>>
}

export interface Voice {
  /** Entries so far: the sequence number of the next. */
  readonly entries: number
  /** The day (days since 1970, UTC) of the latest one, and the texts and reports put in on it. */
  readonly day: number
  readonly today: number
}

/** An entry's place and ledger time. */
export interface Moment {
  readonly index: number
  readonly time: number
}

/** Words of one person. */
export interface ContributionState {
  readonly index: number
  /** The author's pseudonym, or the nullifier under which they speak by name. */
  readonly author: bigint
  /** The name that it was said under; undefined of what is said under the pseudonym. */
  readonly speaker: IntroductionState | undefined
  /** Commitments to its texts, the latest last. */
  readonly texts: (Moment & { readonly commitment: Uint8Array })[]
  erased: Moment | undefined
  /** Whether it is hidden until officials let it through. */
  readonly screened: boolean
  /** Whether nobody can read it yet. */
  sealed: boolean
  /** Of what was reported or decided about. */
  moderation: ModerationState | undefined
}

/** A name that somebody wants to speak under, and what officials have found of it. One that does not hold is erased. SPEC 12.12. */
export interface IntroductionState extends ContributionState {
  readonly findings: (Moment & {
    readonly act: ActOf<'vouch-name'>
    readonly officials: ModerationDecision['officials']
  })[]
}

/** What others may comment on: a proposal, a comment, or what officials have promised or published. */
export interface Thread {
  readonly index: number
  /** Comments between it and the beginning of the thread, itself included: 0 there. */
  readonly depth: number
  /** Indices of the comments about it, ascending, and how many of each stance there are. */
  readonly replies: number[]
  readonly stances: Record<Stance, number>
  /** Comments below it, of any depth. */
  thread: number
}

/** What a proposal and a comment have in common. */
export type ThreadState = ContributionState & Thread

/** What was said and decided about a contribution. SPEC 12.7. */
export interface ModerationState {
  /** Who has reported it, by nullifier, with the entry of the text that they read. */
  readonly reporters: Map<bigint, number>
  /** Reports that no decision has answered yet, by reason. */
  readonly reports: Map<ReportReason, number>
  readonly decisions: ModerationDecision[]
  /** All of them; `appealed` is the one that waits. */
  readonly appeals: ModerationAppeal[]
  appealed: ModerationAppeal | undefined
}

interface AboutContribution extends Moment {
  readonly target: number
}

/** A decision of officials. */
export interface ModerationDecision extends AboutContribution {
  readonly act: ActOf<'moderate'>
  /** Who signed it, by the ids and names of the time. */
  readonly officials: readonly { readonly id: string; readonly name: string }[]
  /** Reports that it answered. */
  readonly reports: number
  /** The entry of the appeal that it decided. */
  readonly appeal: number | undefined
}

/** What an author says against one. */
export interface ModerationAppeal extends AboutContribution {
  readonly commitment: Uint8Array
}

/** All texts of a contribution erased by officials. */
export interface ModerationErasure extends AboutContribution {
  readonly act: ActOf<'erase-text'>
  readonly officials: ModerationDecision['officials']
}

export type ModerationEvent = ModerationDecision | ModerationAppeal | ModerationErasure

/** Something said about a proposal, a promise, a publication or another comment. SPEC 12.5. */
export interface CommentState extends ContributionState, Thread {
  readonly about: number
  /** The entry at the beginning of its thread, which is no comment. */
  readonly root: number
  /** Undefined of what came sealed: the record has no word of that. */
  readonly stance: Stance | undefined
  /** As it came, where it came sealed. */
  readonly seal: SealedComment | undefined
}

/** An idea and what became of it. SPEC 12.3. */
export interface ProposalState extends ContributionState, Thread {
  withdrawn: (Moment & { readonly into: number | undefined }) | undefined
  /** Entries of those that were joined to it. */
  readonly merged: number[]
  /** Who supports it or has, by nullifier, with the entries of each so far. */
  readonly supporters: Map<bigint, { readonly on: boolean; readonly entries: number }>
  support: number
  /** When its support reached the threshold, and until when an answer is owed since. */
  reached: (Moment & { readonly due: number }) | undefined
  answer: (Moment & { readonly act: ActOf<'answer-proposal'> }) | undefined
  /** What officials have found of it; the last one holds. SPEC 12.9. */
  readonly assessments: (Moment & { readonly act: ActOf<'assess-proposal'> })[]
  /** The options that it has become. */
  readonly projects: Project[]
}

/** An option of a contest, both counted from 0. */
export interface Project {
  readonly process: string
  readonly election: string
  readonly contest: number
  readonly option: number
  readonly practice: boolean
}

/** Something to agree or disagree with. SPEC 12.8. */
export interface StatementState extends Moment {
  /** From 0 in the order of the record: its name in published files. */
  readonly number: number
  readonly name: Uint8Array
  /** Words of officials by language; or those of somebody who takes part. */
  readonly seed: Readonly<Record<string, string>> | undefined
  readonly said: ContributionState | undefined
  /** People by what each thinks of it now. */
  readonly totals: Record<Position, number>
}

/** Somebody who has said what they think. */
export interface Thinker {
  /** From 0 in the order in which they began. */
  readonly number: number
  /** Entries so far: the sequence number of the next. */
  entries: number
  /** What they think now, by the number of the statement. */
  readonly positions: Map<number, Position>
}

/** What one person thinks of one statement, until they say otherwise; both by number. */
export interface OpinionState extends Moment {
  readonly person: number
  readonly statement: number
  readonly position: Position
}

export interface RollState {
  /** In the order of the record. A removal puts another array here, so that whoever reads this one reads a whole roll. */
  credentials: { readonly commitment: bigint; readonly weight: bigint; readonly row: Uint8Array }[]
  /** Place of each credential commitment. */
  readonly places: Map<bigint, number>
  /** Commitments that were removed, and can never return. */
  readonly removed: Set<bigint>
  totalWeight: bigint
  /** As it was frozen, and by which entry. */
  frozen: (RollSummary & { readonly root: bigint; readonly index: number }) | undefined
}

export interface ElectionState {
  readonly process: string
  readonly slug: string
  readonly manifest: Manifest
  /** SHA-256 of the defining entry, and its index. */
  readonly definition: Uint8Array
  readonly definedAt: number
  readonly attempts: KeygenAttempt[]
  closesAt: number
  /** Whether no ballot is taken for now. */
  paused: boolean
  /** What officials have told its voters. */
  readonly notices: Notice[]
  opening: Opening | undefined
  /** Index of the closing entry. */
  closedAt: number | undefined
  readonly contests: ContestState[]
  result: ElectionResult | undefined
  /** Index of the entry that announced the result. */
  announcedAt: number | undefined
  /** Ledger time of that entry. */
  announcedTime: number | undefined
  /** What the record said at that entry of things that may go on afterwards. */
  announcedWith: AnnouncedWith | undefined
}

/** Who were officials, how many notices there were, and which guardians had announced and decrypted by contest. */
export interface AnnouncedWith {
  readonly officials: RecordState['officials']
  readonly notices: number
  readonly contests: readonly { readonly intents: readonly number[]; readonly shares: readonly number[] }[]
}

/** Words to voters, with a pause or without; the index and the ledger time of their entry. */
export interface Notice {
  readonly index: number
  readonly time: number
  readonly act: ActOf<'pause-voting' | 'resume-voting' | 'tell-voters'>
}

export interface Opening {
  readonly index: number
  readonly time: number
  /** E. */
  readonly hash: Uint8Array
  readonly act: ActOf<'open-election'>
  readonly attempt: KeygenAttempt
}

/** One attempt at the election key; SPEC 5.1. Messages by the guardian's number. */
export interface KeygenAttempt {
  readonly number: number
  /** Numbers of the guardians who take part, ascending. */
  readonly guardians: readonly number[]
  readonly commits: Map<number, Uint8Array>
  readonly reveals: Map<number, GuardianMessageOf<'reveal'>>
  readonly deals: Map<number, GuardianMessageOf<'deal'>>
  readonly confirmed: Set<number>
  readonly rehearsals: Map<number, GuardianMessageOf<'rehearse'>>
  /** Ended by a complaint: who is left out of the next attempt, and why. */
  failed: { readonly judged: number; readonly complainer: number; readonly accused: number } | undefined
}

export interface ContestState {
  readonly context: BallotContext
  /** Of the roll; bounds the sums where votes are weighted. */
  readonly totalWeight: bigint
  /** The voter's latest ballot and how many there were, by nullifier. */
  readonly voters: Map<bigint, { index: number; ballots: number }>
  /** Voters and ballots that were new at each ledger time at which ballots came, ascending. */
  readonly turnout: { readonly time: number; voters: number; ballots: number }[]
  /** Aggregated ciphertexts (8 sum C') as c1 || c2 each, computed once after closing. SPEC 9.2. */
  aggregate: readonly Uint8Array[] | undefined
  readonly intents: Map<number, GuardianMessageOf<'intend'>>
  readonly shares: Map<number, readonly Uint8Array[]>
}

/** The state before any entry. */
export function emptyState(): RecordState {
  return {
    ...{ size: 0, time: 0, founded: undefined, officials: undefined, application: undefined },
    ...{ processes: new Map(), opened: new Map(), bodies: new Map(), signals: new Map() },
    texts: new Map(),
  }
}
