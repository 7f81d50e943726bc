// SPEC 3.2, 6.5: real proofs by the three circuits, and what the prover does with an assignment that does not fit.
import { afterAll, expect, test, vi } from 'vitest'
import { checkProof } from '#crypto/groth16.ts'
import { publicInputs } from '#circuits/ballot.ts'
import { releaseCurve } from '#circuits/curve.ts'
import { nullifier } from '#circuits/credential.ts'
import { signalAssignment, signalInputs } from '#circuits/signal.ts'
import { keysOf } from './keys.ts'
import { fill, openRule, sample, source, voterIn } from './sample.ts'

afterAll(releaseCurve)

test.each(['S', 'L'] as const)('a ballot by %s', async (id) => {
  const { verificationKey, prove } = await keysOf(id)
  const { statement, input } = sample(id, openRule(id), fill(id, [1n, 0n, 5n]))
  const { proof, inputs } = await prove(input)
  expect(proof).toHaveLength(256)
  expect(inputs).toEqual(publicInputs(id, statement))
  expect(checkProof(verificationKey, proof, inputs)).toBe(true)
})

test('a signal', async () => {
  const { verificationKey, prove } = await keysOf('signal')
  const random = source('prove')
  const { secret, index, path, root } = voterIn(12, 1n, random)
  const scope = random()
  const statement = { scope, root, nullifier: nullifier(secret, scope), message: random() }
  const { proof } = await prove(signalAssignment(statement, { secret, weight: 1n, index, path }))
  expect(checkProof(verificationKey, proof, signalInputs(statement))).toBe(true)
})

test('an assignment against the rule is refused, and the prover works on', async () => {
  const { prove } = await keysOf('S')
  const rule = openRule('S')
  await expect(prove(sample('S', rule, fill('S', [6n])).input)).rejects.toThrow(/Assert Failed/)
  expect((await prove(sample('S', rule, fill('S', [5n])).input)).proof).toHaveLength(256)
})

test('a prover that makes no step for a minute is given up, by name, and the next one works', async () => {
  const { prove } = await keysOf('S')
  const { input } = sample('S', openRule('S'), fill('S', [5n]))
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const proving = prove(input)
    const stuck = expect(proving).rejects.toMatchObject({ code: 'prover-stuck' })
    await vi.advanceTimersByTimeAsync(60_000)
    await stuck
  } finally {
    vi.useRealTimers()
  }
  expect((await prove(input)).proof).toHaveLength(256)
})
