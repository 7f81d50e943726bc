// SPEC 12.5, 12.6: comments in threads, their edits, and erasure. Every rule of the gate with its exact refusal, attacks on
// them, and the observer's run over it.
import { beforeEach, describe, expect, test } from 'vitest'
import { FIELD_ORDER } from '#crypto/babyjubjub.ts'
import type { RefusalCode } from '#protocol/refusal.ts'
import type { Deed, Signal } from '#protocol/signal.ts'
import { People, planOf, textOf } from './people.ts'
import { ocdsText, promiseOf, publishing } from './promises.ts'
import { PROCESS, Scene, START } from './scene.ts'
import { attachmentsOf } from './setup.ts'
import { failures, flip, inspect } from './verifying.ts'

const DAY = 86_400_000

let scene: Scene
let people: People
let proposal: number
beforeEach(() => {
  scene = new Scene()
  scene.enrol()
  people = new People(scene, planOf({}, { daily: 20 }))
  proposal = people.propose(0)
})

const comment = (about: number, text = 'Why not?'): Deed => ({
  ...{ type: 'comment', about, stance: 'question', text: textOf(text) },
})
const edit = (index: number, text = 'Why so?'): Deed => ({
  ...{ type: 'edit', comment: index, text: textOf(text) },
})
const erase = (target: number): Deed => ({ type: 'erase', target })
const commitments = (index: number) => people.contribution(index).texts.map((text) => text.commitment)

describe('a thread', () => {
  test('grows under a proposal, counted at each of its places', async () => {
    const first = people.comment(1, proposal, 'Good', 'for')
    const second = people.comment(2, proposal, 'Too dear', 'against')
    const reply = people.comment(0, second, 'How dear?', 'question')
    people.comment(2, reply, 'Very', 'remark')
    expect(people.contribution(proposal)).toMatchObject({
      replies: [first, second],
      stances: { for: 1, against: 1, question: 0, remark: 0 },
      thread: 4,
    })
    expect(people.contribution(second)).toMatchObject({ about: proposal, depth: 1, thread: 2 })
    expect(people.contribution(reply)).toMatchObject({ about: second, root: proposal, depth: 2, thread: 1 })
    const findings = await inspect(scene.entries, { attachments: attachmentsOf('signal') })
    expect(failures(findings)).toEqual([])
  })

  test('goes eight comments deep', () => {
    let deepest = proposal
    for (let depth = 1; depth <= 8; depth++) deepest = people.comment(1, deepest, `Deeper ${depth}`)
    expect(people.contribution(deepest)).toMatchObject({ depth: 8, root: proposal })
    expect(people.asked(1, comment(deepest))).toBe('thread-too-deep')
    expect(people.asked(1, comment(proposal))).toBe('accepted')
  })

  test('grows under what officials promise and publish, as under a proposal', () => {
    const document: unknown = JSON.parse(ocdsText('portland-record'))
    const publication = scene.act(publishing(document))
    expect(people.asked(1, comment(publication + 1))).toBe('unknown-contribution')
    scene.act({
      ...{ type: 'answer-proposal', proposal, decision: 'adopted' },
      ...{ office: { en: 'Parks' }, reasons: { en: 'Good.' } },
    })
    const promise = scene.act(promiseOf({ proposal }))
    const first = people.comment(1, publication, 'Clause 4 is missing', 'against')
    let deepest = people.comment(2, first, 'Which?', 'question')
    expect(people.participation.documents.get(publication)).toEqual({
      ...{ index: publication, depth: 0, replies: [first], thread: 2 },
      stances: { for: 0, against: 1, question: 0, remark: 0 },
    })
    expect(people.contribution(deepest)).toMatchObject({ about: first, root: publication, depth: 2 })
    expect(people.participation.documents.has(promise)).toBe(false)
    people.comment(0, promise, 'By when?')
    expect(people.participation.documents.get(promise)?.thread).toBe(1)
    for (let depth = 3; depth <= 8; depth++) deepest = people.comment(1, deepest, `Deeper ${depth}`)
    expect(people.asked(1, comment(deepest))).toBe('thread-too-deep')
    // Nothing else that officials sign, and nothing of another process.
    for (const other of [people.participation.frozen, 0])
      expect(people.asked(1, comment(other))).toBe('unknown-contribution')
    people.passTo(20)
    expect(people.asked(1, comment(publication))).toBe('signal-not-now')
  })

  test('has a beginning that is there, and stands', () => {
    expect(people.asked(1, comment(2))).toBe('unknown-contribution')
    expect(people.asked(1, edit(proposal))).toBe('unknown-contribution')
    people.act(0, { type: 'withdraw', proposal })
    expect(people.asked(1, comment(proposal))).toBe('wrong-state')
  })

  test('belongs to its process', () => {
    scene.act(planOf())
    const elsewhere = people.signal(1, comment(proposal), { process: 'town' })
    expect(people.judge({ ...elsewhere, process: PROCESS })).toBe('signal-proof-invalid')
    expect(people.judge(elsewhere)).toBe('unknown-process')
    expect(people.judge(people.signal(1, comment(proposal)))).toBe('accepted')
  })

  test('grows as long as the plan lets it', () => {
    const index = people.comment(1, proposal, 'Good')
    people.passTo(20)
    expect(people.asked(1, comment(proposal))).toBe('signal-not-now')
    expect(people.asked(1, edit(index))).toBe('signal-not-now')
    expect(people.asked(1, erase(index))).toBe('accepted')
  })
})

