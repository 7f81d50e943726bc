// Templates and rules by name.
import { m } from '#words/messages.js'
import type { Kind, Template } from './draft.ts'

export function templateName(template: Template): string {
  switch (template) {
    case 'single':
      return m.officials_setup_from_single()
    case 'board':
      return m.officials_setup_from_board()
    case 'budget':
      return m.officials_setup_from_budget()
    case 'ranking':
      return m.officials_setup_from_ranking()
    case 'question':
      return m.officials_setup_from_question()
  }
}

export function kindName(kind: Kind): string {
  switch (kind) {
    case 'plurality':
      return m.officials_setup_kind_plurality()
    case 'approval':
      return m.officials_setup_kind_approval()
    case 'score':
      return m.officials_setup_kind_score()
    case 'cumulative':
      return m.officials_setup_kind_cumulative()
    case 'quadratic':
      return m.officials_setup_kind_quadratic()
    case 'borda':
      return m.officials_setup_kind_borda()
    case 'ranking':
      return m.officials_setup_kind_ranking()
    case 'knapsack':
      return m.officials_setup_kind_knapsack()
  }
}
