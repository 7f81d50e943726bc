// SPEC 12.8: statements that officials let through, what people think of them, and that a changed opinion counts once. Every
// rule of the gate with its exact refusal, attacks on them, and the observer's run over it.
import { beforeEach, describe, expect, test } from 'vitest'
import { FIELD_ORDER } from '#crypto/babyjubjub.ts'
import type { ActOf } from '#protocol/act.ts'
import { seedName } from '#protocol/opinion.ts'
import type { Position } from '#protocol/position.ts'
import type { RefusalCode } from '#protocol/refusal.ts'
import type { Deed, Signal } from '#protocol/signal.ts'
import { admit } from '#tally/fold.ts'
import { stands } from '#tally/statements.ts'
import { People, planOf, textOf } from './people.ts'
import { PROCESS, Scene, START } from './scene.ts'
import { attachmentsOf } from './setup.ts'
import { failures, flip, inspect, refusalOf } from './verifying.ts'

const DAY = 86_400_000
const FROGS = { en: 'Frogs need a pond', fi: 'Sammakot tarvitsevat lammen' }
const SWINGS = { en: 'Swings are too loud' }
const SEED = seedName(FROGS)

let scene: Scene
let people: People
beforeEach(() => {
  scene = new Scene()
  scene.enrol()
  people = new People(scene)
  scene.act(seeding(FROGS, SWINGS))
})

function seeding(...statements: Readonly<Record<string, string>>[]): ActOf<'seed-statements'> {
  return { type: 'seed-statements', statements: statements.map((words) => ({ ...words })) }
}
const opinion = (statement: Uint8Array, position: Position = 'agree'): Deed => {
  return { type: 'opinion', statement, position }
}
const offered = (act: ActOf<'seed-statements' | 'moderate'>, within = scene) =>
  refusalOf(() => admit(within.state, ['act', within.signed(act)]))
const decision = (
  target: number,
  decision: 'hide' | 'label' | 'restore',
  earlier = 0,
): ActOf<'moderate'> => ({
  ...({ type: 'moderate', target, earlier, decision, note: { en: 'Read.' } } as const),
  reason: decision === 'restore' ? 'within-policy' : 'insult',
})
const totals = (name: Uint8Array) => people.statement(name).totals
const sound = async () => failures(await inspect(scene.entries, { attachments: attachmentsOf('signal') }))

