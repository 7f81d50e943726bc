// Alarms in words: what is wrong with the ledger, and what to do. At every one of them nothing was sent.
import type { Alarm } from '#client/guardian/alarm.ts'
import { formatNumber } from '#web/words/format.ts'
import type { Sentence } from '#web/words/failure.ts'
import { m } from '#words/messages.js'

interface Fields {
  readonly attempt: number
  readonly here: number
  readonly there: number
  readonly contest: number
  readonly guardian: number
  readonly signed: boolean
}

/** What a server shows that is no record, or none that its signers stand for. */
const UNSOUND: ReadonlySet<string> = new Set([
  'policy-unreadable',
  'record-unreadable',
  'checkpoint-unsigned',
  'checkpoint-older',
  'other-ledger',
  'entries-differ',
])

/** The words of an alarm that came from the worker; undefined for what is none.
 *  @param names of the guardians, in the order of their numbers */
export function alarmOf(error: unknown, names: readonly string[]): Sentence | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  const next = m.guardian_alarm_stop()
  if (error.name === 'Refusal' || (error.name === 'Unusable' && UNSOUND.has(String(error.code))))
    return { what: m.guardian_alarm_record(), next }
  if (error.code === 'vault-damaged') return { what: m.guardian_damaged(), next: m.guardian_damaged_next() }
  if (error.name !== 'Alarm') return undefined
  const { code, fields } = error as Error & { code: Alarm['code']; fields: Fields }
  const { attempt, here, there, contest, guardian, signed } = fields
  switch (code) {
    case 'fork':
      return { what: m.guardian_alarm_fork(), next }
    case 'other-ledger':
      return { what: m.guardian_alarm_ledger(), next: m.guardian_alarm_ledger_next() }
    case 'other-election':
      return { what: m.guardian_alarm_election(), next }
    case 'left-out':
      return {
        what: m.guardian_alarm_left_out({ attempt: formatNumber(attempt) }),
        next: m.guardian_alarm_left_out_next(),
      }
    case 'record-behind':
      return {
        what: m.guardian_alarm_behind({ there: formatNumber(there), here: formatNumber(here) }),
        next,
      }
    case 'secrets-lost':
      return { what: m.guardian_alarm_secrets(), next: m.guardian_alarm_secrets_next() }
    case 'impostor':
      return { what: m.guardian_alarm_impostor(), next: m.guardian_alarm_impostor_next() }
    case 'fingerprint-differs':
      return { what: m.guardian_alarm_fingerprint(), next }
    case 'other-key':
      return {
        what: m.guardian_alarm_key({ attempt: formatNumber(attempt) }),
        next: m.guardian_alarm_key_next(),
      }
    case 'record-unsound':
      return { what: m.guardian_alarm_unsound(), next: m.guardian_alarm_unsound_next() }
    case 'intent-conflict':
      return { what: m.guardian_alarm_conflict({ contest: formatNumber(contest + 1) }), next }
    case 'intent-elsewhere': {
      const name = names[guardian - 1] ?? ''
      const what = signed ? m.guardian_alarm_elsewhere_fork({ name }) : m.guardian_alarm_elsewhere({ name })
      return { what, next }
    }
    default:
      return { what: m.guardian_alarm_record(), next }
  }
}
