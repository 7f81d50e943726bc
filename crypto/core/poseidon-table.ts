// SPDX-License-Identifier: MIT
// Poseidon's numbers (Grassi, Khovratovich, Rechberger, Roy, Schofnegger, USENIX Security 2021), made when they are first
// needed: round constants and matrix from the Grain generator of appendix E, and an equivalent form of the partial rounds
// that multiplies by two vectors instead of a matrix. circomlib's instance: x^5 over the scalar field of BN254.
import { FpInvertBatch } from '@noble/curves/abstract/modular.js'
import { babyjubjub } from '@noble/curves/misc.js'

const Fp = babyjubjub.Point.Fp
const p = Fp.ORDER

/** Rounds with an S-box for every element, half of them before and half after the others. */
const FULL = 8

/** Rounds with one S-box, for 1 to 12 inputs: 128 bits of security in as few S-boxes as the paper allows, as circomlib. */
const PARTIAL: readonly number[] = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65]

/** What a permutation of t elements multiplies by and adds, in the order in which source/poseidon.ts reads it. */
export interface Table {
  readonly t: number
  /** Number of rounds with one S-box. */
  readonly partial: number
  readonly elements: readonly bigint[]
}

type Matrix = readonly (readonly bigint[])[]

/** The table for 1 to 12 inputs; the state has one element more. RangeError for other numbers. */
export function poseidonTable(inputs: number): Table {
  const partial = PARTIAL[inputs - 1]
  if (partial === undefined) throw new RangeError('Poseidon takes 1 to 12 inputs')
  const t = inputs + 1
  const grain = grainOf(t, partial)
  const rounds = Array.from({ length: FULL + partial }, () =>
    Array.from({ length: t }, () => below(grain, p)),
  )
  const [xs, ys] = [0, 1].map(() => Array.from({ length: t }, () => bits(grain, 254))) as [bigint[], bigint[]]
  const matrix = cauchy(xs, ys)
  const middle = FULL / 2
  const sparse = sparseRounds(matrix, rounds.slice(middle, middle + partial))
  const last = rounds.slice(middle + partial)
  const [next = [], ...others] = last
  const elements = [
    ...rounds.slice(0, middle),
    ...matrix,
    ...sparse.rounds,
    ...sparse.after,
    next.map((constant, i) => Fp.add(constant, at(sparse.offset, i))),
    ...others,
  ].flat()
  return { t, partial, elements }
}

/**
 * The partial rounds without their matrices. Split the state into x0 and the rest u, and the matrix M into m, the row v,
 * the column w and N:  x0' = m y + v u,  u' = w y + N u  with y = (x0 + c0)^5 and u + c in the place of u. Written as
 * u = N^r z + o in round r, nothing but y enters z:
 *   x0' = m y + (v N^r) z + v o,   z' = z + (N^-(r+1) w) y,   o' = N (o + c)
 * so a round needs the constant that x0 meets, the row (m, v N^r) and the column N^-(r+1) w. After the last one u is
 * N^R z + o; the constants o, and v o for x0, join those of the full round that follows.
 */
function sparseRounds(
  matrix: Matrix,
  constants: Matrix,
): { rounds: bigint[][]; after: Matrix; offset: bigint[] } {
  const [[m = 0n, ...v] = [], ...lower] = matrix
  const w = lower.map((row) => at(row, 0))
  const N = lower.map((row) => row.slice(1))
  const inverse = invert(N)
  let row = v
  let column = w
  let o = w.map(() => 0n)
  let x0 = 0n
  const rounds = constants.map(([c0 = 0n, ...c]) => {
    const round = [Fp.add(c0, x0), m, ...row]
    column = apply(inverse, column)
    o = o.map((value, i) => Fp.add(value, at(c, i)))
    x0 = dot(v, o)
    o = apply(N, o)
    row = apply(transpose(N), row)
    return [...round, ...column]
  })
  const after = power(N, constants.length).map((line) => [0n, ...line])
  return { rounds, after: [[1n, ...w.map(() => 0n)], ...after], offset: [x0, ...o] }
}

