// SPEC 5.1 to 5.6: attempts at the election key that fail and are begun again, and who may take part.
import { describe, expect, test } from 'vitest'
import type { GuardianMessageOf } from '#protocol/guardian.ts'
import { commitMessage, dealMessage, decryptMessage, judgeDeals, rehearseMessage } from '#tally/guardian.ts'
import { attemptKey, stageOf } from '#tally/keygen.ts'
import { outcome } from '#tally/outcome.ts'
import { ELECTION, PROCESS, Scene } from './scene.ts'
import { answer, failures, flip, inspect } from './verifying.ts'

const start = (scene: Scene, attempt: number, guardians: number[]) =>
  answer(scene.state, ['act', scene.signed({ type: 'start-keygen', election: ELECTION, attempt, guardians })])

describe('an attempt that a wrong share has ended', () => {
  /** Guardian 3 deals guardian 1 a share that does not open, or guardian 1 complains about a good one. */
  function failed(guilty: 1 | 3): Scene {
    const scene = new Scene()
    scene.prepare()
    const secrets = scene.startKeygen()
    const { state, election, attempt } = scene
    for (const [g, s] of secrets) scene.say(g, commitMessage(state, election, attempt, g, s))
    for (const [g, s] of secrets) scene.say(g, s.reveal)
    for (const [g, s] of secrets) {
      const deal = dealMessage(state, election, attempt, g, s) as GuardianMessageOf<'deal'>
      const [first = new Uint8Array(), ...rest] = deal.shares
      scene.say(g, g === 3 && guilty === 3 ? { ...deal, shares: [flip(first), ...rest] } : deal)
    }
    const own = secrets.get(1)
    if (own === undefined) throw new Error('guardian 1 takes part')
    if (guilty === 1) {
      // What its own device sees: the honest share, altered on the way from the ledger.
      const seen = attempt.deals.get(3)
      attempt.deals.set(3, { type: 'deal', shares: [new Uint8Array(48), new Uint8Array(48)] })
      const { message } = judgeDeals(state, election, attempt, 1, own)
      if (seen !== undefined) attempt.deals.set(3, seen)
      scene.say(1, message)
    } else {
      scene.say(1, judgeDeals(state, election, attempt, 1, own).message)
    }
    return scene
  }

  test.each([3, 1] as const)(
    'names guardian %i, who stays out of the next, which t others finish',
    async (guilty) => {
      const scene = failed(guilty)
      expect(scene.attempt.failed).toEqual({ judged: guilty, complainer: 1, accused: 3 })
      expect(stageOf(scene.attempt)).toBe('failed')
      const confirm = { type: 'confirm' as const, transcript: new Uint8Array(32) }
      expect(answer(scene.state, scene.guardianEntry(2, confirm))).toBe('wrong-state')

      const others = [1, 2, 3].filter((g) => g !== guilty)
      expect(start(scene, 2, [1, 2, 3])).toBe('keygen-attempt')
      expect(start(scene, 1, others)).toBe('keygen-attempt')
      expect(start(scene, 3, others)).toBe('keygen-attempt')
      expect(start(scene, 2, others)).toBe('accepted')

      const secrets = scene.startKeygen(others)
      const commit = { type: 'commit' as const, hash: new Uint8Array(32) }
      expect(answer(scene.state, scene.guardianEntry(guilty, commit))).toBe('guardian-unknown')
      const [first] = scene.election.attempts
      expect(answer(scene.state, scene.guardianEntry(others[0] ?? 0, commit, first))).toBe('keygen-attempt')
      scene.deal(secrets)
      scene.confirm(secrets)
      scene.rehearse()
      scene.open()
      expect(scene.election.opening?.attempt.number).toBe(2)
      scene.cast(0, [0n, 1n])
      await scene.close()
      expect(answer(scene.state, scene.guardianEntry(guilty, { ...intent(scene), contest: 0 }))).toBe(
        'guardian-unknown',
      )
      scene.tally(others)
      scene.publish()
      expect(scene.election.result?.contests[0]).toMatchObject({ ballots: 1, sums: [0n, 1n] })
      expect(failures(await inspect(scene.entries))).toEqual([])
    },
  )

  const intent = (scene: Scene) => ({
    type: 'intend' as const,
    aggregate: new Uint8Array(32),
    checkpoint: scene.checkpoint(),
  })
})

