// The steps of a guardian's service in words.
import { formatList } from '#web/words/format.ts'
import { m } from '#words/messages.js'
import type { Outlook, StepName } from './outlook.ts'

/** A step's name, and what it is for. */
export function stepWords(name: StepName): { name: string; what: string } {
  switch (name) {
    case 'seat':
      return { name: m.guardian_step_seat(), what: m.guardian_step_seat_what() }
    case 'commit':
      return { name: m.guardian_step_commit(), what: m.guardian_step_commit_what() }
    case 'reveal':
      return { name: m.guardian_step_reveal(), what: m.guardian_step_reveal_what() }
    case 'deal':
      return { name: m.guardian_step_deal(), what: m.guardian_step_deal_what() }
    case 'confirm':
      return { name: m.guardian_step_confirm(), what: m.guardian_step_confirm_what() }
    case 'backup':
      return { name: m.guardian_step_backup(), what: m.guardian_step_backup_what() }
    case 'rehearse':
      return { name: m.guardian_step_rehearse(), what: m.guardian_step_rehearse_what() }
    case 'vote':
      return { name: m.guardian_step_vote(), what: m.guardian_step_vote_what() }
    case 'decrypt':
      return { name: m.guardian_step_decrypt(), what: m.guardian_step_decrypt_what() }
  }
}

/** Names of guardians by number, as a list in the chosen language. */
export function namesOf(numbers: readonly number[], guardians: Outlook['guardians']): string {
  const named = guardians.filter(({ number }) => numbers.includes(number))
  return formatList(named.map(({ name, own }) => (own ? m.guardian_holders_you() : name)))
}
