// Roles, standings and what is waited for, in words. Those of guardians' steps have to be loaded.
import { m } from '#words/messages.js'
import type { ActOf } from '#protocol/act.ts'
import type { ElectionSummary } from '#server/summary.ts'
import { stepWords } from '#web/guardian/steps.ts'
import { formatInstant, formatList, formatNumber } from '#web/words/format.ts'
import type { AccountView, DeedView, Me, ProposedView } from './api.ts'
import type { Task, Wait } from './tasks.ts'

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
  return named ? m.officials_state_named() : m.officials_state_joined()
}

export function taskWords(
  { name, roll }: Task,
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
      return m.officials_task_key()
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

export function waitWords(wait: Wait): string {
  switch (wait.for) {
    case 'signatures':
      return m.officials_awaited(countedNames(wait))
    case 'proposal':
      return m.officials_wait_proposal()
    case 'guardians':
      return m.officials_wait_guardians({ names: formatList(wait.names), step: stepWords(wait.step).name })
    case 'decryption':
      return m.officials_wait_decryption(countedNames(wait))
    case 'owners':
      return m.officials_wait_owners()
    case 'key':
      return m.officials_wait_key()
    case 'voters':
      return m.officials_wait_voters({ roll: wait.roll })
    case 'freezing':
      return m.officials_wait_freezing({ roll: wait.roll })
    case 'refusal':
      if (wait.code === 'setup-mismatch') return m.officials_wait_setup()
      if (wait.code === 'too-late') return m.officials_wait_late()
      return m.officials_standing_refused({ code: wait.code })
  }
}

function countedNames({ missing, names }: { readonly missing: number; readonly names: readonly string[] }) {
  return { missing: formatNumber(missing), names: formatList(names) }
}

const DEEDS: Readonly<Record<DeedView['what'], () => string>> = {
  joined: m.officials_deed_joined,
  invited: m.officials_deed_invited,
  'guardian-invited': m.officials_deed_guardian_invited,
  identified: m.officials_deed_identified,
  'signed-in': m.officials_deed_signed_in,
  'signed-out': m.officials_deed_signed_out,
  proposed: m.officials_deed_proposed,
  approved: m.officials_deed_approved,
  withdrew: m.officials_deed_withdrew,
  imported: m.officials_deed_imported,
  mailed: m.officials_deed_mailed,
  readdressed: m.officials_deed_readdressed,
  coded: m.officials_deed_coded,
  looked: m.officials_deed_looked,
  removed: m.officials_deed_removed,
  'ceremony-begun': m.officials_deed_ceremony_begun,
  'contributor-invited': m.officials_deed_contributor_invited,
  'contributor-skipped': m.officials_deed_contributor_skipped,
  'ceremony-ended': m.officials_deed_ceremony_ended,
}

/** What an official did beside the record. */
export function deedName(what: DeedView['what']): string {
  return DEEDS[what]()
}
