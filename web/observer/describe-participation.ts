// Participation in words: plans, what people do in a process, and what officials say to it.
import { encodeField } from '#crypto/babyjubjub.ts'
import type { ActOf } from '#protocol/act.ts'
import type { Entry } from '#protocol/entry.ts'
import type { Measure } from '#protocol/moderation.ts'
import type { Participation } from '#protocol/plan.ts'
import type { Position } from '#protocol/position.ts'
import { type Deed, type Stance, signalOf } from '#protocol/signal.ts'
import { reasonName } from '#web/parts/reasons.ts'
import { formatInstant, formatMoney, formatNumber } from '#web/words/format.ts'
import { textOf } from '#web/words/locale.svelte.ts'
import { m } from '#words/messages.js'
import { code, field, type Field, type Said } from './fields.ts'

/** An office's answer to a proposal. */
export function answer({ proposal, office, decision, reasons }: ActOf<'answer-proposal'>): Said {
  return {
    sentence: m.record_answer_proposal({ proposal: formatNumber(proposal) }),
    fields: [
      field(m.record_field_office(), textOf(office)),
      field(m.record_field_decision(), DECISIONS[decision]()),
      field(m.record_field_reasons(), textOf(reasons)),
    ],
  }
}

/** Statements that officials put before people. */
export function seeds({ statements }: ActOf<'seed-statements'>): Said {
  return {
    sentence: m.record_seed_statements(),
    fields: statements.map((words) => field(m.record_field_statement(), textOf(words))),
  }
}

/** What an office finds of a proposal. */
export function assessment({ proposal, office, finding }: ActOf<'assess-proposal'>): Said {
  const feasible = finding.kind === 'feasible'
  return {
    sentence: m.record_assess_proposal({ proposal: formatNumber(proposal) }),
    fields: [
      field(m.record_field_office(), textOf(office)),
      field(m.record_field_decision(), feasible ? m.record_feasible() : m.record_not_feasible()),
      ...(feasible
        ? [
            field(m.record_field_project(), `${textOf(finding.title)}\n${textOf(finding.project)}`),
            field(m.record_field_cost(), formatMoney(finding.cost.amount, finding.cost.currency)),
          ]
        : [field(m.record_field_reasons(), textOf(finding.reasons))]),
    ],
  }
}

/** What officials find of a name. */
export function finding({ introduction, holds, number }: ActOf<'vouch-name'>): string {
  const words = { introduction: formatNumber(introduction), number: formatNumber(number) }
  return holds ? m.record_vouch_name(words) : m.record_refuse_name(words)
}

/** How a process ended. */
export function outcome({ outcome, contributions }: ActOf<'archive-process'>): Said {
  return {
    sentence: m.record_archive_process(),
    fields: [
      field(m.record_field_outcome(), textOf(outcome)),
      field(m.record_field_contributions(), textOf(contributions)),
    ],
  }
}

/** A decision of officials about somebody's words. */
export function moderation(said: ActOf<'moderate' | 'erase-text'>): Said {
  const words = { target: formatNumber(said.target) }
  const sentence = said.type === 'moderate' ? MEASURES[said.decision](words) : m.record_erase_text(words)
  return {
    sentence,
    fields: [
      field(m.record_field_ground(), reasonName(said.reason)),
      field(m.record_field_note(), textOf(said.note)),
    ],
  }
}

const MEASURES: Readonly<Record<Measure, (words: { target: string }) => string>> = {
  hide: m.record_hide,
  label: m.record_label,
  restore: m.record_restore,
}

/** What an office can decide on a proposal. */
const DECISIONS: Readonly<Record<ActOf<'answer-proposal'>['decision'], () => string>> = {
  adopted: m.record_decision_adopted,
  partly: m.record_decision_partly,
  declined: m.record_decision_declined,
}

/** The fields of a plan. */
export function plan({
  purpose,
  decides,
  changes,
  moderation,
  phases,
  participation,
}: ActOf<'plan-process'>): Field[] {
  const spans = phases.map(({ title, opensAt, closesAt }) => ({
    title: textOf(title),
    from: formatInstant(opensAt),
    to: formatInstant(closesAt),
  }))
  return [
    field(m.record_field_purpose(), textOf(purpose)),
    field(m.record_field_decides(), textOf(decides)),
    field(m.record_field_changes(), textOf(changes)),
    field(m.record_field_moderation(), textOf(moderation)),
    ...spans.map((span) => field(m.record_field_phase(), m.record_field_phase_what(span))),
    ...(participation === undefined
      ? []
      : [
          field(m.record_field_roll(), participation.roll),
          field(m.record_field_threshold(), formatNumber(participation.threshold)),
          field(m.record_field_answer_days(), formatNumber(participation.answerDays)),
          ...sealedTo(participation),
        ]),
  ]
}

function sealedTo({ sealedTo: to }: Participation): Field[] {
  return to === undefined ? [] : [field(m.record_field_sealed_to(), to.election)]
}

/** What somebody does in a process beside voting. */
export function signal(content: Extract<Entry, ['signal', unknown]>[1]): Said {
  const { process, deed, sequence, nullifier } = signalOf(content)
  return {
    sentence: deedSentence(deed),
    fields: [
      field(m.record_field_process(), process),
      ...('as' in deed ? [field(m.record_field_voice(), m.record_voice_name())] : []),
      ...('stance' in deed ? [field(m.record_field_stance(), STANCES[deed.stance]())] : []),
      ...('reason' in deed ? [field(m.record_field_ground(), reasonName(deed.reason))] : []),
      ...('position' in deed ? [code(m.record_field_statement(), deed.statement)] : []),
      ...('text' in deed ? [code(m.record_field_text(), deed.text)] : []),
      ...('box' in deed ? [code(m.record_field_box(), deed.box)] : []),
      field(m.record_field_sequence(), formatNumber(sequence)),
      code(m.record_field_nullifier(), encodeField(nullifier)),
    ],
  }
}

function deedSentence(deed: Deed): string {
  switch (deed.type) {
    case 'propose':
      return m.record_propose()
    case 'revise':
      return m.record_revise({ proposal: formatNumber(deed.proposal) })
    case 'withdraw':
      return deed.into === undefined
        ? m.record_withdraw({ proposal: formatNumber(deed.proposal) })
        : m.record_merge({ proposal: formatNumber(deed.proposal), into: formatNumber(deed.into) })
    case 'support': {
      const words = { proposal: formatNumber(deed.proposal) }
      return deed.on ? m.record_support(words) : m.record_unsupport(words)
    }
    case 'comment':
      return m.record_comment({ about: formatNumber(deed.about) })
    case 'sealed-comment':
      return m.record_sealed_comment({
        about: formatNumber(deed.about),
        when: formatInstant(deed.until),
      })
    case 'statement':
      return m.record_statement()
    case 'opinion':
      return OPINIONS[deed.position]()
    case 'edit':
      return m.record_edit({ comment: formatNumber(deed.comment) })
    case 'erase':
      return m.record_erase({ target: formatNumber(deed.target) })
    case 'report':
      return m.record_report({ target: formatNumber(deed.target) })
    case 'appeal':
      return m.record_appeal({ target: formatNumber(deed.target) })
    case 'introduce':
      return m.record_introduce()
  }
}

const OPINIONS: Readonly<Record<Position, () => string>> = {
  agree: m.record_opinion_agree,
  disagree: m.record_opinion_disagree,
  pass: m.record_opinion_pass,
}

const STANCES: Readonly<Record<Stance, () => string>> = {
  for: m.record_stance_for,
  against: m.record_stance_against,
  question: m.record_stance_question,
  remark: m.record_stance_remark,
}
