// Why an election cannot be held as it is written yet, in words: the one table of them, exhaustive by type. SPEC 8.1.
import type { ManifestFault } from '#protocol/contest.ts'
import { formatNumber } from '#web/words/format.ts'
import { m } from '#words/messages.js'
import type { DraftProblem } from './draft.ts'

/** All problems in sentences, each once. */
export function problemWords(problems: readonly DraftProblem[]): string[] {
  return [...new Set(problems.map(wordsOf))]
}

function wordsOf(problem: DraftProblem): string {
  if (problem.code === 'field') return m.officials_problem_field({ field: fieldOf(problem.path) })
  const what = FAULTS[problem.code]()
  return problem.contest === undefined ? what : inQuestion(problem.contest, what)
}

const FAULTS: Readonly<Record<ManifestFault, () => string>> = {
  'closes-early': m.officials_problem_closes_early,
  'threshold-range': m.officials_problem_threshold_range,
  'quorum-range': m.officials_problem_threshold_range,
  'quorum-small': m.officials_problem_quorum_small,
  'ballots-none': m.officials_problem_ballots_none,
  'guardians-alike': m.officials_problem_guardians_alike,
  'languages-alike': m.officials_problem_languages_alike,
  'languages-differ': m.officials_problem_languages_differ,
  'too-large': m.officials_problem_too_large,
  'options-alike': m.officials_problem_options_alike,
  'cost-missing': m.officials_problem_cost_missing,
  'seats-range': m.officials_problem_seats_range,
  'count-differs': m.officials_problem_count_differs,
  'slots-many': m.officials_problem_slots_many,
  'rule-unsound': m.officials_problem_rule_unsound,
}

/** What the form calls the field of the manifest that this path leads to. */
export function fieldOf([first, at, part, option, text]: readonly PropertyKey[]): string {
  const number = formatNumber(Number(at) + 1)
  switch (first) {
    case 'title':
      return m.officials_setup_title()
    case 'description':
      return m.officials_setup_about()
    case 'languages':
      return m.officials_setup_languages()
    case 'organiser':
      return m.officials_setup_organiser()
    case 'opensAt':
      return m.officials_setup_opens()
    case 'closesAt':
      return m.officials_setup_closes()
    case 'minBallots':
      return m.officials_setup_min_ballots()
    case 'guardians':
      if (part === 'name') return m.officials_setup_guardian_name({ number })
      return part === 'key' ? m.officials_setup_guardian_key({ number }) : m.officials_setup_guardians()
    case 'contests':
      return inQuestion(Number(at), partOf(part, option, text))
    default:
      return m.officials_setup_threshold()
  }
}

/** The same within a question. */
function partOf(
  part: PropertyKey | undefined,
  option: PropertyKey | undefined,
  text: PropertyKey | undefined,
): string {
  switch (part) {
    case 'title':
      return m.officials_setup_question_title()
    case 'description':
      return m.officials_setup_about()
    case 'roll':
      return m.officials_setup_roll()
    case 'options':
      if (option === undefined) return m.officials_setup_options()
      return (text === 'description' ? m.officials_setup_option_more : m.officials_setup_option)({
        number: formatNumber(Number(option) + 1),
      })
    default:
      return m.officials_problem_numbers()
  }
}

function inQuestion(contest: number, what: string): string {
  return m.officials_problem_question({ question: formatNumber(contest + 1), what })
}
