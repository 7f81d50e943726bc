// SPEC 12.1, 12.2, 12.3: what people do in a process beside voting. Every rule of the gate with its exact refusal, and the
// observer's run over it.
import { beforeEach, describe, expect, test } from 'vitest'
import { FIELD_ORDER } from '#crypto/babyjubjub.ts'
import { commitment } from '#circuits/credential.ts'
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import type { ActOf } from '#protocol/act.ts'
import type { RefusalCode } from '#protocol/refusal.ts'
import { type Deed, type Signal, signalContent } from '#protocol/signal.ts'
import { admit } from '#tally/fold.ts'
import { People, planOf, textOf } from './people.ts'
import { checkpointOf } from './record.ts'
import { PROCESS, Scene, START } from './scene.ts'
import { attachmentsOf } from './setup.ts'
import { failures, flip, inspect, refusalOf } from './verifying.ts'

const DAY = 86_400_000

let scene: Scene
let people: People
beforeEach(() => {
  scene = new Scene()
  scene.enrol()
  people = new People(scene)
})

const judge = (signal: Signal) => people.judge(signal)
const asked = (person: number, deed: Deed) => people.asked(person, deed)
const support = (proposal: number, on = true): Deed => ({ type: 'support', proposal, on })
const answer = (proposal: number): ActOf<'answer-proposal'> => ({
  type: 'answer-proposal',
  proposal,
  office: { en: 'Parks' },
  decision: 'adopted',
  reasons: { en: 'There is room.' },
})
const newcomers = (): ActOf<'add-to-roll'> => ({
  type: 'add-to-roll',
  roll: 'newcomers',
  credentials: [{ commitment: commitment(77n), weight: 1n, row: new Uint8Array(32) }],
})
const offered = (act: ActOf<'answer-proposal' | 'plan-process'>) =>
  refusalOf(() => admit(scene.state, ['act', scene.signed(act)]))

describe('a proposal', () => {
  test('gathers support until an answer is owed, and is answered', async () => {
    const proposal = people.propose(0)
    people.passTo(3)
    people.act(1, support(proposal))
    expect(people.proposal(proposal)).toMatchObject({ support: 1, reached: undefined })
    const last = people.act(2, support(proposal))
    const time = START + 3 * DAY
    expect(people.proposal(proposal)).toMatchObject({
      support: 2,
      reached: { index: last, time, due: time + 30 * DAY },
    })
    const index = scene.act(answer(proposal))
    expect(people.proposal(proposal).answer).toMatchObject({ index, act: { decision: 'adopted' } })

    const findings = await inspect(scene.entries, { attachments: attachmentsOf('signal') })
    expect(failures(findings)).toEqual([])
    expect(findings.find(({ check }) => check === 'V18')?.status).toBe('passed')
    expect(findings.some(({ check, status }) => check === 'V5' && status === 'passed')).toBe(true)
  })

  test('keeps the support that each person has now, and the answer that was owed once', () => {
    const proposal = people.propose(0)
    for (const person of [0, 1]) people.act(person, support(proposal))
    const { reached } = people.proposal(proposal)
    expect(reached).toBeDefined()
    people.act(1, support(proposal, false))
    expect(people.proposal(proposal)).toMatchObject({ support: 1, reached })
    people.act(1, support(proposal))
    expect(people.proposal(proposal)).toMatchObject({ support: 2, reached })
  })

  test('is revised by its author until somebody supports it, and its history stays', () => {
    const proposal = people.propose(0, 'A pond')
    const revise: Deed = { type: 'revise', proposal, text: textOf('A larger pond') }
    expect(asked(1, revise)).toBe('signal-not-theirs')
    people.act(0, revise)
    expect(people.proposal(proposal).texts.map((text) => text.commitment)).toEqual([
      textOf('A pond'),
      textOf('A larger pond'),
    ])
    people.act(1, support(proposal))
    expect(asked(0, { ...revise, text: textOf('A lake') })).toBe('wrong-state')
  })

  test('is withdrawn by its author alone, whatever the phase, unless it is answered', () => {
    const [first, second] = [people.propose(0), people.propose(1, 'Benches')]
    people.passTo(30)
    expect(asked(1, { type: 'withdraw', proposal: first })).toBe('signal-not-theirs')
    people.act(0, { type: 'withdraw', proposal: first })
    expect(people.proposal(first).withdrawn?.time).toBe(START + 30 * DAY)
    expect(offered(answer(first))).toBe('wrong-state')
    scene.act(answer(second))
    expect(asked(1, { type: 'withdraw', proposal: second })).toBe('wrong-state')
    expect(offered(answer(second))).toBe('wrong-state')
  })

  test('is merged by its author into another of which something is open, and its support stays behind', () => {
    const [first, second, third] = [
      people.propose(0),
      people.propose(1, 'Benches'),
      people.propose(2, 'Trees'),
    ]
    people.act(1, support(first))
    const merge = { type: 'withdraw', proposal: first, into: second } as const
    expect(asked(1, merge)).toBe('signal-not-theirs')
    expect(asked(0, { ...merge, into: first })).toBe('wrong-state')
    expect(asked(0, { ...merge, into: 4 })).toBe('unknown-proposal')
    scene.act(answer(third))
    expect(asked(0, { ...merge, into: third })).toBe('wrong-state')
    people.act(0, merge)
    expect(people.proposal(first).withdrawn?.into).toBe(second)
    expect(people.proposal(second)).toMatchObject({ merged: [first], support: 0 })
    expect(asked(1, { type: 'withdraw', proposal: second, into: first })).toBe('wrong-state')
  })

  test('that does not exist', () => {
    expect(asked(0, support(4))).toBe('unknown-proposal')
    expect(asked(0, { type: 'withdraw', proposal: 4 })).toBe('unknown-proposal')
    expect(offered(answer(4))).toBe('unknown-proposal')
  })
})

