// The core's sums of products in G1 and its random weights, against @noble/curves: also where points repeat, cancel, are
// neutral or meet their own sums.
import { bn254 } from '@noble/curves/bn254.js'
import fc from 'fast-check'
import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { core } from '#crypto/core/instance.ts'
import { loadG1, read, SIZE, sumOfProducts, write } from '#crypto/core/points.ts'
import { bytesOf, g1Bytes, randomScalar } from './points.ts'

const p = bn254.fields.Fr.ORDER
const G = bn254.G1.Point.BASE
const neutral = bn254.G1.Point.ZERO
type Point = typeof G

const at = {
  points: core.allocate(1024 * SIZE.g1),
  tables: core.allocate(8 * SIZE.table),
  integers: core.allocate(1024 * SIZE.fp),
  products: core.allocate(512 * SIZE.g1),
  random: core.allocate(16 * 512),
  sums: core.allocate(8 * SIZE.fp),
  inputs: core.allocate(8 * 32),
  jacobian: core.allocate(SIZE.jacobian),
  bytes: core.allocate(64),
}

/** k P, for any k in [0, p). */
function times(point: Point, k: bigint): Point {
  return k === 0n || point.is0() ? neutral : point.multiplyUnsafe(k)
}

function expected(points: readonly Point[], scalars: readonly bigint[]): Uint8Array {
  return g1Bytes(points.reduce((sum, point, i) => sum.add(times(point, scalars[i] ?? 0n)), neutral))
}

function ours(points: readonly Point[], scalars: readonly bigint[]): Uint8Array {
  return sumOfProducts(
    points.map(g1Bytes),
    scalars.map((k) => bytesOf(k)),
  )
}

const edges = [
  0n,
  1n,
  2n,
  3n,
  p - 1n,
  p - 2n,
  (p - 1n) / 2n,
  1n << 253n,
  (1n << 253n) - 1n,
  128n,
  127n,
  129n,
  1n << 64n,
]

describe('sums of products', () => {
  test('of all lengths, over random points and scalars', () => {
    for (const length of [0, 1, 2, 7, 8, 23, 24, 63, 64, 192]) {
      const points = Array.from({ length }, () => G.multiply(randomScalar()))
      const scalars = points.map(randomScalar)
      expect(ours(points, scalars)).toEqual(expected(points, scalars))
    }
  })

  test('of edge scalars, alone and all together', () => {
    for (const k of edges) expect(ours([G], [k])).toEqual(expected([G], [k]))
    expect(
      ours(
        edges.map(() => G),
        edges,
      ),
    ).toEqual(
      expected(
        edges.map(() => G),
        edges,
      ),
    )
  })

  test('of points that repeat, cancel and are neutral, in every window', () => {
    const [a, k] = [G.multiply(5n), randomScalar()]
    const cases: [Point[], bigint[]][] = [
      [
        [a, a],
        [k, k],
      ],
      [
        [a, a.negate()],
        [k, k],
      ],
      [
        [a, a.negate(), a],
        [k, k, 1n],
      ],
      [
        [a, a],
        [k, p - k],
      ],
      [
        [a, a.double(), a.negate()],
        [2n, p - 1n, p - 1n],
      ],
      [
        [neutral, a, neutral],
        [k, k, 1n],
      ],
      [[neutral], [k]],
      [Array.from({ length: 40 }, () => a), Array.from({ length: 40 }, () => k)],
      [Array.from({ length: 40 }, (_, i) => (i % 2 ? a : a.negate())), Array.from({ length: 40 }, () => k)],
      // Buckets that hold multiples of one another.
      [
        Array.from({ length: 64 }, (_, i) => G.multiply(BigInt(i + 1))),
        Array.from({ length: 64 }, (_, i) => BigInt(64 - i)),
      ],
      [
        Array.from({ length: 64 }, (_, i) => G.multiply(BigInt(i + 1))),
        Array.from({ length: 64 }, (_, i) => p - BigInt(i + 1)),
      ],
    ]
    for (const [points, scalars] of cases) expect(ours(points, scalars)).toEqual(expected(points, scalars))
  })

  test('of more terms than go at once', () => {
    const few = Array.from({ length: 11 }, (_, i) => G.multiply(BigInt(i + 1)))
    const points = Array.from({ length: 2100 }, (_, i) => few[i % 11] ?? G)
    const scalars = points.map((_, i) => BigInt(i))
    const total = scalars.reduce((sum, k, i) => sum + k * BigInt((i % 11) + 1), 0n) % p
    expect(ours(points, scalars)).toEqual(g1Bytes(G.multiply(total)))
  })

  test('of any points that may meet, by any scalars', () => {
    const k = randomScalar()
    const pool = [
      neutral,
      G,
      G.negate(),
      G.double(),
      G.multiply(k),
      G.multiply(p - k),
      G.multiply((2n * k) % p),
    ]
    const scalar = fc.oneof(fc.constantFrom(...edges, k, p - k), fc.bigInt(0n, p - 1n))
    const terms = fc.array(fc.tuple(fc.constantFrom(...pool), scalar), { maxLength: 24 })
    const property = fc.property(terms, (list) => {
      const [points, scalars] = [list.map(([point]) => point), list.map(([, scalar]) => scalar)]
      expect(ours(points, scalars)).toEqual(expected(points, scalars))
    })
    fc.assert(property, { numRuns: 60 })
  })

  test('refuse scalars >= p and points off the curve', () => {
    expect(() => ours([G], [p])).toThrow('not below p')
    expect(() => sumOfProducts([bytesOf(1n, 3n)], [bytesOf(1n)])).toThrow('not in G1')
    expect(() => ours([G, G], [1n])).toThrow('as many')
  })

  test('from tables are the same', () => {
    const points = [G, G, G.negate(), ...Array.from({ length: 5 }, () => G.multiply(randomScalar()))]
    points.forEach((point, i) => loadG1(at.points + i * SIZE.g1, g1Bytes(point)))
    core.tabulate(at.tables, at.points, points.length)
    const rounds = [
      ...edges.map((k) => points.map(() => k)),
      ...Array.from({ length: 20 }, () => points.map(randomScalar)),
    ]
    for (const scalars of rounds) {
      putIntegers(scalars)
      core.sumFromTables(at.jacobian, at.tables, at.integers, points.length)
      expect(jacobianBytes()).toEqual(expected(points, scalars))
    }
  })
})

