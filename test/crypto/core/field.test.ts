// The core's two fields against bigint: every function on random elements, also in redundant limbs, on edge values and
// extreme limbs, and long chains of operations.
import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { core, type FieldFunctions } from '#crypto/core/instance.ts'
import { COORDINATE_FIELD, SCALAR_FIELD } from '#crypto/core/build/moduli.ts'

const LIMB = 36
const RADIX = 1n << 261n
const UNIT = 2 ** 28

const scratch = core.allocate(1 << 20)
const [R, A, B, BYTES] = [scratch, scratch + LIMB, scratch + 2 * LIMB, scratch + 3 * LIMB]

describe.each([
  ['coordinates', COORDINATE_FIELD.modulus, functions('fp')],
  ['scalars', SCALAR_FIELD.modulus, functions('fr')],
] as const)('%s', (_name, p, field) => {
  const montgomery = invert(RADIX % p, p)
  const read = (at: number): bigint =>
    mod(limbs(at).reduceRight((v, limb) => (v << 29n) + BigInt(limb), 0n) * montgomery, p)
  const put = (at: number, value: bigint): void => {
    view().setBytes(BYTES, value)
    expect(field.fromBytes(at, BYTES)).toBe(1)
  }
  const edges = [0n, 1n, 2n, 3n, p - 1n, p - 2n, (p - 1n) / 2n, (p + 1n) / 2n, RADIX % p, p - (RADIX % p)]
  const random = (): bigint => mod(BigInt(`0x${randomBytes(40).toString('hex')}`), p)

  test('bytes go in and come out again, canonical ones only', () => {
    for (const value of [...edges, ...Array.from({ length: 2000 }, random)]) {
      put(A, value)
      expect(read(A)).toBe(value)
      field.toBytes(BYTES, A)
      expect(view().bytes(BYTES)).toBe(value)
    }
    for (const value of [
      p,
      p + 1n,
      2n * p,
      2n ** 255n,
      2n ** 256n - 1n,
      p + 2n ** 64n,
      p + 2n ** 128n,
      p + 2n ** 192n,
    ]) {
      view().setBytes(BYTES, value)
      expect(field.fromBytes(A, BYTES)).toBe(0)
    }
  })

  test('every function on edge values, all pairs', () => {
    for (const a of edges)
      for (const b of edges) {
        put(A, a)
        put(B, b)
        compare(a, b)
      }
  })

  test('every function on 20,000 random pairs', () => {
    for (let i = 0; i < 20_000; i++) {
      const [a, b] = [random(), random()]
      put(A, a)
      put(B, b)
      compare(a, b)
    }
  })

  test('multiplication takes redundant and extreme limbs', () => {
    const sizes = [
      [3, 3],
      [1, 7],
      [7, 1],
      [2, 4],
      [4, 2],
    ] as const
    for (let i = 0; i < 20_000; i++) {
      const [la, lb] = sizes[i % sizes.length] ?? [1, 1]
      putLimbs(A, la, i)
      putLimbs(B, lb, i >> 3)
      const [a, b] = [read(A), read(B)]
      field.mul(R, A, B)
      expect(read(R)).toBe((a * b) % p)
      expectCarried(R)
      putLimbs(A, 3, i)
      const c = read(A)
      field.sqr(R, A)
      expect(read(R)).toBe((c * c) % p)
      field.toBytes(BYTES, B)
      expect(view().bytes(BYTES)).toBe(b)
      putLimbs(A, 6, i)
      const d = read(A)
      field.carry(R, A)
      expect(read(R)).toBe(d)
      expectCarried(R)
      field.reduce(R, A)
      expect(read(R)).toBe(d)
      expectCarried(R)
      field.inverse(R, A)
      expect((read(R) * d) % p).toBe(1n)
    }
  })

  test('0 is known in all its forms', () => {
    for (let k = -60n; k <= 60n; k++) {
      const shift = k * p
      setLimbs(
        A,
        Array.from({ length: 9 }, (_, i) =>
          i < 8 ? BigInt.asUintN(29, shift >> BigInt(29 * i)) : shift >> 232n,
        ),
      )
      expect(field.isZero(A)).toBe(1)
      const low = limbs(A)
      setLimbs(
        A,
        low.map((limb, i) => BigInt(limb) + (i === Number((k + 60n) % 9n) ? 1n : 0n)),
      )
      expect(field.isZero(A)).toBe(0)
    }
  })

  test('a chain of a million operations', () => {
    const lanes = Array.from({ length: 64 }, (_, i) => (i < edges.length ? (edges[i] ?? 0n) : random()))
    const at = (lane: number): number => scratch + 4096 + lane * LIMB
    lanes.forEach((value, lane) => put(at(lane), value))
    const state = randomBytes(64)
    for (let step = 0; step < 500_000; step++) {
      const [x, y] = [step % 64, ((state[step % 64] ?? 0) + (step >> 6)) % 64]
      const [a, b] = [lanes[x] ?? 0n, lanes[y] ?? 0n]
      // (a + b) (a - b) + a, carried: two sums, a product, a sum.
      field.add(R, at(x), at(y))
      field.sub(B, at(x), at(y))
      field.mul(R, R, B)
      field.add(R, R, at(x))
      field.reduce(at(x), R)
      lanes[x] = ((a + b) * (a - b) + a) % p
      if (step % 5000 === 0) lanes.forEach((value, lane) => expect(read(at(lane))).toBe(mod(value, p)))
    }
    lanes.forEach((value, lane) => expect(read(at(lane))).toBe(mod(value, p)))
  })

  test('many inverses at once, among them those of 0', () => {
    const values = [...edges, ...Array.from({ length: 50 }, random), 0n, p - 1n]
    for (const count of [0, 1, 2, values.length]) {
      const at = (i: number): number => scratch + 8192 + 2 * LIMB * i
      values.forEach((value, i) => put(at(i), value))
      field.inverseMany(at(0), 2 * LIMB, count, scratch + 65536)
      values.forEach((value, i) => expect(read(at(i))).toBe(i < count ? invert(value, p) : value))
    }
  })

  /** Compares each function on the elements at A and B, which have these values. */
  function compare(a: bigint, b: bigint): void {
    const after = (run: () => void): bigint => {
      run()
      return read(R)
    }
    expect(after(() => field.add(R, A, B))).toBe((a + b) % p)
    expect(after(() => field.sub(R, A, B))).toBe(mod(a - b, p))
    expect(after(() => field.neg(R, A))).toBe(mod(-a, p))
    expect(after(() => field.double(R, A))).toBe((2n * a) % p)
    expect(after(() => field.mul(R, A, B))).toBe((a * b) % p)
    expect(after(() => field.sqr(R, A))).toBe((a * a) % p)
    expect(field.equal(A, B)).toBe(a === b ? 1 : 0)
    expect(field.isZero(A)).toBe(a === 0n ? 1 : 0)
    field.inverse(R, A)
    field.mul(R, R, A)
    expect(read(R)).toBe(a === 0n ? 0n : 1n)
  }

  /** Limbs of this many units, extreme ones in every ninth case, random else; the value up to 32 p. */
  function putLimbs(at: number, units: number, i: number): void {
    const most = units * UNIT
    const top = Math.floor(Number(p >> 232n) * 31.9)
    const random = new DataView(randomBytes(36).buffer.slice(0))
    const pick = (limb: number, bound: number): bigint => {
      if (i % 9 === 0) return BigInt((i >> (limb % 5)) & 1 ? bound : -bound)
      return (BigInt(random.getInt32(4 * (limb % 4), true)) * BigInt(2 * bound)) >> 32n
    }
    setLimbs(
      at,
      Array.from({ length: 9 }, (_, limb) => pick(limb, limb < 8 ? most : top)),
    )
  }
})

