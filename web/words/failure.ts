// From a failure's code to a sentence on what happened and one on what to do. The one table of them, exhaustive by type.
import { m } from '#words/messages.js'
import type { ProverStuck } from '#circuits/prover-stuck.ts'
import type { Unusable } from '#client/failure.ts'
import type { ProblemCode } from '#server/problem.ts'
import type { BoothFailure } from '#web/booth/failure.ts'
import type { PasskeyFailure } from '#web/device/passkey.ts'
import type { VaultFailure } from '#web/device/vault.ts'
import type { DeviceFailure } from '#web/device/failure.ts'
import type { NoRecord } from '#web/observer/worker.ts'
import type { TableError } from '#web/officials/rolls/table.ts'
import { formatDuration, formatInstant, formatNumber } from './format.ts'

export interface Sentence {
  readonly what: string
  readonly next?: string
}

/** Words for whatever was thrown: by its code where it has one that is known. */
export function sentenceOf(error: unknown): Sentence {
  if (typeof error !== 'object' || error === null || !('code' in error)) return UNKNOWN()
  const fields = 'fields' in error ? (error.fields as Fields) : {}
  const code = String(error.code)
  return code in WORDS ? WORDS[code as Code](fields, code) : UNKNOWN()
}

/** All codes that a page can meet; guardians' alarms have words of their own (web/guardian/alarm.ts). */
type Code =
  | ProblemCode
  | Unusable['code']
  | BoothFailure['code']
  | DeviceFailure['code']
  | NoRecord['code']
  | PasskeyFailure['code']
  | ProverStuck['code']
  | TableError['code']
  | VaultFailure['code']
  | 'file-none'

/** What a failure says beside its code (client/failure.ts). */
type Fields = Readonly<Record<string, unknown>>
type Words = (fields: Fields, code: string) => Sentence

const UNKNOWN = (): Sentence => ({ what: m.failure_unknown(), next: m.failure_unknown_next() })
// Codes that mean the same to people.
const MOVED_ON: Words = () => ({ what: m.failure_moved_on(), next: m.failure_moved_on_next() })
const BALLOT: Words = () => ({ what: m.failure_ballot_refused(), next: m.failure_ballot_refused_next() })
const NOT_THEIRS: Words = () => ({ what: m.failure_not_theirs(), next: m.failure_not_theirs_next() })
const GUARDIAN: Words = () => ({
  what: m.failure_guardian_refused(),
  next: m.failure_guardian_refused_next(),
})
const REFUSED: Words = (_, code) => ({ what: m.failure_refused({ code }), next: m.failure_refused_next() })

