// What an observer's run reports: one finding per thing checked, under the numbers of SPEC 11. Findings are facts without
// words: client/finding.ts has them in English for programs, client/finding-words.ts in the languages of the web app.
import type { CircuitId } from '#circuits/sizes.ts'
import type { RefusalCode } from '#protocol/refusal.ts'

/** The numbered checks, in their order. */
export const CHECKS = [
  ...['V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9'],
  ...['V10', 'V11', 'V12', 'V13', 'V14', 'V15', 'V16', 'V17', 'V18', 'V19'],
] as const

export type Check = (typeof CHECKS)[number]

type Nothing = Readonly<Record<string, never>>
/** What more the program knows, in English: for those who look into it. */
interface Detail {
  readonly detail: string
}
/** Contests and checkpoints held count from 0. */
interface OfContest {
  readonly contest: number
}
interface OfCheckpoint {
  readonly checkpoint: number
}
/** Guardians count from 1. */
interface OfGuardian {
  readonly guardian: number
}
interface OfCircuit {
  readonly circuit: CircuitId
}
interface Entries {
  readonly entries: number
}

/** All that can be found, by how it stands: a code for each kind of statement, with the fields that words for it need. */
interface Statements {
  readonly passed: {
    'entries-signed': Entries
    'policy-satisfied': Nothing
    'entries-canonical': Entries
    'entries-allowed': Nothing
    'setup-sound': OfCircuit & { readonly contributors: readonly string[] }
    'rolls-rebuilt': { readonly sizes: readonly number[] }
    /** Of the voters of this election whose weight is the rarest. */
    'weight-rare': { readonly election: string; readonly voters: number }
    'key-shared': { readonly election: string; readonly threshold: number; readonly guardians: number }
    'ballots-proven': { readonly ballots: number }
    /** Proofs among the first entries were judged in an earlier run. */
    'proofs-remembered': Entries
    'ballots-distinct': { readonly ballots: number; readonly counted: number }
    'aggregates-right': Nothing
    'decryptions-proven': { readonly shares: number }
    'sums-right': Nothing
    'count-right': Nothing
    /** `noted` is what was taken down of it before it was opened. */
    'opening-true': { readonly tracker: string; readonly noted: 'nothing' | 'tracker' | 'hash' }
    'result-right': Nothing
    'application-same': Nothing
    'signals-sound': { readonly signals: number }
    /** Sealed comments, and those of them that wait to be opened. */
    'seals-sound': { readonly comments: number; readonly waiting: number }
    'spending-same': { readonly promises: number; readonly releases: number }
  }
  /** Beside what the gate would have refused. */
  readonly failed: {
    'checkpoint-unreadable': Nothing
    'record-empty': Nothing
    'entries-unsigned': { readonly here: number; readonly signed: number }
    'origin-differs': Nothing
    'policy-unsatisfied': Nothing
    'held-unsigned': OfCheckpoint
    'held-fork': OfCheckpoint & Entries
    'intent-unsigned': OfGuardian
    'intent-fork': OfGuardian
    'setup-unsound': OfCircuit & Detail
    'setup-differs': OfCircuit & Detail
    'key-unsound': Nothing
    'contests-differ': Nothing
    'ballots-differ': OfContest
    'sums-differ': OfContest
    'count-differs': OfContest
    'opening-unreadable': Detail
    'opening-not-noted': Nothing
    'opening-elsewhere': Nothing
    'opening-false': Nothing
    'opening-cast': Nothing
    /** Some of the paths, and how many more there are. */
    'application-differs': { readonly paths: readonly string[]; readonly more: number }
  }
  readonly 'not-applicable': {
    'no-entries': Nothing
    'no-setup': Nothing
    'no-roll': Nothing
    'no-key': Nothing
    'no-ballots': Nothing
    'none-closed': Nothing
    'none-decrypted': Nothing
    'none-announced': Nothing
    'result-refused': Nothing
    'none-mixed': Nothing
    'no-opening': Nothing
    'no-application': Nothing
    'no-signals': Nothing
    'no-promises': Nothing
  }
  readonly 'not-rechecked': {
    /** Nobody brought a trust policy. */
    'no-policy': Nothing
    /** The setup is made for trying out, so that anybody can forge ballots under it. */
    'development-setup': OfCircuit
    /** Its keys were not rebuilt from circuit and powers of tau. */
    'setup-not-rebuilt': OfCircuit
    /** There is no server whose web app could be compared. */
    'no-server': Nothing
  }
}

