// The log's Merkle tree in memory (SPEC 7.5): the hashes of all complete subtrees, 64 bytes a leaf, so that a root, a
// proof or a tile costs a few look-ups. Kept by the store's writer; a verifier builds it from the entries.
import { HASH_LENGTH, nodeHash, treeRoot } from './merkle.ts'

/** A tree that only grows. */
export class Tree {
  readonly #levels: Level[] = []

  /** Number of leaves. */
  get size(): number {
    return this.#levels[0]?.length ?? 0
  }

  /** Adds a leaf hash at the end, and the hashes of the subtrees that it completes. */
  append(leaf: Uint8Array): void {
    let hash = leaf
    for (let level = 0; ; level++) {
      const hashes = (this.#levels[level] ??= new Level())
      hashes.push(hash)
      if (hashes.length % 2 === 1) return
      hash = nodeHash(hashes.at(hashes.length - 2), hash)
    }
  }

  /** The HashReader of merkle.ts over this tree. A view: valid until the next append. */
  readonly read = (level: number, index: number): Uint8Array => {
    const hashes = this.#levels[level]
    if (hashes === undefined || index >= hashes.length) throw new Error(`no subtree ${level}/${index}`)
    return hashes.at(index)
  }

  /** MTH(D[0:size]); of all leaves if no size is given. */
  root(size: number = this.size): Uint8Array {
    return treeRoot(size, this.read)
  }
}

/** A growing row of hashes in one piece of memory. */
class Level {
  length = 0
  #bytes = new Uint8Array(HASH_LENGTH)

  push(hash: Uint8Array): void {
    if (hash.length !== HASH_LENGTH) throw new Error('not a hash')
    const end = (this.length + 1) * HASH_LENGTH
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(this.#bytes.length * 2)
      grown.set(this.#bytes)
      this.#bytes = grown
    }
    this.#bytes.set(hash, end - HASH_LENGTH)
    this.length++
  }

  at(index: number): Uint8Array {
    return this.#bytes.subarray(index * HASH_LENGTH, (index + 1) * HASH_LENGTH)
  }
}
