// SPEC 12.11: comments that nobody reads before their phase is over. Every rule of the gate with its exact refusal, what
// guardians say and when, and the observer's run over it.
import { beforeEach, describe, expect, test } from 'vitest'
import { encodePoint, G, multiply } from '#crypto/babyjubjub.ts'
import type { Act } from '#protocol/act.ts'
import { encodeEntry } from '#protocol/entry.ts'
import type { GuardianMessageOf } from '#protocol/guardian.ts'
import type { RefusalCode } from '#protocol/refusal.ts'
import type { SealedComment } from '#protocol/sealed-comment.ts'
import type { Deed } from '#protocol/signal.ts'
import { waitingSealed } from '#tally/sealed-comments.ts'
import { planOf, textOf } from './people.ts'
import { ELECTION, Scene, START } from './scene.ts'
import { keyed, Sealing, sealingPlan } from './sealing.ts'
import { attachmentsOf } from './setup.ts'
import { answer, failures, flip, inspect } from './verifying.ts'

const DAY = 86_400_000
const FAR = encodePoint(multiply(G, 7n))

let at: Sealing
beforeEach(() => {
  at = new Sealing()
})

const asked = (person: number, deed: Deed) => at.people.asked(person, deed)
const planned = (scene: Scene, plan: ReturnType<typeof planOf>) =>
  answer(scene.state, ['act', scene.signed(plan)])

describe('a plan that lets people seal comments', () => {
  test('names guardians who hold a key that they have tried', () => {
    const fresh = new Scene()
    fresh.prepare()
    const sealedTo = { election: ELECTION, key: FAR }
    const plan = (scene: Scene, to?: { election: string; key: Uint8Array }) => {
      const { phases } = sealingPlan(at.scene)
      return planned(scene, planOf({ phases }, to && { sealedTo: to }))
    }
    expect(plan(fresh)).toBe('plan-invalid')
    expect(plan(fresh, { election: 'nobody', key: FAR })).toBe('unknown-election')
    expect(plan(fresh, sealedTo)).toBe('rehearsal-missing')
    const ready = keyed()
    expect(plan(ready, sealedTo)).toBe('keygen-transcript-mismatch')
    expect(planned(ready, sealingPlan(ready))).toBe('accepted')
  })

  test('keeps their key from being made anew, and the seal from being anybody else’s', () => {
    const { scene } = at
    const again: Act = { type: 'start-keygen', election: ELECTION, attempt: 2, guardians: [1, 2, 3] }
    expect(answer(scene.state, ['act', scene.signed(again)])).toBe('wrong-state')
    expect(planned(scene, planOf())).toBe('plan-invalid')
    expect(planned(scene, sealingPlan(scene, {}, 12))).toBe('accepted')
    expect(answer(keyed().state, ['act', keyed().signed(again)])).toBe('accepted')
  })
})

