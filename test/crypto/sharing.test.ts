// SPEC 5.2, 5.3, 5.4 and 5.5: polynomial shares, their commitments, and interpolation.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { G, multiply, ORDER } from '#crypto/babyjubjub.ts'
import {
  checkShare,
  combine,
  commitments,
  evaluate,
  evaluateCommitments,
  lagrangeAtZero,
  randomPolynomial,
} from '#crypto/sharing.ts'

const few = { numRuns: 10 }
const thresholds = fc.record({ n: fc.integer({ min: 1, max: 7 }), seed: fc.integer() }).chain(({ n }) =>
  fc.record({
    t: fc.integer({ min: 1, max: n }),
    indices: fc.shuffledSubarray(
      Array.from({ length: n }, (_, i) => i + 1),
      { minLength: n },
    ),
  }),
)

describe('sharing', () => {
  it('gives the secret to any t guardians, in any order, and not to t - 1', () => {
    fc.assert(
      fc.property(thresholds, ({ t, indices }) => {
        const f = randomPolynomial(t)
        const base = multiply(G, 77n)
        const points = indices.map((i) => multiply(base, evaluate(f, i)))
        const secret = multiply(base, f[0] ?? 0n)
        expect(combine(indices.slice(0, t), points.slice(0, t)).equals(secret)).toBe(true)
        expect(combine(indices, points).equals(secret)).toBe(true)
        if (t > 1) expect(combine(indices.slice(1, t), points.slice(1, t)).equals(secret)).toBe(false)
      }),
      few,
    )
  })

  it('evaluates polynomials as written', () => {
    expect(evaluate([5n, 3n, 2n], 4)).toBe(5n + 3n * 4n + 2n * 16n)
    expect(evaluate([ORDER - 1n, 1n], 1)).toBe(0n)
    expect(evaluate([9n], 65535)).toBe(9n)
  })

  it('has the Lagrange coefficients of 1, 2, 4: 8/3, -2, 1/3', () => {
    const [a = 0n, b = 0n, c = 0n] = lagrangeAtZero([1, 2, 4])
    expect([(3n * a) % ORDER, b, (3n * c) % ORDER]).toEqual([8n, ORDER - 2n, 1n])
    expect(lagrangeAtZero([3])).toEqual([1n])
  })

  it('checks a share against the commitments', () => {
    const f = randomPolynomial(3)
    const committed = commitments(f)
    expect(committed).toHaveLength(3)
    for (const i of [1, 2, 9]) {
      const share = evaluate(f, i)
      expect(evaluateCommitments(committed, i).equals(multiply(G, share))).toBe(true)
      expect(checkShare(committed, i, share)).toBe(true)
      expect(checkShare(committed, i + 1, share)).toBe(false)
      expect(checkShare(committed, i, (share + 1n) % ORDER)).toBe(false)
      expect(checkShare(committed, i, share + ORDER)).toBe(false)
      expect(checkShare(committed, i, share - ORDER)).toBe(false)
      expect(checkShare(committed.slice(0, 2), i, share)).toBe(false)
    }
  })

  it('refuses indices that no guardian has', () => {
    for (const i of [0, -1, 1.5, 65536, NaN]) {
      expect(() => evaluate([1n], i)).toThrow('index')
      expect(() => evaluateCommitments([G], i)).toThrow('index')
      expect(() => lagrangeAtZero([1, i])).toThrow('index')
      expect(() => randomPolynomial(i)).toThrow()
    }
    expect(() => lagrangeAtZero([0])).toThrow('index')
    for (const indices of [[], [2, 2], [1, 2, 1]]) expect(() => lagrangeAtZero(indices)).toThrow('distinct')
    expect(() => combine([1, 2], [G])).toThrow('as many scalars')
  })
})