describe('one person', () => {
  test('supports a proposal once', () => {
    const proposal = people.propose(0)
    const given = people.signal(1, support(proposal))
    expect(judge(given)).toBe('accepted')
    people.send(given)
    expect(judge(given)).toBe('signal-recorded')
    expect(judge({ ...given, proof: people.proof(given) })).toBe('signal-recorded')
    expect(asked(1, support(proposal))).toBe('wrong-state')
    expect(judge(people.signal(1, support(proposal, false), { sequence: 0 }))).toBe('signal-sequence')
  })

  test('cannot replay an earlier deed', () => {
    const proposal = people.propose(0)
    const given = people.signal(1, support(proposal))
    people.send(given)
    people.act(1, support(proposal, false))
    expect(judge(given)).toBe('signal-recorded')
    expect(judge({ ...given, sequence: 2 })).toBe('signal-proof-invalid')
  })

  test('writes so many texts a day', () => {
    const proposal = people.propose(0, '1')
    for (const text of ['2', '3']) people.act(0, { type: 'revise', proposal, text: textOf(text) })
    const more: Deed = { type: 'propose', text: textOf('4') }
    expect(asked(0, more)).toBe('signal-limit')
    expect(asked(1, more)).toBe('accepted')
    people.act(0, { type: 'withdraw', proposal })
    people.passTo(1)
    expect(asked(0, more)).toBe('accepted')
  })

  test('has one pseudonym in a process, and nothing that links it to support', () => {
    const [first, second] = [people.propose(0, '1'), people.propose(0, '2')]
    people.act(0, support(first))
    people.act(0, support(second))
    const { author } = people.proposal(first)
    expect(people.proposal(second).author).toBe(author)
    const supporters = [first, second].flatMap((one) => [...people.proposal(one).supporters.keys()])
    expect(new Set([author, ...supporters]).size).toBe(3)
  })
})

