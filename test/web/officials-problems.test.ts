// Why an election cannot be held, in the words of the official who writes it: what, in which question, in which field.
import { afterEach, expect, test, vi } from 'vitest'
import { fromTemplate, manifestOf } from '#web/officials/setup/draft.ts'
import { problemWords } from '#web/officials/setup/problems.ts'
import { overwriteGetLocale } from '#words/runtime.js'

// The chosen language is a state of the page, which only a browser has.
vi.mock('#web/words/locale.svelte.ts', () => ({ region: () => 'en' }))
afterEach(() => overwriteGetLocale(() => 'en'))

test('faults name their question, fields what the form calls them, each once', () => {
  expect(
    problemWords([
      { code: 'closes-early' },
      { code: 'threshold-range' },
      { code: 'quorum-range' },
      { code: 'rule-unsound', contest: 1, detail: 'no values satisfy the rule' },
      { code: 'field', path: ['guardians', 2, 'key'] },
      { code: 'field', path: ['contests', 0, 'options', 2, 'title', 'fi'] },
      { code: 'field', path: ['contests', 0, 'options', 2, 'title', 'sv'] },
      { code: 'field', path: ['contests', 0, 'options', 2, 'description', 'sv'] },
      { code: 'field', path: ['contests', 1, 'description', 'sv'] },
    ]),
  ).toEqual([
    'Voting must close after it opens.',
    'At least one guardian must be needed to open the result, and no more than there are.',
    'Question 2: No ballot can keep to this rule. Look over its numbers and amounts.',
    'Public key of guardian 3: this is missing, or not written as it must be.',
    'Question 1: Option 3: this is missing, or not written as it must be.',
    'Question 1: More on option 3: this is missing, or not written as it must be.',
    'Question 2: What voters should know: this is missing, or not written as it must be.',
  ])
})

test('an empty template says in Finnish which fields are missing', () => {
  overwriteGetLocale(() => 'fi')
  const checked = manifestOf(fromTemplate('budget', 'fi', ['Kyllä', 'Ei']))
  const said = problemWords('problems' in checked ? checked.problems : [])
  expect(said.length).toBeGreaterThan(5)
  for (const words of said) expect(words).toMatch(/: tämä puuttuu tai on kirjoitettu väärin\.$/)
  expect(said).toContain('Kysymys 1: Vaihtoehto 1: tämä puuttuu tai on kirjoitettu väärin.')
})
