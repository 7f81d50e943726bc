// The core's decoders of points, fuzzed: random bytes, and points altered in a bit, a coordinate, its representation or
// its subgroup, against what big integers and @noble/curves say of them.
import { bn254 } from '@noble/curves/bn254.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { core } from '#crypto/core/instance.ts'
import { isInG1, isInG2, loadTwist, SIZE } from '#crypto/core/points.ts'
import { twistOfSmallOrder, twistOutsider } from '../../reference/twist.ts'
import { bytesOf, g1Bytes, g2Bytes } from './points.ts'

const { Fp, Fp2, Fr } = bn254.fields
const [G1, G2] = [bn254.G1.Point, bn254.G2.Point]
const q = Fp.ORDER
const FULL = 2n ** 256n
const outside = twistOutsider()
const small = twistOfSmallOrder(outside, 10069n)
const twist = core.allocate(SIZE.g2)

const scalar = fc.oneof(
  fc.constantFrom(1n, 2n, 3n, Fr.ORDER - 1n, Fr.ORDER - 2n),
  fc.bigInt(1n, Fr.ORDER - 1n),
)

const wordsOf = (bytes: Uint8Array): bigint[] =>
  Array.from({ length: bytes.length / 32 }, (_, i) =>
    BigInt(`0x${Buffer.from(bytes.subarray(32 * i, 32 * i + 32)).toString('hex')}`),
  )

/** Ways to alter some words; each gives as many again. */
const change = fc.oneof(
  fc.constant((words: bigint[]) => words),
  fc.nat(1023).map((bit) => (words: bigint[]) => {
    const at = (bit >> 8) % words.length
    return words.with(at, (words[at] ?? 0n) ^ (1n << BigInt(bit & 255)))
  }),
  fc.nat(3).map((i) => (words: bigint[]) => {
    const at = i % words.length
    return words.with(at, ((words[at] ?? 0n) + q) % FULL)
  }),
  fc.tuple(fc.nat(3), fc.constantFrom(0n, 1n, q - 1n, q, q + 1n, FULL - 1n)).map(
    ([i, word]) =>
      (words: bigint[]) =>
        words.with(i % words.length, word),
  ),
  fc.constant((words: bigint[]) => words.map((word, i) => (2 * i < words.length ? word : (q - word) % q))),
  fc.constant((words: bigint[]) => words.toReversed()),
  fc.constant((words: bigint[]) => words.map(() => 0n)),
)

const altered = (points: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> =>
  fc.tuple(points, change).map(([point, alter]) => bytesOf(...alter(wordsOf(point))))
const random = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    fc.uint8Array({ minLength: length, maxLength: length }),
    fc.uint8Array({ maxLength: length + 32 }),
    // Coordinates that are canonical and nothing else.
    fc
      .array(fc.bigInt(0n, q - 1n), { minLength: length / 32, maxLength: length / 32 })
      .map((words) => bytesOf(...words)),
  )

/** The affine coordinates that so many canonical words spell, of another point than the neutral one. */
function canonical(bytes: Uint8Array, words: number): bigint[] | undefined {
  if (bytes.length !== 32 * words) return undefined
  const values = wordsOf(bytes)
  return values.every((value) => value < q) && values.some((value) => value !== 0n) ? values : undefined
}

test('G1: y^2 = x^3 + 3', () => {
  const isPoint = (bytes: Uint8Array): boolean => {
    const [x, y] = canonical(bytes, 2) ?? []
    return x !== undefined && y !== undefined && (y * y - x * x * x - 3n) % q === 0n
  }
  const points = scalar.map((k) => g1Bytes(G1.BASE.multiply(k)))
  const found = { good: 0, bad: 0 }
  const property = fc.property(fc.oneof(altered(points), random(64)), (bytes) => {
    const expected = isPoint(bytes)
    found[expected ? 'good' : 'bad'] += 1
    expect(isInG1(bytes)).toBe(expected)
  })
  fc.assert(property, { numRuns: 1500 })
  expect(Math.min(found.good, found.bad)).toBeGreaterThan(100)
})

test('G2: on the twist, and of the order of the group', () => {
  const b = Fp2.div(Fp2.fromBigTuple([3n, 0n]), Fp2.fromBigTuple([9n, 1n]))
  const onTwist = (bytes: Uint8Array): boolean => {
    const words = canonical(bytes, 4)
    if (words === undefined) return false
    const [x, y] = [words.slice(0, 2), words.slice(2)].map((pair) => Fp2.fromBigTuple(pair as never))
    return x !== undefined && y !== undefined && Fp2.eql(Fp2.sqr(y), Fp2.add(Fp2.mul(Fp2.sqr(x), x), b))
  }
  const inGroup = (bytes: Uint8Array): boolean => {
    const [x0 = 0n, x1 = 0n, y0 = 0n, y1 = 0n] = wordsOf(bytes)
    const affine = { x: Fp2.fromBigTuple([x0, x1]), y: Fp2.fromBigTuple([y0, y1]) }
    return G2.fromAffine(affine).isTorsionFree()
  }
  const members = scalar.map((k) => G2.BASE.multiply(k))
  const foreign = fc
    .tuple(members, fc.constantFrom(outside, small, small.double(), outside.add(small)), fc.boolean())
    .map(([member, stranger, alone]) => (alone ? stranger : member.add(stranger)))
  const points = fc.oneof(members, members, foreign).map((point) => g2Bytes(point))
  const found = { good: 0, foreign: 0, bad: 0 }
  const property = fc.property(fc.oneof(altered(points), altered(points), random(128)), (bytes) => {
    const there = onTwist(bytes)
    const expected = there && inGroup(bytes)
    found[expected ? 'good' : there ? 'foreign' : 'bad'] += 1
    expect(loadTwist(twist, bytes)).toBe(there)
    expect(isInG2(bytes)).toBe(expected)
  })
  fc.assert(property, { numRuns: 500 })
  expect(Math.min(found.good, found.foreign, found.bad)).toBeGreaterThan(20)
})
