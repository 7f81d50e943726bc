// SPEC 9.4: small discrete logarithms, exact at every edge, and 2^40 within the promised time and memory.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePoint, FIELD_ORDER, G, multiply, O } from '#crypto/babyjubjub.ts'
import { discreteLog, MAX_BOUND } from '#crypto/dlog.ts'
import { bigintToBytes, concat } from '#crypto/encoding.ts'

const SMALLEST_TABLE = 1024n
const BLOCK = 2n * SMALLEST_TABLE - 1n

describe('discreteLog', () => {
  it('finds every logarithm up to small bounds, and nothing above', () => {
    let point = O
    for (let m = 0n; m <= 40n; m++) {
      for (const bound of [0n, 1n, 7n, 39n, 40n]) {
        expect(discreteLog(point, bound)).toBe(m <= bound ? m : undefined)
      }
      point = point.add(G)
    }
  })

  it('is exact at the edges of the table and of its blocks', () => {
    for (const edge of [SMALLEST_TABLE, BLOCK, 2n * BLOCK, 255n * BLOCK, 256n * BLOCK, 257n * BLOCK]) {
      for (const m of [edge - 1n, edge, edge + 1n]) {
        const point = multiply(G, m)
        expect(discreteLog(point, m)).toBe(m)
        expect(discreteLog(point, m - 1n)).toBeUndefined()
      }
    }
  })

  it('finds any logarithm within any bound', () => {
    const cases = fc
      .bigInt({ min: 0n, max: 1n << 28n })
      .chain((bound) => fc.record({ bound: fc.constant(bound), m: fc.bigInt({ min: 0n, max: bound }) }))
    fc.assert(
      fc.property(cases, ({ bound, m }) => {
        expect(discreteLog(multiply(G, m), bound)).toBe(m)
      }),
      { numRuns: 40 },
    )
  })

  it('finds none for negative values, other points and points outside the subgroup', () => {
    const bound = 5000n
    expect(discreteLog(multiply(G, 5n).negate(), bound)).toBeUndefined()
    expect(discreteLog(multiply(G, 987654321987654321n), bound)).toBeUndefined()
    const torsion = decodePoint(concat(new Uint8Array(32), bigintToBytes(FIELD_ORDER - 1n, 32)))
    expect(discreteLog(torsion, bound)).toBeUndefined()
    expect(discreteLog(multiply(G, 5n).add(torsion), bound)).toBeUndefined()
    expect(discreteLog(multiply(G, 5n), bound)).toBe(5n)
  })

  it('refuses bounds it does not promise', () => {
    for (const bound of [-1n, MAX_BOUND + 1n]) expect(() => discreteLog(G, bound)).toThrow('up to this bound')
  })

  it('reaches 2^40 within 512 MB, telling its progress, and then serves small bounds at once', () => {
    const before = process.memoryUsage.rss()
    const told: number[] = []
    expect(discreteLog(multiply(G, MAX_BOUND), MAX_BOUND, (fraction) => told.push(fraction))).toBe(MAX_BOUND)
    expect(discreteLog(multiply(G, MAX_BOUND - 99_999_999_999n), MAX_BOUND)).toBe(MAX_BOUND - 99_999_999_999n)
    expect(process.memoryUsage.rss() - before).toBeLessThan(512 * 2 ** 20)
    expect(told.length).toBeGreaterThan(100)
    expect(told.every((fraction, i) => fraction >= (told[i - 1] ?? 0))).toBe(true)
    expect(told.at(-1)).toBe(1)
    const steps = told.length
    expect(discreteLog(multiply(G, 2999n), 3000n, (fraction) => told.push(fraction))).toBe(2999n)
    expect(told.length - steps).toBe(1)
  })
})