function functions(prefix: 'fp' | 'fr'): FieldFunctions {
  const exports = core as unknown as Record<string, unknown>
  return new Proxy(
    {},
    { get: (_, name: string) => exports[`${prefix}${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`] },
  ) as FieldFunctions
}

function expectCarried(at: number): void {
  for (const limb of limbs(at).slice(0, 8))
    if (limb < -UNIT || limb >= UNIT) throw new Error('a limb is not carried')
}

function limbs(at: number): number[] {
  return [...new Int32Array(core.memory.buffer, at, 9)]
}

function setLimbs(at: number, values: readonly bigint[]): void {
  new Int32Array(core.memory.buffer, at, 9).set(values.map(Number))
}

function view() {
  const bytes = new Uint8Array(core.memory.buffer)
  return {
    setBytes: (at: number, value: bigint): void =>
      bytes.set(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'), at),
    bytes: (at: number): bigint => BigInt(`0x${Buffer.from(bytes.subarray(at, at + 32)).toString('hex')}`),
  }
}

function mod(a: bigint, p: bigint): bigint {
  const rest = a % p
  return rest < 0n ? rest + p : rest
}

/** 1/a modulo the prime p, and 0 for 0, by Euclid. */
function invert(a: bigint, p: bigint): bigint {
  let [r, s, x, y] = [p, mod(a, p), 0n, 1n]
  while (s !== 0n) {
    const quotient = r / s
    ;[r, s, x, y] = [s, r - quotient * s, y, x - quotient * y]
  }
  return r === 1n ? mod(x, p) : 0n
}
