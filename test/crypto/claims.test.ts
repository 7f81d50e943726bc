// SPEC 3.3: the batch equation of the encryption claims, and errors made to cancel in it.
import { describe, expect, it } from 'vitest'
import {
  clearCofactor,
  decodePoint,
  encodePoint,
  G,
  multiply,
  O,
  ORDER,
  type Point,
  randomScalar,
} from '#crypto/babyjubjub.ts'
import { type Claim, checkClaims } from '#crypto/claims.ts'
import { type Ciphertext, encodeCiphertext, encrypt } from '#crypto/elgamal.ts'
import { concat } from '#crypto/encoding.ts'
import { torsion } from '../reference/torsion.ts'

const Y = multiply(G, randomScalar())
const rho = (): bigint => randomScalar() >> 123n
const p = 21888242871839275222246405745257275088548364400416034343698204186575808495617n

/** The sums, by definition. */
function claimOf(ciphertexts: readonly Ciphertext[], coefficients: readonly bigint[]): Claim {
  const total = (points: readonly Point[]) =>
    points.reduce((sum, point, j) => sum.add(multiply(clearCofactor(point), coefficients[j] ?? 0n)), O)
  return {
    ciphertexts: concat(...ciphertexts.map(encodeCiphertext)),
    coefficients,
    d1: encodePoint(total(ciphertexts.map(({ c1 }) => c1))),
    d2: encodePoint(total(ciphertexts.map(({ c2 }) => c2))),
  }
}

const sealed = (n: number): Ciphertext[] =>
  Array.from({ length: n }, (_, j) => encrypt(Y, BigInt(j), randomScalar()))
const honest = (n = 3): Claim => claimOf(sealed(n), Array.from({ length: n }, rho))
const batch = Array.from({ length: 6 }, () => honest())
const [a, b] = [honest(), honest()]

/** The claim with a point added to D1, D2. */
const shifted = (claim: Claim, ciphertexts: readonly Ciphertext[], by1: Point, by2: Point): Claim => {
  const total = claimOf(ciphertexts, claim.coefficients)
  return { ...total, d1: plus(total.d1, by1), d2: plus(total.d2, by2) }
}
const plus = (bytes: Uint8Array, by: Point): Uint8Array => encodePoint(decodePoint(bytes).add(by))

describe('checkClaims', () => {
  it('holds for sums, alone, together, repeated, and for none', () => {
    expect(checkClaims([a])).toBe(true)
    expect(checkClaims([...batch, a, a])).toBe(true)
    expect(checkClaims([])).toBe(true)
  })

  it('holds for ballots of different lengths, and for sums of nothing', () => {
    expect(checkClaims([honest(1), honest(7), claimOf([], [])])).toBe(true)
    expect(checkClaims([{ ...claimOf([], []), d1: encodePoint(G) }])).toBe(false)
  })

  it('fails for any one changed claim of a batch', () => {
    const ciphertexts = sealed(3)
    for (const [by1, by2] of [
      [G, O],
      [O, G],
      [G, G],
    ] as const) {
      expect(checkClaims([...batch, shifted(a, ciphertexts, by1, by2)])).toBe(false)
    }
    expect(checkClaims([...batch, { ...a, d1: a.d2, d2: a.d1 }])).toBe(false)
    expect(checkClaims([...batch, { ...a, coefficients: a.coefficients.toReversed() }])).toBe(false)
    expect(checkClaims([...batch, { ...a, ciphertexts: b.ciphertexts }])).toBe(false)
  })

  it('fails when the ciphertexts of a ballot are exchanged, within or between them', () => {
    const [first, second] = [a.ciphertexts.subarray(0, 128), a.ciphertexts.subarray(128, 256)]
    const rest = a.ciphertexts.subarray(256)
    expect(checkClaims([{ ...a, ciphertexts: concat(second, first, rest) }])).toBe(false)
    const halves = concat(first.subarray(64), first.subarray(0, 64), second, rest)
    expect(checkClaims([{ ...a, ciphertexts: halves }])).toBe(false)
  })

  it('fails on lengths that do not fit and coefficients out of range', () => {
    expect(checkClaims([{ ...a, coefficients: a.coefficients.slice(1) }])).toBe(false)
    expect(checkClaims([{ ...a, ciphertexts: a.ciphertexts.subarray(0, 383) }])).toBe(false)
    expect(checkClaims([{ ...a, d1: a.d1.subarray(1) }])).toBe(false)
    expect(checkClaims([{ ...a, d2: new Uint8Array(0) }])).toBe(false)
    expect(checkClaims([{ ...a, coefficients: a.coefficients.with(0, 1n << 128n) }])).toBe(false)
    expect(checkClaims([{ ...a, coefficients: a.coefficients.with(0, -1n) }])).toBe(false)
  })

  it('fails on points that are not canonical or not on the curve', () => {
    const alias = a.d1.slice()
    alias.set(Buffer.from((decodePoint(a.d1).toAffine().x + p).toString(16).padStart(64, '0'), 'hex'))
    expect(checkClaims([{ ...a, d1: alias }])).toBe(false)
    expect(checkClaims([{ ...a, d2: new Uint8Array(64).fill(1) }])).toBe(false)
    const flipped = a.ciphertexts.with(70, (a.ciphertexts[70] ?? 0) ^ 1)
    expect(checkClaims([{ ...a, ciphertexts: flipped }])).toBe(false)
  })
})