describe('a comment', () => {
  test('is edited by its author, and keeps its history', () => {
    const index = people.comment(1, proposal, 'Good')
    expect(people.asked(2, edit(index))).toBe('signal-not-theirs')
    people.act(1, edit(index, 'Very good'))
    expect(commitments(index)).toEqual([textOf('Good'), textOf('Very good')])
  })

  test('counts with all that one person writes in a day', () => {
    for (let i = 0; i < 20; i++) people.comment(1, proposal, `${i}`)
    expect(people.asked(1, comment(proposal))).toBe('signal-limit')
    expect(people.asked(1, { type: 'propose', text: textOf('A lake') })).toBe('signal-limit')
    expect(people.asked(2, comment(proposal))).toBe('accepted')
    people.passTo(1)
    expect(people.asked(1, comment(proposal))).toBe('accepted')
  })

  test('stands under the pseudonym of its process, which no other process shares', () => {
    const index = people.comment(0, proposal, 'It is mine')
    expect(people.contribution(index).author).toBe(people.contribution(proposal).author)
    expect(people.signal(0, comment(proposal), { process: 'town' }).nullifier).not.toBe(
      people.contribution(index).author,
    )
  })
})

describe('only people on the roll, only what they said', () => {
  test.each<[string, (signal: Signal) => Signal, RefusalCode]>([
    ['another text', (s) => altered(s, { text: textOf('Why?') }), 'signal-proof-invalid'],
    ['another stance', (s) => altered(s, { stance: 'for' }), 'signal-proof-invalid'],
    ['under another comment', (s) => altered(s, { about: proposal + 1 }), 'signal-proof-invalid'],
    ['by somebody else', (s) => ({ ...s, nullifier: s.nullifier ^ 1n }), 'signal-proof-invalid'],
    ['with a flipped bit of the proof', (s) => ({ ...s, proof: flip(s.proof, 9) }), 'signal-proof-invalid'],
    ['at another place', (s) => ({ ...s, sequence: 4 }), 'signal-sequence'],
  ])('%s', (_, alter, code) => {
    people.comment(1, proposal, 'Good')
    const signal = people.signal(2, comment(proposal))
    expect(people.judge(signal)).toBe('accepted')
    expect(people.judge(alter(signal))).toBe(code)
  })

  test('somebody who is not on the roll', () => {
    const { root } = people.participation
    const stranger = { ...people.participation, root: (root + 1n) % FIELD_ORDER }
    people.process.participation = stranger
    const forged = people.signal(0, comment(proposal))
    people.process.participation = { ...stranger, root }
    expect(people.judge(forged)).toBe('signal-proof-invalid')
    expect(people.asked(0, comment(proposal))).toBe('accepted')
  })

  test('the same again', () => {
    const signal = people.signal(1, comment(proposal))
    people.send(signal)
    expect(people.judge(signal)).toBe('signal-recorded')
    expect(people.judge({ ...signal, proof: people.proof(signal) })).toBe('signal-recorded')
  })

  // Else whoever erased their own would erase the text of both.
  test('a text that somebody has committed to before', () => {
    const index = people.comment(1, proposal, 'Good')
    for (const deed of [comment(proposal, 'Good'), edit(index, 'Good')])
      expect(people.asked(1, deed)).toBe('text-recorded')
    expect(people.asked(2, comment(proposal, 'Good'))).toBe('text-recorded')
    expect(people.asked(2, { type: 'propose', text: textOf('Good') })).toBe('text-recorded')
    people.act(1, erase(index))
    expect(people.asked(2, comment(proposal, 'Good'))).toBe('text-recorded')
    expect(people.asked(2, comment(proposal, 'Better'))).toBe('accepted')
  })
})

