// SPEC 12.8: statements put to a vote. Every rule of the gate with its exact refusal, and what an observer finds in a record
// that a server has bent.
import { beforeEach, describe, expect, test } from 'vitest'
import type { ActOf } from '#protocol/act.ts'
import { encodeEntry } from '#protocol/entry.ts'
import type { Contest, Manifest } from '#protocol/manifest.ts'
import { seedName } from '#protocol/opinion.ts'
import { admit } from '#tally/fold.ts'
import { People, textOf } from './people.ts'
import { Scene, START } from './scene.ts'
import { questionOf, sealedElection, statementPlan } from './questions.ts'
import { attachmentsOf } from './setup.ts'
import { failures, inspect, refusalOf } from './verifying.ts'

const FROGS = { en: 'Frogs need a pond', fi: 'Sammakot tarvitsevat lammen' }
const ASKED = { statement: seedName(FROGS), title: { en: FROGS.en } }
const SEALED = statementPlan()

let scene: Scene
let people: People
beforeEach(() => {
  scene = new Scene()
  scene.enrol()
  people = new People(scene, SEALED)
  scene.act({ type: 'seed-statements', statements: [FROGS] })
})

const question = (changes: Partial<Contest> = {}): Contest => questionOf(ASKED, changes)
const election = (contests: Contest[], changes: Partial<Manifest> = {}) =>
  sealedElection(scene, contests, changes)
const offered = (act: ActOf<'define-election' | 'plan-process'>) =>
  refusalOf(() => admit(scene.state, ['act', scene.signed(act)]))
const defined = (...contests: Contest[]) => offered(election(contests))
const through = (target: number, decision: 'restore' | 'hide' = 'restore') =>
  scene.act({
    ...({ type: 'moderate', target, earlier: 0, decision, note: { en: 'Read.' } } as const),
    reason: decision === 'restore' ? 'within-policy' : 'insult',
  })
const sound = async (entries = scene.entries) =>
  failures(await inspect(entries, { attachments: attachmentsOf('signal') }))

describe('a question that is a statement', () => {
  test('asks for an opinion on it, in its words', () => {
    expect(defined(question())).toBe('accepted')
    expect(defined(question({ title: { en: 'Frogs need a lake' } }))).toBe('statement-mismatch')
    expect(defined(question({ statement: seedName({ en: FROGS.en }) }))).toBe('unknown-contribution')
    expect(defined(question(), question())).toBe('statement-mismatch')
    // A language that the officials' words do not have is theirs to translate into; one of theirs must be there.
    const title = { ...FROGS, sv: 'Grodor behöver en damm' }
    const named = [
      { id: 'agree', title: { en: 'Agree', fi: 'Samaa mieltä', sv: 'Håller med' } },
      { id: 'disagree', title: { en: 'Disagree', fi: 'Eri mieltä', sv: 'Håller inte med' } },
    ]
    const texts = { en: 'Statements', fi: 'Väittämät', sv: 'Påståenden' }
    const wider = { languages: ['en', 'fi', 'sv'], title: texts, description: texts }
    const inThree = (asked: Record<string, string>) =>
      offered(election([question({ title: asked, options: named })], wider))
    expect(inThree(title)).toBe('accepted')
    expect(inThree({ ...title, fi: 'Sammakot eivät' })).toBe('statement-mismatch')
    const only = (all: Record<string, string>) => ({ sv: all['sv'] ?? '' })
    const inSwedish = {
      ...{ languages: ['sv'], title: only(texts), description: only(texts) },
    }
    const options = named.map((option) => ({ ...option, title: only(option.title) }))
    expect(offered(election([question({ title: only(title), options })], inSwedish))).toBe(
      'statement-mismatch',
    )
  })

  test.each<[string, Partial<Contest>]>([
    ['without a way to pass', { blank: false }],
    ['with weights', { weighted: true }],
    ['with an introduction', { description: { en: 'Everybody knows that they do.' } }],
    ['in drawn order', { order: 'rotated' }],
    ['with two winners', { count: { name: 'plurality', seats: 2 } }],
    ['with a currency', { currency: 'EUR' }],
    [
      'of another rule',
      { rule: { type: 'approval', min: 0n, max: 1n }, count: { name: 'approval', seats: 1 } },
    ],
    ['the other way round', { options: question().options.toReversed() }],
    ['with a third answer', { options: [...question().options, { id: 'maybe', title: { en: 'Maybe' } }] }],
    ['with one answer', { options: question().options.slice(0, 1) }],
    [
      'with more than names of answers',
      { options: question().options.map((one) => ({ ...one, description: { en: 'Of course.' } })) },
    ],
  ])('%s is none', (_, changes) => {
    expect(defined(question())).toBe('accepted')
    expect(defined(question(changes))).toBe('statement-mismatch')
  })

  test('is about one that stands', () => {
    const name = people.state(0, 'More trees')
    const asked = question({ statement: name, title: { en: 'More trees' } })
    expect(defined(asked)).toBe('statement-mismatch')
    const { index } = people.statement(name)
    through(index)
    expect(defined(asked)).toBe('accepted')
    people.act(0, { type: 'erase', target: index })
    expect(defined(asked)).toBe('statement-mismatch')
    const hidden = people.state(1, 'More fools')
    through(people.statement(hidden).index, 'hide')
    expect(defined(question({ statement: hidden }))).toBe('statement-mismatch')
  })

  test('goes on when that is taken back', async () => {
    const name = people.state(0, 'More trees')
    const { index } = people.statement(name)
    through(index)
    scene.act(election([question(), question({ statement: name, title: { en: 'More trees' } })]))
    people.act(0, { type: 'erase', target: index })
    expect(await sound()).toEqual([])
  })

  test('is of the same process', () => {
    const elsewhere = new Scene()
    elsewhere.enrol()
    const act = election([question()])
    expect(refusalOf(() => admit(elsewhere.state, ['act', elsewhere.signed(act)]))).toBe(
      'unknown-contribution',
    )
  })
})