/** M_ij = 1 / (x_i + y_j). */
function cauchy(xs: readonly bigint[], ys: readonly bigint[]): Matrix {
  const t = ys.length
  const inverses = FpInvertBatch(
    Fp,
    xs.flatMap((x) => ys.map((y) => Fp.create(x + y))),
    true,
  )
  return xs.map((_, i) => inverses.slice(i * t, (i + 1) * t))
}

/** By Gauss and Jordan. No pivot is 0: every minor of a Cauchy matrix is a Cauchy determinant. */
function invert(matrix: Matrix): Matrix {
  const n = matrix.length
  let rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1n : 0n))])
  for (let k = 0; k < n; k++) {
    const scale = Fp.inv(at(rows[k] ?? [], k))
    const pivot = (rows[k] ?? []).map((value) => Fp.mul(value, scale))
    rows = rows.map((row, i) =>
      i === k ? pivot : row.map((value, j) => Fp.sub(value, Fp.mul(at(row, k), at(pivot, j)))),
    )
  }
  return rows.map((row) => row.slice(n))
}

function power(matrix: Matrix, exponent: number): Matrix {
  if (exponent === 1) return matrix
  const half = power(matrix, exponent >> 1)
  const square = times(half, half)
  return exponent % 2 === 0 ? square : times(square, matrix)
}

function times(a: Matrix, b: Matrix): Matrix {
  const columns = transpose(b)
  return a.map((row) => apply(columns, row))
}

function apply(matrix: Matrix, vector: readonly bigint[]): bigint[] {
  return matrix.map((row) => dot(row, vector))
}

function dot(a: readonly bigint[], b: readonly bigint[]): bigint {
  return a.reduce((sum, value, i) => sum + value * at(b, i), 0n) % p
}

function transpose(matrix: Matrix): Matrix {
  return (matrix[0] ?? []).map((_, j) => matrix.map((row) => at(row, j)))
}

function at(vector: readonly bigint[], i: number): bigint {
  const value = vector[i]
  if (value === undefined) throw new RangeError('no such element')
  return value
}

/**
 * The bits of the 80-bit Grain generator (appendix E): b_{i+80} = b_{i+62} + b_{i+51} + b_{i+38} + b_{i+23} + b_{i+13} + b_i,
 * the first 160 dropped; of each pair that follows the second counts if the first is 1. It starts from the instance: a
 * prime field (1, 2 bits), x^5 (0, 4 bits), 254 bits (12), t (12), both numbers of rounds (10 each), and 30 ones.
 */
function grainOf(t: number, partial: number): () => number {
  const state = new Uint8Array(80)
  const head = [
    [1, 2],
    [0, 4],
    [254, 12],
    [t, 12],
    [FULL, 10],
    [partial, 10],
    [2 ** 30 - 1, 30],
  ] as const
  state.set(head.flatMap(([value, width]) => Array.from(value.toString(2).padStart(width, '0'), Number)))
  let i = 0
  const tap = (offset: number): number => state[i + offset < 80 ? i + offset : i + offset - 80] ?? 0
  const step = (): number => {
    const bit = tap(62) ^ tap(51) ^ tap(38) ^ tap(23) ^ tap(13) ^ tap(0)
    state[i] = bit
    i = i === 79 ? 0 : i + 1
    return bit
  }
  for (let dropped = 0; dropped < 160; dropped++) step()
  return () => {
    while (step() === 0) step()
    return step()
  }
}

/** A number of so many bits, the highest first. */
function bits(grain: () => number, count: number): bigint {
  let value = 0n
  for (let left = count; left > 0; left -= 31) {
    const width = Math.min(31, left)
    let word = 0
    for (let i = 0; i < width; i++) word = (word << 1) | grain()
    value = (value << BigInt(width)) | BigInt(word)
  }
  return value
}

/** The first number of 254 bits that is below the bound. */
function below(grain: () => number, bound: bigint): bigint {
  for (;;) {
    const value = bits(grain, 254)
    if (value < bound) return value
  }
}
