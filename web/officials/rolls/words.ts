// What is wrong with a row, and how far a voter's mail is, in words.
import { m } from '#words/messages.js'
import type { Delivery } from '#web/officials/api.ts'
import type { RowProblem } from './table.ts'

export function problemName(problem: RowProblem): string {
  switch (problem) {
    case 'columns':
      return m.officials_rolls_problem_columns()
    case 'empty':
      return m.officials_rolls_problem_empty()
    case 'long':
      return m.officials_rolls_problem_long()
    case 'unprintable':
      return m.officials_rolls_problem_unprintable()
    case 'twice':
      return m.officials_rolls_problem_twice()
    case 'weight':
      return m.officials_rolls_problem_weight()
    case 'address':
      return m.officials_rolls_problem_address()
    case 'language':
      return m.officials_rolls_problem_language()
    case 'identity':
      return m.officials_rolls_problem_identity()
  }
}

export function deliveryName(delivery: Delivery): string {
  switch (delivery) {
    case 'no-address':
      return m.officials_mail_state_no_address()
    case 'not-invited':
      return m.officials_mail_state_not_invited()
    case 'waiting':
      return m.officials_mail_state_waiting()
    case 'failed':
      return m.officials_mail_state_failed()
    case 'bounced':
      return m.officials_mail_state_bounced()
    case 'sent':
      return m.officials_mail_state_sent()
  }
}
