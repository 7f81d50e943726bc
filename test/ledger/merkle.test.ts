// SPEC 7.5: the Merkle tree, against foreign vectors, against a naive tree, and against systematic damage.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, fromHex, toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { decodeBase64 } from '#ledger/base64.ts'
import {
  checkConsistency,
  checkInclusion,
  EMPTY_ROOT,
  leafHash,
  nodeHash,
  proveConsistency,
  proveInclusion,
  treeRoot,
} from '#ledger/merkle.ts'
import { Tree } from '#ledger/tree.ts'
import { mutateHashes } from './mutants.ts'

interface Rfc6962 {
  empty: string
  leafHashes: { entry: string; hash: string }[]
  nodeHash: { left: string; right: string; hash: string }
  leaves: string[]
  roots: string[]
  inclusion: { index: number; size: number; path: string[] }[]
  consistency: { from: number; to: number; proof: string[] }[]
}

interface Argon2020 {
  size: number
  root: string
  index: number
  entry: string
  path: string[]
  from: number
  fromRoot: string
  consistency: string[]
}

const rfc6962 = readVectors('rfc6962.json') as Rfc6962
const argon2020 = readVectors('argon2020.json') as Argon2020

describe('SPEC 7.5 hashes and roots of the reference implementation', () => {
  const tree = treeOf(rfc6962.leaves.map(fromHex))

  it('hashes leaves, nodes and the empty tree', () => {
    expect(toHex(EMPTY_ROOT)).toBe(rfc6962.empty)
    expect(toHex(new Tree().root())).toBe(rfc6962.empty)
    for (const { entry, hash } of rfc6962.leafHashes) expect(toHex(leafHash(fromHex(entry)))).toBe(hash)
    const { left, right, hash } = rfc6962.nodeHash
    expect(toHex(nodeHash(fromHex(left), fromHex(right)))).toBe(hash)
  })

  it.each(rfc6962.roots.map((root, i) => ({ root, size: i + 1 })))(
    'root of $size leaves',
    ({ root, size }) => {
      expect(toHex(tree.root(size))).toBe(root)
      expect(toHex(treeOf(rfc6962.leaves.slice(0, size).map(fromHex)).root())).toBe(root)
    },
  )

  it.each(rfc6962.inclusion)('inclusion of leaf $index in $size', ({ index, size, path }) => {
    expect(proveInclusion(index, size, tree.read).map(toHex)).toEqual(path)
    expect(checkInclusion(tree.read(0, index), index, size, tree.root(size), path.map(fromHex))).toBe(true)
  })

  it.each(rfc6962.consistency)('consistency of $from with $to', ({ from, to, proof }) => {
    expect(proveConsistency(from, to, tree.read).map(toHex)).toEqual(proof)
    expect(checkConsistency(from, tree.root(from), to, tree.root(to), proof.map(fromHex))).toBe(true)
  })
})

describe('SPEC 7.5 proofs of a Certificate Transparency log of 961,984,013 entries', () => {
  const { size, index, from } = argon2020
  const root = decodeBase64(argon2020.root)
  const leaf = leafHash(decodeBase64(argon2020.entry))
  const fromRoot = decodeBase64(argon2020.fromRoot)
  const path = argon2020.path.map(decodeBase64)
  const proof = argon2020.consistency.map(decodeBase64)

  it('accepts its inclusion proof and refuses every mutant', () => {
    expect(checkInclusion(leaf, index, size, root, path)).toBe(true)
    const accepted = mutateHashes(path, [root, leaf]).filter(({ value }) =>
      checkInclusion(leaf, index, size, root, value),
    )
    expect(accepted.map(({ name }) => name)).toEqual([])
  })

  it('accepts its consistency proof and refuses every mutant', () => {
    expect(checkConsistency(from, fromRoot, size, root, proof)).toBe(true)
    const accepted = mutateHashes(proof, [root, fromRoot]).filter(({ value }) =>
      checkConsistency(from, fromRoot, size, root, value),
    )
    expect(accepted.map(({ name }) => name)).toEqual([])
  })
})

