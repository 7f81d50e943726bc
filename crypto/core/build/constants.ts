// SPDX-License-Identifier: MIT
// Writes the constants of BN254's tower and curves, each computed here from its definition.
import { BITS, limbsOf, LIMBS } from './limbs.ts'
import { COORDINATE_FIELD, SCALAR_FIELD } from './moduli.ts'

const q = COORDINATE_FIELD.modulus
const p = SCALAR_FIELD.modulus
const RADIX = 1n << BigInt(LIMBS * BITS)

type Pair = readonly [bigint, bigint]
/** Of Fp6 = Fp2[v] / (v^3 - xi) and Fp12 = Fp6[w] / (w^2 - v). */
const XI: Pair = [9n, 1n]

/** The module's text. */
export function constantsSource(): string {
  const frobenius = [1, 2, 3].map((n) =>
    Array.from({ length: 6 }, (_, i) => power(XI, (BigInt(i) * (q ** BigInt(n) - 1n)) / 6n)),
  )
  const cubeRoot = rootOfUnity(q)
  const eigenvalue = rootOfUnity(p)
  return [
    '// Constants of the tower and the curves, made by crypto/core/build/constants.ts.',
    ...frobenius.map((row, n) =>
      table(`FROBENIUS_${n + 1}`, row.flat(), `xi^(i (q^${n + 1} - 1) / 6) for i from 0 to 5`),
    ),
    table('THREE', [3n], 'b of G1: y^2 = x^3 + 3'),
    table('TWIST_B', times([3n, 0n], inverse(XI)), 'b of the twist: y^2 = x^3 + 3 / xi'),
    table('BETA', [cubeRoot], 'a cube root of 1: (beta x, y) is LAMBDA (x, y) on G1'),
    table('LAMBDA', [lambdaOf(cubeRoot, eigenvalue)], 'the same in the field of scalars', p),
  ].join('\n\n')
}

/** A primitive cube root of 1. */
function rootOfUnity(modulus: bigint): bigint {
  for (let base = 2n; ; base++) {
    const root = powerOf(base, (modulus - 1n) / 3n, modulus)
    if (root !== 1n) return root
  }
}

/** Which of the two roots in the field of scalars goes with (beta x, y): tried on the generator (1, 2). */
function lambdaOf(beta: bigint, root: bigint): bigint {
  for (const lambda of [root, p - 1n - root]) {
    const [x, y] = multiply([1n, 2n], lambda)
    if (x === beta && y === 2n) return lambda
  }
  throw new Error('no eigenvalue')
}

/** k (x, y) on G1, affine, by doubling and adding; k (x, y) must not meet the neutral element on the way. */
function multiply(point: Pair, k: bigint): Pair {
  let sum = point
  for (const bit of k.toString(2).slice(1)) {
    sum = chord(sum, (3n * sum[0] * sum[0] * powerOf(2n * sum[1], q - 2n, q)) % q, sum)
    if (bit === '1')
      sum = chord(sum, ((point[1] - sum[1]) * powerOf(modulo(point[0] - sum[0]), q - 2n, q)) % q, point)
  }
  return sum
}

function chord([x, y]: Pair, slope: bigint, [other]: Pair): Pair {
  const third = modulo(slope * slope - x - other)
  return [third, modulo(slope * (x - third) - y)]
}

function table(name: string, values: readonly bigint[], meaning: string, modulus = q): string {
  const limbs = values.flatMap((value) => limbsOf((value * RADIX) % modulus))
  return `/** ${meaning}. */\nexport const ${name}: usize = memory.data<i32>([${limbs.join(', ')}])`
}

function times([a0, a1]: Pair, [b0, b1]: Pair): Pair {
  return [modulo(a0 * b0 - a1 * b1), modulo(a0 * b1 + a1 * b0)]
}

function power(base: Pair, exponent: bigint): Pair {
  let result: Pair = [1n, 0n]
  for (const bit of exponent.toString(2)) {
    result = times(result, result)
    if (bit === '1') result = times(result, base)
  }
  return result
}

function inverse(a: Pair): Pair {
  return power(a, q * q - 2n)
}

function powerOf(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus
    if (bit === '1') result = (result * base) % modulus
  }
  return result
}

function modulo(a: bigint): bigint {
  return ((a % q) + q) % q
}
