// G12: circomlib's conversions divide by 0 at points of small order. The election key is the only point that comes from
// outside, and no decoder lets such a key in.
import { babyjubjub } from '@noble/curves/misc.js'
import { describe, expect, test } from 'vitest'
import { decodeKey, encodePoint, FIELD_ORDER, G, multiply, ORDER, type Point } from '#crypto/babyjubjub.ts'
import { bigintToBytes, concat, EncodingError } from '#crypto/encoding.ts'
import { signedDigits } from '#circuits/ballot.ts'
import { accepts, gadget, provable } from '../circuits/harness.ts'
import { coordinates } from '../circuits/sample.ts'

const { Fp } = babyjubjub.Point
/** A point of order 8: l Q for a point Q of the whole curve. */
const eighth = pointOfOrder8()
const KEY = multiply(G, 77n)
const SPECIAL: [string, Point][] = [
  ['the neutral element', babyjubjub.Point.ZERO],
  ['order 2', eighth.double().double()],
  ['order 4', eighth.double()],
  ['order 4, negative', eighth.double().negate()],
  ['order 8', eighth],
  ['order 8, thrice', eighth.double().add(eighth)],
  ['order 8 l', KEY.add(eighth)],
  ['order 2 l', KEY.add(eighth.double().double())],
]

test.each(SPECIAL)('decodeKey refuses a key of %s', (_, point) => {
  expect(() => decodeKey(encodePoint(point))).toThrow(EncodingError)
})

test('decodeKey refuses a key off the curve, and takes a real one', () => {
  const { x, y } = KEY.toAffine()
  expect(() => decodeKey(concat(bigintToBytes(x + 1n, 32), bigintToBytes(y, 32)))).toThrow(EncodingError)
  expect(() => decodeKey(concat(bigintToBytes(x, 32), bigintToBytes(y + FIELD_ORDER, 32)))).toThrow(
    EncodingError,
  )
  expect(decodeKey(encodePoint(KEY)).equals(KEY)).toBe(true)
})

describe('what the circuit would do', () => {
  const bits = signedDigits(5n)

  test('with a real key: one result', async () => {
    const circuit = await gadget('multiples.circom', 'KeyMultiple()')
    expect(circuit.calculate({ bits, point: [...coordinates(KEY)] }).slice(1, 3)).toEqual(
      coordinates(multiply(KEY, 5n)),
    )
  })

  test('with the neutral element: nothing can be proven', async () => {
    const circuit = await gadget('multiples.circom', 'KeyMultiple()')
    expect(provable(circuit, { bits, point: [0n, 1n] })).toBe(false)
  })

  test('with the point of order 2: v is free, so the prover chooses D2', async () => {
    const circuit = await gadget('multiples.circom', 'Edwards2Montgomery()')
    const witness = circuit.calculate({ in: [0n, -1n] })
    for (const v of [1n, 5n, FIELD_ORDER - 1n]) expect(accepts(circuit, witness, { 'out[1]': v })).toBe(true)
    const honest = circuit.calculate({ in: [...coordinates(KEY)] })
    expect(accepts(circuit, honest)).toBe(true)
    expect(accepts(circuit, honest, { 'out[1]': 5n })).toBe(false)
  })
})

function pointOfOrder8(): Point {
  // x^2 = (1 - y^2) / (a - d y^2) for small y until l Q has order 8.
  for (let y = 2n; ; y++) {
    const x2 = Fp.div(Fp.sub(1n, y * y), Fp.sub(168700n, 168696n * y * y))
    if (Fp.pow(x2, (FIELD_ORDER - 1n) / 2n) !== 1n) continue
    const Q = babyjubjub.Point.fromAffine({ x: Fp.sqrt(x2), y })
    const torsion = Q.multiplyUnsafe(ORDER - 1n).add(Q)
    if (!torsion.double().double().is0()) return torsion
  }
}
