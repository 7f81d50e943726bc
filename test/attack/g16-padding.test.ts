// G16: data in padding. The commitment packs 15 values to an element; the rest of an element is nobody's.
import { expect, test } from 'vitest'
import { assignment } from '#circuits/ballot.ts'
import { poseidon } from '#circuits/poseidon.ts'
import { circuit, provable } from '../circuits/harness.ts'
import { fill, openRule, sample } from '../circuits/sample.ts'

test.each([16n, 32n, 200n, 240n, 252n])('a bit at %s of the last packed element', async (bit) => {
  const S = await circuit('S')
  const { statement, secrets } = sample('S', openRule('S'), fill('S', [4n]))
  const commitment = (last: bigint) => poseidon([4n, 4n, last, secrets.weight, secrets.salt])
  expect(statement.commitment).toBe(commitment(0n))
  expect(provable(S, assignment('S', statement, secrets))).toBe(true)
  expect(provable(S, assignment('S', { ...statement, commitment: commitment(1n << bit) }, secrets))).toBe(
    false,
  )
})
