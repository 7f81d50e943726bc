// SPEC 12.7: reports, decisions of named officials, appeals that others decide on. Every rule of the gate with its exact
// refusal, attacks on them, and the observer's run over it.
import { beforeEach, describe, expect, test } from 'vitest'
import type { Act, ActOf, SignedAct } from '#protocol/act.ts'
import { encodeEntry } from '#protocol/entry.ts'
import type { ReportReason } from '#protocol/moderation.ts'
import type { Role } from '#protocol/official.ts'
import type { Deed } from '#protocol/signal.ts'
import { admit } from '#tally/fold.ts'
import { approvedBy, naming, Passkey } from './passkey.ts'
import { People, planOf, textOf } from './people.ts'
import { PROCESS, Scene } from './scene.ts'
import { attachmentsOf } from './setup.ts'
import { failures, inspect, refusalOf } from './verifying.ts'

let scene: Scene
let people: People
let proposal: number
let comment: number
beforeEach(() => {
  scene = new Scene({ officials: ['ada', 'ben'] })
  scene.enrol()
  people = new People(scene, planOf({}, { daily: 5 }))
  const official = (id: string, role: Role) => ({
    id,
    name: id.toUpperCase(),
    role,
    key: new Passkey(id).key,
  })
  const owners = naming(['ada', 'ben'])
  const moderators = [
    official('mia', 'moderator'),
    official('max', 'moderator'),
    official('reg', 'registrar'),
  ]
  scene.act({ ...owners, officials: [...owners.officials, ...moderators] })
  proposal = people.propose(0)
  comment = people.comment(1, proposal, 'You fool')
})

function signed(act: Act, ...by: string[]): SignedAct {
  const stateCounter = scene.state.processes.get(PROCESS)?.counter ?? 0
  const unsigned = { process: PROCESS, stateCounter, expiry: scene.state.time + 60_000, act }
  return approvedBy(scene.founded, unsigned, by)
}
const asked = (act: Act, ...by: string[]) => refusalOf(() => admit(scene.state, ['act', signed(act, ...by)]))
const decide = (act: Act, ...by: string[]) => scene.offer(['act', signed(act, ...by)])
function earlierOf(target: number): number {
  const { proposals, comments } = people.participation
  return (proposals.get(target) ?? comments.get(target))?.moderation?.decisions.length ?? 0
}
const decision = (changes: Partial<ActOf<'moderate'>> = {}): ActOf<'moderate'> => ({
  ...{ type: 'moderate', target: comment, decision: 'hide', reason: 'insult', note: { en: 'It is one.' } },
  earlier: earlierOf(changes.target ?? comment),
  ...changes,
})
const restored = { decision: 'restore', reason: 'within-policy' } as const
const report = (target = comment, reason: ReportReason = 'insult'): Deed => ({
  type: 'report',
  target,
  reason,
})
const appeal = (text = 'It was a joke', target = comment): Deed => ({
  ...{ type: 'appeal', target, text: textOf(text) },
})
const reply = (about = comment): Deed => ({ type: 'comment', about, stance: 'remark', text: textOf('No') })
const erasing: Act = { type: 'erase-text', target: 0, reason: 'unlawful', note: { en: 'A court said so.' } }

describe('a report', () => {
  test('comes from somebody on the roll, once for each text, and waits for a decision that answers it', () => {
    const first = people.act(0, report())
    people.act(2, report(comment, 'spam'))
    expect(people.asked(0, report())).toBe('wrong-state')
    expect([...people.participation.waiting]).toEqual([[comment, first]])
    decide(decision(restored), 'mia')
    expect(people.participation.waiting.size).toBe(0)
    expect(people.contribution(comment).moderation?.decisions).toMatchObject([
      { reports: 2, appeal: undefined },
    ])
    expect(people.asked(0, report())).toBe('wrong-state')
    people.act(1, { type: 'edit', comment, text: textOf('You old fool') })
    expect(people.asked(0, report())).toBe('accepted')
  })

  test('is under a nullifier that is not the pseudonym, and no more than so many come from one person in a day', () => {
    const signal = people.signal(1, report())
    expect(signal.nullifier).not.toBe(people.contribution(comment).author)
    const others = Array.from({ length: 5 }, (_, i) => people.comment(i % 2, proposal, `${i}`))
    for (const other of others) people.act(2, report(other))
    expect(people.asked(2, report())).toBe('signal-limit')
    expect(people.asked(2, reply())).toBe('accepted')
    expect(people.asked(1, report())).toBe('accepted')
  })

  test('is of words that are there', () => {
    expect(people.asked(0, report(1))).toBe('unknown-contribution')
    decide(decision(), 'mia')
    expect(people.asked(0, report())).toBe('wrong-state')
    people.act(0, { type: 'erase', target: proposal })
    expect(people.asked(2, report(proposal))).toBe('wrong-state')
  })

  test('without a proof', () => {
    const signal = people.signal(0, report())
    expect(people.judge(signal)).toBe('accepted')
    expect(people.judge({ ...signal, nullifier: 5n })).toBe('signal-proof-invalid')
    expect(people.judge({ ...signal, deed: report(proposal) })).toBe('signal-proof-invalid')
  })
})