describe('errors made to cancel', () => {
  const ciphertexts = [sealed(3), sealed(3), sealed(3)] as const
  const P = multiply(G, randomScalar())

  it('between two ballots', () => {
    const pair = [shifted(a, ciphertexts[0], P, O), shifted(b, ciphertexts[1], P.negate(), O)]
    expect(checkClaims([...batch, ...pair])).toBe(false)
    expect(checkClaims([shifted(a, ciphertexts[0], O, P), shifted(b, ciphertexts[1], O, P.negate())])).toBe(
      false,
    )
    expect(checkClaims([shifted(a, ciphertexts[0], O, O), shifted(b, ciphertexts[1], O, O)])).toBe(true)
  })

  it('in a circle of three', () => {
    const circle = [G, P, G.add(P).negate()].map((by, k) => shifted(a, ciphertexts[k] ?? [], by, O))
    expect(checkClaims(circle)).toBe(false)
  })

  it('between D1 and D2 of one ballot', () => {
    expect(checkClaims([shifted(a, ciphertexts[0], P, P.negate())])).toBe(false)
  })

  it('as c1 = Y, c2 = (v + 1) G, which one weight for both would accept and nobody could decrypt', () => {
    const eighth = (7n * ORDER + 1n) / 8n
    const [v, r] = [1n, rho()]
    const hostile = { c1: multiply(Y, eighth), c2: multiply(G, ((v + 1n) * eighth) % ORDER) }
    // What a proof with R = rho is about: D1 = R G, D2 = R Y + rho v G.
    const d1 = multiply(G, r)
    const d2 = multiply(Y, r).add(multiply(G, r * v))
    const sum = clearCofactor(hostile.c1.add(hostile.c2))
    expect(d1.add(d2).equals(multiply(sum, r))).toBe(true)
    const claim = {
      ciphertexts: encodeCiphertext(hostile),
      coefficients: [r],
      d1: encodePoint(d1),
      d2: encodePoint(d2),
    }
    expect(checkClaims([claim])).toBe(false)
    expect(checkClaims([...batch, claim])).toBe(false)
    expect(checkClaims([...batch, claimOf([hostile], [r])])).toBe(true)
  })
})

describe('torsion', () => {
  it('in ciphertexts means nothing: it vanishes by the 8, here as in the tally', () => {
    for (const small of torsion) {
      const ciphertexts = sealed(3)
      const twisted = ciphertexts.map(({ c1, c2 }) => ({ c1: c1.add(small), c2: c2.add(small) }))
      const claim = claimOf(ciphertexts, a.coefficients)
      const same = { ...claim, ciphertexts: concat(...twisted.map(encodeCiphertext)) }
      expect(checkClaims([...batch, same])).toBe(true)
    }
  })

  it('in D1 or D2 is found by some draws of the weights; the proof finds it always', () => {
    const ciphertexts = sealed(1)
    const claim = { ...a, coefficients: [rho()] }
    for (const small of torsion.slice(1)) {
      for (const [by1, by2] of [
        [small, O],
        [O, small],
        [small, small],
      ] as const) {
        const twisted = shifted(claim, ciphertexts, by1, by2)
        // Even an error of order 2 survives a draw with probability 1/2 only.
        expect(Array.from({ length: 64 }).every(() => checkClaims([twisted]))).toBe(false)
      }
    }
  })
})