describe('erasure', () => {
  test('takes all texts of a contribution, and nothing of its thread', () => {
    const index = people.comment(1, proposal, 'Good')
    people.act(1, edit(index, 'Very good'))
    const reply = people.comment(2, index, 'No')
    const other = people.comment(1, proposal, 'Still here')
    const at = people.act(1, erase(index))
    expect(people.contribution(index)).toMatchObject({ erased: { index: at, time: START }, replies: [reply] })
    expect(kept(index)).toEqual(['erased', 'erased'])
    expect([...kept(reply), ...kept(other), ...kept(proposal)]).toEqual(['kept', 'kept', 'kept'])
  })

  test('is final', () => {
    const index = people.comment(1, proposal, 'Good')
    people.act(1, erase(index))
    expect(people.asked(1, erase(index))).toBe('wrong-state')
    expect(people.asked(1, edit(index))).toBe('wrong-state')
    expect(people.asked(2, comment(index))).toBe('wrong-state')
  })

  test('of a proposal ends it, but not the answer that is owed', () => {
    const support: Deed = { type: 'support', proposal, on: true }
    for (const person of [0, 1]) people.act(person, support)
    people.act(0, erase(proposal))
    expect(people.proposal(proposal).reached).toBeDefined()
    for (const deed of [support, { type: 'withdraw', proposal } as const, comment(proposal)])
      expect(people.asked(2, deed)).toBe('wrong-state')
    const reasons = { en: 'It was a good idea.' }
    const answer = { type: 'answer-proposal', proposal, office: { en: 'Parks' } } as const
    scene.act({ ...answer, decision: 'adopted', reasons })
    expect(people.proposal(proposal).answer).toBeDefined()
  })

  test('is the author’s alone, whatever the phase', () => {
    const index = people.comment(1, proposal, 'Good')
    people.passTo(30)
    expect(people.asked(2, erase(index))).toBe('signal-not-theirs')
    expect(people.asked(1, erase(proposal))).toBe('signal-not-theirs')
    expect(people.asked(1, erase(2))).toBe('unknown-contribution')
    const time = START + 30 * DAY
    people.act(1, erase(index))
    expect(people.contribution(index).erased?.time).toBe(time)
  })

  test('leaves a record that verifies', async () => {
    people.act(1, erase(people.comment(1, proposal, 'Good')))
    const findings = await inspect(scene.entries, { attachments: attachmentsOf('signal') })
    expect(failures(findings)).toEqual([])
  })
})

test('an observer finds the erasure of somebody else’s words', async () => {
  const index = people.comment(1, proposal, 'Good')
  const foreign = people.signal(2, erase(index))
  const attack = people.entry(foreign)
  const findings = await inspect([...scene.entries, attack], { attachments: attachmentsOf('signal') })
  expect(failures(findings)).toEqual([`V18@${scene.entries.length} signal-not-theirs`])
})

function altered(signal: Signal, changes: object): Signal {
  return { ...signal, deed: { ...signal.deed, ...changes } }
}

function kept(index: number) {
  return commitments(index).map((own) => scene.state.texts.get(Buffer.from(own).toString('hex')))
}