describe('SPEC 7.5 every proof of every tree up to 20 leaves', () => {
  const entries = Array.from({ length: 20 }, (_, i) => new TextEncoder().encode(`entry ${i}`))
  const tree = treeOf(entries)
  const roots = Array.from({ length: 21 }, (_, size) => tree.root(size))
  const root = (size: number) => roots[size] ?? EMPTY_ROOT

  it('inclusion: accepted; each mutant, other leaf, index, size or root refused', () => {
    const accepted: string[] = []
    for (let size = 1; size <= 20; size++) {
      for (let index = 0; index < size; index++) {
        const leaf = tree.read(0, index)
        const path = proveInclusion(index, size, tree.read)
        const name = (mutation: string) => `${index} of ${size}: ${mutation}`
        if (!checkInclusion(leaf, index, size, root(size), path)) accepted.push(name('good proof refused'))
        for (const { name: mutation, value } of mutateHashes(path, [leaf, root(size)])) {
          if (checkInclusion(leaf, index, size, root(size), value)) accepted.push(name(mutation))
        }
        for (const other of [-1, index - 1, index + 1, index ^ 2, index + 32, index + 0.5, NaN, Infinity]) {
          if (checkInclusion(leaf, other, size, root(size), path)) accepted.push(name(`index ${other}`))
        }
        for (const other of [-1, 0, size * 2, size + 64, size + 0.5, NaN, Infinity]) {
          if (checkInclusion(leaf, index, other, root(size), path)) accepted.push(name(`size ${other}`))
        }
        if (checkInclusion(tree.read(0, (index + 1) % 20), index, size, root(size), path))
          accepted.push(name('other leaf'))
        if (checkInclusion(leaf, index, size, root(size - 1), path))
          accepted.push(name('root of one leaf less'))
        if (checkInclusion(leaf.slice(1), index, size, root(size), path))
          accepted.push(name('short leaf hash'))
        if (checkInclusion(leaf, index, size, root(size).slice(1), path)) accepted.push(name('short root'))
      }
    }
    expect(accepted).toEqual([])
  })

  it('consistency: accepted; each mutant, other size or root refused', () => {
    const accepted: string[] = []
    for (let to = 0; to <= 20; to++) {
      for (let from = 0; from <= to; from++) {
        const proof = proveConsistency(from, to, tree.read)
        const name = (mutation: string) => `${from} in ${to}: ${mutation}`
        if (!checkConsistency(from, root(from), to, root(to), proof))
          accepted.push(name('good proof refused'))
        for (const { name: mutation, value } of mutateHashes(proof, [root(from), root(to)])) {
          if (checkConsistency(from, root(from), to, root(to), value)) accepted.push(name(mutation))
        }
        for (const other of [-1, from - 1, from + 1, from ^ 2, to + 1, from + 0.5, NaN]) {
          if (other !== from && checkConsistency(other, root(from), to, root(to), proof))
            accepted.push(name(`from ${other}`))
        }
        // The empty tree begins every tree.
        if (from !== 0 && from !== to) {
          if (checkConsistency(from, root(to), to, root(from), proof)) accepted.push(name('roots swapped'))
          if (checkConsistency(to, root(to), from, root(from), proof)) accepted.push(name('back in time'))
          if (checkConsistency(from, root(from), to, root(to - 1), proof))
            accepted.push(name('other new root'))
        }
        if (checkConsistency(from, leafHash(root(from)), to, root(to), proof))
          accepted.push(name('other old root'))
        if (checkConsistency(from, root(from).slice(1), to, root(to), proof))
          accepted.push(name('short old root'))
      }
    }
    expect(accepted).toEqual([])
  })

  it('keeps leaves and nodes apart: a node cannot pass as an entry', () => {
    const forged = leafHash(concat(tree.read(0, 0), tree.read(0, 1)))
    expect(toHex(forged)).not.toBe(toHex(tree.read(1, 0)))
  })
})

