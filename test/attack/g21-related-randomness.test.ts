// G21: fields of a ballot drawn from one another, so that they repeat or stay a fixed distance apart (davinci re-encrypted
// all fields with one offset). Each exponent is hashed from a fresh seed and its own place. SPEC 6.3.
import { describe, expect, test } from 'vitest'
import { decodePoint, encodePoint } from '#crypto/babyjubjub.ts'
import { toHex } from '#crypto/encoding.ts'
import type { BallotContext, Body } from '#protocol/ballot.ts'
import { packing, ruleParameters, usedSlots } from '#protocol/contest.ts'
import { checkOpening, openingOf, seal } from '#protocol/seal.ts'
import { exampleContext } from '../protocol/spec-examples.ts'
import { contest } from '../tally/scene.ts'

// Sums of up to 2^24 in each of four slots: one slot a ciphertext, four ciphertexts a ballot.
const of = contest({
  options: ['a', 'b', 'c', 'd'].map((id) => ({ id, title: { en: id } })),
  rule: { type: 'approval', min: 0n, max: 4n },
})
const packed = packing(of, 'S', { size: 4 ** 12, totalWeight: 0n })
if (packed === undefined) throw new Error('fits')
const context = { ...exampleContext(), rule: ruleParameters(of, 'S'), slots: usedSlots(of), packing: packed }
const BALLOTS = 100
const sealings = Array.from({ length: BALLOTS }, () =>
  seal(context, { nullifier: 7n, weight: 1n }, 0, [1n, 0n, 1n, 0n]),
)

/** c1 of every field of a ballot. */
const fields = (ciphertexts: Uint8Array) =>
  Array.from({ length: ciphertexts.length / 128 }, (_, j) => ciphertexts.subarray(128 * j, 128 * j + 64))

const repeats = (values: readonly string[]) => values.length - new Set(values).size

describe('over a hundred ballots of one vote by one voter', () => {
  test('positive control: each of them is sound', () => {
    expect(context.packing.ciphertexts).toBe(4)
    expect(sealings.slice(0, 3).every((sealing) => checkOpening(context, openingOf(sealing)))).toBe(true)
  })
  test('no two fields share their randomness', () =>
    expect(repeats(sealings.flatMap(({ body }) => fields(body.ciphertexts).map(toHex)))).toBe(0))
  test('no two pairs of fields stay the same distance apart', () => {
    const distances = sealings.flatMap(({ body }) => {
      const points = fields(body.ciphertexts).map(decodePoint)
      return points.flatMap((p, i) => points.slice(0, i).map((q) => toHex(encodePoint(p.subtract(q)))))
    })
    expect(distances).toHaveLength(BALLOTS * 6)
    expect(repeats(distances)).toBe(0)
  })
  test('seeds, salts, keys and hashed names are drawn anew', () => {
    expect(repeats(sealings.map((s) => toHex(s.seed)))).toBe(0)
    expect(repeats(sealings.map((s) => s.salt.toString()))).toBe(0)
    expect(repeats(sealings.map((s) => toHex(s.nullifierKey)))).toBe(0)
    expect(repeats(sealings.map((s) => toHex(s.body.nullifierHash)))).toBe(0)
  })
  test('the bits of seeds are balanced', () => {
    // 25,600 fair bits: more than 600 (7.5 standard deviations) from half happens once in 10^13 runs.
    const ones = sealings
      .flatMap(({ seed }) => [...seed])
      .reduce((sum, byte) => sum + byte.toString(2).replace(/0/g, '').length, 0)
    expect(Math.abs(ones - BALLOTS * 128)).toBeLessThan(600)
  })
})

test('the same seed gives other randomness in another contest, election or field', () => {
  const { body, ...sealing } = seal(context, { nullifier: 7n, weight: 1n }, 0, [1n, 0n, 1n, 0n])
  const opens = (under: BallotContext, changes: Partial<Body>) =>
    checkOpening(under, openingOf({ ...sealing, body: { ...body, ...changes } }))
  expect(opens(context, {})).toBe(true)
  expect(opens({ ...context, contest: 1 }, { contest: 1 })).toBe(false)
  const election = context.election.toReversed().with(0, 1)
  expect(opens({ ...context, election }, { election })).toBe(false)
  const swapped = body.ciphertexts.slice()
  swapped.set(body.ciphertexts.subarray(0, 128), 256)
  swapped.set(body.ciphertexts.subarray(256, 384), 0)
  expect(opens(context, { ciphertexts: swapped })).toBe(false)
})