describe('an opinion', () => {
  test('counts once, whatever it was before', async () => {
    people.opine(0, SEED, 'agree')
    people.opine(1, SEED, 'pass')
    expect(totals(SEED)).toEqual({ agree: 1, disagree: 0, pass: 1 })
    people.opine(0, SEED, 'disagree')
    people.opine(0, SEED, 'agree')
    people.opine(0, SEED, 'disagree')
    expect(totals(SEED)).toEqual({ agree: 0, disagree: 1, pass: 1 })
    expect(people.participation.opinions.map(({ person, position }) => [person, position])).toEqual([
      ...[
        [0, 'agree'],
        [1, 'pass'],
      ],
      ...[
        [0, 'disagree'],
        [0, 'agree'],
        [0, 'disagree'],
      ],
    ])
    expect(await sound()).toEqual([])
  })

  test('that is what they think already is none', () => {
    people.opine(0, SEED, 'agree')
    expect(people.asked(0, opinion(SEED))).toBe('wrong-state')
    expect(people.asked(1, opinion(SEED))).toBe('accepted')
    expect(people.asked(0, opinion(seedName(SWINGS)))).toBe('accepted')
  })

  test('is about a statement that is there, by its very words', () => {
    const reworded = seedName({ ...FROGS, en: 'Frogs need no pond' })
    expect(people.asked(0, opinion(reworded))).toBe('unknown-contribution')
    expect(people.asked(0, opinion(seedName({ en: FROGS.en })))).toBe('unknown-contribution')
  })

  test('stands under one name for all opinions in a process, and under none that says anything else', () => {
    const [first, second] = [people.signal(0, opinion(SEED)), people.signal(0, opinion(seedName(SWINGS)))]
    expect(second.nullifier).toBe(first.nullifier)
    const proposal = people.propose(1)
    const other: Deed[] = [
      { type: 'statement', text: textOf('More trees') },
      { type: 'support', proposal, on: true },
      { type: 'report', target: proposal, reason: 'spam' },
    ]
    const all = [first, ...other.map((deed) => people.signal(0, deed))].map(({ nullifier }) => nullifier)
    expect(new Set(all).size).toBe(4)
  })

  test('of the past cannot be played again', () => {
    const first = people.signal(0, opinion(SEED))
    people.send(first)
    people.opine(0, SEED, 'disagree')
    expect(people.judge(first)).toBe('signal-recorded')
    expect(people.judge({ ...first, proof: people.proof(first) })).toBe('signal-recorded')
    expect(people.judge({ ...first, sequence: 2 })).toBe('signal-proof-invalid')
    expect(people.judge(people.signal(0, opinion(SEED), { sequence: 0 }))).toBe('signal-recorded')
    expect(people.judge(people.signal(0, opinion(SEED, 'pass'), { sequence: 0 }))).toBe('signal-sequence')
    expect(people.judge(people.signal(0, opinion(SEED), { sequence: 3 }))).toBe('signal-sequence')
    expect(people.asked(0, opinion(SEED))).toBe('accepted')
    expect(people.signal(0, opinion(SEED)).sequence).toBe(2)
  })

  test('counts in the sequence whatever it is about', () => {
    people.opine(0, SEED, 'agree')
    expect(people.judge(people.signal(0, opinion(seedName(SWINGS)), { sequence: 0 }))).toBe('signal-sequence')
    people.state(0, 'More trees')
    expect(people.signal(0, opinion(seedName(SWINGS))).sequence).toBe(1)
  })

  test.each<[string, (signal: Signal) => Signal, RefusalCode]>([
    ['another position', (s) => ({ ...s, deed: opinion(SEED, 'disagree') }), 'signal-proof-invalid'],
    ['another statement', (s) => ({ ...s, deed: opinion(seedName(SWINGS)) }), 'signal-proof-invalid'],
    ['a nullifier of somebody else', (s) => ({ ...s, nullifier: 5n }), 'signal-proof-invalid'],
    [
      'the nullifier of the own pseudonym',
      (s) => ({ ...s, nullifier: people.signal(0, { type: 'statement', text: textOf('x') }).nullifier }),
      'signal-proof-invalid',
    ],
    ['a flipped bit of the proof', (s) => ({ ...s, proof: flip(s.proof, 100) }), 'signal-proof-invalid'],
    ['no proof', (s) => ({ ...s, proof: new Uint8Array(256) }), 'signal-proof-invalid'],
    ['another process', (s) => ({ ...s, process: 'town' }), 'unknown-process'],
  ])('with %s', (_, alter, code) => {
    const signal = people.signal(0, opinion(SEED))
    expect(people.judge(signal)).toBe('accepted')
    expect(people.judge(alter(signal))).toBe(code)
  })

  test('under the name of somebody who has given one', () => {
    people.opine(1, SEED, 'agree')
    const theirs = people.signal(1, opinion(SEED, 'disagree'))
    const own = people.signal(0, opinion(SEED, 'disagree'), { sequence: 1 })
    expect(people.judge(theirs)).toBe('accepted')
    expect(people.judge({ ...own, nullifier: theirs.nullifier })).toBe('signal-proof-invalid')
  })

  test('of somebody who is not on the roll', () => {
    const { root } = people.participation
    const stranger = { ...people.participation, root: (root + 1n) % FIELD_ORDER }
    people.process.participation = stranger
    const forged = people.signal(0, opinion(SEED))
    people.process.participation = { ...stranger, root }
    expect(people.judge(forged)).toBe('signal-proof-invalid')
  })

  test('given in another process in which the same people take part', () => {
    const elsewhere = people.signal(0, opinion(SEED), { process: 'town' })
    expect(elsewhere.nullifier).not.toBe(people.signal(0, opinion(SEED)).nullifier)
    expect(people.judge({ ...elsewhere, process: PROCESS })).toBe('signal-proof-invalid')
  })

  test('that was altered in the record is found out', async () => {
    const given = people.signal(0, opinion(SEED))
    const index = people.send({ ...given, deed: opinion(SEED, 'disagree') })
    expect(await sound()).toEqual([`V18@${index} signal-proof-invalid`])
  })

  test('that was left out of the record leaves a gap', async () => {
    people.opine(0, SEED, 'agree')
    people.opine(0, SEED, 'disagree')
    const entries = scene.entries.toSpliced(scene.entries.length - 2, 1)
    const found = failures(await inspect(entries, { attachments: attachmentsOf('signal') }))
    expect(found).toContain(`V18@${entries.length - 1} signal-sequence`)
  })
})