describe('SPEC 7.5 properties against a naive tree', () => {
  const arbitrary = fc.array(fc.uint8Array({ maxLength: 4 }), { minLength: 1, maxLength: 130 })

  it('root, paths and consistency proofs are those of RFC 6962 taken by the letter', () => {
    fc.assert(
      fc.property(arbitrary, fc.nat(), fc.nat(), (entries, a, b) => {
        const tree = treeOf(entries)
        const size = 1 + (a % entries.length)
        const index = b % size
        expect(toHex(tree.root(size))).toBe(toHex(naiveRoot(entries.slice(0, size))))
        expect(proveInclusion(index, size, tree.read).map(toHex)).toEqual(
          naivePath(index, entries.slice(0, size)).map(toHex),
        )
        expect(proveConsistency(size, entries.length, tree.read).map(toHex)).toEqual(
          naiveConsistency(size, entries, true).map(toHex),
        )
      }),
      { numRuns: 200 },
    )
  })

  it('a tree changed anywhere in its beginning is not consistent', () => {
    fc.assert(
      fc.property(arbitrary, fc.nat(), fc.nat(), (entries, a, b) => {
        const from = 1 + (a % entries.length)
        const changed = entries.with(b % from, Uint8Array.of(1, 2, 3, 4, 5))
        const [old, next] = [treeOf(entries), treeOf(changed)]
        const proof = proveConsistency(from, next.size, next.read)
        expect(checkConsistency(from, old.root(from), next.size, next.root(), proof)).toBe(false)
      }),
      { numRuns: 200 },
    )
  })
})

it('refuses to prove what is not in the tree', () => {
  const tree = treeOf([Uint8Array.of(1)])
  expect(() => proveInclusion(1, 1, tree.read)).toThrow('no leaf 1 in a tree of 1')
  expect(() => proveInclusion(-1, 1, tree.read)).toThrow('no leaf -1')
  expect(() => proveConsistency(2, 1, tree.read)).toThrow('no consistency proof')
  expect(() => treeRoot(2, tree.read)).toThrow('no subtree')
  expect(() => tree.append(new Uint8Array(31))).toThrow('not a hash')
})

function treeOf(entries: readonly Uint8Array[]): Tree {
  const tree = new Tree()
  for (const entry of entries) tree.append(leafHash(entry))
  return tree
}

function naiveRoot(entries: readonly Uint8Array[]): Uint8Array {
  const [first] = entries
  if (first === undefined) return sha256(new Uint8Array(0))
  if (entries.length === 1) return sha256(concat(Uint8Array.of(0), first))
  const k = splitOf(entries.length)
  return sha256(concat(Uint8Array.of(1), naiveRoot(entries.slice(0, k)), naiveRoot(entries.slice(k))))
}

function naivePath(index: number, entries: readonly Uint8Array[]): Uint8Array[] {
  if (entries.length === 1) return []
  const k = splitOf(entries.length)
  return index < k
    ? [...naivePath(index, entries.slice(0, k)), naiveRoot(entries.slice(k))]
    : [...naivePath(index - k, entries.slice(k)), naiveRoot(entries.slice(0, k))]
}

function naiveConsistency(m: number, entries: readonly Uint8Array[], known: boolean): Uint8Array[] {
  if (m === entries.length) return known ? [] : [naiveRoot(entries)]
  const k = splitOf(entries.length)
  return m <= k
    ? [...naiveConsistency(m, entries.slice(0, k), known), naiveRoot(entries.slice(k))]
    : [...naiveConsistency(m - k, entries.slice(k), false), naiveRoot(entries.slice(0, k))]
}

function splitOf(n: number): number {
  return 2 ** Math.floor(Math.log2(n - 1))
}

function readVectors(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../vectors/ledger/${name}`, import.meta.url), 'utf8'))
}
