// SPEC 12.10: the end of a process. What must be done before, what is refused afterwards and what is not, and an observer who
// finds what came after it.
import { beforeEach, describe, expect, test } from 'vitest'
import type { Act, ActOf } from '#protocol/act.ts'
import { encodeEntry } from '#protocol/entry.ts'
import type { Deed } from '#protocol/signal.ts'
import { admit } from '#tally/fold.ts'
import { intentMessage } from '#tally/guardian.ts'
import { People, planOf, textOf } from './people.ts'
import { PROCESS, Scene } from './scene.ts'
import { attachmentsOf } from './setup.ts'
import { failures, inspect, refusalOf } from './verifying.ts'

const ended = (changes: Partial<ActOf<'archive-process'>> = {}): ActOf<'archive-process'> => ({
  type: 'archive-process',
  outcome: { en: 'There will be a pond.' },
  contributions: { en: 'The plan of the park takes up what was said.' },
  ...changes,
})

let scene: Scene
let people: People
let proposal: number
let comment: number
const asked = (act: Act) => refusalOf(() => admit(scene.state, ['act', scene.signed(act)]))

describe('a process of proposals', () => {
  beforeEach(() => {
    scene = new Scene()
    scene.enrol()
    people = new People(scene, planOf({}, { daily: 20 }))
    proposal = people.propose(0)
    comment = people.comment(1, proposal, 'You fool')
  })

  test('ends when its last phase is over, and not before', () => {
    people.passTo(19)
    expect(asked(ended())).toBe('outcome-early')
    people.passTo(20)
    const index = scene.act(ended())
    expect(people.process.archived).toMatchObject({
      index,
      act: { outcome: { en: 'There will be a pond.' } },
    })
    expect(asked(ended())).toBe('process-archived')
  })

  test('ends by the phases that were planned last', () => {
    people.passTo(20)
    const { phases } = planOf()
    scene.act(planOf({ phases: phases.map((one) => ({ ...one, closesAt: one.closesAt + 86_400_000 })) }))
    expect(asked(ended())).toBe('outcome-early')
    people.passTo(21)
    expect(asked(ended())).toBe('accepted')
  })

  test('owes no answer any more', () => {
    for (const person of [1, 2]) people.act(person, { type: 'support', proposal, on: true })
    people.passTo(20)
    expect(asked(ended())).toBe('outcome-early')
    people.act(0, { type: 'withdraw', proposal })
    expect(asked(ended())).toBe('accepted')
  })

  test('says what came of it in its languages', () => {
    people.passTo(20)
    const both = { en: 'Yes', fi: 'Kyllä' }
    expect(asked(ended({ outcome: both }))).toBe('outcome-invalid')
    expect(asked(ended({ contributions: { fi: 'Kyllä' } }))).toBe('outcome-invalid')
    scene.act(planOf({ purpose: both }))
    expect(asked(ended())).toBe('outcome-invalid')
    expect(asked(ended({ outcome: both, contributions: both }))).toBe('accepted')
  })

  test('takes nothing more, as an observer finds too', async () => {
    people.act(2, { type: 'report', target: comment, reason: 'insult' })
    people.passTo(20)
    scene.act(ended())
    const deeds: Deed[] = [
      { type: 'propose', text: textOf('A lake') },
      { type: 'revise', proposal, text: textOf('A lake') },
      { type: 'withdraw', proposal },
      { type: 'support', proposal, on: true },
      { type: 'comment', about: proposal, stance: 'for', text: textOf('Yes') },
      { type: 'edit', comment, text: textOf('Yes') },
      { type: 'report', target: proposal, reason: 'spam' },
    ]
    expect(new Set(deeds.map((deed) => people.asked(0, deed)))).toEqual(new Set(['process-archived']))
    const answer = { office: { en: 'Parks' }, reasons: { en: 'Yes' } }
    const acts: Act[] = [
      planOf(),
      { type: 'list-voters', roll: 'late', rows: 1, list: new Uint8Array(32) },
      { type: 'answer-proposal', proposal, decision: 'adopted', ...answer },
    ]
    expect(new Set(acts.map(asked))).toEqual(new Set(['process-archived']))

    const attachments = attachmentsOf('signal')
    const late = people.entry(people.signal(0, { type: 'propose', text: textOf('A lake') }))
    const act = encodeEntry(['act', scene.signed(planOf())])
    for (const attack of [late, act])
      expect(failures(await inspect([...scene.entries, attack], { attachments }))).toEqual([
        `V18@${scene.entries.length} process-archived`,
      ])
    expect(failures(await inspect(scene.entries, { attachments }))).toEqual([])
  })

  test('lets authors erase and appeal, and officials decide what waits', () => {
    const sent = people.signal(2, { type: 'report', target: comment, reason: 'insult' })
    people.send(sent)
    people.passTo(20)
    scene.act(ended())
    expect(people.judge(sent)).toBe('signal-recorded')
    const note = { en: 'It is one.' }
    scene.act({ type: 'moderate', target: comment, earlier: 0, decision: 'hide', reason: 'insult', note })
    people.act(1, { type: 'appeal', target: comment, text: textOf('A joke') })
    people.act(1, { type: 'erase', target: comment })
    scene.act({ type: 'erase-text', target: proposal, reason: 'unlawful', note })
    expect([...scene.state.texts.values()]).toEqual(['erased', 'erased', 'erased'])
  })
})

test('nothing was planned', () => {
  scene = new Scene()
  scene.enrol()
  expect(asked(ended())).toBe('outcome-early')
})

test('a process with a vote ends once that is counted, and what was promised goes on', async () => {
  scene = new Scene()
  scene.prepare()
  scene.keygen()
  const phase = { title: { en: 'Vote' }, opensAt: 0, closesAt: scene.state.time, allows: [] }
  scene.act(planOf({ phases: [phase] }))
  scene.open()
  scene.cast(0, [1n, 0n])
  expect(asked(ended())).toBe('outcome-early')
  await scene.close()
  scene.tally()
  expect(asked(ended())).toBe('outcome-early')
  scene.publish()
  scene.act(ended())
  const late = scene.guardianEntry(3, intentMessage(scene.contestState(), scene.checkpoint()))
  expect(refusalOf(() => admit(scene.state, late))).toBe('process-archived')
  const subject = { election: 'budget', contest: 0, option: 0 }
  const cost = { amount: 5n, decimals: 0, currency: 'EUR' }
  const terms = { title: { en: 'A' }, owner: { en: 'Parks' }, due: scene.state.time + 1, cost }
  expect(asked({ type: 'make-promise', subject, ...terms })).toBe('accepted')
  expect(scene.state.processes.get(PROCESS)?.archived).toBeDefined()
})
