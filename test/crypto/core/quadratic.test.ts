// The core's limb arithmetic of Fp2 against bigint: random and extreme limbs of the largest sizes each function takes.
import { randomBytes, randomInt } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { core } from '#crypto/core/instance.ts'
import { COORDINATE_FIELD } from '#crypto/core/build/moduli.ts'

const q = COORDINATE_FIELD.modulus
const UNIT = 2 ** 28
const TOP = Math.floor(Number(q >> 232n) * 31.9)
const UNRADIX = inverseOf((1n << 261n) % q)
/** Elements of Fp2, 72 bytes each: the result (three of them), operands (the first of three), and nothing after. */
const [R, A, B, C, D] = [0, 216, 432, 504, 576].map((offset) => core.allocate(0) + offset) as [
  number,
  number,
  number,
  number,
  number,
]
core.allocate(648)

type Pair = readonly [bigint, bigint]

/** Random limbs up to so many units; every other time all of them at an end, by chance which. */
function put(at: number, units: number, extreme: boolean): void {
  const bits = randomBytes(2)
  for (const half of [0, 36]) {
    const limbs = Array.from({ length: 9 }, (_, i) => {
      const most = i < 8 ? units * UNIT : TOP
      if (extreme) return ((bits[half === 0 ? 0 : 1] ?? 0) >> (i % 8)) & 1 ? most : -most
      return randomInt(-most, most)
    })
    new Int32Array(core.memory.buffer, at + half, 9).set(limbs)
  }
}

function value(at: number): bigint {
  const limbs = [...new Int32Array(core.memory.buffer, at, 9)]
  return mod(limbs.reduceRight((v, limb) => (v << 29n) + BigInt(limb), 0n) * UNRADIX)
}

function pair(at: number): Pair {
  return [value(at), value(at + 36)]
}

function expectCarried(at: number, coordinates: number): void {
  for (let i = 0; i < coordinates; i++) {
    const limbs = [...new Int32Array(core.memory.buffer, at + 36 * i, 8)]
    if (limbs.some((limb) => limb < -UNIT || limb >= UNIT)) throw new Error('a limb is not carried')
  }
}

describe.each([false, true])('limbs at their ends: %s', (extreme) => {
  const rounds = 6000

  test('products and squares', () => {
    const sizes = [
      [2, 2],
      [2, 3],
      [3, 2],
      [1, 6],
      [6, 1],
    ] as const
    for (let i = 0; i < rounds; i++) {
      const [la, lb] = sizes[i % sizes.length] ?? [1, 1]
      put(A, la, extreme)
      put(B, lb, extreme)
      core.fp2Mul(R, A, B)
      expectCarried(R, 2)
      expect(pair(R)).toEqual(times(pair(A), pair(B)))
      put(A, 2, extreme)
      core.fp2Sqr(R, A)
      expectCarried(R, 2)
      expect(pair(R)).toEqual(times(pair(A), pair(A)))
      core.fp2Norm(R, A)
      expectCarried(R, 1)
      const [a0, a1] = pair(A)
      expect(value(R)).toBe(mod(a0 * a0 + a1 * a1))
    }
  })

  test('sparse products, sums, and the product with xi', () => {
    for (let i = 0; i < rounds; i++) {
      for (const at of [A, A + 72, A + 144, B, C]) put(at, 1, extreme)
      core.fp2MulXi(D, C)
      expectCarried(D, 2)
      expect(pair(D)).toEqual(times([9n, 1n], pair(C)))
      core.fp2MulSparse(R, A, B, C, D)
      expectCarried(R, 6)
      const [a0, a1, a2, b, c, d] = [A, A + 72, A + 144, B, C, D].map(pair) as [
        Pair,
        Pair,
        Pair,
        Pair,
        Pair,
        Pair,
      ]
      expect(pair(R)).toEqual(plus(times(a0, b), times(a2, d)))
      expect(pair(R + 72)).toEqual(plus(times(a0, c), times(a1, b)))
      expect(pair(R + 144)).toEqual(plus(times(a1, c), times(a2, b)))
      core.fp2SubSubAddCarry(R, A, B, C, D)
      expectCarried(R, 2)
      expect(pair(R)).toEqual(plus(plus(a0, minus(b)), plus(minus(c), d)))
      for (const at of [A, B, C]) put(at, 2, extreme)
      const [x, y, z] = [A, B, C].map(pair) as [Pair, Pair, Pair]
      core.fp2SubSubReduce(R, A, B, C)
      expectCarried(R, 2)
      expect(pair(R)).toEqual(plus(plus(x, minus(y)), minus(z)))
      for (const at of [A, B]) put(at, 3, extreme)
      core.fp2AddReduce(R, A, B)
      expectCarried(R, 2)
      expectSmall(R)
      expect(pair(R)).toEqual(plus(pair(A), pair(B)))
      put(A, 6, extreme)
      core.fp2MulXi(R, A)
      expectSmall(R)
      expect(pair(R)).toEqual(times([9n, 1n], pair(A)))
    }
  })
})

/** Reduced: less than 0.53 q. */
function expectSmall(at: number): void {
  for (const half of [0, 36]) {
    const limbs = [...new Int32Array(core.memory.buffer, at + half, 9)]
    const size = limbs.reduceRight((v, limb) => (v << 29n) + BigInt(limb), 0n)
    if ((size < 0n ? -size : size) * 100n >= 53n * q) throw new Error('an element is not reduced')
  }
}

function times([a0, a1]: Pair, [b0, b1]: Pair): Pair {
  return [mod(a0 * b0 - a1 * b1), mod(a0 * b1 + a1 * b0)]
}

function plus([a0, a1]: Pair, [b0, b1]: Pair): Pair {
  return [mod(a0 + b0), mod(a1 + b1)]
}

function minus([a0, a1]: Pair): Pair {
  return [mod(-a0), mod(-a1)]
}

function mod(a: bigint): bigint {
  const rest = a % q
  return rest < 0n ? rest + q : rest
}

/** By Fermat. */
function inverseOf(a: bigint): bigint {
  let result = 1n
  for (const bit of (q - 2n).toString(2)) {
    result = (result * result) % q
    if (bit === '1') result = (result * a) % q
  }
  return result
}
