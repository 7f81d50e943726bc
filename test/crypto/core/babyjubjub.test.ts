// SPEC 3.3, 9.2: the core's sums of received points against big integers, @noble/curves and the definition: with every
// kind of point and factor, in windows and chunks of every size, and what must be refused.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  encodePoint,
  G,
  multiply,
  normalize,
  O,
  ORDER,
  type Point,
  randomScalar,
} from '#crypto/babyjubjub.ts'
import { Columns, sumOfMultiples } from '#crypto/core/babyjubjub.ts'
import { concat, toHex } from '#crypto/encoding.ts'
import * as reference from '../../reference/babyjubjub.ts'
import { torsion } from '../../reference/torsion.ts'

const p = 21888242871839275222246405745257275088548364400416034343698204186575808495617n
const LIMIT = 1n << 259n
const [fixed, ...others] = Array.from({ length: 4 }, () => multiply(G, randomScalar())) as [Point, ...Point[]]
const base = [fixed, ...others]
const pool: Point[] = [
  ...base,
  ...base.map((point) => point.negate()),
  ...torsion,
  ...base.map((point, i) => point.add(torsion[i + 4] ?? O)),
  G,
  O,
]
const point = fc.constantFrom(...pool)

/** k P for any integer k: l P is what torsion P has. */
function times(element: Point, k: bigint): Point {
  if (k < 0n) return times(element.negate(), -k)
  const small = element.multiplyUnsafe(ORDER - 1n).add(element)
  const multiplesOfSmall = Array.from({ length: Number((k / ORDER) % 8n) }, () => small)
  const rest = k % ORDER === 0n ? O : element.multiplyUnsafe(k % ORDER)
  return multiplesOfSmall.reduce((sum, each) => sum.add(each), rest)
}

const sum = (points: readonly Point[], factors: readonly bigint[]): Uint8Array | undefined =>
  sumOfMultiples([{ points: concat(...points.map(encodePoint)), factors }])
const expected = (points: readonly Point[], factors: readonly bigint[]): Uint8Array =>
  encodePoint(points.reduce((total, element, i) => total.add(times(element, factors[i] ?? 0n)), O))