describe('weights', () => {
  const digits = Array.from({ length: 16 }, (_, d) => new Uint8Array(16).fill(d * 17))
  const places = Array.from({ length: 32 }, (_, k) =>
    new Uint8Array(16).fill(k % 2 ? 0x70 : 0x0d, k >> 1, (k >> 1) + 1),
  )
  const random = [...digits, ...places, ...Array.from({ length: 80 }, () => Uint8Array.from(randomBytes(16)))]
  const points = random.map((_, i) => G.multiply(BigInt((i % 9) + 1)))

  function draw(): bigint[] {
    random.forEach((bytes, i) => write(at.random + 16 * i, bytes))
    core.drawWeights(at.random, random.length)
    return random.map((_, i) => {
      write(at.sums, new Uint8Array(SIZE.fp))
      expect(core.addInputs(at.sums, at.inputs, 0, i)).toBe(1)
      return integerAt(at.sums)
    })
  }

  test('are unlike for unlike bytes, and none is 0', () => {
    const weights = draw()
    expect(new Set([...weights, 0n]).size).toBe(random.length + 1)
  })

  // The digits of source/weights.ts: 0, the units, (1 - omega) times them, 2, 2 omega and 2 + 2 omega.
  test('are the elements of Z[omega] that their digits spell, modulo p', () => {
    type Pair = readonly [bigint, bigint]
    const times = ([a, b]: Pair, [c, d]: Pair): Pair => [a * c - b * d, a * d + b * c - b * d]
    const powers: Pair[] = [
      [1n, 0n],
      [0n, 1n],
      [-1n, -1n],
    ]
    const units = powers.flatMap(([a, b]): Pair[] => [
      [a, b],
      [-a, -b],
    ])
    const digitsOf = [[0n, 0n] as const, ...units, ...units.map((unit) => times([1n, -1n], unit))]
    digitsOf.push([2n, 0n], [0n, 2n], [2n, 2n])
    expect(new Set(digitsOf.map(([a, b]) => `${((a % 4n) + 4n) % 4n},${((b % 4n) + 4n) % 4n}`)).size).toBe(16)
    const spelt = random.map((bytes) =>
      Array.from({ length: 32 }, (_, k) => ((bytes[k >> 1] ?? 0) >> (4 * (k & 1))) & 15).reduceRight<Pair>(
        ([a, b], digit) => [4n * a + (digitsOf[digit]?.[0] ?? 0n), 4n * b + (digitsOf[digit]?.[1] ?? 0n)],
        [1n, 0n],
      ),
    )
    const { Fr } = bn254.fields
    // lambda and its square are the roots of x^2 + x + 1; omega is one of them.
    const root = Fr.pow(5n, (p - 1n) / 3n)
    expect((root * root + root + 1n) % p).toBe(0n)
    const weights = draw()
    const fitting = [root, Fr.sqr(root)].filter((lambda) =>
      spelt.every(([a, b], i) => Fr.create(a + b * lambda) === weights[i]),
    )
    expect(fitting).toHaveLength(1)
  })

  test('multiply points as the scalars they are, in step, by halves, and inputs', () => {
    const weights = draw()
    points.forEach((point, i) => loadG1(at.points + i * SIZE.g1, g1Bytes(point)))
    core.multiplyByWeights(at.products, at.points, 0, points.length)
    points.forEach((point, i) => {
      expect(affineBytes(at.products + i * SIZE.g1)).toEqual(g1Bytes(point.multiplyUnsafe(weights[i] ?? 0n)))
    })
    for (const [from, to, factor] of [
      [0, points.length, 1],
      [0, points.length, 31],
      [3, 4, 0],
      [100, 128, 17],
    ] as const) {
      const split = core.allocate(2 * (to - from) * SIZE.g1)
      core.splitByWeights(at.points, from, to, factor, split, at.integers)
      core.sumOfProducts(at.jacobian, split, at.integers, 2 * (to - from), 73)
      const multiples = weights.slice(from, to).map((r) => (BigInt(factor) * r) % p)
      expect(jacobianBytes()).toEqual(expected(points.slice(from, to), multiples))
      core.multiplyByWeights(at.products, at.points + from * SIZE.g1, from, to)
      expect(affineBytes(at.products)).toEqual(
        expected(points.slice(from, from + 1), weights.slice(from, from + 1)),
      )
    }
    const inputs = [0n, 1n, p - 1n, randomScalar()]
    write(at.inputs, bytesOf(...inputs))
    write(at.sums, new Uint8Array(5 * SIZE.fp))
    weights.forEach((_, i) => expect(core.addInputs(at.sums, at.inputs, 4, i)).toBe(1))
    const total = weights.reduce((sum, r) => sum + r) % p
    ;[1n, ...inputs].forEach((x, j) => {
      expect(integerAt(at.sums + j * SIZE.fp)).toBe((x * total) % p)
    })
    for (const alias of [p, p + 1n, 2n ** 256n - 1n]) {
      write(at.inputs, bytesOf(0n, alias, 0n, 0n))
      expect(core.addInputs(at.sums, at.inputs, 4, 0)).toBe(0)
    }
  })

  test('do so at their largest', () => {
    // u and v reach 4^32 + 2 (4^32 - 1) / 3 at most, which 68 bits hold; 31 times as much, 73 bits.
    const largest = 4n ** 32n + (2n * (4n ** 32n - 1n)) / 3n
    expect(largest < 1n << 68n).toBe(true)
    expect(31n * largest < 1n << 73n).toBe(true)
  })
})

function putIntegers(scalars: readonly bigint[]): void {
  scalars.forEach((k, i) => {
    write(at.bytes, bytesOf(k))
    expect(core.decodeScalar(at.integers + i * SIZE.fp, at.bytes)).toBe(1)
  })
}

function jacobianBytes(): Uint8Array {
  core.g1ToBytes(at.bytes, at.jacobian)
  return read(at.bytes, 64)
}

function affineBytes(point: number): Uint8Array {
  core.fpToBytes(at.bytes, point)
  core.fpToBytes(at.bytes + 32, point + SIZE.fp)
  return read(at.bytes, 64)
}

/** An integer modulo p in limbs. */
function integerAt(element: number): bigint {
  core.encodeScalar(at.bytes, element)
  return BigInt(`0x${Buffer.from(read(at.bytes, 32)).toString('hex')}`)
}
