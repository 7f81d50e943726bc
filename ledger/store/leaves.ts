// Where a leaf hash is in the log: an open-addressing table of indices over the hashes that the tree holds, 8 bytes a
// leaf. SHA-256 output needs no further hashing.
import { equalBytes } from '#crypto/encoding.ts'

/** Finds the first index of a leaf hash. Holds up to 2^31 leaves. */
export class LeafTable {
  readonly #leafAt: (index: number) => Uint8Array
  // Each slot is an index + 1, or 0 if free. At most half of them are used.
  #slots = new Uint32Array(1024)
  #used = 0

  /** `leafAt` gives the leaf hash of every index that was added. */
  constructor(leafAt: (index: number) => Uint8Array) {
    this.#leafAt = leafAt
  }

  /** Adds an index; of several with the same leaf hash the first stays. */
  add(index: number): void {
    if (this.#used * 2 >= this.#slots.length) this.#grow()
    const slot = this.#slotOf(this.#leafAt(index))
    if (this.#slots[slot] !== 0) return
    this.#slots[slot] = index + 1
    this.#used++
  }

  /** The index added for this leaf hash (32 bytes). */
  find(leaf: Uint8Array): number | undefined {
    const found = this.#slots[this.#slotOf(leaf)]
    return found === undefined || found === 0 ? undefined : found - 1
  }

  /** The slot that holds the leaf hash, or the free one where it belongs. */
  #slotOf(leaf: Uint8Array): number {
    const [a = 0, b = 0, c = 0, d = 0] = leaf
    let slot = (a * 0x1000000 + b * 0x10000 + c * 0x100 + d) % this.#slots.length
    for (;;) {
      const index = this.#slots[slot]
      if (index === undefined || index === 0 || equalBytes(this.#leafAt(index - 1), leaf)) return slot
      slot = (slot + 1) % this.#slots.length
    }
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(old.length * 2)
    for (const index of old) if (index !== 0) this.#slots[this.#slotOf(this.#leafAt(index - 1))] = index
  }
}
