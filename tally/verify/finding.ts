// What an observer's run reports: one finding per thing checked, under the numbers of SPEC 11.
import type { RefusalCode } from '#protocol/refusal.ts'

/** The numbered checks and what each is about. */
export const CHECKS = {
  V1: 'Log: leaves, root and consistency with every checkpoint held',
  V2: 'Signatures of the checkpoint',
  V3: 'Canonical decoding of each entry',
  V4: 'Each entry allowed where it stands, official acts signed',
  V5: 'Setup of the proof system',
  V6: 'Electoral rolls',
  V7: 'Key generation',
  V8: 'Ballots: encodings, context, batch equation, proof',
  V9: 'Ballots unique, sequence and revoting',
  V10: 'Aggregates and bounds',
  V11: 'Intents and partial decryptions',
  V12: 'Decoding within bounds',
  V13: 'Mix proofs',
  V14: 'Counting method',
  V15: 'Opened ballot',
  V16: 'Announced result',
  V17: 'Published web application',
  V18: 'Participation: plans, signals and their proofs, answers',
} as const

export type Check = keyof typeof CHECKS
export type Status = 'passed' | 'failed' | 'not-applicable' | 'not-rechecked'

/** Why something was not rechecked: nobody brought a trust policy; the setup is made for trying out, so that anybody can
 *  forge ballots under it; its keys were not rebuilt from circuit and powers of tau; or there is no server
 *  whose web app could be compared. */
export type Reason = 'no-policy' | 'development-setup' | 'setup-not-rebuilt' | 'no-server'

export interface Finding {
  readonly check: Check
  readonly status: Status
  /** The entry that it is about. */
  readonly entry?: number
  /** Why the gate would have refused that entry. */
  readonly code?: RefusalCode
  /** Of what is not rechecked. */
  readonly reason?: Reason
  /** For people. */
  readonly sentence: string
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
  'unknown-proposal': 'V18',
  'signal-not-now': 'V18',
  'signal-not-theirs': 'V18',
  'signal-limit': 'V18',
  'signal-sequence': 'V18',
  'signal-recorded': 'V18',
  'signal-proof-invalid': 'V18',
}
