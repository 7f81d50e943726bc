// Roles and standings in words.
import { m } from '#words/messages.js'
import type { ActOf } from '#protocol/act.ts'
import type { ElectionSummary } from '#server/summary.ts'
import { formatInstant, formatList, formatNumber } from '#web/words/format.ts'
import type { AccountView, Me, ProposedView } from './api.ts'
import type { Task } from './tasks.ts'

export function roleName(role: Me['role']): string {
  switch (role) {
    case 'owner':
      return m.officials_role_owner()
    case 'registrar':
      return m.officials_role_registrar()
    case 'moderator':
      return m.officials_role_moderator()
    case 'auditor':
      return m.officials_role_auditor()
  }
}

/** Who comes and who goes by a change of officials, in sentences. */
export function changeOf({ officials }: ActOf<'change-officials'>, people: readonly AccountView[]): string[] {
  const before = people.filter(({ named }) => named)
  const names = (those: readonly { name: string }[]) => formatList(those.map(({ name }) => name))
  const come = officials.filter(({ id }) => !before.some((one) => one.id === id))
  const go = before.filter(({ id }) => !officials.some((one) => one.id === id))
  return [
    ...(come.length > 0 ? [m.officials_change_come({ names: names(come) })] : []),
    ...(go.length > 0 ? [m.officials_change_go({ names: names(go) })] : []),
  ]
}

/** What became of an act that no longer waits. */
export function standingName({ standing, entry, refusal }: ProposedView): string {
  switch (standing) {
    case 'recorded':
      return m.officials_standing_recorded({ entry: formatNumber(entry ?? 0) })
    case 'refused':
      return m.officials_standing_refused({ code: refusal ?? '' })
    case 'withdrawn':
      return m.officials_standing_withdrawn()
    case 'expired':
      return m.officials_standing_expired()
    case 'stale':
      return m.officials_standing_stale()
    case 'pending':
      return m.officials_waiting()
  }
}

export function stateName({ joinedAt, removedAt, role, named }: AccountView): string {
  if (removedAt !== null) return m.officials_state_removed()
  if (joinedAt === null) return m.officials_state_invited()
  if (role === 'auditor') return m.officials_state_looks()
  if (role === 'moderator') return m.officials_state_moderates()
  return named ? m.officials_state_named() : m.officials_state_joined()
}

export function taskWords(
  { name, standing, roll, awaited }: Task,
  { opensAt, closesAt }: Pick<ElectionSummary, 'opensAt' | 'closesAt'>,
): string {
  switch (name) {
    case 'define':
      return m.officials_task_define()
    case 'owners':
      return m.officials_task_owners()
    case 'roll':
      return m.officials_task_roll({
        roll: roll?.roll ?? '',
        rows: formatNumber(roll?.rows ?? 0),
        size: formatNumber(roll?.size ?? 0),
      })
    case 'key':
      if (standing === 'done') return m.officials_task_key()
      return awaited === undefined
        ? m.officials_task_key_start()
        : m.officials_task_key_awaited({ names: formatList(awaited) })
    case 'freeze':
      return m.officials_task_freeze({ roll: roll?.roll ?? '' })
    case 'open':
      return m.officials_task_open({ when: formatInstant(opensAt) })
    case 'close':
      return m.officials_task_close({ when: formatInstant(closesAt) })
    case 'decrypt':
      return m.officials_task_decrypt()
    case 'publish':
      return m.officials_task_publish()
  }
}

export function standingOf({ standing }: Task): string {
  switch (standing) {
    case 'done':
      return m.officials_task_done()
    case 'now':
      return m.officials_task_now()
    case 'later':
      return m.officials_task_later()
  }
}
