// An election as an official writes it: templates, names, and what keeps it from being held.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { checkManifest } from '#protocol/contest.ts'
import type { TableError } from '#web/officials/rolls/table.ts'
import { readOptions } from '#web/officials/setup/options.ts'
import { nameFor, practiceOf } from '#web/officials/setup/practice.ts'
import {
  type DraftProblem,
  type ElectionDraft,
  fromTemplate,
  hasCosts,
  KINDS,
  manifestOf,
  missingTexts,
  namesOf,
  newOption,
  type Template,
  TEMPLATES,
} from '#web/officials/setup/draft.ts'

/** A template with every field filled in. */
function written(template: Template, languages = ['en']): ElectionDraft {
  const draft = fromTemplate(template, 'en', ['Yes', 'No'])
  const all = (text: string) =>
    Object.fromEntries(languages.map((language) => [language, `${text} ${language}`]))
  Object.assign(draft, {
    ...{ languages, processTitle: 'Budget 2027', title: all('Title'), description: all('About') },
    ...{ organiser: 'The city', opensAt: '2027-03-01T09:00', closesAt: '2027-03-02T09:00' },
    guardians: draft.guardians.map((_, i) => ({
      name: `Guardian ${i}`,
      key: ` ${toHex(new Uint8Array(32).fill(i + 1)).toUpperCase()} `,
    })),
  })
  for (const contest of draft.contests) {
    contest.title = all('Question')
    while (contest.options.length < 4) contest.options.push(newOption())
    contest.options.forEach((option, i) => Object.assign(option, { title: all(`Option ${i}`), cost: '5000' }))
  }
  return draft
}

function problems(draft: ElectionDraft): DraftProblem[] {
  const checked = manifestOf(draft)
  return 'problems' in checked ? checked.problems : []
}

function manifest(draft: ElectionDraft) {
  const checked = manifestOf(draft)
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems))
  return checked.manifest
}

describe('templates', () => {
  test.each(TEMPLATES)('%s, filled in, can be held', (template) => {
    const { contests, quorum, threshold } = manifest(written(template))
    expect(contests).toHaveLength(1)
    expect([threshold, quorum]).toEqual([2, 2])
  })

  test.each(TEMPLATES)('%s, as it begins, cannot', (template) => {
    expect(problems(fromTemplate(template, 'en', ['Yes', 'No']))).not.toEqual([])
  })

  test.each(KINDS)('every rule makes a contest: %s', (kind) => {
    for (const funds of [false, true]) {
      const draft = written('single')
      Object.assign(draft.contests[0] ?? {}, { kind, funds, most: 2, budget: '12000' })
      const [contest] = manifest(draft).contests
      expect(contest?.rule.type).toBe(kind)
      const costs = funds || kind === 'knapsack'
      expect(contest?.count.name).toBe(costs ? 'greedy' : kind === 'ranking' ? 'borda' : kind)
      expect(contest?.options.every(({ cost }) => (cost === 5000n) === costs)).toBe(true)
    }
  })

  test('money is exact', () => {
    const draft = written('budget')
    Object.assign(draft.contests[0] ?? {}, { budget: '98765432101' })
    const [contest] = manifest(draft).contests
    expect(contest?.rule).toEqual({ type: 'knapsack', budget: 98765432101n })
    expect(hasCosts(draft.contests[0] as ElectionDraft['contests'][number])).toBe(true)
  })
})

test('a question asks those of the election’s roll, or of its own', () => {
  const draft = written('single')
  const district = written('single').contests[0]
  if (district === undefined) throw new Error('a template has a question')
  Object.assign(district, { roll: 'harbour', weighted: true })
  draft.contests.push(district)
  draft.roll = 'members'
  const { contests } = manifest(draft)
  expect(contests.map(({ roll, weighted }) => [roll, weighted])).toEqual([
    ['members', false],
    ['harbour', true],
  ])
})

describe('what is missing is said', () => {
  test('a text in one of the languages', () => {
    const draft = written('single', ['en', 'fi'])
    expect(problems(draft)).toEqual([])
    delete draft.contests[0]?.options[1]?.title['fi']
    expect(problems(draft)).toEqual([{ code: 'languages-differ', contest: 0 }])
  })

  test('a text that was taken back is not there', () => {
    const draft = written('single')
    draft.title = { en: '  ' }
    expect(problems(draft)).toHaveLength(1)
    draft.title = { en: ' Title ', fi: 'of a language that the election does not have' }
    expect(manifest(draft).title).toEqual({ en: 'Title' })
  })

  test.each([
    ['a key that is none', { key: 'no key' }],
    ['a key too short', { key: 'abcd' }],
    ['a name', { name: '' }],
  ])('of a guardian: %s', (_, part) => {
    const draft = written('single')
    Object.assign(draft.guardians[1] ?? {}, part)
    expect(problems(draft)[0]).toMatchObject({ code: 'field', path: ['guardians', 1, Object.keys(part)[0]] })
  })

  test('times, and their order', () => {
    expect(problems({ ...written('single'), opensAt: '' })[0]).toEqual({ code: 'field', path: ['opensAt'] })
    expect(problems({ ...written('single'), closesAt: '2027-01-01T00:00' })).toEqual([
      { code: 'closes-early' },
    ])
  })
})

