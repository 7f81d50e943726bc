// From a failure's code to a sentence on what happened and one on what to do. The one table of them.
import { m } from '#words/messages.js'
import { formatInstant, formatNumber } from './format.ts'

export interface Sentence {
  readonly what: string
  readonly next?: string
}

/** Words for whatever was thrown: by its code where it has one that is known. */
export function sentenceOf(error: unknown): Sentence {
  if (typeof error !== 'object' || error === null || !('code' in error)) return UNKNOWN()
  const fields = 'fields' in error ? (error.fields as Fields) : {}
  return (WORDS[String(error.code)] ?? UNKNOWN)(fields)
}

/** What a failure says beside its code (client/failure.ts). */
type Fields = Readonly<Record<string, unknown>>

const UNKNOWN = (): Sentence => ({ what: m.failure_unknown(), next: m.failure_unknown_next() })

const WORDS: Readonly<Record<string, (fields: Fields) => Sentence>> = {
  unreachable: () => ({ what: m.failure_unreachable(), next: m.failure_unreachable_next() }),
  busy: () => ({ what: m.failure_busy(), next: m.failure_busy_next() }),
  'not-found': () => ({ what: m.failure_not_found() }),
  'unknown-election': () => ({ what: m.failure_not_found() }),
  'code-unknown': () => ({ what: m.failure_code_unknown(), next: m.failure_code_unknown_next() }),
  'code-used': () => ({ what: m.failure_code_used(), next: m.failure_code_used_next() }),
  'commitment-taken': () => ({ what: m.failure_commitment_taken(), next: m.failure_commitment_taken_next() }),
  'too-many-attempts': () => ({
    what: m.failure_too_many_attempts(),
    next: m.failure_too_many_attempts_next(),
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
  'election-unsound': () => ({ what: m.failure_election_unsound(), next: m.failure_election_unsound_next() }),
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
  'row-unknown': () => ({ what: m.failure_row_unknown() }),
  'address-invalid': () => ({ what: m.failure_address_invalid() }),
  'row-duplicate': () => ({ what: m.failure_row_duplicate(), next: m.failure_row_duplicate_next() }),
  'already-exists': () => ({ what: m.failure_already_exists(), next: m.failure_already_exists_next() }),
  'table-large': () => ({ what: m.failure_table_large(), next: m.failure_table_large_next() }),
  'table-unreadable': () => ({ what: m.failure_table_unreadable(), next: m.failure_table_unreadable_next() }),
  'table-empty': () => ({ what: m.failure_table_empty(), next: m.failure_table_empty_next() }),
  'ballot-proof-invalid': () => ({ what: m.failure_ballot_refused(), next: m.failure_ballot_refused_next() }),
  'ballot-wrong-election': () => ({
    what: m.failure_ballot_refused(),
    next: m.failure_ballot_refused_next(),
  }),
}
