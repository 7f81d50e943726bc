// SPEC 12.12: speaking under a verified name. Every rule of the gate with its exact refusal, tampering with what is on the record,
// and the observer's run over it.
import { beforeEach, describe, expect, test } from 'vitest'
import type { Act, SignedAct } from '#protocol/act.ts'
import { encodeEntry } from '#protocol/entry.ts'
import type { Role } from '#protocol/official.ts'
import type { Deed, Signal } from '#protocol/signal.ts'
import { admit } from '#tally/fold.ts'
import { holds, numberOf } from '#tally/speakers.ts'
import { approvedBy, naming, Passkey } from './passkey.ts'
import { People, planOf, textOf } from './people.ts'
import { PROCESS, Scene } from './scene.ts'
import { attachmentsOf } from './setup.ts'
import { failures, inspect, refusalOf } from './verifying.ts'

let scene: Scene
let people: People
let proposal: number
let name: number
beforeEach(() => {
  scene = new Scene({ officials: ['ada', 'ben'] })
  scene.enrol()
  people = new People(scene, planOf({}, { daily: 5 }))
  const owners = naming(['ada', 'ben'])
  const official = (id: string, role: Role) => ({
    id,
    name: id.toUpperCase(),
    role,
    key: new Passkey(id).key,
  })
  const others = [official('reg', 'registrar'), official('mia', 'moderator')]
  scene.act({ ...owners, officials: [...owners.officials, ...others] })
  proposal = people.propose(0)
  name = people.introduce(1, 'Jane Doe')
})

function signed(act: Act, ...by: string[]): SignedAct {
  const place = { process: PROCESS, stateCounter: people.process.counter, expiry: scene.state.time + 60_000 }
  return approvedBy(scene.founded, { ...place, act }, by)
}
const asked = (act: Act, ...by: string[]) => refusalOf(() => admit(scene.state, ['act', signed(act, ...by)]))
const find = (holds: boolean, introduction = name): Act => ({
  ...{ type: 'vouch-name', introduction, holds, number: holds ? 1 : 0 },
})
const decide = (act: Act, ...by: string[]) => scene.offer(['act', signed(act, ...by)])
const spoken = { as: 'speaker' } as const
const comment = (text: string, voice: { as?: 'speaker' } = spoken): Deed => ({
  ...{ type: 'comment', about: proposal, stance: 'for', text: textOf(text), ...voice },
})
const erasing = (target: number): Deed => ({ type: 'erase', target, ...spoken })
const introduction = (index = name) => {
  const found = people.participation.introductions.get(index)
  if (found === undefined) throw new Error('no such introduction')
  return found
}

describe('nobody speaks under a name that officials have not found to be theirs', () => {
  test('who has none, one that waits, that was refused, or that is erased', () => {
    const speaking: Deed[] = [comment('Mine'), { type: 'propose', text: textOf('A lake'), ...spoken }]
    for (const deed of speaking) {
      expect(people.asked(0, deed)).toBe('name-not-vouched')
      expect(people.asked(1, deed)).toBe('name-not-vouched')
    }
    decide(find(false), 'reg')
    expect(people.asked(1, comment('Mine'))).toBe('name-not-vouched')
    name = people.introduce(1, 'Jane M. Doe')
    decide(find(true), 'reg')
    for (const deed of speaking) expect(people.asked(1, deed)).toBe('accepted')
    people.act(1, erasing(name))
    expect(people.asked(1, comment('Mine'))).toBe('name-not-vouched')
  })

  test('nor changes what stands under it once the name is gone, but takes it back', () => {
    decide(find(true), 'reg')
    const own = people.act(1, comment('Mine'))
    const idea = people.act(1, { type: 'propose', text: textOf('A lake'), ...spoken })
    const edit: Deed = { type: 'edit', comment: own, text: textOf('Ours'), ...spoken }
    const revise: Deed = { type: 'revise', proposal: idea, text: textOf('A sea'), ...spoken }
    for (const deed of [edit, revise]) expect(people.asked(1, deed)).toBe('accepted')
    people.act(1, erasing(name))
    for (const deed of [edit, revise]) expect(people.asked(1, deed)).toBe('name-not-vouched')
    people.act(1, { type: 'withdraw', proposal: idea, ...spoken })
    people.act(1, erasing(own))
  })

  test('and each voice is the author of its own words alone', () => {
    decide(find(true), 'reg')
    const named = people.act(1, comment('Mine'))
    const unnamed = people.comment(1, proposal, 'Nobody’s')
    expect(people.asked(1, { type: 'erase', target: named })).toBe('signal-not-theirs')
    expect(people.asked(1, erasing(unnamed))).toBe('signal-not-theirs')
    expect(people.asked(1, { type: 'erase', target: name })).toBe('signal-not-theirs')
    expect(people.asked(0, erasing(name))).toBe('signal-not-theirs')
    expect(people.contribution(named).author).not.toBe(people.contribution(unnamed).author)
    expect(people.contribution(unnamed).speaker).toBeUndefined()
    decide(
      {
        ...{ type: 'moderate', target: named, earlier: 0, decision: 'hide' },
        reason: 'spam',
        note: { en: 'So.' },
      },
      'mia',
    )
    const appeal = { type: 'appeal', target: named, text: textOf('No') } as const
    expect(people.asked(1, appeal)).toBe('signal-not-theirs')
    expect(people.asked(1, { ...appeal, ...spoken })).toBe('accepted')
  })
})