describe('a statement of somebody', () => {
  test('waits until officials let it through', async () => {
    const name = people.state(0, 'More trees')
    const { index } = people.statement(name)
    expect([...people.participation.waiting]).toEqual([[index, index]])
    expect(stands(people.statement(name))).toBe(false)
    expect(people.asked(1, opinion(name))).toBe('wrong-state')
    expect(people.asked(1, { type: 'report', target: index, reason: 'spam' })).toBe('wrong-state')
    expect(people.asked(0, { type: 'appeal', target: index, text: textOf('Why wait?') })).toBe('wrong-state')
    scene.act(decision(index, 'restore'))
    expect(people.participation.waiting.size).toBe(0)
    expect(offered(decision(index, 'restore', 1))).toBe('wrong-state')
    people.opine(1, name, 'agree')
    expect(stands(people.statement(name))).toBe(true)
    expect(await sound()).toEqual([])
  })

  test('that they do not let through stays away, until an appeal', () => {
    const name = people.state(0, 'More fools')
    const { index } = people.statement(name)
    scene.act(decision(index, 'hide'))
    expect(people.participation.waiting.size).toBe(0)
    expect(people.asked(1, opinion(name))).toBe('wrong-state')
    expect(people.asked(1, { type: 'appeal', target: index, text: textOf('No!') })).toBe('signal-not-theirs')
    people.act(0, { type: 'appeal', target: index, text: textOf('I am one') })
    expect([...people.participation.waiting.keys()]).toEqual([index])
  })

  test('takes no opinions once it is hidden or erased; those given stay', () => {
    const [hidden, erased] = [people.state(0, 'One'), people.state(0, 'Two')]
    for (const name of [hidden, erased]) {
      scene.act(decision(people.statement(name).index, 'label'))
      people.opine(1, name, 'agree')
    }
    scene.act(decision(people.statement(hidden).index, 'hide', 1))
    expect(people.asked(1, { type: 'erase', target: people.statement(erased).index })).toBe(
      'signal-not-theirs',
    )
    people.act(0, { type: 'erase', target: people.statement(erased).index })
    for (const name of [hidden, erased]) {
      expect(people.asked(2, opinion(name))).toBe('wrong-state')
      expect([stands(people.statement(name)), totals(name).agree]).toEqual([false, 1])
    }
  })

  test('is nothing to comment on, and its words stay as they are', () => {
    const { index } = people.statement(people.state(0, 'More trees'))
    scene.act(decision(index, 'restore'))
    const text = textOf('Why?')
    expect(people.asked(1, { type: 'comment', about: index, stance: 'question', text })).toBe(
      'unknown-contribution',
    )
    expect(people.asked(0, { type: 'edit', comment: index, text })).toBe('unknown-contribution')
    expect(people.asked(0, { type: 'revise', proposal: index, text })).toBe('unknown-proposal')
  })

  test('has words of its own, and no more than so many come from one person in a day', () => {
    people.state(0, 'One')
    for (const text of [textOf('One'), SEED])
      expect(people.asked(1, { type: 'statement', text })).toBe('text-recorded')
    for (const text of ['Two', 'Three']) people.state(0, text)
    expect(people.asked(0, { type: 'statement', text: textOf('Four') })).toBe('signal-limit')
    expect(people.asked(1, { type: 'statement', text: textOf('Four') })).toBe('accepted')
    expect(people.asked(0, opinion(SEED))).toBe('accepted')
  })
})

describe('statements of officials', () => {
  test('are there to begin with, in their order, each once', () => {
    expect([...people.participation.statements.values()]).toMatchObject([
      { number: 0, seed: FROGS, said: undefined },
      { number: 1, seed: SWINGS },
    ])
    expect(offered(seeding({ en: 'New' }, FROGS))).toBe('already-exists')
    expect(offered(seeding({ en: 'New' }, { en: 'New' }))).toBe('already-exists')
    expect(offered(seeding({ en: 'New' }))).toBe('accepted')
    expect(people.statement(people.state(0, 'Third')).number).toBe(2)
  })

  test('need people to ask', () => {
    const empty = new Scene()
    empty.enrol()
    expect(offered(seeding(FROGS), empty)).toBe('wrong-state')
  })
})

describe('the plan', () => {
  test('says until when statements are taken, and until when opinions', () => {
    people.passTo(10)
    expect(people.asked(0, { type: 'statement', text: textOf('Late') })).toBe('signal-not-now')
    expect(people.asked(0, opinion(SEED))).toBe('accepted')
    people.passTo(20)
    expect(people.asked(0, opinion(SEED))).toBe('signal-not-now')
  })

  test('may change, and what was said stays', () => {
    people.opine(0, SEED, 'agree')
    const phase = { title: { en: 'More' }, opensAt: START, closesAt: START + 60 * DAY }
    scene.act(planOf({ phases: [{ ...phase, allows: ['opinion'] }] }))
    people.opine(0, SEED, 'disagree')
    expect(totals(SEED)).toEqual({ agree: 0, disagree: 1, pass: 0 })
  })
})