describe('a sealed comment', () => {
  test('is opened with all others once enough guardians have said their shares', async () => {
    const { scene, people } = at
    const boxes = ['Yes, but smaller', 'No: ei ikinä'].map((text, i) => at.say(i + 1, text))
    const read = () => at.read(boxes.map(({ box }) => box))
    expect(waitingSealed(people.participation)).toBe(2)
    people.passTo(10)
    at.unseal(3)
    expect(read()).toEqual([])
    at.unseal(1)
    expect(read()).toEqual(['Yes, but smaller', 'No: ei ikinä'])
    expect(waitingSealed(people.participation)).toBe(0)
    at.unseal(2)
    expect(read()).toHaveLength(2)
    const findings = await inspect(scene.entries, { attachments: attachmentsOf('signal') })
    expect(failures(findings)).toEqual([])
    expect(findings).toContainEqual({
      ...{ check: 'V18', status: 'passed', code: 'seals-sound', fields: { comments: 2, waiting: 0 } },
    })
  })

  test.each<[string, (deed: SealedComment) => SealedComment, RefusalCode]>([
    ['another text', (deed) => ({ ...deed, text: textOf('Never') }), 'seal-invalid'],
    ['another box', (deed) => ({ ...deed, box: flip(deed.box) }), 'seal-invalid'],
    ['another c1', (deed) => ({ ...deed, key: FAR }), 'seal-invalid'],
    ['c1 the neutral element', (deed) => ({ ...deed, key: encodePoint(multiply(G, 0n)) }), 'seal-invalid'],
    ['c1 that is no point', (deed) => ({ ...deed, key: flip(deed.key, 63) }), 'seal-invalid'],
    ['a proof with a flipped bit', (deed) => ({ ...deed, proof: flip(deed.proof, 40) }), 'seal-invalid'],
    ['another end', (deed) => ({ ...deed, until: deed.until + 1 }), 'signal-not-now'],
    ['about nothing', (deed) => ({ ...deed, about: 3 }), 'unknown-proposal'],
  ])('with %s', (_, alter, code) => {
    const { deed } = at.seal(1, 'Yes')
    expect(asked(1, deed)).toBe('accepted')
    expect(asked(1, alter(deed))).toBe(code)
  })

  test('is its author’s, at its place, and taken once', () => {
    const { deed } = at.seal(1, 'Yes')
    const other = at.people.propose(2, 'A lake')
    expect(asked(2, deed)).toBe('seal-invalid')
    expect(asked(1, { ...deed, about: other })).toBe('seal-invalid')
    at.people.act(1, deed)
    expect(asked(1, deed)).toBe('text-recorded')
    expect(asked(1, { ...at.seal(1, 'Yes').deed })).toBe('text-recorded')
  })

  test('is taken while its phase lasts, and by nobody once one guardian has begun to open', () => {
    const { people, scene } = at
    at.say(1, 'Yes')
    people.passTo(10)
    expect(asked(1, at.seal(1, 'Late').deed)).toBe('signal-not-now')
    at.unseal(1)
    scene.act(sealingPlan(scene, {}, 15))
    expect(asked(1, at.seal(1, 'Later').deed)).toBe('signal-not-now')
    expect(asked(1, { type: 'comment', about: at.proposal, stance: 'for', text: textOf('Yes') })).toBe(
      'accepted',
    )
  })

  test('cannot be answered, edited, reported or decided on before it is opened, and can afterwards', () => {
    const { people, scene } = at
    const { index } = at.say(1, 'Yes')
    const deeds: [number, Deed][] = [
      [2, { type: 'comment', about: index, stance: 'for', text: textOf('Me too') }],
      [2, { type: 'report', target: index, reason: 'spam' }],
      [1, { type: 'edit', comment: index, text: textOf('Yes!') }],
    ]
    const note = { en: 'Read.' }
    const acts = [
      { type: 'moderate', target: index, earlier: 0, decision: 'hide', reason: 'spam', note },
      { type: 'erase-text', target: index, reason: 'unlawful', note },
    ] as const
    const answers = () => [
      ...deeds.map(([person, deed]) => asked(person, deed)),
      ...acts.map((act) => answer(scene.state, ['act', scene.signed(act)])),
    ]
    expect(answers()).toEqual(Array(5).fill('wrong-state'))
    people.passTo(10)
    at.unseal(1)
    at.unseal(2)
    expect(answers()).toEqual(Array(5).fill('accepted'))
  })

  test('that is erased is opened by nobody, before or in the middle', () => {
    const { people } = at
    const [gone, left, late] = ['Gone', 'Left', 'Late'].map((text) => at.say(1, text))
    if (gone === undefined || left === undefined || late === undefined) throw new Error('three were said')
    people.act(1, { type: 'erase', target: gone.index })
    people.passTo(10)
    const second = at.unsealing(2)
    expect(at.unsealing(1).comments).toEqual([left.index, late.index])
    at.unseal(1)
    people.act(1, { type: 'erase', target: late.index })
    // Computed before the erasure, it says one share more than is asked for.
    expect(second.comments).toHaveLength(2)
    at.scene.say(2, second)
    expect(at.read([gone, left, late].map(({ box }) => box))).toEqual(['Left'])
    expect(waitingSealed(people.participation)).toBe(0)
  })

  test('that holds something else than its author has committed to stays closed, and stops no other', () => {
    const good = at.say(1, 'Yes')
    const { deed, box } = at.garbled(2)
    const garbled = at.people.act(2, deed)
    at.people.passTo(10)
    at.unseal(1)
    at.unseal(2)
    expect(at.read([good.box, box])).toEqual(['Yes'])
    expect(at.read([flip(good.box, 3)])).toEqual([])
    expect(at.people.contribution(garbled).sealed).toBe(false)
  })
})

