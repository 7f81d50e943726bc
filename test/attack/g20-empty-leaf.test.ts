// G20: the empty leaf as a member, and path bits that are not 0 or 1.
import { expect, test } from 'vitest'
import { commitment, nullifier } from '#circuits/credential.ts'
import { EMPTY, leaf, pathRoot, rollRoot, rollTree, treePath } from '#circuits/roll.ts'
import { signalAssignment } from '#circuits/signal.ts'
import { accepts, circuit, gadget, provable } from '../circuits/harness.ts'
import { source } from '../circuits/sample.ts'

const random = source('g20')
const [secret, stranger, scope, message, weight] = [random(), random(), random(), random(), 1n]
const leaves = [random(), random(), leaf(commitment(secret), weight), random(), random()]
const EMPTY_PLACE = 7

/** The three siblings of the empty place, which is in the same node as the last leaf. */
function emptyPath(levels: number): bigint[][] {
  const [, ...above] = treePath(rollTree(leaves, levels), 4)
  return [[leaves[4] ?? 0n, 0n, 0n], ...above]
}

test('nobody is a member by an empty place', async () => {
  const signal = await circuit('signal')
  const root = rollRoot(leaves, 12)
  const path = treePath(rollTree(leaves, 12), 2)
  const prove = (s: bigint, index: number, siblings: bigint[][], w: bigint) =>
    provable(
      signal,
      signalAssignment(
        { scope, root, nullifier: nullifier(s, scope), message },
        { secret: s, weight: w, index, path: siblings },
      ),
    )
  expect(prove(secret, 2, path, weight)).toBe(true)
  // The empty leaf does lead to the root: only that it is nobody's leaf keeps it out.
  expect(pathRoot(0n, EMPTY_PLACE, emptyPath(12))).toBe(root)
  for (const w of [0n, 1n]) expect(prove(stranger, EMPTY_PLACE, emptyPath(12), w)).toBe(false)
  expect(prove(0n, EMPTY_PLACE, emptyPath(12), 0n)).toBe(false)
  expect(prove(stranger, 2, path, weight)).toBe(false)
})

test('no leaf, node or nullifier of small numbers is the empty leaf', () => {
  const small = [0n, 1n, 2n, 3n]
  for (const a of small) {
    expect(commitment(a)).not.toBe(0n)
    for (const b of small) expect([leaf(a, b), nullifier(a, b)]).not.toContain(0n)
  }
  expect(EMPTY.slice(1)).not.toContain(0n)
})

test('a witness in which the leaf is 0 or a bit of the path is 2 breaks a constraint', async () => {
  const member = await gadget('roll.circom', 'Member(2)', ['scope', 'index'])
  const tree = rollTree(leaves, 2)
  const witness = member.calculate({ secret, weight, scope, index: 2n, path: treePath(tree, 2) })
  expect(accepts(member, witness)).toBe(true)
  expect(accepts(member, witness, { 'nodes[0]': 0n })).toBe(false)
  // The optimiser writes the highest bit as what is left of index, so the index is what changes it.
  for (const value of [2n, -1n, 1n << 250n]) {
    for (const bit of [0, 1, 2]) {
      const index = 2n + (value - (bit === 1 ? 1n : 0n)) * (1n << BigInt(bit))
      expect(accepts(member, witness, { [`bits[${bit}]`]: value })).toBe(false)
      expect(accepts(member, witness, { [`bits[${bit}]`]: value, index })).toBe(false)
    }
    expect(accepts(member, witness, { index: 2n + 8n * value })).toBe(false)
  }
})

test('a bit of 2 would be of use: the node would not have to stand among its own children', async () => {
  const children = await gadget('roll.circom', 'Children()')
  const [node, a, b, c] = [random(), random(), random(), random()]
  const stand = (low: bigint, high: bigint) =>
    children.calculate({ in: node, siblings: [a, b, c], low, high }).slice(1, 5)
  for (const position of [0, 1, 2, 3])
    expect(stand(BigInt(position & 1), BigInt(position >> 1))).toEqual([a, b, c].toSpliced(position, 0, node))
  expect(stand(2n, 0n)).not.toContain(node)
})