test('a new attempt may begin at every stage, with other secrets and another key', () => {
  const scene = new Scene({ guardians: 2 })
  scene.prepare()
  const keys = new Set<string>()
  const stages: string[] = []
  for (let steps = 0; steps <= 8; steps += 2) {
    const secrets = scene.startKeygen()
    const messages = [
      (g: number) => commitMessage(scene.state, scene.election, scene.attempt, g, own(g)),
      (g: number) => own(g).reveal,
      (g: number) => dealMessage(scene.state, scene.election, scene.attempt, g, own(g)),
      (g: number) => {
        const { message, keyShare } = judgeDeals(scene.state, scene.election, scene.attempt, g, own(g))
        scene.shares.set(g, keyShare ?? 0n)
        return message
      },
      (g: number) => rehearseMessage(scene.state, scene.election, scene.attempt, g, scene.share(g)),
    ]
    const own = (g: number) => {
      const found = secrets.get(g)
      if (found === undefined) throw new Error(`guardian ${g} takes part`)
      return found
    }
    for (const message of messages.slice(0, steps / 2 + 1)) for (const g of [1, 2]) scene.say(g, message(g))
    stages.push(stageOf(scene.attempt))
    if (steps >= 2) keys.add(attemptKey(scene.attempt).toString())
  }
  expect(stages).toEqual(['reveal', 'deal', 'confirm', 'rehearse', 'done'])
  expect(keys.size).toBe(4)
  scene.startKeygen()
  expect(answer(scene.state, ['act', scene.signed(openingOf(scene, 5))])).toBe('rehearsal-missing')
  expect(answer(scene.state, ['act', scene.signed({ ...openingOf(scene, 5), attempt: 5 })])).toBe(
    'keygen-attempt',
  )
})

/** The opening act for an earlier attempt of this scene. */
function openingOf(scene: Scene, attempt: number) {
  const earlier = scene.election.attempts[attempt - 1]
  if (earlier === undefined) throw new Error('no such attempt')
  const { attempts } = scene.election
  const current = attempts.splice(attempt)
  const act = scene.opening()
  attempts.push(...current)
  return { ...act, attempt: attempts.length }
}

describe('the list of guardians of an attempt', () => {
  const scene = new Scene()
  scene.prepare()
  test.each<[number[], string]>([
    [[1, 2, 3], 'accepted'],
    [[1, 3], 'accepted'],
    [[2], 'keygen-attempt'],
    [[2, 1], 'guardian-unknown'],
    [[1, 1], 'guardian-unknown'],
    [[0, 1], 'guardian-unknown'],
    [[2, 4], 'guardian-unknown'],
  ])('%j: %s', (guardians, wanted) => {
    expect(start(scene, 1, guardians)).toBe(wanted)
  })

  test('a signature by another guardian, or for another attempt', () => {
    scene.startKeygen()
    const [type, signed] = scene.guardianEntry(1, { type: 'commit', hash: new Uint8Array(32) })
    if (type !== 'guardian') throw new Error('a guardian’s message')
    expect(answer(scene.state, ['guardian', signed])).toBe('accepted')
    for (const changed of [
      { guardian: 2 },
      { attempt: 2 },
      { signature: flip(signed.signature) },
      { message: { type: 'commit' as const, hash: flip(new Uint8Array(32)) } },
    ])
      expect(answer(scene.state, ['guardian', { ...signed, ...changed }])).toBe('guardian-signature-invalid')
    expect(answer(scene.state, ['guardian', { ...signed, guardian: 4 }])).toBe('guardian-unknown')
    expect(answer(scene.state, ['guardian', { ...signed, process: 'town' }])).toBe('unknown-election')
    expect(answer(scene.state, ['guardian', { ...signed, election: 'mayor' }])).toBe('unknown-election')
    expect(scene.state.processes.has(PROCESS)).toBe(true)
  })
})

test('t - 1 guardians cannot decrypt; any t can, and all give the same sums', async () => {
  const scene = new Scene({ guardians: 4, threshold: 3 })
  scene.prepare()
  scene.keygen()
  scene.open()
  scene.cast(0, [1n, 0n])
  scene.cast(1, [0n, 1n])
  scene.cast(2, [0n, 1n])
  await scene.close()
  const shares = [1, 2, 3, 4].map((g) => {
    scene.intend(g)
    return g
  })
  const { shares: said } = scene.contestState()
  const messages = shares.map((g) =>
    decryptMessage(scene.state, scene.election, scene.contestState(), g, scene.share(g)),
  )
  for (const absent of [1, 2, 3, 4]) {
    said.clear()
    const present = shares.filter((g) => g !== absent)
    present.forEach((g, i) => {
      expect(outcome(scene.election)).toBeUndefined()
      expect(said.size).toBe(i)
      scene.say(g, messages[g - 1] ?? { type: 'commit', hash: new Uint8Array(32) })
    })
    expect(outcome(scene.election)?.contests[0]).toMatchObject({ sums: [1n, 2n] })
  }
})
