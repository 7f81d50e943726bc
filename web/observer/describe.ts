// Entries in words: one sentence that says what an entry does, and its fields under names that people understand. The one
// place where this is written.
import { toHex } from '#crypto/encoding.ts'
import type { Act, SignedAct } from '#protocol/act.ts'
import { ballotOf, bodyHash, CIPHERTEXT_BYTES } from '#protocol/ballot.ts'
import { encodeField } from '#crypto/babyjubjub.ts'
import type { Entry } from '#protocol/entry.ts'
import type { Genesis } from '#protocol/genesis.ts'
import type { SignedGuardianMessage } from '#protocol/guardian.ts'
import type { Role } from '#protocol/official.ts'
import { formatTracker } from '#protocol/tracker.ts'
import { formatInstant, formatList, formatNumber } from '#web/words/format.ts'
import { textOf } from '#web/words/locale.svelte.ts'
import { m } from '#words/messages.js'
import {
  answer,
  assessment,
  finding,
  moderation,
  outcome,
  plan,
  seeds,
  signal,
} from './describe-participation.ts'
import { describePromise } from './describe-promise.ts'
import { code, field, type Field, type Said } from './fields.ts'

export interface Description extends Said {
  /** What kind of entry it is, in a word or two. */
  readonly kind: string
  /** A ballot's tracker, which its voter looks for. */
  readonly tracker?: string
}

/** An entry in the language now.
 *  @param titles of opened elections by E in hexadecimal, where they are known */
export function describe(
  [type, content]: Entry,
  titles: ReadonlyMap<string, string> = new Map(),
): Description {
  switch (type) {
    case 'genesis':
      return { kind: m.record_kind_genesis(), ...genesis(content) }
    case 'time': {
      const sentence = m.record_time({ when: formatInstant(content) })
      return { kind: m.record_kind_time(), sentence, fields: [] }
    }
    case 'act': {
      const { sentence, fields } = describeAct(content.act)
      return { kind: m.record_kind_act(), sentence, fields: [...fields, ...signing(content)] }
    }
    case 'guardian':
      return { kind: m.record_kind_guardian(), ...guardian(content) }
    case 'ballot':
      return { kind: m.record_kind_ballot(), ...ballot(content, titles) }
    case 'signal':
      return { kind: m.record_kind_signal(), ...signal(content) }
  }
}

function genesis({ origin, signers, logId, webOrigins, approvals }: Genesis): Said {
  return {
    sentence: m.record_genesis({ origin, names: formatList(signers.map(({ name }) => name)) }),
    fields: [
      field(m.record_field_origin(), origin),
      field(m.record_field_origins(), webOrigins.join(' ')),
      agreement(approvals),
      code(m.record_field_log_id(), logId),
      ...signers.map(({ name, key }) => code(name, key)),
    ],
  }
}

function agreement({ routine, decisive }: Genesis['approvals']): Field {
  const numbers = { routine: formatNumber(routine), decisive: formatNumber(decisive) }
  return field(m.record_field_approvals(), m.record_field_approvals_what(numbers))
}

const OFFICIALS: Readonly<Record<Role, (words: { name: string }) => string>> = {
  owner: m.record_owner,
  registrar: m.record_registrar,
  moderator: m.record_moderator,
}

