// Merkle tree of the log (SPEC 7.5): RFC 6962 section 2.1, checks by the algorithms of RFC 9162 section 2.1. No I/O:
// provers read the hashes of complete subtrees through one function, which the tree in memory or tiles can give.
import { concat, equalBytes } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'

/** Length of every hash, bytes. */
export const HASH_LENGTH = 32

/**
 * MTH(D[index * 2^level : (index + 1) * 2^level]), 32 bytes: the hash of a complete subtree. Throws if the reader does
 * not have it.
 */
export type HashReader = (level: number, index: number) => Uint8Array

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

/** Root of the tree without leaves: SHA-256 of no bytes. */
export const EMPTY_ROOT = sha256(new Uint8Array(0))

/** SHA-256(0x00 || entry). */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(concat(LEAF, entry))
}

/** SHA-256(0x01 || left || right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concat(NODE, left, right))
}

/** MTH(D[0:size]). */
export function treeRoot(size: number, read: HashReader): Uint8Array {
  return size === 0 ? EMPTY_ROOT : rangeHash(0, size, read)
}

/** PATH(index, D[0:size]), from the leaf's sibling up to the root's child. Needs 0 <= index < size. */
export function proveInclusion(index: number, size: number, read: HashReader): Uint8Array[] {
  if (!(index >= 0 && index < size)) throw new Error(`no leaf ${index} in a tree of ${size}`)
  const path = (start: number, end: number): Uint8Array[] => {
    if (end - start === 1) return []
    const middle = start + split(end - start)
    return index < middle
      ? [...path(start, middle), rangeHash(middle, end, read)]
      : [...path(middle, end), rangeHash(start, middle, read)]
  }
  return path(0, size)
}

/** True if `path` shows that the leaf is the one at `index` of the tree of `size` leaves with `root` (2.1.3.2). */
export function checkInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  root: Uint8Array,
  path: readonly Uint8Array[],
): boolean {
  if (!isSize(index) || !isSize(size) || index >= size || ![leaf, root, ...path].every(isHash)) return false
  let node = index
  let last = size - 1
  let hash = leaf
  for (const sibling of path) {
    if (last === 0) return false
    if (isRight(node) || node === last) {
      hash = nodeHash(sibling, hash)
      while (!isRight(node) && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      hash = nodeHash(hash, sibling)
    }
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && equalBytes(hash, root)
}

/** PROOF(from, D[0:to]): that the tree of `from` leaves is a beginning of that of `to`. Needs 0 <= from <= to. */
export function proveConsistency(from: number, to: number, read: HashReader): Uint8Array[] {
  if (!(from >= 0 && from <= to)) throw new Error(`no consistency proof from ${from} to ${to}`)
  if (from === 0 || from === to) return []
  // SUBPROOF(m, D[start:end], known): known while the subtree's root is the old root itself.
  const proof = (start: number, end: number, known: boolean): Uint8Array[] => {
    if (from === end) return known ? [] : [rangeHash(start, end, read)]
    const middle = start + split(end - start)
    return from <= middle
      ? [...proof(start, middle, known), rangeHash(middle, end, read)]
      : [...proof(middle, end, false), rangeHash(start, middle, read)]
  }
  return proof(0, to, true)
}

/**
 * True if `proof` shows that the tree (`from`, `fromRoot`) is a beginning of the tree (`to`, `toRoot`) (2.1.4.2). From
 * the empty tree, which begins every tree, the proof is empty and `fromRoot` is EMPTY_ROOT.
 */
export function checkConsistency(
  from: number,
  fromRoot: Uint8Array,
  to: number,
  toRoot: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!isSize(from) || !isSize(to) || from > to || ![fromRoot, toRoot, ...proof].every(isHash)) return false
  if (from === to) return proof.length === 0 && equalBytes(fromRoot, toRoot)
  if (from === 0) return proof.length === 0 && equalBytes(fromRoot, EMPTY_ROOT)
  let node = from - 1
  let last = to - 1
  while (isRight(node)) [node, last] = [half(node), half(last)]
  // If `from` is a power of two, its tree is one subtree, whose hash the proof leaves out.
  const [first, ...rest] = node === 0 ? [fromRoot, ...proof] : proof
  if (first === undefined) return false
  let oldHash = first
  let newHash = first
  for (const sibling of rest) {
    if (last === 0) return false
    if (isRight(node) || node === last) {
      oldHash = nodeHash(sibling, oldHash)
      newHash = nodeHash(sibling, newHash)
      while (!isRight(node) && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      newHash = nodeHash(newHash, sibling)
    }
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && equalBytes(oldHash, fromRoot) && equalBytes(newHash, toRoot)
}

/** Largest power of two below n, for n > 1: the k of RFC 6962. By doubling, as sizes pass 2^32. */
function split(n: number): number {
  let power = 1
  while (power * 2 < n) power *= 2
  return power
}

/** MTH(D[start:end]) where the first complete subtree is aligned at start, as all ranges of RFC 6962 are. */
function rangeHash(start: number, end: number, read: HashReader): Uint8Array {
  const subtrees: Uint8Array[] = []
  for (let at = start; at < end;) {
    let [level, width] = [0, 1]
    while (at + width * 2 <= end && at % (width * 2) === 0) [level, width] = [level + 1, width * 2]
    subtrees.push(read(level, at / width))
    at += width
  }
  return subtrees.reduceRight((right, left) => nodeHash(left, right))
}

function isHash(bytes: Uint8Array): boolean {
  return bytes.length === HASH_LENGTH
}

function isSize(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0
}

function isRight(node: number): boolean {
  return node % 2 === 1
}

function half(node: number): number {
  return Math.floor(node / 2)
}
