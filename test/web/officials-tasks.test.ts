// What an official is told is left to do, at every stage of an election.
import { describe, expect, test } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { type Act, actCodec, type ActOf } from '#protocol/act.ts'
import type { ElectionSummary } from '#server/summary.ts'
import type { AccountView, NextView, ProposedView, RollView } from '#web/officials/api.ts'
import { type Task, type TaskName, tasksOf } from '#web/officials/tasks.ts'

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

const people = (['ada', 'ben'] as const).map(
  (name) => ({ id: name, name, role: 'owner', named: true }) as AccountView,
)
const registrar = { id: 'reg', name: 'reg', role: 'registrar', named: true } as AccountView

interface Circumstances {
  readonly rolls?: readonly RollView[]
  readonly owners?: number
  /** Acts that ada has proposed. */
  readonly acts?: readonly Act[]
  readonly refusal?: NextView['openings'][number]['refusal']
}

/** Tasks, as two owners and a registrar see them. */
function tasks(
  summary: ElectionSummary,
  { rolls = [FILLED], owners = 2, acts = [], refusal = null }: Circumstances = {},
) {
  const proposed = acts.map(
    (act) =>
      ({
        ...{ process: 'club', act: toHex(actCodec.encode(act)), standing: 'pending' },
        ...{ approvers: ['ada'], needed: 2 },
      }) as unknown as ProposedView,
  )
  return tasksOf(summary, {
    rolls,
    people: [...people.slice(0, owners), registrar],
    acts: proposed,
    next: {
      acts: [],
      rolls: [],
      frozen: [],
      keys: [],
      openings: [{ process: 'club', election: 'board', refusal }],
    },
  })
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
    const all = tasks(summary, { rolls })
    expect(standing(all, 'done')).toEqual(done)
    expect(standing(all, 'now')).toEqual(now)
    expect(all).toHaveLength(9)
  })

  test('when all is announced nothing is left', () => {
    const all = tasks(election({ state: 'announced' }, [1, 2], true))
    expect(standing(all, 'done')).toHaveLength(all.length)
    expect(all.flatMap(({ waits }) => waits)).toEqual([])
  })
})

describe('what a task waits for', () => {
  const waits = (name: TaskName, summary: ElectionSummary, circumstances?: Circumstances) =>
    tasks(summary, circumstances).find((task) => task.name === name)?.waits
  const start: ActOf<'start-keygen'> = {
    ...{ type: 'start-keygen', election: 'board' },
    ...{ attempt: 1, guardians: [1, 2, 3] },
  }
  const ready = election({ state: 'ready', keygen: keygen('done') }, [], true)

  test('the guardians who have yet to act, and in which step', () => {
    const running = (stage: Keygen['stage'], missing: number[]) =>
      waits('key', election({ state: 'keygen', keygen: keygen(stage, missing) }))
    expect(running('commit', [1, 3])).toEqual([{ for: 'guardians', names: ['Ada', 'Cem'], step: 'commit' }])
    expect(running('deal', [2])).toEqual([{ for: 'guardians', names: ['Ben'], step: 'deal' }])
    expect(waits('key', ready)).toEqual([])
  })

  test('somebody who proposes it, then whoever else may sign it', () => {
    for (const standing of [null, keygen('failed')]) {
      const summary = election({ keygen: standing })
      expect(waits('key', summary)).toEqual([{ for: 'proposal' }])
      const signed = waits('key', summary, { acts: [start] })
      expect(signed).toEqual([{ for: 'signatures', missing: 1, names: ['ben'] }])
    }
    const other = { acts: [{ ...start, election: 'another' }] }
    expect(waits('key', election(), other)).toEqual([{ for: 'proposal' }])
    const freeze: Act = { type: 'freeze-roll', roll: 'members', root: 0n, size: 2, totalWeight: 2n }
    expect(waits('freeze', election(), { acts: [freeze] })).toEqual([
      { for: 'signatures', missing: 1, names: ['ben', 'reg'] },
    ])
    const list: Act = { type: 'list-voters', roll: 'members', rows: 3, list: new Uint8Array(32) }
    expect(waits('roll', election(), { rolls: [], acts: [list] })).toEqual([
      { for: 'signatures', missing: 1, names: ['ben', 'reg'] },
    ])
    expect(waits('roll', election(), { rolls: [] })).toEqual([{ for: 'voters', roll: 'members' }])
    expect(waits('freeze', election(), { rolls: [] })).toEqual([{ for: 'voters', roll: 'members' }])
  })

  test('all that keeps an election from being opened, and what no other task mends', () => {
    expect(waits('open', election(), { owners: 1, refusal: 'keygen-attempt' })).toEqual([
      { for: 'owners' },
      { for: 'key' },
      { for: 'freezing', roll: 'members' },
    ])
    expect(waits('open', ready)).toEqual([{ for: 'proposal' }])
    for (const refusal of ['setup-mismatch', 'too-late']) {
      const all = tasks(ready, { refusal })
      expect(all.find(({ name }) => name === 'open')).toMatchObject({
        ...{ standing: 'later', waits: [{ for: 'refusal', code: refusal }] },
      })
    }
  })

  test('the guardians who have not decrypted, as many as are needed', () => {
    expect(waits('decrypt', election({ state: 'closed' }, [1], true))).toEqual([
      { for: 'decryption', missing: 1, names: ['Ben', 'Cem'] },
    ])
    expect(waits('decrypt', election({ state: 'open' }, [], true))).toEqual([])
    expect(waits('publish', election({ state: 'closed' }, [1, 3], true))).toEqual([{ for: 'proposal' }])
  })
})

test('each roll is a task of its own, and another process’s roll of the same name is not it', () => {
  const summary = election()
  const [contest] = summary.contests
  if (contest === undefined) throw new Error('a contest')
  const two = { ...summary, contests: [contest, { ...contest, roll: 'guests' }, contest] }
  const all = tasks(two, { rolls: [FILLED, { ...FILLED, process: 'other', roll: 'guests' }] })
  expect(
    all.filter(({ name }) => name === 'roll').map(({ roll, standing }) => [roll?.roll, standing]),
  ).toEqual([
    ['members', 'done'],
    ['guests', 'now'],
  ])
  const frozen = (all: readonly Task[]) =>
    all.flatMap(({ name, roll, standing }) => (name === 'freeze' ? [[roll?.roll, standing]] : []))
  expect(frozen(all)).toEqual([
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
  const both = tasks({ ...one, state: 'ready' }, { rolls: [FILLED, { ...FILLED, roll: 'guests' }] })
  expect(frozen(both)).toEqual([
    ['members', 'done'],
    ['guests', 'now'],
  ])
  expect(standing(both, 'later')).toContain('open')
})

test('a single owner prepares everything and opens nothing but practice', () => {
  const ready = (parts: Partial<ElectionSummary>) =>
    tasks(election({ state: 'ready', keygen: keygen('done'), ...parts }, [], true), { owners: 1 })
  expect(standing(ready({}), 'now')).toEqual(['owners'])
  expect(standing(ready({}), 'later')).toContain('open')
  expect(standing(ready({ practice: true }), 'now')).toEqual(['open'])
})