describe('sumOfMultiples', () => {
  it('is the sum of big integers, of every two kinds of points and small factors of both signs', () => {
    const twins = pool.map((element) => reference.decode(encodePoint(element)) ?? reference.NEUTRAL)
    for (const [i, element] of pool.entries()) {
      for (const [j, other] of pool.entries()) {
        if ((i + j) % 5 !== 0 && i !== j) continue
        const [a, b] = [twins[i], twins[j]] as [reference.Affine, reference.Affine]
        const twin = reference.sumOfMultiples([
          [a, 2n],
          [reference.negate(b), 3n],
        ])
        expect(sum([element, other], [2n, -3n])).toEqual(reference.encode(twin))
      }
    }
  })

  it('is the sum with equal, opposite, neutral and torsion points, and factors of any size', () => {
    const factor = fc.oneof(
      fc.constantFrom(0n, 1n, -1n, ORDER, 8n * ORDER, LIMIT - 1n, 1n - LIMIT, (1n << 128n) - 1n),
      fc.bigInt({ min: 1n - LIMIT, max: LIMIT - 1n }),
    )
    const terms = fc.array(fc.tuple(point, factor), { maxLength: 10 })
    fc.assert(
      fc.property(terms, (list) => {
        const [points, factors] = [list.map(([element]) => element), list.map(([, k]) => k)]
        expect(sum(points, factors)).toEqual(expected(points, factors))
      }),
      { numRuns: 60 },
    )
  })

  it('takes every power of two, its negative and their neighbours: each digit of each window', () => {
    const element = fixed.add(torsion[1] ?? O)
    let power = element
    for (let bit = 0n; bit < 259n; bit++) {
      const [two, less] = [encodePoint(power), encodePoint(power.subtract(element))]
      expect(sum([element], [1n << bit])).toEqual(two)
      expect(sum([element], [(1n << bit) - 1n])).toEqual(less)
      expect(sum([element.negate()], [-(1n << bit)])).toEqual(two)
      expect(sum([element], [1n - (1n << bit)])).toEqual(encodePoint(element.subtract(power)))
      power = power.double()
    }
  })

  it.each([1, 2, 5, 30, 100, 400, 1500, 5000, 8191, 8192, 8193])(
    'is the sum of %d points, in windows and chunks of any size, split into parts of any length',
    (n) => {
      const exponents = Array.from({ length: n }, (_, i) => BigInt(i + 1))
      let running = O
      const encoded = concat(...exponents.map(() => encodePoint((running = running.add(G)))))
      const factors = exponents.map((i) => (i % 3n === 0n ? -i : (i ** 60n * 77n) % LIMIT))
      const total = exponents.reduce((acc, i, at) => acc + i * (factors[at] ?? 0n), 0n)
      const result = encodePoint(times(G, total))
      expect(sumOfMultiples([{ points: encoded, factors }])).toEqual(result)
      const cut = Math.floor(n / 3)
      const parts = [
        { points: encoded.subarray(0, 64 * cut), factors: factors.slice(0, cut) },
        { points: encoded.subarray(64 * cut), factors: factors.slice(cut) },
      ]
      expect(sumOfMultiples(parts)).toEqual(result)
    },
  )

  it('cancels to the neutral element, of the same point, of opposite ones and of whole orders', () => {
    const neutral = encodePoint(O)
    const k = randomScalar()
    expect(sum([fixed, fixed], [k, -k])).toEqual(neutral)
    expect(sum([fixed, fixed.negate()], [k, k])).toEqual(neutral)
    expect(sum([fixed], [ORDER])).toEqual(neutral)
    expect(
      sum(
        torsion,
        torsion.map(() => 8n),
      ),
    ).toEqual(neutral)
    expect(sum([], [])).toEqual(neutral)
    expect(sumOfMultiples([])).toEqual(neutral)
    expect(
      sum(
        Array.from({ length: 999 }, () => fixed),
        Array.from({ length: 999 }, () => 1n),
      ),
    ).toEqual(encodePoint(multiply(fixed, 999n)))
  })

  it('refuses what is no canonical point of the curve, at every place, and lengths that do not fit', () => {
    const good = encodePoint(fixed)
    for (const bytes of malformed) {
      for (const at of [0, 1, 2]) {
        const points = concat(...[good, good, good].with(at, bytes))
        expect(sumOfMultiples([{ points, factors: [1n, 1n, 1n] }])).toBeUndefined()
        expect(
          sumOfMultiples([
            { points: good, factors: [1n] },
            { points, factors: [0n, 0n, 0n] },
          ]),
        ).toBeUndefined()
      }
    }
    expect(sumOfMultiples([{ points: good, factors: [] }])).toBeUndefined()
    expect(sumOfMultiples([{ points: good, factors: [1n, 1n] }])).toBeUndefined()
    expect(sumOfMultiples([{ points: good.subarray(1), factors: [1n] }])).toBeUndefined()
    // and nothing of a refused sum stays behind
    expect(sum([fixed], [1n])).toEqual(good)
  })

  it('is our own mistake with a factor out of range', () => {
    for (const k of [LIMIT, -LIMIT, 1n << 320n]) expect(() => sum([G], [k])).toThrow('out of range')
  })
})

/** 64 bytes each, but no canonical encodings of points. */
const malformed: readonly Uint8Array[] = (() => {
  const { x, y } = fixed.toAffine()
  const word = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
  return [
    [x, x],
    [y, x],
    [x + p, y],
    [x, y + p],
    [p, 1n],
    [0n, p + 1n],
    [0n, 0n],
    [1n, 1n],
    [x, p - y + 1n],
    [2n ** 256n - 1n, 2n ** 256n - 1n],
  ].map((pair) => Buffer.concat(pair.map(word)))
})()

