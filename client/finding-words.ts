// What a verification finds in words, by its code: the one table of them, exhaustive by type, for pages and printed
// documents, which bring the texts of their language (words/). Of what the gate refuses `comitia verify` tells more. SPEC 11.
import { type Finding, type FindingWords, wordsOf } from '#tally/verify/finding.ts'
import type { m as messages } from '#words/messages.js'

/** The texts in words/ by their keys. */
export type Texts = Pick<typeof messages, Extract<keyof typeof messages, `finding_${string}`>>

/** A language: its texts, and how it writes numbers and lists. */
export interface Language {
  readonly texts: Texts
  readonly formatNumber: (value: number) => string
  readonly formatList: (items: readonly string[]) => string
}

/** A finding in a sentence or two, without the entry that it is about. */
export function findingWords(finding: Finding, language: Language): string {
  return wordsOf(wordsIn(language), finding)
}

const wordsIn = ({ texts: m, formatNumber, formatList }: Language): FindingWords => ({
  'no-policy': m.finding_no_policy,
  'development-setup': m.finding_development_setup,
  'setup-not-rebuilt': m.finding_setup_not_rebuilt,
  'no-server': m.finding_no_server,
  'entries-signed': ({ entries }) => m.finding_entries_signed({ entries: formatNumber(entries) }),
  'policy-satisfied': m.finding_policy_satisfied,
  'entries-canonical': ({ entries }) => m.finding_entries_canonical({ entries: formatNumber(entries) }),
  'entries-allowed': m.finding_entries_allowed,
  'setup-sound': ({ circuit, contributors }) =>
    contributors.length === 0
      ? m.finding_setup_sound_nobody({ circuit })
      : m.finding_setup_sound({ circuit, names: formatList(contributors) }),
  'rolls-rebuilt': ({ sizes }) =>
    m.finding_rolls_rebuilt({ sizes: formatList(sizes.map((size) => formatNumber(size))) }),
  'weight-rare': ({ election, voters }) => m.finding_weight_rare({ election, voters: formatNumber(voters) }),
  'key-shared': ({ election, threshold, guardians }) =>
    threshold === 1
      ? m.finding_key_alone({ election })
      : m.finding_key_shared({
          ...{ election, threshold: formatNumber(threshold), guardians: formatNumber(guardians) },
        }),
  'ballots-proven': ({ ballots }) => m.finding_ballots_proven({ ballots: formatNumber(ballots) }),
  'proofs-remembered': ({ entries }) => m.finding_proofs_remembered({ entries: formatNumber(entries) }),
  'ballots-distinct': ({ ballots, counted }) =>
    m.finding_ballots_distinct({ ballots: formatNumber(ballots), counted: formatNumber(counted) }),
  'aggregates-right': m.finding_aggregates_right,
  'decryptions-proven': ({ shares }) => m.finding_decryptions_proven({ shares: formatNumber(shares) }),
  'sums-right': m.finding_sums_right,
  'count-right': m.finding_count_right,
  'opening-true': ({ tracker, noted }) => `${m.finding_opening_true({ tracker })} ${m[NOTED[noted]]()}`,
  'result-right': m.finding_result_right,
  'application-same': m.finding_application_same,
  'signals-sound': ({ signals }) => m.finding_signals_sound({ signals: formatNumber(signals) }),
  'seals-sound': ({ comments, waiting }) =>
    m.finding_seals_sound({ comments: formatNumber(comments), waiting: formatNumber(waiting) }),
  'spending-same': ({ promises, releases }) =>
    m.finding_spending_same({ promises: formatNumber(promises), releases: formatNumber(releases) }),
  'checkpoint-unreadable': m.finding_checkpoint_unreadable,
  'record-empty': m.finding_record_empty,
  'entries-unsigned': ({ here, signed }) =>
    m.finding_entries_unsigned({ here: formatNumber(here), signed: formatNumber(signed) }),
  'origin-differs': m.finding_origin_differs,
  'policy-unsatisfied': m.finding_policy_unsatisfied,
  'held-unsigned': ({ checkpoint }) => m.finding_held_unsigned({ number: formatNumber(checkpoint + 1) }),
  'held-fork': ({ checkpoint, entries }) =>
    m.finding_held_fork({ number: formatNumber(checkpoint + 1), entries: formatNumber(entries) }),
  'intent-unsigned': ({ guardian }) => m.finding_intent_unsigned({ guardian: formatNumber(guardian) }),
  'intent-fork': ({ guardian }) => m.finding_intent_fork({ guardian: formatNumber(guardian) }),
  'setup-unsound': ({ circuit }) => m.finding_setup_unsound({ circuit }),
  'setup-differs': ({ circuit }) => m.finding_setup_differs({ circuit }),
  'key-unsound': m.finding_key_unsound,
  'contests-differ': m.finding_contests_differ,
  'ballots-differ': ({ contest }) => m.finding_ballots_differ({ question: formatNumber(contest + 1) }),
  'sums-differ': ({ contest }) => m.finding_sums_differ({ question: formatNumber(contest + 1) }),
  'count-differs': ({ contest }) => m.finding_count_differs({ question: formatNumber(contest + 1) }),
  'opening-unreadable': m.finding_opening_unreadable,
  'opening-not-noted': m.finding_opening_not_noted,
  'opening-elsewhere': m.finding_opening_elsewhere,
  'opening-false': m.finding_opening_false,
  'opening-cast': m.finding_opening_cast,
  'application-differs': ({ paths, more }) =>
    more === 0
      ? m.finding_application_differs({ paths: formatList(paths) })
      : m.finding_application_differs_more({ paths: paths.join(', '), more: formatNumber(more) }),
  'no-entries': m.finding_no_entries,
  'no-setup': m.finding_no_setup,
  'no-roll': m.finding_no_roll,
  'no-key': m.finding_no_key,
  'no-ballots': m.finding_no_ballots,
  'none-closed': m.finding_none_closed,
  'none-decrypted': m.finding_none_decrypted,
  'none-announced': m.finding_none_announced,
  'result-refused': m.finding_result_refused,
  'none-mixed': m.finding_none_mixed,
  'no-opening': m.finding_no_opening,
  'no-application': m.finding_no_application,
  'no-signals': m.finding_no_signals,
  'no-promises': m.finding_no_promises,
  malformed: m.finding_malformed,
  'too-large': m.finding_too_large,
  'not-expected-here': m.finding_not_expected_here,
  'time-runs-backwards': m.finding_time_runs_backwards,
  'unknown-process': m.finding_unknown_process,
  'unknown-election': m.finding_unknown_election,
  'unknown-roll': m.finding_unknown_roll,
  'unknown-contest': m.finding_unknown_contest,
  'already-exists': m.finding_already_exists,
  'wrong-state': m.finding_wrong_state,
  'act-signer-unknown': m.finding_act_signer_unknown,
  'act-not-theirs': m.finding_act_not_theirs,
  'act-reason-missing': m.finding_act_reason_missing,
  'act-signature-invalid': m.finding_act_signature_invalid,
  'act-approvals-too-few': m.finding_act_approvals_too_few,
  'act-counter-stale': m.finding_act_counter_stale,
  'act-expired': m.finding_act_expired,
  'officials-invalid': m.finding_officials_invalid,
  'manifest-invalid': m.finding_manifest_invalid,
  'attachment-missing': m.finding_attachment_missing,
  'roll-frozen': m.finding_roll_frozen,
  'roll-not-frozen': m.finding_roll_not_frozen,
  'roll-full': m.finding_roll_full,
  'credential-invalid': m.finding_credential_invalid,
  'credential-registered': m.finding_credential_registered,
  'credential-unknown': m.finding_credential_unknown,
  'credential-removed': m.finding_credential_removed,
  'roll-mismatch': m.finding_roll_mismatch,
  'guardian-unknown': m.finding_guardian_unknown,
  'guardian-signature-invalid': m.finding_guardian_signature_invalid,
  'keygen-attempt': m.finding_keygen_attempt,
  'keygen-repeated': m.finding_keygen_repeated,
  'keygen-commitment-mismatch': m.finding_keygen_commitment_mismatch,
  'keygen-proof-invalid': m.finding_keygen_proof_invalid,
  'keygen-transcript-mismatch': m.finding_keygen_transcript_mismatch,
  'rehearsal-missing': m.finding_rehearsal_missing,
  'setup-mismatch': m.finding_setup_mismatch,
  'packing-mismatch': m.finding_packing_mismatch,
  'closing-time-invalid': m.finding_closing_time_invalid,
  'too-early': m.finding_too_early,
  'too-late': m.finding_too_late,
  'voting-paused': m.finding_voting_paused,
  'ballot-wrong-election': m.finding_ballot_wrong_election,
  'ballot-wrong-circuit': m.finding_ballot_wrong_circuit,
  'ballot-wrong-size': m.finding_ballot_wrong_size,
  'ballot-nullifier-mismatch': m.finding_ballot_nullifier_mismatch,
  'ballot-sequence': m.finding_ballot_sequence,
  'ballot-revote': m.finding_ballot_revote,
  'ballot-recorded': m.finding_ballot_recorded,
  'ballot-proof-invalid': m.finding_ballot_proof_invalid,
  'intent-conflict': m.finding_intent_conflict,
  'intent-checkpoint': m.finding_intent_checkpoint,
  'intent-missing': m.finding_intent_missing,
  'too-few-ballots': m.finding_too_few_ballots,
  'decryption-proof-invalid': m.finding_decryption_proof_invalid,
  'decryption-repeated': m.finding_decryption_repeated,
  'tally-undecodable': m.finding_tally_undecodable,
  'result-mismatch': m.finding_result_mismatch,
  'plan-invalid': m.finding_plan_invalid,
  'process-archived': m.finding_process_archived,
  'outcome-early': m.finding_outcome_early,
  'outcome-invalid': m.finding_outcome_invalid,
  'unknown-proposal': m.finding_unknown_proposal,
  'unknown-contribution': m.finding_unknown_contribution,
  'thread-too-deep': m.finding_thread_too_deep,
  'text-recorded': m.finding_text_recorded,
  'seal-invalid': m.finding_seal_invalid,
  'appeal-same-official': m.finding_appeal_same_official,
  'project-mismatch': m.finding_project_mismatch,
  'statement-mismatch': m.finding_statement_mismatch,
  'signal-not-now': m.finding_signal_not_now,
  'signal-not-theirs': m.finding_signal_not_theirs,
  'signal-limit': m.finding_signal_limit,
  'signal-sequence': m.finding_signal_sequence,
  'signal-recorded': m.finding_signal_recorded,
  'signal-proof-invalid': m.finding_signal_proof_invalid,
  'name-not-vouched': m.finding_name_not_vouched,
  'unknown-promise': m.finding_unknown_promise,
  'promise-invalid': m.finding_promise_invalid,
  'release-missing': m.finding_release_missing,
  'release-mismatch': m.finding_release_mismatch,
})

/** What was noted of an opened ballot before: only a hash of full length rules out two that were made to look alike. */
const NOTED = {
  nothing: 'finding_opening_noted_nothing',
  tracker: 'finding_opening_noted_tracker',
  hash: 'finding_opening_noted_hash',
} as const
