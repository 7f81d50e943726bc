// SPEC 4.1, 4.2, 4.3: credentials, roll tree and nullifiers, and the same in the circuit.
import { describe, expect, test } from 'vitest'
import { poseidon } from '#circuits/poseidon.ts'
import { commitment, nullifier } from '#circuits/credential.ts'
import { EMPTY, extendRoot, leaf, pathRoot, rollPath, rollRoot, rollTree, treePath } from '#circuits/roll.ts'
import { gadget, provable } from './harness.ts'
import { source } from './sample.ts'

const random = source('roll')
const leaves = Array.from({ length: 21 }, random)

/** All 4^levels places written out, straight from the definition. */
function naiveRoot(places: readonly bigint[]): bigint {
  if (places.length === 1) return places[0] ?? 0n
  const quarter = places.length / 4
  return poseidon([0, 1, 2, 3].map((i) => naiveRoot(places.slice(i * quarter, (i + 1) * quarter))))
}

test('every use of the hash has its own tag or arity', () => {
  expect(commitment(7n)).toBe(poseidon([1n, 7n]))
  expect(leaf(7n, 2n)).toBe(poseidon([2n, 7n, 2n]))
  expect(nullifier(7n, 2n)).toBe(poseidon([3n, 7n, 2n]))
  expect(
    new Set([commitment(7n), leaf(7n, 7n), nullifier(7n, 7n), nullifier(7n, 1n), nullifier(7n, 2n)]).size,
  ).toBe(5)
})

describe('tree', () => {
  test.each([0, 1, 3, 4, 5, 16, 21])('%i leaves', (count) => {
    const some = leaves.slice(0, count)
    const places = Array.from({ length: 64 }, (_, i) => some[i] ?? 0n)
    expect(rollRoot(some, 3)).toBe(naiveRoot(places))
  })

  test('empty subtrees', () => {
    expect(EMPTY[0]).toBe(0n)
    expect(EMPTY[2]).toBe(naiveRoot(Array<bigint>(16).fill(0n)))
    expect(rollRoot([], 12)).toBe(EMPTY[12])
  })

  test('the 12-level root follows from the 10-level one', () => {
    expect(extendRoot(rollRoot(leaves, 10))).toBe(rollRoot(leaves, 12))
  })

  test('every path leads to the root and to no other', () => {
    const tree = rollTree(leaves, 4)
    for (const [i, hash] of leaves.entries()) {
      expect(pathRoot(hash, i, treePath(tree, i))).toBe(rollRoot(leaves, 4))
      expect(pathRoot(hash, i + 1, treePath(tree, i))).not.toBe(rollRoot(leaves, 4))
    }
    expect(rollPath(leaves, 20, 4)).toEqual(treePath(tree, 20))
  })

  test('a roll that does not fit and a leaf that is not there are refused', () => {
    expect(() => rollRoot(leaves, 2)).toThrow(RangeError)
    for (const index of [-1, 21, 0.5]) expect(() => rollPath(leaves, index, 3)).toThrow(RangeError)
  })
})

describe('circuit', async () => {
  const circuit = await gadget('roll.circom', 'Member(3)')
  const [secret, scope, weight] = [random(), random(), 9n]
  const voters = leaves.map((hash, i) => (i === 13 ? leaf(commitment(secret), weight) : hash))

  test.each([0, 1, 2, 3, 13, 20])('the voter at %i', (index) => {
    const places = [...voters]
    ;[places[13], places[index]] = [places[index] ?? 0n, places[13] ?? 0n]
    const path = rollPath(places, index, 3)
    const witness = circuit.calculate({ secret, weight, scope, index: BigInt(index), path })
    expect(witness.slice(1, 3)).toEqual([rollRoot(places, 3), nullifier(secret, scope)])
  })

  test('an index beyond the tree is no other name of a place', () => {
    const path = rollPath(voters, 13, 3)
    expect(provable(circuit, { secret, weight, scope, index: 13n, path })).toBe(true)
    expect(provable(circuit, { secret, weight, scope, index: 13n + 64n, path })).toBe(false)
  })
})