describe('a decision', () => {
  test('is signed by a moderator or an owner', () => {
    expect(asked(decision(), 'reg')).toBe('act-not-theirs')
    for (const who of ['mia', 'ada']) expect(asked(decision(), who)).toBe('accepted')
    expect(asked({ type: 'tell-voters', election: 'x', message: { en: 'x' } }, 'mia')).toBe('act-not-theirs')
    expect(asked({ ...erasing, target: comment }, 'mia', 'max')).toBe('act-not-theirs')
  })

  test('hides words: nobody answers, edits, supports or revises them', () => {
    decide(decision(), 'mia')
    expect(people.asked(2, reply())).toBe('wrong-state')
    expect(people.asked(1, { type: 'edit', comment, text: textOf('You wise one') })).toBe('wrong-state')
    decide(decision({ target: proposal }), 'mia')
    expect(people.asked(2, { type: 'support', proposal, on: true })).toBe('wrong-state')
    expect(people.asked(0, { type: 'revise', proposal, text: textOf('A lake') })).toBe('wrong-state')
    decide(decision({ target: proposal, ...restored }), 'mia')
    expect(people.asked(2, { type: 'support', proposal, on: true })).toBe('accepted')
  })

  test('has a reason that fits', () => {
    const entry = (changes: object) => () =>
      encodeEntry(['act', { ...signed(decision(), 'mia'), act: decision(changes) }])
    expect(entry({})).not.toThrow()
    expect(entry({ reason: 'within-policy' })).toThrow()
    expect(entry({ decision: 'restore' })).toThrow()
  })

  test('has something to decide', () => {
    expect(asked(decision(restored), 'mia')).toBe('wrong-state')
    expect(asked(decision({ target: 2, ...restored }), 'mia')).toBe('unknown-contribution')
    decide(decision(), 'mia')
    expect(asked(decision(), 'mia')).toBe('wrong-state')
    expect(asked(decision({ decision: 'label' }), 'mia')).toBe('accepted')
    people.act(1, { type: 'erase', target: comment })
    expect(asked(decision(restored), 'mia')).toBe('wrong-state')
  })

  test('stands at one place, and moves no other act from its own', () => {
    const other = signed({ ...erasing, target: comment }, 'ada', 'ben')
    const hidden = signed(decision(), 'mia')
    scene.offer(['act', hidden])
    decide(decision(restored), 'mia')
    expect(refusalOf(() => admit(scene.state, ['act', hidden]))).toBe('act-counter-stale')
    expect(refusalOf(() => admit(scene.state, ['act', other]))).toBe('accepted')
  })
})

describe('an appeal', () => {
  test('is decided by somebody else, and then stands until there are other words', () => {
    decide(decision({ decision: 'label' }), 'mia')
    const index = people.act(1, appeal())
    expect([...people.participation.waiting]).toEqual([[comment, index]])
    expect(asked(decision(restored), 'mia')).toBe('appeal-same-official')
    expect(asked(decision(restored), 'max', 'mia')).toBe('appeal-same-official')
    decide(decision(restored), 'max')
    const { decisions } = people.contribution(comment).moderation ?? {}
    expect(decisions?.at(-1)).toMatchObject({ appeal: index, officials: [{ id: 'max', name: 'MAX' }] })
    expect(people.participation.waiting.size).toBe(0)
    for (const who of ['mia', 'ada']) expect(asked(decision(), who)).toBe('wrong-state')
    expect(people.asked(0, report())).toBe('wrong-state')
    people.act(1, { type: 'edit', comment, text: textOf('You utter fool') })
    expect(people.asked(0, report())).toBe('accepted')
    expect(asked(decision(), 'mia')).toBe('accepted')
  })

  test('may confirm what was decided, and there is no other', () => {
    expect(people.asked(1, appeal())).toBe('wrong-state')
    decide(decision(), 'mia')
    expect(people.asked(0, appeal())).toBe('signal-not-theirs')
    expect(people.asked(0, appeal('Why?', 2))).toBe('unknown-contribution')
    people.act(1, appeal())
    expect(people.asked(1, appeal('Once more'))).toBe('wrong-state')
    decide(decision(), 'max')
    expect(people.asked(1, appeal('And again'))).toBe('wrong-state')
  })

  test('ends with its author’s erasure, which takes its words too', () => {
    decide(decision(), 'mia')
    people.act(1, appeal())
    people.act(1, { type: 'erase', target: comment })
    expect(people.participation.waiting.size).toBe(0)
    expect([...scene.state.texts.values()]).toEqual(['kept', 'erased', 'erased'])
    expect(asked(decision(restored), 'max')).toBe('wrong-state')
  })
})

test('two owners erase what nobody may keep', () => {
  const act: Act = { ...erasing, target: comment }
  expect(asked(act, 'ada')).toBe('act-approvals-too-few')
  expect(asked({ ...erasing, target: 2 }, 'ada', 'ben')).toBe('unknown-contribution')
  const index = decide(act, 'ada', 'ben')
  expect(people.contribution(comment).erased).toMatchObject({ index })
  expect([...scene.state.texts.values()]).toEqual(['kept', 'erased'])
  expect(asked(act, 'ada', 'ben')).toBe('wrong-state')
})

test('an observer finds what was decided on appeal by the same official', async () => {
  people.act(0, report())
  decide(decision(), 'mia')
  people.act(1, appeal())
  const attachments = attachmentsOf('signal')
  const attack = encodeEntry(['act', signed(decision(restored), 'mia')])
  const found = await inspect([...scene.entries, attack], { attachments })
  expect(failures(found)).toEqual([`V18@${scene.entries.length} appeal-same-official`])
  decide(decision(restored), 'max')
  expect(failures(await inspect(scene.entries, { attachments }))).toEqual([])
})
