// The core's tower against @noble/curves: Fp2 and Fp12, and by it Fp6, on all pairs of edge values and on random ones; the
// final exponentiation of any element; pairings of 10,000 small multiples.
import { bn254 } from '@noble/curves/bn254.js'
import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { core } from '#crypto/core/instance.ts'
import { loadG1, loadTwist, SIZE, write } from '#crypto/core/points.ts'
import { bytesOf, elementAt, g1Bytes, g2Bytes } from './points.ts'

const { Fp, Fp2, Fp12 } = bn254.fields
type Element = typeof Fp12.ONE
const q = Fp.ORDER
const u = 4965661367192848881n
const [G, H] = [bn254.G1.Point.BASE, bn254.G2.Point.BASE]
const [R, A, B, BYTES] = [0, 1, 2, 3].map(() => core.allocate(SIZE.fp12)) as [number, number, number, number]
const NONE = new Uint8Array()
const pair = { g1: core.allocate(SIZE.g1), g2: core.allocate(SIZE.g2) }

const edges = [0n, 1n, 2n, q - 1n, q - 2n, (q - 1n) / 2n, (q + 1n) / 2n, 1n << 253n, (1n << 29n) - 1n]
const random = (): bigint => BigInt(`0x${randomBytes(40).toString('hex')}`) % q

/** Loads coordinates one after the other. */
function put(at: number, coordinates: readonly bigint[]): void {
  coordinates.forEach((coordinate, i) => {
    write(BYTES, bytesOf(coordinate))
    expect(core.fpFromBytes(at + i * SIZE.fp, BYTES)).toBe(1)
  })
}

function coordinatesOf({ c0, c1 }: Element): bigint[] {
  return [c0.c0, c0.c1, c0.c2, c1.c0, c1.c1, c1.c2].flatMap((x) => [x.c0, x.c1])
}

const twelve = (coordinate: (i: number) => bigint): Element =>
  Fp12.fromBigTwelve(Array.from({ length: 12 }, (_, i) => coordinate(i)) as never)
const load = (at: number, element: Element): void => put(at, coordinatesOf(element))
const fp12 = (at: number): Element => Fp12.fromBigTwelve(elementAt(at) as never)
const expectFp12 = (at: number, element: Element): void => {
  expect(elementAt(at)).toEqual(coordinatesOf(element))
}
const expectFp2 = (at: number, { c0, c1 }: typeof Fp2.ONE): void => {
  expect(elementAt(at).slice(0, 2)).toEqual([c0, c1])
}
/** Noble's final exponentiation is a power of ours, see pairing.test.ts. */
const expectNobles = (at: number, element: Element): void => {
  const ours = Fp12.pow(fp12(at), 2n * u * (6n * u * u + 3n * u + 1n))
  expect(coordinatesOf(ours)).toEqual(coordinatesOf(element))
}

/** All coordinates the same edge value, each basis vector, its negative, and halves and thirds that are 0. */
const edgeElements = [
  ...edges.map((edge) => twelve(() => edge)),
  ...Array.from({ length: 12 }, (_, k) => twelve((i) => (i === k ? 1n : 0n))),
  ...Array.from({ length: 12 }, (_, k) => twelve((i) => (i === k ? q - 1n : 0n))),
  twelve((i) => (i < 6 ? random() : 0n)),
  twelve((i) => (i < 6 ? 0n : random())),
  twelve((i) => (i % 6 < 2 ? q - 1n : 0n)),
  twelve((i) => (i % 2 === 0 ? q - 1n : 1n)),
]
const anyElement = (): Element => twelve(random)

test('Fp2 on all pairs of edge coordinates', () => {
  const elements = edges.flatMap((c0) => edges.map((c1) => Fp2.fromBigTuple([c0, c1])))
  for (const a of elements) {
    put(A, [a.c0, a.c1])
    core.fp2Sqr(R, A)
    expectFp2(R, Fp2.sqr(a))
    core.fp2MulXi(R, A)
    expectFp2(R, Fp2.mul(a, Fp2.fromBigTuple([9n, 1n])))
    core.fp2Norm(R, A)
    expect(elementAt(R)[0]).toBe(Fp.add(Fp.sqr(a.c0), Fp.sqr(a.c1)))
    for (const b of elements) {
      put(B, [b.c0, b.c1])
      core.fp2Mul(R, A, B)
      expectFp2(R, Fp2.mul(a, b))
    }
  }
})