/** What an act does, whoever signs it. */
export function describeAct(said: Act): Said {
  const election = 'election' in said ? [field(m.record_field_election(), said.election)] : []
  switch (said.type) {
    case 'create-process':
      return { sentence: m.record_create_process({ title: said.title }), fields: [] }
    case 'plan-process':
      return { sentence: m.record_plan_process(), fields: plan(said) }
    case 'answer-proposal':
      return answer(said)
    case 'seed-statements':
      return seeds(said)
    case 'assess-proposal':
      return assessment(said)
    case 'archive-process':
      return outcome(said)
    case 'moderate':
    case 'erase-text':
      return moderation(said)
    case 'vouch-name':
      return { sentence: finding(said), fields: [] }
    case 'make-promise':
    case 'change-promise':
    case 'report-progress':
    case 'publish-releases':
      return describePromise(said)
    case 'list-voters': {
      const { roll, rows, list } = said
      return {
        sentence: m.record_list_voters({ count: rows, roll }),
        fields: [code(m.record_field_list(), list)],
      }
    }
    case 'unlist-voters': {
      const { roll, rows, list } = said
      return {
        sentence: m.record_unlist_voters({ count: rows, roll }),
        fields: [code(m.record_field_list(), list)],
      }
    }
    case 'add-to-roll': {
      const { roll, credentials } = said
      const weight = credentials.reduce((sum, credential) => sum + credential.weight, 0n)
      return {
        sentence: m.record_add_to_roll({ count: credentials.length, roll }),
        fields: [
          field(m.record_field_voters(), formatNumber(credentials.length)),
          field(m.record_field_weight(), formatNumber(weight)),
        ],
      }
    }
    case 'remove-from-roll': {
      const { roll, credentials } = said
      return {
        sentence: m.record_remove_from_roll({ count: credentials.length, roll }),
        fields: credentials.map((own) => code(m.record_field_commitment(), encodeField(own))),
      }
    }
    case 'freeze-roll': {
      const { roll, size, totalWeight, root } = said
      return {
        sentence: m.record_freeze_roll({ count: size, roll }),
        fields: [
          field(m.record_field_weight(), formatNumber(totalWeight)),
          code(m.record_field_root(), encodeField(root)),
        ],
      }
    }
    case 'define-election':
      return {
        sentence: m.record_define_election({ title: textOf(said.manifest.title) }),
        fields: definition(said),
      }
    case 'start-keygen': {
      const { attempt, guardians } = said
      const names = formatList(guardians.map((number) => formatNumber(number)))
      const words = { guardians: names, election: said.election, attempt: formatNumber(attempt) }
      return { sentence: m.record_start_keygen(words), fields: election }
    }
    case 'open-election':
      return {
        sentence: m.record_open_election({ election: said.election }),
        fields: [
          ...election,
          code(m.record_field_key(), said.key),
          field(m.record_field_circuits(), formatList(said.setups.map(({ circuit }) => circuit))),
          code(m.record_field_fingerprint(), said.transcript),
        ],
      }
    case 'set-closing-time': {
      const when = formatInstant(said.closesAt)
      return {
        sentence: m.record_set_closing_time({ election: said.election, when }),
        fields: [...election, field(m.record_field_closes(), when)],
      }
    }
    case 'pause-voting':
    case 'resume-voting':
    case 'tell-voters': {
      const sentence = {
        'pause-voting': m.record_pause_voting,
        'resume-voting': m.record_resume_voting,
        'tell-voters': m.record_tell_voters,
      }[said.type]({ election: said.election })
      return { sentence, fields: [...election, field(m.record_field_message(), textOf(said.message))] }
    }
    case 'close-election':
      return { sentence: m.record_close_election({ election: said.election }), fields: election }
    case 'publish-result': {
      const results = said.result.contests.map((contest, i) => {
        const number = formatNumber(i + 1)
        return contest.status === 'counted'
          ? m.record_field_result_counted({ number, count: contest.ballots })
          : m.record_field_result_withheld({ number })
      })
      return {
        sentence: m.record_publish_result({ election: said.election }),
        fields: [...election, ...results.map((result) => field(m.record_field_result(), result))],
      }
    }
    case 'change-officials': {
      const names = formatList(said.officials.map(({ name }) => name))
      return {
        sentence: m.record_change_officials({ names, decisive: formatNumber(said.approvals.decisive) }),
        fields: [
          agreement(said.approvals),
          ...said.officials.map(({ name, role, key }) => code(OFFICIALS[role]({ name }), key)),
        ],
      }
    }
    case 'publish-application':
      return { sentence: m.record_publish_application(), fields: [code(m.record_field_files(), said.files)] }
  }
}

