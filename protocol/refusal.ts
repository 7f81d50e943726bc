// The closed list of reasons for which an entry is refused, and the error that carries one.
// The server answers with the code; an observer's verifier files the same code under a numbered check.

/** Every reason to refuse an entry. */
export const REFUSALS = [
  'malformed',
  'too-large',
  'not-expected-here',
  'time-runs-backwards',
  'unknown-process',
  'unknown-election',
  'unknown-roll',
  'unknown-contest',
  'already-exists',
  'wrong-state',
  'act-signer-unknown',
  'act-not-theirs',
  'act-reason-missing',
  'act-signature-invalid',
  'act-approvals-too-few',
  'act-counter-stale',
  'act-expired',
  'officials-invalid',
  'manifest-invalid',
  'attachment-missing',
  'roll-frozen',
  'roll-not-frozen',
  'roll-full',
  'credential-invalid',
  'credential-registered',
  'credential-unknown',
  'credential-removed',
  'roll-mismatch',
  'guardian-unknown',
  'guardian-signature-invalid',
  'keygen-attempt',
  'keygen-repeated',
  'keygen-commitment-mismatch',
  'keygen-proof-invalid',
  'keygen-transcript-mismatch',
  'rehearsal-missing',
  'setup-mismatch',
  'packing-mismatch',
  'closing-time-invalid',
  'too-early',
  'too-late',
  'voting-paused',
  'ballot-wrong-election',
  'ballot-wrong-circuit',
  'ballot-wrong-size',
  'ballot-nullifier-mismatch',
  'ballot-sequence',
  'ballot-revote',
  'ballot-recorded',
  'ballot-proof-invalid',
  'intent-conflict',
  'intent-checkpoint',
  'intent-missing',
  'too-few-ballots',
  'decryption-proof-invalid',
  'decryption-repeated',
  'tally-undecodable',
  'result-mismatch',
  'plan-invalid',
  'process-archived',
  'outcome-early',
  'outcome-invalid',
  'unknown-proposal',
  'unknown-contribution',
  'thread-too-deep',
  'text-recorded',
  'seal-invalid',
  'appeal-same-official',
  'project-mismatch',
  'statement-mismatch',
  'signal-not-now',
  'signal-not-theirs',
  'signal-limit',
  'signal-sequence',
  'signal-recorded',
  'signal-proof-invalid',
  'name-not-vouched',
  'unknown-promise',
  'promise-invalid',
  'release-missing',
  'release-mismatch',
] as const

export type RefusalCode = (typeof REFUSALS)[number]

/** Their fault, not ours: an entry that may not stand where it was offered. `detail` is for people and logs. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly detail: string

  constructor(code: RefusalCode, detail = '') {
    super(detail === '' ? code : `${code}: ${detail}`)
    this.name = 'Refusal'
    this.code = code
    this.detail = detail
  }
}

/** Throws `Refusal(code)` unless `condition` holds. */
export function ensure(condition: boolean, code: RefusalCode, detail = ''): asserts condition {
  if (!condition) throw new Refusal(code, detail)
}
