// What an entry says, whatever its proof: proofs can be made anew by anybody. SPEC 6.2, 12.2.
import { equalBytes } from '#crypto/encoding.ts'
import { ballotOf, bodyHash } from '#protocol/ballot.ts'
import { decodeEntry, type Entry } from '#protocol/entry.ts'
import { Refusal } from '#protocol/refusal.ts'
import { signalHash, signalOf } from '#protocol/signal.ts'

/** Whether these bytes are the entry, whatever their proof. */
export function sameMatter(entry: Entry, bytes: Uint8Array): boolean {
  const own = matterOf(entry)
  if (own === undefined) return false
  try {
    const there = decodeEntry(bytes)
    return there[0] === entry[0] && equalBytes(matterOf(there) ?? new Uint8Array(), own)
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

/** What names an entry that carries a proof. */
function matterOf([type, content]: Entry): Uint8Array | undefined {
  switch (type) {
    case 'ballot':
      return bodyHash(ballotOf(content).body)
    case 'signal':
      return signalHash(signalOf(content))
    default:
      return undefined
  }
}
