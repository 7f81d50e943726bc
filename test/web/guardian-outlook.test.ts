// What a guardian's page says of where things stand: steps, who is waited for, and the one thing to do (SPEC 5, 9).
import { expect, test } from 'vitest'
import type { GuardianMessageOf } from '#protocol/guardian.ts'
import { commitMessage, dealMessage, judgeDeals, rehearseMessage } from '#tally/guardian.ts'
import { type Held, outlookOf, STEPS, type Task } from '#web/guardian/outlook.ts'
import { contest, Scene } from '../tally/scene.ts'
import { flip } from '../tally/verifying.ts'

const NOTHING: Held = { attempt: undefined, keyShare: false, backedUp: false }
const JOINED: Held = { attempt: 1, keyShare: false, backedUp: false }
const SHARE: Held = { attempt: 1, keyShare: true, backedUp: false }
const SAFE: Held = { attempt: 1, keyShare: true, backedUp: true }

/** Steps that are now, and the task. */
function stands(scene: Scene, held?: Held, own = 1): [now: string[], missing: number[][], task: Task] {
  const { steps, task } = outlookOf(scene.state, scene.election, own, held)
  const now = steps.filter(({ state }) => state === 'now')
  return [now.map(({ name }) => name), now.map(({ missing }) => [...missing]), task]
}

test('every step of a guardian, from the seat to the result, names who is waited for and what to do', async () => {
  const scene = new Scene({
    contests: [contest(), contest()],
    manifest: { minBallots: 2 },
  })
  scene.prepare()
  expect(stands(scene)).toEqual([['seat'], [[]], 'take-seat'])
  expect(stands(scene, NOTHING)).toEqual([['commit'], [[]], 'wait-officials'])

  const secrets = scene.startKeygen()
  const { state, election } = scene
  const say = (each: (guardian: number) => void) => [3, 1, 2].forEach(each)
  const secretOf = (guardian: number) => {
    const found = secrets.get(guardian)
    if (found === undefined) throw new Error('no secrets')
    return found
  }
  scene.say(3, commitMessage(state, election, scene.attempt, 3, secretOf(3)))
  expect(stands(scene, NOTHING)).toEqual([['commit'], [[1, 2]], 'wait-guardians'])
  ;[1, 2].forEach((g) => scene.say(g, commitMessage(state, election, scene.attempt, g, secretOf(g))))
  expect(stands(scene, JOINED)).toEqual([['reveal'], [[1, 2, 3]], 'wait-guardians'])
  say((g) => scene.say(g, secretOf(g).reveal))
  expect(outlookOf(state, election, 1, JOINED).transcript).toBeUndefined()
  say((g) => scene.say(g, dealMessage(state, election, scene.attempt, g, secretOf(g))))

  expect(outlookOf(state, election, 1, JOINED).transcript).toMatch(/^([0-9A-Z]{4}-){7}[0-9A-Z]{4}$/)
  expect(stands(scene, JOINED)).toEqual([['confirm'], [[1, 2, 3]], 'compare'])
  const confirm = (g: number) => {
    const { message, keyShare } = judgeDeals(state, election, scene.attempt, g, secretOf(g))
    scene.say(g, message)
    if (keyShare !== undefined) scene.shares.set(g, keyShare)
  }
  confirm(1)
  // The backup is due while others still compare.
  expect(stands(scene, SHARE)).toEqual([['confirm', 'backup'], [[2, 3], []], 'backup'])
  expect(stands(scene, SAFE)).toEqual([['confirm'], [[2, 3]], 'wait-guardians'])
  ;[2, 3].forEach(confirm)
  expect(stands(scene, SHARE)).toEqual([['backup', 'rehearse'], [[], [1, 2, 3]], 'backup'])
  const rehearse = (g: number) =>
    scene.say(g, rehearseMessage(state, election, scene.attempt, g, scene.share(g)))
  ;[1, 2].forEach(rehearse)
  expect(stands(scene, SAFE)).toEqual([['rehearse'], [[3]], 'wait-guardians'])
  rehearse(3)
  expect(stands(scene, SAFE)).toEqual([['vote'], [[]], 'wait-opening'])

  scene.open()
  expect(stands(scene, SAFE)).toEqual([['vote'], [[]], 'wait-closing'])
  expect(stands(scene, SHARE)[2]).toBe('backup')
  expect(stands(scene, NOTHING)[2]).toBe('restore')
  expect(stands(scene)[2]).toBe('restore')
  scene.cast(0, [1n, 0n])
  scene.cast(1, [1n, 0n])
  scene.cast(0, [1n, 0n], 1)
  await scene.close()
  expect(stands(scene, SHARE)).toEqual([['backup', 'decrypt'], [[], []], 'decrypt'])
  const { contests } = outlookOf(state, election, 1, SAFE)
  expect(contests.map(({ voters, withheld }) => [voters, withheld])).toEqual([
    [2, false],
    [1, true],
  ])
  scene.intend(1)
  scene.intend(3)
  scene.decrypt(1)
  expect(outlookOf(state, election, 1, SAFE).contests[0]).toMatchObject({ intents: [1, 3], shares: [1] })
  expect(stands(scene, SAFE)[2]).toBe('wait-result')
  expect(stands(scene, SAFE, 3)[2]).toBe('decrypt')
  scene.decrypt(3)
  scene.publish()
  const done = outlookOf(state, election, 1, SAFE)
  expect([done.task, done.announced, done.steps.map(({ state }) => state)]).toEqual([
    'done',
    true,
    STEPS.map(() => 'done'),
  ])
})

test('an attempt that a complaint ended waits for the next one and names who was judged', () => {
  const scene = new Scene()
  scene.prepare()
  const secrets = scene.startKeygen()
  const { state, election, attempt } = scene
  for (const [g, own] of secrets) scene.say(g, commitMessage(state, election, attempt, g, own))
  for (const [g, own] of secrets) scene.say(g, own.reveal)
  for (const [g, own] of secrets) {
    const deal = dealMessage(state, election, attempt, g, own) as GuardianMessageOf<'deal'>
    const [first = new Uint8Array(), ...rest] = deal.shares
    scene.say(g, g === 3 ? { ...deal, shares: [flip(first), ...rest] } : deal)
    if (g === 1) expect(outlookOf(state, election, 1, JOINED).judged).toBeUndefined()
  }
  const own = secrets.get(1)
  if (own === undefined) throw new Error('guardian 1 takes part')
  scene.say(1, judgeDeals(state, election, attempt, 1, own).message)
  const outlook = outlookOf(state, election, 1, JOINED)
  expect([outlook.task, outlook.judged]).toEqual(['wait-officials', 3])
  expect(outlook.steps.filter(({ state }) => state === 'now').map(({ name }) => name)).toEqual(['commit'])

  scene.startKeygen([1, 2])
  // The device has not joined the second attempt yet: nothing of the first counts.
  expect(stands(scene, JOINED)).toEqual([['commit'], [[1, 2]], 'wait-guardians'])
})