describe('what is found of a name', () => {
  test('owners and registrars say, others do not', () => {
    expect(asked(find(true), 'mia')).toBe('act-not-theirs')
    expect(asked(find(true), 'ada')).toBe('accepted')
    expect(asked(find(true), 'reg')).toBe('accepted')
  })

  test('is about a name that is there and stands', () => {
    expect(asked(find(true, proposal), 'reg')).toBe('unknown-contribution')
    decide(find(true), 'reg')
    expect(asked(find(true), 'reg')).toBe('wrong-state')
    expect(holds(introduction())).toBe(true)
    expect(numberOf(introduction())).toBe(1)
    // Taken back later, and for good.
    decide(find(false), 'ada')
    expect(holds(introduction())).toBe(false)
    for (const act of [find(true), find(false)]) expect(asked(act, 'reg')).toBe('wrong-state')
  })

  test('has a number if it holds, and none if not', () => {
    for (const act of [
      { ...find(true), number: 0 },
      { ...find(false), number: 1 },
    ] as Act[])
      expect(() => encodeEntry(['act', signed(act, 'reg')])).toThrow()
  })

  test('does not hold up what officials agree on meanwhile', () => {
    const waiting = signed(
      { type: 'list-voters', roll: 'guests', rows: 1, list: new Uint8Array(32) },
      'ada',
      'ben',
    )
    decide(find(true), 'reg')
    expect(refusalOf(() => admit(scene.state, ['act', waiting]))).toBe('accepted')
  })
})

describe('a name', () => {
  test('is one at a time, and another one afterwards is another one', () => {
    const other: Deed = { type: 'introduce', text: textOf('Jane Roe') }
    expect(people.asked(1, other)).toBe('wrong-state')
    decide(find(true), 'reg')
    expect(people.asked(1, other)).toBe('wrong-state')
    const before = people.act(1, comment('Mine'))
    people.act(1, erasing(name))
    expect(people.asked(1, erasing(name))).toBe('wrong-state')
    const next = people.act(1, other)
    decide(find(true, next), 'reg')
    const after = people.act(1, comment('Mine again'))
    expect(people.contribution(before).speaker?.index).toBe(name)
    expect(people.contribution(after).speaker?.index).toBe(next)
    expect(holds(introduction(name))).toBe(false)
  })

  test('is not taken over from somebody else, nor its text', () => {
    expect(people.asked(0, { type: 'introduce', text: textOf('Jane Doe') })).toBe('text-recorded')
    expect(people.asked(0, { type: 'introduce', text: textOf('John Doe') })).toBe('accepted')
  })

  test('is nothing that can be commented on, reported or supported', () => {
    const about: Deed = { type: 'comment', about: name, stance: 'for', text: textOf('Who?') }
    expect(people.asked(0, about)).toBe('unknown-contribution')
    expect(people.asked(0, { type: 'report', target: name, reason: 'spam' })).toBe('unknown-contribution')
    expect(people.asked(0, { type: 'support', proposal: name, on: true })).toBe('unknown-proposal')
  })

  test('is erased by officials too, where the law asks for it', () => {
    decide(find(true), 'reg')
    decide(
      { type: 'erase-text', target: name, reason: 'unlawful', note: { en: 'A court said so.' } },
      'ada',
      'ben',
    )
    expect(people.asked(1, comment('Mine'))).toBe('name-not-vouched')
  })
})

test('what one person may write in a day holds for each voice alone', () => {
  decide(find(true), 'reg')
  for (let i = 0; i < 4; i++) people.act(1, comment(`named ${i}`))
  expect(people.asked(1, comment('one more'))).toBe('signal-limit')
  expect(people.asked(1, comment('one more', {}))).toBe('accepted')
})

describe('the observer', () => {
  test('finds a record of all that sound', async () => {
    decide(find(true), 'reg')
    people.act(1, comment('Mine'))
    people.act(1, erasing(name))
    expect(failures(await inspect(scene.entries, { attachments: attachmentsOf('signal') }))).toEqual([])
  })

  test('finds whatever was changed under a proof', () => {
    decide(find(true), 'reg')
    const sound = people.signal(1, comment('Mine'))
    const own = people.signal(1, comment('Mine', {}))
    const tampered: Record<string, Signal> = {
      'the voice taken away': { ...sound, deed: own.deed, nullifier: own.nullifier, sequence: own.sequence },
      'another text': { ...sound, deed: { ...sound.deed, text: textOf('Yours') } as Deed },
      'the voice added': { ...own, deed: sound.deed, nullifier: sound.nullifier, sequence: sound.sequence },
    }
    for (const [what, signal] of Object.entries(tampered))
      expect(people.judge(signal), what).toBe('signal-proof-invalid')
    // Under somebody else's nullifier there is no name.
    const foreign = people.signal(0, comment('Mine')).nullifier
    expect(people.judge({ ...sound, nullifier: foreign })).toBe('name-not-vouched')
    expect(people.judge(sound)).toBe('accepted')
  })

  test('finds words under a name that nobody found to hold', async () => {
    const early = people.entry(people.signal(1, comment('Mine')))
    const found = failures(await inspect([...scene.entries, early], { attachments: attachmentsOf('signal') }))
    expect(found.join()).toContain('V18')
  })
})
