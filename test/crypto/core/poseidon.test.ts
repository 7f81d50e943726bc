// SPEC 2.4: the core's Poseidon against the reference vectors, big integers by the paper, @noble/curves and circomlibjs.
import { buildPoseidon } from 'circomlibjs'
import { describe, expect, it } from 'vitest'
import { poseidon } from '#crypto/core/poseidon.ts'
import { poseidonTable } from '#crypto/core/poseidon-table.ts'
import { source } from '../../circuits/sample.ts'
import * as reference from '../../reference/poseidon.ts'

const p = 21888242871839275222246405745257275088548364400416034343698204186575808495617n
const circomlib = await buildPoseidon()
const field = circomlib.F as { toObject(element: Uint8Array): bigint }
const numbers = Array.from({ length: 12 }, (_, i) => i + 1)

/** First elements of the permutations of (0, 1, 2) and (0, 1, 2, 3, 4), poseidonperm_x5_254_3 and _5, in the authors'
 *  test_vectors.txt. */
const VECTORS: [bigint[], bigint][] = [
  [[1n, 2n], 0x115cc0f5e7d690413df64c6b9662e9cf2a3617f2743245519e19607a4417189an],
  [[1n, 2n, 3n, 4n], 0x299c867db6c1fdd79dcefa40e4510b9837e60ebb1ce0663dbaa525df65250465n],
]

describe('poseidon', () => {
  it.each(VECTORS)('of %s is what its authors publish', (inputs, hash) => {
    expect(poseidon(inputs)).toBe(hash)
  })

  it.each(numbers)(
    'of %i inputs is that of big integers, as the paper defines it, and of circomlibjs',
    (n) => {
      const random = source(`core poseidon ${n}`)
      const instance = reference.instance(n)
      const edges = [0n, 1n, p - 1n, (p - 1n) / 2n, (p + 1n) / 2n, 2n ** 253n, 2n ** 29n - 1n, p - 2n ** 29n]
      const cases = [
        ...edges.map((edge) => Array.from({ length: n }, () => edge)),
        ...edges.map((edge, i) => Array.from({ length: n }, (_, j) => (j === i % n ? edge : 0n))),
        ...Array.from({ length: 20 }, () => Array.from({ length: n }, random)),
      ]
      for (const inputs of cases) {
        const hash = poseidon(inputs)
        expect(hash).toBe(reference.poseidon(instance, inputs))
        expect(hash).toBe(field.toObject(circomlib(inputs)))
      }
    },
  )

  it('of 2 to 5 and 12 inputs is that of circomlibjs, thousands of times', () => {
    for (const n of [2, 3, 4, 5, 12]) {
      const random = source(`core poseidon again ${n}`)
      let inputs = Array.from({ length: n }, random)
      for (let i = 0; i < 1000; i++) {
        const hash = poseidon(inputs)
        expect(hash).toBe(field.toObject(circomlib(inputs)))
        inputs = [...inputs.slice(1), hash]
      }
    }
  })

  it('takes field elements only, and 1 to 12 of them', () => {
    for (const value of [-1n, p, p + 1n, 2n ** 256n - 1n, 2n ** 256n, 2n ** 256n + 1n, -(2n ** 256n)]) {
      expect(() => poseidon([1n, value])).toThrow(RangeError)
      expect(() => poseidon([value, 1n])).toThrow(RangeError)
    }
    for (const n of [0, 13, 17])
      expect(() => poseidon(Array.from({ length: n }, () => 1n))).toThrow(RangeError)
    expect(poseidon([0n, p - 1n])).not.toBe(poseidon([0n, 0n]))
  })
})

describe('poseidonTable', () => {
  it.each(numbers)('for %i inputs holds the first and last constants and the matrix of the paper', (n) => {
    const { t, partial, constants, matrix } = reference.instance(n)
    const table = poseidonTable(n)
    expect([table.t, table.partial]).toEqual([t, partial])
    expect(table.elements.slice(0, 4 * t)).toEqual(constants.slice(0, 4).flat())
    expect(table.elements.slice(4 * t, (4 + t) * t)).toEqual(matrix.flat())
    expect(table.elements.slice(-3 * t)).toEqual(constants.slice(-3).flat())
    expect(table.elements).toHaveLength(8 * t + 2 * t * t + 2 * t * partial)
  })
})
