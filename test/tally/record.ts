// A scene's entries as a record that a verifier reads, with a log key of its own; tests alter what they want to.
import { toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { signCheckpoint } from '#ledger/checkpoint.ts'
import { leafHash } from '#ledger/merkle.ts'
import { verifierKeyOf } from '#ledger/note.ts'
import { formatLogPolicy } from '#ledger/policy.ts'
import { Tree } from '#ledger/tree.ts'
import type { PublicRecord } from '#tally/record.ts'

export const LOG_KEY = { name: 'example.org/comitia', secret: sha256(Uint8Array.of(76)) }
export const POLICY = formatLogPolicy(verifierKeyOf(LOG_KEY))

/** A signed checkpoint over these entries, of that log. */
export function checkpointOf(entries: readonly Uint8Array[], key = LOG_KEY): string {
  const tree = new Tree()
  for (const entry of entries) tree.append(leafHash(entry))
  return signCheckpoint({ origin: key.name, size: tree.size, root: tree.root() }, key)
}

/** A record of these entries; the checkpoint is theirs unless another is given. */
export function recordOf(
  entries: readonly Uint8Array[],
  attachments: readonly Uint8Array[],
  checkpoint = checkpointOf(entries),
): PublicRecord {
  const files = new Map(attachments.map((file) => [toHex(sha256(file)), file]))
  return {
    policy: POLICY,
    checkpoint,
    size: entries.length,
    entry: (index) => Promise.resolve(entries[index] ?? new Uint8Array()),
    async *entries() {
      for (const entry of entries) yield await Promise.resolve(entry)
    },
    attachment: (hash) => Promise.resolve(files.get(hash)),
  }
}