test('each text that a language lacks is found, an optional one once it is written in another', () => {
  const draft = written('board', ['en', 'fi'])
  expect(missingTexts(draft)).toEqual([])
  expect(missingTexts({ ...draft, languages: ['en'] })).toEqual([])
  const [contest] = draft.contests
  const option = contest?.options[1]
  if (contest === undefined || option === undefined) throw new Error('a contest')
  draft.title = { en: 'Title', fi: '  ' }
  contest.title = {}
  contest.description = { fi: 'Kuvaus' }
  option.title = { fi: 'Toinen' }
  option.description = { en: 'The second' }
  expect(missingTexts(draft)).toEqual([
    { path: ['title'], language: 'fi' },
    { path: ['contests', 0, 'title'], language: 'en' },
    { path: ['contests', 0, 'title'], language: 'fi' },
    { path: ['contests', 0, 'description'], language: 'en' },
    { path: ['contests', 0, 'options', 1, 'title'], language: 'en' },
    { path: ['contests', 0, 'options', 1, 'description'], language: 'fi' },
  ])
  // All of it is missing where the schema or the gate says so.
  expect(problems(draft).length).toBeGreaterThan(0)
})

describe('options from a file', () => {
  const read = (text: string) => readOptions(new Blob([text]), 'en')

  test('a spreadsheet: titles, and costs and descriptions where it has them', async () => {
    expect(
      await read('Project;Description;COST\nA park;With trees;5000\nA "q";;70\n'.replaceAll('"', "'")),
    ).toEqual({
      options: [
        { title: { en: 'A park' }, description: { en: 'With trees' }, cost: '5000' },
        { title: { en: "A 'q'" }, description: {}, cost: '70' },
      ],
      funds: true,
    })
    expect(await read('Name\nAda\nBen\n')).toEqual({
      options: ['Ada', 'Ben'].map((title) => ({ title: { en: title }, description: {}, cost: '' })),
    })
  })

  test('a published budget, which can then be held', async () => {
    const name = 'Poland_Katowice_2020_Janow-Nikiszowiec.pb'
    const found = await read(readFileSync(new URL(`../data/pb/${name}`, import.meta.url), 'utf8'))
    expect(found).toMatchObject({ funds: true, budget: '460361', currency: 'PLN' })
    expect(found.options).toHaveLength(16)
    const draft = written('budget')
    Object.assign(draft.contests[0] ?? {}, found)
    const [contest] = manifest(draft).contests
    expect(contest?.rule).toEqual({ type: 'knapsack', budget: 460361n })
    expect(contest?.options.every(({ cost }) => (cost ?? 0n) > 0n)).toBe(true)
  })

  test('what is neither is refused', async () => {
    const reason = (text: string) =>
      read(text).then(
        () => 'read',
        (error: unknown) => (error as TableError).code,
      )
    expect(await reason('META\nkey;value\n')).toBe('table-unreadable')
    expect(await reason('')).toBe('table-empty')
    expect(await reason(`META\n${'x'.repeat(32 * 2 ** 20)}`)).toBe('table-large')
  })
})

test('a practice election is the same but for its mark, its rolls and its times', () => {
  const real = manifest(written('budget'))
  const times = { opensAt: real.opensAt - 5000, closesAt: real.opensAt - 1000, minBallots: 1 }
  const practice = practiceOf(real, times)
  const [contest] = practice.contests
  expect(contest?.roll).toBe('voters-practice')
  expect(checkManifest(practice)).toEqual([])
  const back = practice.contests.map((one) => ({ ...one, roll: 'voters' }))
  const { opensAt, closesAt, minBallots } = real
  expect({ ...practice, contests: back, opensAt, closesAt, minBallots }).toEqual({ ...real, practice: true })

  expect(nameFor('board', [])).toBe('board-practice')
  expect(nameFor('board', ['board', 'board-practice'])).toBe('board-practice-2')
  const long = nameFor(`${'a'.repeat(54)}-${'b'.repeat(9)}`, [])
  expect(long).toBe(`${'a'.repeat(54)}-practice`)
})

test('names in addresses follow from the titles unless others are typed', () => {
  const draft = written('single')
  draft.processTitle = 'Österbottens Budget: År 2027!'
  draft.title = { en: 'Ääni' }
  expect(namesOf(draft)).toEqual({ process: 'osterbottens-budget-ar-2027', election: 'aani' })
  expect(namesOf({ ...draft, process: 'mine' }).process).toBe('mine')
  expect(namesOf({ ...draft, processTitle: '—', title: { en: '投票' } })).toEqual({
    process: 'process',
    election: 'election',
  })
  const long = namesOf({ ...draft, processTitle: 'word '.repeat(40) }).process
  expect(long).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  expect(long.length).toBeLessThanOrEqual(40)
})