describe('decoding', () => {
  const known = (bytes: Uint8Array): boolean => new Columns(1).add(bytes)

  it('accepts just what big integers accept: flipped bits and random bytes', () => {
    const twin = (bytes: Uint8Array): boolean => reference.decode(bytes) !== undefined
    for (const element of pool) {
      const bytes = encodePoint(element)
      expect(known(bytes)).toBe(true)
      for (let bit = 0; bit < 512; bit += 3) {
        const flipped = bytes.with(bit >> 3, (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)))
        expect(known(flipped)).toBe(twin(flipped))
      }
    }
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (bytes) => known(bytes) === twin(bytes)),
      { numRuns: 500 },
    )
  })

  it('knows x with y and with -y, and -x', () => {
    for (const element of pool) {
      const { x, y } = element.toAffine()
      for (const [u, v] of [
        [(p - x) % p, y],
        [x, (p - y) % p],
        [(p - x) % p, (p - y) % p],
      ] as const) {
        expect(known(reference.encode({ x: u, y: v }))).toBe(true)
      }
    }
  })
})

describe('Columns', () => {
  it('are sums of columns, times the cofactor, with any points', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(point, point, point), { maxLength: 12 }), (rows) => {
        const columns = new Columns(3)
        for (const row of rows) expect(columns.add(concat(...row.map(encodePoint)))).toBe(true)
        const totals = [0, 1, 2].map((i) => rows.reduce((total, row) => total.add(row[i] ?? O), O))
        expect(columns.timesCofactor()).toEqual(totals.map((total) => encodePoint(times(total, 8n))))
      }),
      { numRuns: 60 },
    )
  })

  it('clear torsion, and twice the same row is its double', () => {
    const columns = new Columns(8)
    const row = concat(...torsion.map((small) => encodePoint(fixed.add(small))))
    columns.add(row)
    columns.add(row)
    const result = encodePoint(multiply(fixed, 16n))
    expect(columns.timesCofactor().map(toHex)).toEqual(torsion.map(() => toHex(result)))
  })

  it('add up 20,000 points, of the subgroup and not', () => {
    const columns = new Columns(2)
    const n = 20_000
    const points: Point[] = []
    for (let at = G; points.length < n; at = at.add(G)) points.push(at)
    const small = torsion[3] ?? O
    const twisted = normalize(points.map((element) => element.add(small)))
    for (const [i, element] of normalize(points).entries())
      expect(columns.add(concat(encodePoint(element), encodePoint(twisted[i] ?? O)))).toBe(true)
    const total = encodePoint(multiply(G, 8n * BigInt((n * (n + 1)) / 2)))
    expect(columns.timesCofactor()).toEqual([total, total])
  })

  it('are independent of each other and of sums in between', () => {
    const [a, b] = [new Columns(1), new Columns(1)]
    a.add(encodePoint(G))
    b.add(encodePoint(fixed))
    sum([G, fixed], [5n, 6n])
    a.add(encodePoint(G))
    expect(a.timesCofactor()).toEqual([encodePoint(multiply(G, 16n))])
    expect(b.timesCofactor()).toEqual([encodePoint(multiply(fixed, 8n))])
    expect(new Columns(2).timesCofactor()).toEqual([encodePoint(O), encodePoint(O)])
  })

  it('take nothing of a row with a point that is none, or of another length', () => {
    const columns = new Columns(2)
    const good = encodePoint(fixed)
    columns.add(concat(good, good))
    for (const bad of malformed) {
      expect(columns.add(concat(good, bad))).toBe(false)
      expect(columns.add(concat(bad, good))).toBe(false)
    }
    expect(columns.add(good)).toBe(false)
    expect(columns.add(concat(good, good, good))).toBe(false)
    expect(columns.add(new Uint8Array())).toBe(false)
    const result = encodePoint(multiply(fixed, 8n))
    expect(columns.timesCofactor()).toEqual([result, result])
    expect(() => new Columns(1025)).toThrow('too many')
  })
})