describe('a guardian', () => {
  const changed = (
    change: (message: GuardianMessageOf<'unseal'>) => Partial<GuardianMessageOf<'unseal'>>,
  ): RefusalCode | 'accepted' => {
    const message = at.unsealing(1)
    return answer(at.scene.state, at.scene.guardianEntry(1, { ...message, ...change(message) }))
  }

  test('opens nothing before its time, whatever a later plan says', () => {
    const { scene, people } = at
    at.say(1, 'Yes')
    const say = () => answer(scene.state, scene.guardianEntry(1, at.unsealing(1)))
    expect(say()).toBe('too-early')
    people.passTo(5)
    scene.act(sealingPlan(scene, {}, 2))
    expect(say()).toBe('too-early')
    people.passTo(10)
    scene.act(sealingPlan(scene, {}, 11))
    expect(say()).toBe('too-early')
    people.passTo(11)
    expect(say()).toBe('accepted')
  })

  test('opens every comment, each with its own share, once', () => {
    const indices = ['Yes', 'No'].map((text) => at.say(1, text).index)
    at.people.passTo(10)
    expect(changed(() => ({}))).toBe('accepted')
    expect(changed(({ shares }) => ({ shares: shares.toReversed() }))).toBe('decryption-proof-invalid')
    expect(changed(({ shares: [first = FAR] }) => ({ shares: [first, FAR] }))).toBe(
      'decryption-proof-invalid',
    )
    expect(changed(({ shares: [first = FAR] }) => ({ shares: [first, flip(first, 63)] }))).toBe(
      'decryption-proof-invalid',
    )
    expect(changed(({ proof }) => ({ proof: flip(proof) }))).toBe('decryption-proof-invalid')
    expect(changed(({ shares }) => ({ shares: shares.slice(1) }))).toBe('decryption-proof-invalid')
    expect(changed(({ shares }) => ({ comments: indices.slice(1), shares: shares.slice(1) }))).toBe(
      'decryption-proof-invalid',
    )
    expect(changed(({ comments }) => ({ comments: [at.proposal, ...comments] }))).toBe(
      'decryption-proof-invalid',
    )
    expect(changed(() => ({ lot: 1 }))).toBe('decryption-proof-invalid')
    at.unseal(1)
    expect(changed(() => ({}))).toBe('decryption-repeated')
    const theirs = at.scene.guardianEntry(2, at.unsealing(1))
    expect(answer(at.scene.state, theirs)).toBe('decryption-proof-invalid')
  })

  test('of another election has nothing to open', () => {
    at.say(1, 'Yes')
    at.people.passTo(10)
    const message = at.unsealing(1)
    at.scene.slug = 'other'
    const later = { opensAt: START + 12 * DAY, closesAt: START + 13 * DAY }
    at.scene.act({ type: 'define-election', election: 'other', manifest: { ...at.scene.manifest, ...later } })
    at.scene.keygen()
    expect(answer(at.scene.state, at.scene.guardianEntry(1, message))).toBe('wrong-state')
  })

  test('may be absent as long as enough others are there', () => {
    const { box } = at.say(1, 'Yes')
    at.people.passTo(10)
    at.unseal(2)
    at.unseal(3)
    expect(at.read([box])).toEqual(['Yes'])
  })
})

test('no outcome is stated while comments wait to be opened', () => {
  const { scene, people } = at
  at.say(1, 'Yes')
  people.passTo(20)
  const said = { outcome: { en: 'A pond.' }, contributions: { en: 'They stay.' } }
  const archive: Act = { type: 'archive-process', ...said }
  const asks = () => answer(scene.state, ['act', scene.signed(archive)])
  expect(asks()).toBe('outcome-early')
  at.unseal(1)
  at.unseal(2)
  expect(asks()).toBe('accepted')
})

test('an observer notices a comment that its author has not sealed, and an opening that came early', async () => {
  const { scene, people } = at
  at.say(2, 'No')
  const { deed } = at.seal(1, 'Yes')
  const forged = people.entry(people.signal(1, { ...deed, key: FAR }))
  const early = encodeEntry(scene.guardianEntry(1, at.unsealing(1)))
  const findings = await inspect([...scene.entries, forged, early], { attachments: attachmentsOf('signal') })
  const { length } = scene.entries
  expect(failures(findings)).toEqual([`V4@${length + 1} too-early`, `V18@${length} seal-invalid`])
})
