// SPEC 6.5: the curve gadgets against the group's own arithmetic, at the scalars where incomplete addition would fail.
import { babyjubjub } from '@noble/curves/misc.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { G, multiply, ORDER } from '#crypto/babyjubjub.ts'
import { signedDigits } from '#circuits/ballot.ts'
import { type Circuit, accepts, gadget, provable } from './harness.ts'
import { coordinates, source } from './sample.ts'
import { freedom, looseSignals } from './soundness.ts'

const { Fp } = babyjubjub.Point
const random = source('multiples')
/** The freedom left by the gadget's inputs, which are all declared public; its two outputs come before them. */
const undetermined = (circuit: Circuit, witness: bigint[]) =>
  freedom(circuit, witness, (wire) => wire > 2 && wire <= circuit.publicCount)
const scalarOf = (bits: readonly bigint[]) =>
  bits.reduce((sum, b, i) => sum + (2n * b - 1n) * (1n << BigInt(i)), 1n << 252n)
const digits = (at: (i: number) => bigint) => Array.from({ length: 251 }, (_, i) => at(i))

const SCALARS: [string, bigint[]][] = [
  ...[0n, 1n, 2n, 3n, ORDER - 1n, ORDER - 2n, (ORDER + 1n) / 2n, (ORDER - 1n) / 2n, 1n << 249n].map(
    (R): [string, bigint[]] => [`R = ${R}`, signedDigits(R)],
  ),
  ['all digits -1', digits(() => 0n)],
  ['all digits 1', digits(() => 1n)],
  ['alternating', digits((i) => BigInt(i % 2))],
  ['alternating the other way', digits((i) => BigInt(1 - (i % 2)))],
  ['only the top digits 1', digits((i) => BigInt(i >= 249))],
  ['only the low digits 1', digits((i) => BigInt(i < 249))],
  ['top digits 1 and -1', digits((i) => BigInt(i === 250))],
  ...Array.from({ length: 4 }, (_, i): [string, bigint[]] => [`random ${i}`, signedDigits(random() % ORDER)]),
]

test('signed digits represent every residue', () => {
  for (const [name, bits] of SCALARS.slice(0, 9)) {
    const R = BigInt(name.slice(4))
    expect(bits).toHaveLength(251)
    expect((scalarOf(bits) - R) % ORDER).toBe(0n)
  }
  for (let i = 0; i < 200; i++) {
    const R = random() % ORDER
    expect((scalarOf(signedDigits(R)) - R) % ORDER).toBe(0n)
  }
})

describe('R G', () => {
  let circuit: Circuit
  beforeAll(async () => {
    circuit = await gadget('multiples.circom', 'GeneratorMultiple()', ['bits'])
  })

  test.each(SCALARS)('%s', (_, bits) => {
    const witness = circuit.calculate({ bits })
    const scalar = ((scalarOf(bits) % ORDER) + ORDER) % ORDER
    expect(witness.slice(1, 3)).toEqual(coordinates(multiply(G, scalar)))
    expect(accepts(circuit, witness)).toBe(true)
    expect(undetermined(circuit, witness)).toBe(0)
    expect(looseSignals(circuit, witness, random)).toEqual([])
  })
})

describe('R Y', () => {
  let circuit: Circuit
  beforeAll(async () => {
    circuit = await gadget('multiples.circom', 'KeyMultiple()', ['bits', 'point'])
  })

  test.each([
    ['a random key', multiply(G, random() % ORDER)],
    ['the generator', G],
    ['the negative generator', multiply(G, ORDER - 1n)],
  ])('%s', (_, key) => {
    for (const [name, bits] of SCALARS) {
      const witness = circuit.calculate({ bits, point: [...coordinates(key)] })
      const scalar = ((scalarOf(bits) % ORDER) + ORDER) % ORDER
      expect(witness.slice(1, 3), name).toEqual(coordinates(multiply(key, scalar)))
      expect(accepts(circuit, witness)).toBe(true)
      expect(undetermined(circuit, witness)).toBe(0)
    }
  })
})

describe('V G', () => {
  const MOST = (1n << 177n) - 1n
  let circuit: Circuit
  beforeAll(async () => {
    circuit = await gadget('multiples.circom', 'ValueMultiple()', ['value'])
  })

  test.each([0n, 1n, 2n, 7n, 8n, MOST, MOST - 1n, (MOST - 1n) / 2n, (MOST + 1n) / 2n, random() >> 78n])(
    'V = %s',
    (value) => {
      const witness = circuit.calculate({ value })
      expect(witness.slice(1, 3)).toEqual(coordinates(multiply(G, value)))
      expect(undetermined(circuit, witness)).toBe(0)
      expect(looseSignals(circuit, witness, random)).toEqual([])
    },
  )

  test.each([MOST + 1n, -1n, 1n << 249n])('V = %s is too large', (value) => {
    expect(provable(circuit, { value })).toBe(false)
  })
})

test('the search sees a hole: incomplete addition of a point to itself leaves the slope free', async () => {
  const circuit = await gadget('multiples.circom', 'MontgomeryAdd()', ['in1', 'in2'])
  const point = montgomery(1n)
  const witness = circuit.calculate({ in1: point, in2: montgomery(2n) })
  expect(witness.slice(1, 3)).toEqual(montgomery(3n))
  expect(undetermined(circuit, witness)).toBe(0)
  const equal = circuit.calculate({ in1: point, in2: [...point] })
  expect(accepts(circuit, equal)).toBe(true)
  expect(undetermined(circuit, equal)).toBeGreaterThan(0)
})

/** The multiple of G on v^2 = u^3 + 168698 u^2 + u. */
function montgomery(scalar: bigint): bigint[] {
  const [x, y] = coordinates(multiply(G, scalar))
  const u = Fp.div(Fp.add(1n, y), Fp.sub(1n, y))
  return [u, Fp.div(u, x)]
}