export type Status = keyof Statements
type StatementsByCode = Readonly<Record<RefusalCode, Detail>> &
  Statements['passed'] &
  Statements['failed'] &
  Statements['not-applicable'] &
  Statements['not-rechecked']
export type FindingCode = keyof StatementsByCode

/** Words for every code, made of its fields. */
export type FindingWords = {
  readonly [C in FindingCode]: (fields: StatementsByCode[C]) => string
}

/** A statement of one standing. */
export type Statement<S extends Status> = {
  [C in keyof Statements[S]]: { readonly code: C; readonly fields: Statements[S][C] }
}[keyof Statements[S]]

interface Found<S extends Status> {
  readonly check: Check
  readonly status: S
  /** The entry that it is about. */
  readonly entry?: number
}

/** An entry that the gate would have refused, and why. */
interface Refused extends Found<'failed'> {
  readonly code: RefusalCode
  readonly fields: Detail
  readonly entry: number
}

export type Finding = { [S in Status]: Found<S> & Statement<S> }[Status] | Refused

/** The words of a finding. */
export function wordsOf(words: FindingWords, { code, fields }: Finding): string {
  return (words[code] as (fields: Finding['fields']) => string)(fields)
}

/** Under which check each refusal of the gate falls. */
export const CHECK_OF: Record<RefusalCode, Check> = {
  malformed: 'V3',
  'too-large': 'V3',
  'not-expected-here': 'V4',
  'time-runs-backwards': 'V4',
  'unknown-process': 'V4',
  'unknown-election': 'V4',
  'unknown-roll': 'V4',
  'unknown-contest': 'V8',
  'already-exists': 'V4',
  'wrong-state': 'V4',
  'act-signer-unknown': 'V4',
  'act-not-theirs': 'V4',
  'act-reason-missing': 'V4',
  'act-signature-invalid': 'V4',
  'act-approvals-too-few': 'V4',
  'act-counter-stale': 'V4',
  'act-expired': 'V4',
  'officials-invalid': 'V4',
  'manifest-invalid': 'V4',
  'attachment-missing': 'V4',
  'roll-frozen': 'V6',
  'roll-not-frozen': 'V6',
  'roll-full': 'V6',
  'credential-invalid': 'V6',
  'credential-registered': 'V6',
  'credential-unknown': 'V6',
  'credential-removed': 'V6',
  'roll-mismatch': 'V6',
  'guardian-unknown': 'V7',
  'guardian-signature-invalid': 'V7',
  'keygen-attempt': 'V7',
  'keygen-repeated': 'V7',
  'keygen-commitment-mismatch': 'V7',
  'keygen-proof-invalid': 'V7',
  'keygen-transcript-mismatch': 'V7',
  'rehearsal-missing': 'V7',
  'setup-mismatch': 'V5',
  'packing-mismatch': 'V6',
  'closing-time-invalid': 'V4',
  'too-early': 'V4',
  'too-late': 'V4',
  'voting-paused': 'V4',
  'ballot-wrong-election': 'V8',
  'ballot-wrong-circuit': 'V8',
  'ballot-wrong-size': 'V8',
  'ballot-nullifier-mismatch': 'V8',
  'ballot-sequence': 'V9',
  'ballot-revote': 'V9',
  'ballot-recorded': 'V9',
  'ballot-proof-invalid': 'V8',
  'intent-conflict': 'V11',
  'intent-checkpoint': 'V11',
  'intent-missing': 'V11',
  'too-few-ballots': 'V11',
  'decryption-proof-invalid': 'V11',
  'decryption-repeated': 'V11',
  'tally-undecodable': 'V12',
  'result-mismatch': 'V16',
  'plan-invalid': 'V18',
  'process-archived': 'V18',
  'outcome-early': 'V18',
  'outcome-invalid': 'V18',
  'unknown-proposal': 'V18',
  'unknown-contribution': 'V18',
  'thread-too-deep': 'V18',
  'text-recorded': 'V18',
  'seal-invalid': 'V18',
  'appeal-same-official': 'V18',
  'project-mismatch': 'V18',
  'statement-mismatch': 'V18',
  'signal-not-now': 'V18',
  'signal-not-theirs': 'V18',
  'signal-limit': 'V18',
  'signal-sequence': 'V18',
  'signal-recorded': 'V18',
  'signal-proof-invalid': 'V18',
  'name-not-vouched': 'V18',
  'unknown-promise': 'V19',
  'promise-invalid': 'V19',
  'release-missing': 'V19',
  'release-mismatch': 'V19',
}