function definition({ election, manifest }: Extract<Act, { type: 'define-election' }>): Field[] {
  const { organiser, practice, opensAt, closesAt, contests, guardians, threshold } = manifest
  const voting = { from: formatInstant(opensAt), to: formatInstant(closesAt) }
  const names = formatList(guardians.map(({ name }) => name))
  return [
    field(m.record_field_election(), election),
    field(m.record_field_organiser(), organiser),
    field(m.record_field_practice(), practice ? m.record_field_practice_yes() : m.record_field_practice_no()),
    field(m.record_field_voting(), m.record_field_voting_what(voting)),
    ...contests.map(({ title }) => field(m.record_field_questions(), textOf(title))),
    field(
      m.record_field_guardians(),
      m.record_field_guardians_what({ names, least: formatNumber(threshold) }),
    ),
    ...guardians.map(({ name, key }) => code(name, key)),
  ]
}

function signing({ process, stateCounter, expiry, reason, approvals }: SignedAct): Field[] {
  return [
    ...(reason === undefined ? [] : [field(m.record_field_reason(), reason)]),
    field(m.record_field_process(), process),
    field(m.record_field_signers(), formatList(approvals.map(({ signer }) => signer))),
    field(m.record_field_place(), formatNumber(stateCounter)),
    field(m.record_field_expiry(), formatInstant(expiry)),
  ]
}

function guardian({
  process,
  election,
  attempt,
  guardian: number,
  message,
  signature,
}: SignedGuardianMessage): Said {
  const words = { guardian: formatNumber(number), election }
  const contest = 'contest' in message ? formatNumber(message.contest + 1) : ''
  const fields: Field[] = [
    field(m.record_field_guardian(), words.guardian),
    field(m.record_field_election(), election),
    field(m.record_field_process(), process),
    field(m.record_field_attempt(), formatNumber(attempt)),
  ]
  const said = (sentence: string, ...own: Field[]): Said => ({
    sentence,
    fields: [...fields, ...own, code(m.record_field_signature(), signature)],
  })
  switch (message.type) {
    case 'commit':
      return said(m.record_commit(words), code(m.record_field_fingerprint(), message.hash))
    case 'reveal':
      return said(m.record_reveal(words), code(m.record_field_key(), message.encryptionKey))
    case 'deal':
      return said(m.record_deal(words), field(m.record_field_shares(), formatNumber(message.shares.length)))
    case 'confirm':
      return said(m.record_confirm(words), code(m.record_field_fingerprint(), message.transcript))
    case 'complain':
      return said(m.record_complain({ ...words, accused: formatNumber(message.accused) }))
    case 'rehearse':
      return said(m.record_rehearse(words))
    case 'intend':
      return said(
        m.record_intend({ ...words, contest }),
        code(m.record_field_fingerprint(), message.aggregate),
        { name: m.record_field_checkpoint(), value: message.checkpoint, code: true },
      )
    case 'unseal':
      return said(m.record_unseal(words), field(m.record_field_shares(), formatNumber(message.shares.length)))
    case 'decrypt':
      return said(
        m.record_decrypt({ ...words, contest }),
        field(m.record_field_shares(), formatNumber(message.shares.length)),
      )
  }
}

function ballot(
  content: Extract<Entry, ['ballot', unknown]>[1],
  titles: ReadonlyMap<string, string>,
): Said & { tracker: string } {
  const { body, envelope } = ballotOf(content)
  const hash = bodyHash(body)
  const tracker = formatTracker(hash)
  const contest = formatNumber(body.contest + 1)
  const name = toHex(body.election)
  const words = { contest, election: titles.get(name) ?? `${name.slice(0, 8)}…` }
  return {
    tracker,
    sentence:
      body.sequence === 0
        ? m.record_ballot(words)
        : m.record_ballot_again({ ...words, number: formatNumber(body.sequence + 1) }),
    fields: [
      { name: m.record_field_tracker(), value: tracker, code: true },
      field(m.record_field_contest(), contest),
      field(m.record_field_sequence(), formatNumber(body.sequence)),
      field(m.record_field_ciphertexts(), formatNumber(body.ciphertexts.length / CIPHERTEXT_BYTES)),
      field(m.record_field_circuit(), body.circuit),
      code(m.record_field_e(), body.election),
      code(m.record_field_hash(), hash),
      code(m.record_field_nullifier(), encodeField(envelope.nullifier)),
    ],
  }
}