describe('only people on the roll, only what they said', () => {
  const propose: Deed = { type: 'propose', text: textOf('A pond') }

  test.each<[string, (signal: Signal) => Signal, RefusalCode]>([
    [
      'another text',
      (s) => ({ ...s, deed: { type: 'propose', text: textOf('A ponds') } }),
      'signal-proof-invalid',
    ],
    ['another sequence number', (s) => ({ ...s, sequence: 1 }), 'signal-sequence'],
    ['another nullifier', (s) => ({ ...s, nullifier: s.nullifier ^ 1n }), 'signal-proof-invalid'],
    ['a nullifier of somebody else', (s) => ({ ...s, nullifier: 5n }), 'signal-proof-invalid'],
    ['a flipped bit of the proof', (s) => ({ ...s, proof: flip(s.proof, 100) }), 'signal-proof-invalid'],
    ['no proof', (s) => ({ ...s, proof: new Uint8Array(256) }), 'signal-proof-invalid'],
    ['another process', (s) => ({ ...s, process: 'town' }), 'unknown-process'],
  ])('%s', (_, alter, code) => {
    const signal = people.signal(0, propose)
    expect(judge(signal)).toBe('accepted')
    expect(judge(alter(signal))).toBe(code)
  })

  test('a proof over another roll', () => {
    const root = people.participation.root
    const signal = people.signal(0, propose)
    const stranger = { ...people.participation, root: (root + 1n) % FIELD_ORDER }
    people.process.participation = stranger
    const forged = people.signal(0, propose)
    people.process.participation = { ...stranger, root }
    expect(judge(forged)).toBe('signal-proof-invalid')
    expect(judge(signal)).toBe('accepted')
  })

  test('a deed of another process in which the same people take part', () => {
    const elsewhere = people.signal(0, propose, { process: 'town' })
    expect(elsewhere.nullifier).not.toBe(people.signal(0, propose).nullifier)
    expect(judge({ ...elsewhere, process: PROCESS })).toBe('signal-proof-invalid')
  })

  test('an altered record is found out, entry by entry', async () => {
    const proposal = people.propose(0)
    const given = people.signal(1, support(proposal))
    const index = people.send({ ...given, proof: new Uint8Array(256) })
    const findings = await inspect(scene.entries, { attachments: attachmentsOf('signal') })
    expect(failures(findings)).toEqual([`V18@${index} signal-proof-invalid`])
    const keyless = await inspect(scene.entries, { attachments: [] })
    expect(failures(keyless)).toEqual(
      expect.arrayContaining(['V5 setup-unsound', `V18@${index} key-unsound`]),
    )
  })
})

describe('the plan', () => {
  test('opens and closes what people may do', () => {
    const proposal = people.propose(0)
    people.passTo(10)
    expect(asked(0, { type: 'propose', text: textOf('Late') })).toBe('signal-not-now')
    expect(asked(0, { type: 'revise', proposal, text: textOf('Late') })).toBe('signal-not-now')
    expect(asked(1, support(proposal))).toBe('accepted')
    people.passTo(20)
    expect(asked(1, support(proposal))).toBe('signal-not-now')
  })

  test('may change, and what was said stays', () => {
    const proposal = people.propose(0)
    const phase = { title: { en: 'More' }, opensAt: START + 50 * DAY, closesAt: START + 60 * DAY }
    scene.act(planOf({ phases: [{ ...phase, allows: ['support'] }] }))
    expect(people.process.plans).toHaveLength(2)
    expect(asked(1, support(proposal))).toBe('signal-not-now')
    people.passTo(55)
    expect(asked(1, support(proposal))).toBe('accepted')
  })

  test('lets people of a later roll take part, and those of the earlier one only if they are on it', () => {
    const proposal = people.propose(0)
    const before = people.signal(1, support(proposal))
    scene.act(newcomers())
    expect(offered(planOf({}, { roll: 'newcomers' }))).toBe('roll-not-frozen')
    scene.freeze('newcomers')
    scene.act(planOf({}, { roll: 'newcomers' }))
    expect(people.participation.eligible).toBe(1)
    expect(judge(before)).toBe('signal-proof-invalid')
    expect(people.participation.proposals.size).toBe(1)
  })

  test('of another roll since then: a run that does not believe an earlier one judges by the roll of the time', async () => {
    const bad = people.signal(1, { type: 'propose', text: textOf('A lake') })
    people.propose(0)
    const index = people.send({ ...bad, proof: new Uint8Array(256) })
    scene.act(newcomers())
    scene.freeze('newcomers')
    scene.act(planOf({}, { roll: 'newcomers' }))
    const attachments = attachmentsOf('signal')
    for (const judged of [undefined, { size: scene.entries.length, root: new Uint8Array(32) }])
      expect(failures(await inspect(scene.entries, { attachments, judged }))).toEqual([
        `V18@${index} signal-proof-invalid`,
      ])
    const { root, size } = parseCheckpoint(checkpointOf(scene.entries))
    expect(failures(await inspect(scene.entries, { attachments, judged: { root, size } }))).toEqual([])
  })

  test('that cannot be', () => {
    expect(offered(planOf({}, { roll: 'nobody' }))).toBe('unknown-roll')
    const { participation, ...silent } = planOf()
    expect(participation).toBeDefined()
    expect(offered(silent)).toBe('plan-invalid')
    const other = new Scene()
    other.enrol()
    expect(refusalOf(() => other.act(silent))).toBe('accepted')
    const signal = people.signal(0, { type: 'propose', text: textOf('A pond') })
    expect(refusalOf(() => other.offer(['signal', signalContent(signal)]))).toBe('signal-not-now')
  })
})
