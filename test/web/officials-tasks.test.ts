// What an official is told is left to do, at every stage of an election.
import { describe, expect, test } from 'vitest'
import type { ElectionSummary } from '#server/summary.ts'
import type { RollView } from '#web/officials/api.ts'
import { type Task, tasksOf } from '#web/officials/tasks.ts'

const FILLED: RollView = { process: 'club', roll: 'members', rows: 3, registered: 2, size: 2, frozen: false }
const guardians = ['Ada', 'Ben', 'Cem'].map((name, i) => ({ name, number: i + 1, key: '00' }))
type Keygen = NonNullable<ElectionSummary['keygen']>

function election(
  parts: Partial<ElectionSummary> = {},
  shares: number[] = [],
  frozen = false,
  few = false,
): ElectionSummary {
  const contest = { roll: 'members', frozen: frozen ? { index: 9 } : null, shares, few }
  return {
    ...{
      process: 'club',
      election: 'board',
      state: 'defined',
      keygen: null,
      threshold: 2,
      guardians,
    },
    contests: [contest],
    ...parts,
  } as unknown as ElectionSummary
}

function keygen(stage: Keygen['stage'], missing: number[] = []): Keygen {
  return { attempt: 1, stage, guardians: [1, 2, 3], missing, judged: null }
}

/** Names of tasks by what they are now. */
function standing(tasks: readonly Task[], wanted: Task['standing']): string[] {
  return tasks.filter((task) => task.standing === wanted).map(({ name }) => name)
}

describe('from definition to result', () => {
  test.each<[string, ElectionSummary, RollView[], string[], string[]]>([
    ['defined', election(), [], ['define', 'owners'], ['roll', 'key']],
    ['the roll came first', election(), [FILLED], ['define', 'owners', 'roll'], ['key', 'freeze']],
    [
      'the key came first',
      election({ state: 'ready', keygen: keygen('done') }),
      [],
      ['define', 'owners', 'key'],
      ['roll'],
    ],
    [
      'roll frozen, no key yet',
      election({ state: 'keygen', keygen: keygen('deal', [2]) }, [], true),
      [FILLED],
      ['define', 'owners', 'roll', 'freeze'],
      ['key'],
    ],
    [
      'ready',
      election({ state: 'ready', keygen: keygen('done') }, [], true),
      [FILLED],
      ['define', 'owners', 'roll', 'key', 'freeze'],
      ['open'],
    ],
    [
      'open',
      election({ state: 'open' }, [], true),
      [FILLED],
      ['define', 'owners', 'roll', 'key', 'freeze', 'open'],
      ['close'],
    ],
    [
      'closed, one share',
      election({ state: 'closed' }, [1], true),
      [FILLED],
      ['define', 'owners', 'roll', 'key', 'freeze', 'open', 'close'],
      ['decrypt'],
    ],
    [
      'decrypted',
      election({ state: 'closed' }, [1, 3], true),
      [FILLED],
      ['define', 'owners', 'roll', 'key', 'freeze', 'open', 'close', 'decrypt'],
      ['publish'],
    ],
    [
      'too few have voted for anything to be decrypted',
      election({ state: 'closed' }, [], true, true),
      [FILLED],
      ['define', 'owners', 'roll', 'key', 'freeze', 'open', 'close', 'decrypt'],
      ['publish'],
    ],
  ])('%s', (_, summary, rolls, done, now) => {
    const tasks = tasksOf(summary, rolls, 2)
    expect(standing(tasks, 'done')).toEqual(done)
    expect(standing(tasks, 'now')).toEqual(now)
    expect(tasks).toHaveLength(9)
  })

  test('when all is announced nothing is left', () => {
    const tasks = tasksOf(election({ state: 'announced' }, [1, 2], true), [FILLED], 2)
    expect(standing(tasks, 'done')).toHaveLength(tasks.length)
  })
})

test('the guardians who are awaited are named, and nobody where an official has to begin', () => {
  const key = (parts: Partial<ElectionSummary>) =>
    tasksOf(election(parts), [FILLED], 2).find(({ name }) => name === 'key')
  expect(key({ state: 'keygen', keygen: keygen('commit', [1, 3]) })?.awaited).toEqual(['Ada', 'Cem'])
  expect(key({})?.awaited).toBeUndefined()
  expect(key({ state: 'keygen', keygen: keygen('failed') })?.awaited).toBeUndefined()
})

test('each roll is a task of its own, and another process’s roll of the same name is not it', () => {
  const summary = election()
  const [contest] = summary.contests
  if (contest === undefined) throw new Error('a contest')
  const two = { ...summary, contests: [contest, { ...contest, roll: 'guests' }, contest] }
  const tasks = tasksOf(two, [FILLED, { ...FILLED, process: 'other', roll: 'guests' }], 2)
  expect(
    tasks.filter(({ name }) => name === 'roll').map(({ roll, standing }) => [roll?.roll, standing]),
  ).toEqual([
    ['members', 'done'],
    ['guests', 'now'],
  ])
  const frozen = (all: readonly Task[]) =>
    all.flatMap(({ name, roll, standing }) => (name === 'freeze' ? [[roll?.roll, standing]] : []))
  expect(frozen(tasks)).toEqual([
    ['members', 'now'],
    ['guests', 'later'],
  ])
  const one = {
    ...two,
    contests: [
      { ...contest, frozen: { index: 9 } },
      { ...contest, roll: 'guests' },
    ],
  }
  const both = tasksOf({ ...one, state: 'ready' }, [FILLED, { ...FILLED, roll: 'guests' }], 2)
  expect(frozen(both)).toEqual([
    ['members', 'done'],
    ['guests', 'now'],
  ])
  expect(standing(both, 'later')).toContain('open')
})

test('a single owner prepares everything and opens nothing but practice', () => {
  const ready = (parts: Partial<ElectionSummary>) =>
    tasksOf(election({ state: 'ready', keygen: keygen('done'), ...parts }, [], true), [FILLED], 1)
  expect(standing(ready({}), 'now')).toEqual(['owners'])
  expect(standing(ready({}), 'later')).toContain('open')
  expect(standing(ready({ practice: true }), 'now')).toEqual(['open'])
})
