// F5: a hash that favours some scalars (SPEC 2.3): challenges and secrets must be uniform. A smoke test by chi-square,
// with too short a hash as the biased one that it must find.
import { describe, expect, it } from 'vitest'
import { FIELD_ORDER, ORDER } from '#crypto/babyjubjub.ts'
import { bigintToBytes, bytesToBigint } from '#crypto/encoding.ts'
import { hashToBytes, hashToField, hashToScalar } from '#crypto/hash.ts'

const BUCKETS = 64
const SAMPLES = 6400

/** Exceeded with probability below 10^-6 by a uniform source: chi-square with 63 degrees of freedom. */
const LIMIT = 130

/** Chi-square of where in [0, order) the samples lie, and of their lowest six bits. */
function chiSquares(order: bigint, sample: (message: Uint8Array) => bigint): [number, number] {
  const [places, lows] = [new Float64Array(BUCKETS), new Float64Array(BUCKETS)]
  for (let i = 0; i < SAMPLES; i++) {
    const value = sample(bigintToBytes(BigInt(i), 8))
    const [place, low] = [Number((value * BigInt(BUCKETS)) / order), Number(value % BigInt(BUCKETS))]
    places[place] = (places[place] ?? 0) + 1
    lows[low] = (lows[low] ?? 0) + 1
  }
  const expected = SAMPLES / BUCKETS
  const statistic = (counts: Float64Array) =>
    counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  return [statistic(places), statistic(lows)]
}

describe('F5 hashes to scalars and field elements', () => {
  it.each([
    ['scalars', ORDER, hashToScalar],
    ['field elements', FIELD_ORDER, hashToField],
  ])('are uniform over the %s', (_, order, hash) => {
    for (const statistic of chiSquares(order, (message) => hash('attack', message))) {
      expect(statistic).toBeLessThan(LIMIT)
      expect(statistic).toBeGreaterThan(20)
    }
  })

  it('are told from a hash as short as the order, reduced', () => {
    const short = (message: Uint8Array) => (bytesToBigint(hashToBytes('attack', message, 32)) >> 4n) % ORDER
    expect(chiSquares(ORDER, short)[0]).toBeGreaterThan(LIMIT)
  })
})