describe('a process takes opinions sealed or in the open', () => {
  const open = statementPlan(['opinion'])

  test('not sealed where its plan takes them in the open', () => {
    scene.act(open)
    expect(defined(question())).toBe('statement-mismatch')
    scene.act(SEALED)
    expect(defined(question())).toBe('accepted')
  })

  test('not sealed where anybody has given one in the open', () => {
    scene.act(open)
    people.opine(0, ASKED.statement, 'agree')
    scene.act(SEALED)
    expect(defined(question())).toBe('statement-mismatch')
  })

  test('not in the open where statements were put to a vote', () => {
    expect(offered(open)).toBe('accepted')
    scene.act(election([question()]))
    expect(offered(open)).toBe('plan-invalid')
    expect(offered(SEALED)).toBe('accepted')
  })
})

describe('a record that a server has bent', () => {
  const appended = async (act: ActOf<'define-election' | 'plan-process'>) =>
    sound([...scene.entries, encodeEntry(['act', scene.signed(act)])])

  test('a question in other words, signed or not, is found out', async () => {
    const index = scene.state.size
    expect(await appended(election([question()]))).toEqual([])
    expect(await appended(election([question({ title: { en: 'Frogs need a lake' } })]))).toEqual([
      `V18@${index} statement-mismatch`,
    ])
    expect(await appended(election([question({ statement: textOf('?') })]))).toEqual([
      `V18@${index} unknown-contribution`,
    ])
  })

  test('and so is a plan that would take opinions in the open beside', async () => {
    scene.act(election([question()]))
    const index = scene.state.size
    const open = statementPlan(['opinion'])
    expect(await appended(open)).toEqual([`V18@${index} plan-invalid`])
  })
})

test('opinions are summed and never opened one by one', async () => {
  const closesAt = START + 2 * 3_600_000
  scene.act(election([question()], { opensAt: START, closesAt }))
  scene.keygen()
  scene.open()
  // Pass, agree, disagree; somebody changes their mind.
  const [pass, agree, disagree] = [
    [1n, 0n, 0n],
    [0n, 1n, 0n],
    [0n, 0n, 1n],
  ]
  scene.cast(0, pass)
  scene.cast(1, agree)
  scene.cast(2, disagree)
  scene.cast(2, agree)
  await scene.close()
  scene.tally()
  scene.publish()
  expect(scene.election.result?.contests).toMatchObject([
    { status: 'counted', ballots: 3, blank: 1n, sums: [2n, 0n] },
  ])
})