describe('Fp12', () => {
  test('products of all pairs of edge elements and of 1,000 random pairs, also in the place of a factor', () => {
    const pairs = [
      ...edgeElements.flatMap((a) => edgeElements.map((b) => [a, b] as const)),
      ...Array.from({ length: 1000 }, () => [anyElement(), anyElement()] as const),
    ]
    for (const [a, b] of pairs) {
      const product = Fp12.mul(a, b)
      load(A, a)
      load(B, b)
      core.fp12Mul(R, A, B)
      expectFp12(R, product)
      core.fp12Mul(A, A, B)
      expectFp12(A, product)
    }
  })

  test('conjugates, and 1 is told from everything that differs in one coordinate', () => {
    for (const a of [...edgeElements, ...Array.from({ length: 100 }, anyElement)]) {
      load(A, a)
      core.fp12Conjugate(R, A)
      expectFp12(R, Fp12.conjugate(a))
      expect(core.fp12IsOne(A)).toBe(Fp12.eql(a, Fp12.ONE) ? 1 : 0)
    }
    for (let k = 0; k < 12; k++)
      for (const other of edges) {
        const near = coordinatesOf(Fp12.ONE).with(k, other)
        put(A, near)
        expect(core.fp12IsOne(A)).toBe(other === (k === 0 ? 1n : 0n) ? 1 : 0)
      }
  })

  test('to the power (q^12 - 1) / p, of edge elements and any others; of 0 it is never 1', () => {
    for (const a of [...edgeElements.slice(1), ...Array.from({ length: 20 }, anyElement)]) {
      load(A, a)
      core.exponentiate(R, A)
      expectNobles(R, Fp12.finalExponentiate(a))
    }
    load(A, Fp12.ZERO)
    core.exponentiate(R, A)
    expect(core.fp12IsOne(R)).toBe(0)
  })
})

test('10,000 pairings of small multiples, some with a minus, are powers of one', () => {
  const multiplesOf = <P extends { add(other: P): P }>(base: P): P[] => {
    const all = [base]
    for (let last = base; all.length < 100; all.push(last)) last = last.add(base)
    return all
  }
  const [left, right] = [multiplesOf(G).map(g1Bytes), multiplesOf(H).map(g2Bytes)]
  const set = (i: number, a: number, b: number): void => {
    const [p = NONE, q = NONE] = [left[a - 1], right[b - 1]]
    expect(loadG1(pair.g1, p) && loadTwist(pair.g2, q)).toBe(true)
    core.setPair(i, pair.g1, pair.g2, isNegative(a, b))
  }
  const isNegative = (a: number, b: number): boolean => (a * b) % 7 === 3
  set(0, 1, 1)
  core.millerLoop(1, 1, 0)
  core.exponentiate(R, core.accumulator(0))
  const one = fp12(R)
  expectNobles(R, bn254.pairing(G, H))
  for (let a = 1; a <= 100; a += 5) {
    // Five rows of a hundred pairs, ten to a group.
    const places = Array.from({ length: 500 }, (_, i) => [a + Math.floor(i / 100), 1 + (i % 100)] as const)
    places.forEach(([x, y], i) => set(i, x, y))
    core.millerLoop(500, 10, 0)
    for (let group = 0; group < 50; group++) {
      const sum = places
        .slice(10 * group, 10 * group + 10)
        .reduce((total, [x, y]) => total + (isNegative(x, y) ? -x * y : x * y), 0)
      core.exponentiate(R, core.accumulator(group))
      const power = Fp12.pow(one, BigInt(Math.abs(sum)))
      expectFp12(R, sum < 0 ? Fp12.conjugate(power) : power)
    }
  }
})
