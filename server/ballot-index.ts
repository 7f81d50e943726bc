// The ballots of the record by the hash of their body, and by the part of it that a tracker shows (SPEC 6.7).
import { fromHex } from '#crypto/encoding.ts'
import { encodeBase32 } from '#protocol/crockford.ts'
import { parseTracker } from '#protocol/tracker.ts'

/** Characters of a tracker before its checksum. */
const NAME = 16

/** `RecordState.bodies` of a server, which people ask for trackers. */
export class BallotIndex extends Map<string, number> {
  readonly #named = new Map<string, string>()

  override set(hash: string, index: number): this {
    const name = encodeBase32(fromHex(hash), NAME)
    // Whoever makes two ballots with one tracker fools nobody else: the earlier one keeps it.
    if (!this.#named.has(name)) this.#named.set(name, hash)
    return super.set(hash, index)
  }

  /** The ballot of a tracker, however it was typed: its index and the hash of its body in hexadecimal. */
  find(tracker: string): { index: number; hash: string } | undefined {
    const name = parseTracker(tracker)?.replaceAll('-', '').slice(0, NAME) ?? ''
    const hash = this.#named.get(name)
    const index = hash === undefined ? undefined : this.get(hash)
    return hash === undefined || index === undefined ? undefined : { index, hash }
  }
}