const WORDS: Readonly<Record<Code, Words>> = {
  unreachable: () => ({ what: m.failure_unreachable(), next: m.failure_unreachable_next() }),
  busy: () => ({ what: m.failure_busy(), next: m.failure_busy_next() }),
  'not-found': () => ({ what: m.failure_not_found() }),
  'unknown-election': () => ({ what: m.failure_not_found() }),
  'code-unknown': () => ({ what: m.failure_code_unknown(), next: m.failure_code_unknown_next() }),
  'code-used': () => ({ what: m.failure_code_used(), next: m.failure_code_used_next() }),
  'commitment-taken': () => ({ what: m.failure_commitment_taken(), next: m.failure_commitment_taken_next() }),
  'sign-in-failed': () => ({ what: m.failure_sign_in_failed(), next: m.failure_sign_in_failed_next() }),
  'provider-unavailable': () => ({
    what: m.failure_provider_unavailable(),
    next: m.failure_provider_unavailable_next(),
  }),
  'identity-unknown': () => ({ what: m.failure_identity_unknown(), next: m.failure_identity_unknown_next() }),
  'identity-registered': () => ({
    what: m.failure_identity_registered(),
    next: m.failure_identity_registered_next(),
  }),
  'identity-taken': () => ({ what: m.failure_identity_taken() }),
  'too-many-attempts': ({ seconds }) => ({
    what: m.failure_too_many_attempts(),
    next: m.failure_too_many_attempts_next({ time: formatDuration(Number(seconds)) }),
  }),
  'roll-frozen': () => ({ what: m.failure_roll_frozen(), next: m.failure_roll_frozen_next() }),
  'roll-waits': ({ seconds }) => ({
    what: m.failure_roll_waits(),
    next: m.failure_roll_waits_next({ when: formatInstant(Date.now() + Number(seconds) * 1000) }),
  }),
  'roll-full': () => ({ what: m.failure_roll_full(), next: m.failure_roll_full_next() }),
  'credential-removed': () => ({
    what: m.failure_credential_removed(),
    next: m.failure_credential_removed_next(),
  }),
  'credential-unknown': () => ({ what: m.failure_credential_unknown() }),
  'row-registered': () => ({ what: m.failure_row_registered() }),
  'unknown-process': () => ({ what: m.failure_unknown_process(), next: m.failure_unknown_process_next() }),
  unavailable: () => ({ what: m.failure_unavailable(), next: m.failure_unavailable_next() }),
  'bad-answer': () => ({ what: m.failure_bad_answer(), next: m.failure_bad_answer_next() }),
  'vault-damaged': () => ({ what: m.failure_vault_damaged(), next: m.failure_vault_damaged_next() }),
  'vault-unavailable': () => ({
    what: m.failure_vault_unavailable(),
    next: m.failure_vault_unavailable_next(),
  }),
  'no-credential': () => ({ what: m.failure_no_credential(), next: m.failure_no_credential_next() }),
  'credential-present': () => ({
    what: m.failure_credential_present(),
    next: m.failure_credential_present_next(),
  }),
  'word-count': ({ count }) => ({
    what: m.failure_word_count({ count: formatNumber(Number(count)) }),
    next: m.failure_word_count_next(),
  }),
  'word-unknown': ({ place, word }) => ({
    what: m.failure_word_unknown({ place: formatNumber(Number(place)), word: String(word) }),
    next: m.failure_word_unknown_next(),
  }),
  'word-checksum': () => ({ what: m.failure_word_checksum(), next: m.failure_word_checksum_next() }),
  'file-none': () => ({ what: m.failure_file_none(), next: m.failure_file_none_next() }),
  'file-unreadable': () => ({ what: m.failure_file_unreadable(), next: m.failure_file_unreadable_next() }),
  'passphrase-wrong': () => ({ what: m.failure_passphrase_wrong(), next: m.failure_passphrase_wrong_next() }),
  'passkey-ended': () => ({ what: m.failure_passkey_ended(), next: m.failure_passkey_ended_next() }),
  'passkey-unable': () => ({ what: m.failure_passkey_unable(), next: m.failure_passkey_unable_next() }),
  'passkey-other': () => ({ what: m.failure_passkey_other(), next: m.failure_passkey_other_next() }),
  'checkpoint-unsigned': () => ({
    what: m.failure_checkpoint_unsigned(),
    next: m.failure_checkpoint_unsigned_next(),
  }),
  'receipt-invalid': () => ({ what: m.failure_receipt_invalid(), next: m.failure_receipt_invalid_next() }),
  'record-unreadable': () => ({
    what: m.failure_record_unreadable(),
    next: m.failure_record_unreadable_next(),
  }),
  'file-no-record': () => ({ what: m.failure_file_no_record(), next: m.failure_file_no_record_next() }),
  'entries-differ': () => ({ what: m.failure_entries_differ(), next: m.failure_entries_differ_next() }),
  'other-ledger': () => ({ what: m.failure_other_ledger(), next: m.failure_other_ledger_next() }),
  'checkpoint-older': () => ({ what: m.failure_checkpoint_older(), next: m.failure_checkpoint_older_next() }),
  'policy-unreadable': () => ({
    what: m.failure_policy_unreadable(),
    next: m.failure_policy_unreadable_next(),
  }),
  'roll-differs': () => ({ what: m.failure_roll_differs(), next: m.failure_roll_differs_next() }),
  'entries-unsound': () => ({ what: m.failure_entries_unsound(), next: m.failure_entries_unsound_next() }),
  'signal-not-now': () => ({ what: m.failure_signal_not_now(), next: m.failure_signal_not_now_next() }),
  'process-archived': () => ({
    what: m.failure_process_archived(),
    next: m.failure_process_archived_next(),
  }),
  'outcome-early': () => ({ what: m.failure_outcome_early(), next: m.failure_outcome_early_next() }),
  'signal-limit': () => ({ what: m.failure_signal_limit(), next: m.failure_signal_limit_next() }),
  'unknown-contribution': () => ({
    what: m.failure_unknown_contribution(),
    next: m.failure_unknown_contribution_next(),
  }),
  'name-not-vouched': () => ({ what: m.failure_name_not_vouched() }),
  'name-invalid': REFUSED,
  'not-shown': () => ({ what: m.failure_not_shown() }),
  'thread-too-deep': () => ({ what: m.failure_thread_too_deep(), next: m.failure_thread_too_deep_next() }),
  'appeal-same-official': () => ({
    what: m.failure_appeal_same_official(),
    next: m.failure_appeal_same_official_next(),
  }),
  'project-mismatch': () => ({
    what: m.failure_project_mismatch(),
    next: m.failure_project_mismatch_next(),
  }),
  'statement-mismatch': () => ({
    what: m.failure_statement_mismatch(),
    next: m.failure_statement_mismatch_next(),
  }),
  'not-on-roll': () => ({ what: m.failure_not_on_roll(), next: m.failure_not_on_roll_next() }),
  'not-open': () => ({ what: m.failure_not_open(), next: m.failure_not_open_next() }),
  'file-differs': () => ({ what: m.failure_file_differs(), next: m.failure_file_differs_next() }),
  'nothing-marked': () => ({ what: m.failure_nothing_marked(), next: m.failure_nothing_marked_next() }),
  'marks-invalid': () => ({ what: m.failure_marks_invalid(), next: m.failure_marks_invalid_next() }),
  'ballot-pending': () => ({ what: m.failure_ballot_pending(), next: m.failure_ballot_pending_next() }),
  'ballot-changed': () => ({ what: m.failure_ballot_changed(), next: m.failure_ballot_changed_next() }),
  'ballot-sequence': () => ({ what: m.failure_ballot_sequence(), next: m.failure_ballot_sequence_next() }),
  'ballot-revote': () => ({ what: m.failure_ballot_revote(), next: m.failure_ballot_revote_next() }),
  'too-late': () => ({ what: m.failure_too_late(), next: m.failure_too_late_next() }),
  'voting-paused': () => ({ what: m.failure_voting_paused(), next: m.failure_voting_paused_next() }),
  'too-early': () => ({ what: m.failure_too_early(), next: m.failure_too_early_next() }),
  unauthorized: () => ({ what: m.failure_unauthorized(), next: m.failure_unauthorized_next() }),
  'powers-unknown': () => ({ what: m.failure_powers_unknown(), next: m.failure_powers_unknown_next() }),
  'ceremony-state': () => ({ what: m.failure_ceremony_state(), next: m.failure_ceremony_state_next() }),
  'not-your-turn': () => ({ what: m.failure_not_your_turn(), next: m.failure_not_your_turn_next() }),
  'contribution-refused': () => ({
    what: m.failure_contribution_refused(),
    next: m.failure_contribution_refused_next(),
  }),
  'row-unknown': () => ({ what: m.failure_row_unknown() }),
  'address-invalid': () => ({ what: m.failure_address_invalid() }),
  'row-duplicate': () => ({ what: m.failure_row_duplicate(), next: m.failure_row_duplicate_next() }),
  'already-exists': () => ({ what: m.failure_already_exists(), next: m.failure_already_exists_next() }),
  'table-large': () => ({ what: m.failure_table_large(), next: m.failure_table_large_next() }),
  'table-unreadable': () => ({ what: m.failure_table_unreadable(), next: m.failure_table_unreadable_next() }),
  'table-empty': () => ({ what: m.failure_table_empty(), next: m.failure_table_empty_next() }),
  'ballot-proof-invalid': BALLOT,
  'ballot-wrong-election': BALLOT,
  'ballot-wrong-circuit': BALLOT,
  'ballot-wrong-size': BALLOT,
  'ballot-nullifier-mismatch': BALLOT,
  'unknown-contest': BALLOT,
  'too-few-ballots': () => ({ what: m.failure_too_few_ballots(), next: m.failure_too_few_ballots_next() }),
  'prover-stuck': () => ({ what: m.failure_prover_stuck(), next: m.failure_prover_stuck_next() }),
  'wrong-state': MOVED_ON,
  'time-runs-backwards': MOVED_ON,
  'act-counter-stale': MOVED_ON,
  'act-expired': MOVED_ON,
  'roll-not-frozen': MOVED_ON,
  'roll-mismatch': MOVED_ON,
  'ballot-recorded': MOVED_ON,
  'signal-recorded': MOVED_ON,
  'signal-sequence': MOVED_ON,
  'keygen-attempt': MOVED_ON,
  'keygen-repeated': MOVED_ON,
  'rehearsal-missing': MOVED_ON,
  'intent-missing': MOVED_ON,
  'decryption-repeated': MOVED_ON,
  'not-joined': MOVED_ON,
  'open-already': MOVED_ON,
  'secrets-used': MOVED_ON,
  'no-key-share': MOVED_ON,
  'nothing-sealed': MOVED_ON,
  'signal-not-theirs': NOT_THEIRS,
  'act-signer-unknown': NOT_THEIRS,
  'act-not-theirs': NOT_THEIRS,
  'act-signature-invalid': NOT_THEIRS,
  'act-approvals-too-few': NOT_THEIRS,
  'not-expected-here': NOT_THEIRS,
  'guardian-unknown': NOT_THEIRS,
  'guardian-signature-invalid': NOT_THEIRS,
  'not-a-guardian': NOT_THEIRS,
  'several-seats': NOT_THEIRS,
  forbidden: NOT_THEIRS,
  'keygen-commitment-mismatch': GUARDIAN,
  'keygen-proof-invalid': GUARDIAN,
  'keygen-transcript-mismatch': GUARDIAN,
  'intent-conflict': GUARDIAN,
  'intent-checkpoint': GUARDIAN,
  'intent-unknown': GUARDIAN,
  'decryption-proof-invalid': GUARDIAN,
  malformed: REFUSED,
  'too-large': REFUSED,
  'unknown-roll': REFUSED,
  'act-reason-missing': REFUSED,
  'officials-invalid': REFUSED,
  'manifest-invalid': REFUSED,
  'attachment-missing': REFUSED,
  'credential-invalid': REFUSED,
  'credential-registered': REFUSED,
  'setup-mismatch': REFUSED,
  'packing-mismatch': REFUSED,
  'closing-time-invalid': REFUSED,
  'tally-undecodable': REFUSED,
  'result-mismatch': REFUSED,
  'plan-invalid': REFUSED,
  'outcome-invalid': REFUSED,
  'unknown-proposal': REFUSED,
  'text-recorded': REFUSED,
  'seal-invalid': REFUSED,
  'signal-proof-invalid': REFUSED,
  'unknown-promise': REFUSED,
  'promise-invalid': REFUSED,
  'release-missing': REFUSED,
  'release-mismatch': REFUSED,
  'row-malformed': REFUSED,
  'weight-invalid': REFUSED,
  'language-unknown': REFUSED,
  'too-many-rows': REFUSED,
  'mail-not-set-up': REFUSED,
  'list-not-signed': REFUSED,
  'wrong-method': REFUSED,
  'unsupported-type': REFUSED,
  internal: UNKNOWN,
}
