// G7: a public signal that nothing constrains can be changed after the proof. Each of ours is changed alone; to the
// negative too, since the circuits only square t and message.
import { afterAll, describe, expect, test } from 'vitest'
import { FIELD_ORDER } from '#crypto/babyjubjub.ts'
import { checkProof } from '#crypto/groth16.ts'
import type { Assignment } from '#circuits/ballot.ts'
import { releaseCurve } from '#circuits/curve.ts'
import { nullifier } from '#circuits/credential.ts'
import { signalAssignment } from '#circuits/signal.ts'
import { circuit } from '../circuits/harness.ts'
import { keysOf } from '../circuits/keys.ts'
import { fill, openRule, sample, source, voterIn } from '../circuits/sample.ts'

afterAll(releaseCurve)

const INPUTS = {
  S: () => sample('S', openRule('S'), fill('S', [1n, 0n, 5n])).input,
  signal: (): Assignment => {
    const random = source('g7')
    const { secret, index, path, root } = voterIn(12, 1n, random)
    const scope = random()
    const statement = { scope, root, nullifier: nullifier(secret, scope), message: random() }
    return signalAssignment(statement, { secret, weight: 1n, index, path })
  },
}

describe.each(['S', 'signal'] as const)('%s', async (id) => {
  const { verificationKey, prove } = await keysOf(id)
  const { names, publicCount } = await circuit(id)
  const { proof, inputs } = await prove(INPUTS[id]())

  test('the proof holds', () => {
    expect(inputs).toHaveLength(publicCount)
    expect(checkProof(verificationKey, proof, inputs)).toBe(true)
  })

  test.each(inputs.map((value, i): [string, number, bigint] => [names[i + 1] ?? '', i, value]))(
    '%s',
    (_, i, value) => {
      const others = new Set([(value + 1n) % FIELD_ORDER, (FIELD_ORDER - value) % FIELD_ORDER])
      others.delete(value)
      for (const other of others)
        expect(checkProof(verificationKey, proof, inputs.with(i, other))).toBe(false)
    },
  )
})
