// G15: garbage in slots that no option uses. The circuit holds them at 0, and their coefficient is 0.
import { expect, test } from 'vitest'
import { G } from '#crypto/babyjubjub.ts'
import { assignment } from '#circuits/ballot.ts'
import { circuit, provable } from '../circuits/harness.ts'
import { fill, openRule, sample } from '../circuits/sample.ts'
import { babyjubjub } from '@noble/curves/misc.js'

test.each([10, 15])('a value in slot %i', async (slot) => {
  const S = await circuit('S')
  const values = fill('S', []).with(slot, 1n)
  // com, D1 and D2 are made for exactly these values.
  expect(provable(S, sample('S', openRule('S', {}, slot), values).input)).toBe(false)
  expect(provable(S, sample('S', openRule('S', {}, slot + 1), values).input)).toBe(true)
})

test('a plaintext that no slot accounts for', async () => {
  const S = await circuit('S')
  const { statement, secrets } = sample('S', openRule('S'), fill('S', [1n]))
  const [x, y] = statement.d2
  const { x: garbageX, y: garbageY } = babyjubjub.Point.fromAffine({ x, y }).add(G).toAffine()
  expect(provable(S, assignment('S', statement, secrets))).toBe(true)
  expect(provable(S, assignment('S', { ...statement, d2: [garbageX, garbageY] }, secrets))).toBe(false)
})
