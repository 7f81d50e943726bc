// SPEC 3.3: the fast sum of received points against the plain one.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  encodePoint,
  G,
  multiply,
  O,
  ORDER,
  type Point,
  randomScalar,
  sumOfProducts,
} from '#crypto/babyjubjub.ts'
import { sumOfTerms } from '#crypto/point-sum.ts'
import { torsion } from '../reference/torsion.ts'

const p = 21888242871839275222246405745257275088548364400416034343698204186575808495617n
const base = Array.from({ length: 8 }, () => multiply(G, randomScalar()))
const pool: Point[] = [
  ...base,
  ...base.map((point) => point.negate()),
  ...torsion,
  ...base.map((point, i) => point.add(torsion[i] ?? O)),
  G,
  O,
]
const factors = [0n, 1n, 2n, 15n, 16n, 255n, 256n, ORDER - 1n, 1n << 250n, (1n << 128n) - 1n]
const point = fc.constantFrom(...pool)
const factor = fc.oneof(fc.constantFrom(...factors), fc.bigInt({ min: 0n, max: ORDER - 1n }))
const sum = (points: readonly Point[], ks: readonly bigint[]) =>
  sumOfTerms(points.map((element, i) => ({ point: encodePoint(element), factor: ks[i] ?? 0n })))

describe('sumOfTerms', () => {
  it('is the sum, with equal, opposite, neutral and torsion points', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(point, factor), { maxLength: 12 }), (terms) => {
        const [points, ks] = [terms.map(([element]) => element), terms.map(([, k]) => k)]
        expect(sum(points, ks)?.equals(sumOfProducts(points, ks))).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  it.each([449, 450, 451, 4095, 4097])('is the sum of %d points, in windows and chunks of any size', (n) => {
    const exponents = Array.from({ length: n }, (_, i) => BigInt(i + 1))
    let running = O
    const points = exponents.map(() => (running = running.add(G)))
    const ks = exponents.map((i) => (i % 3n === 0n ? (ORDER - i) % ORDER : i ** 40n % ORDER))
    const total = exponents.reduce((acc, i, at) => acc + i * (ks[at] ?? 0n), 0n) % ORDER
    expect(sum(points, ks)?.equals(multiply(G, total))).toBe(true)
  })

  it('is neutral for nothing', () => expect(sum([], [])?.is0()).toBe(true))

  it('refuses what is no canonical point of the curve, at every place', () => {
    const good = encodePoint(G)
    const { x, y } = G.toAffine()
    const word = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
    const bad = [
      Buffer.concat([word(x), word(x)]),
      Buffer.concat([word(y), word(x)]),
      Buffer.concat([word(x + p), word(y)]),
      Buffer.concat([word(x), word(y + p)]),
      Buffer.concat([word(p), word(1n)]),
      Buffer.concat([word(0n), word(p + 1n)]),
      new Uint8Array(64),
      new Uint8Array(64).fill(255),
      good.subarray(1),
      new Uint8Array([...good, 0]),
    ]
    for (const bytes of bad) {
      for (const at of [0, 1, 2]) {
        const points = [good, good, good].with(at, bytes)
        expect(sumOfTerms(points.map((element) => ({ point: element, factor: 1n })))).toBeUndefined()
      }
    }
  })

  it('is our own mistake with a factor out of range', () => {
    expect(() => sum([G], [ORDER])).toThrow('out of range')
    expect(() => sum([G], [-1n])).toThrow('out of range')
  })
})
