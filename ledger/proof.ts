// The receipt file (SPEC 7.5): proof that an entry is in the log, checked offline, c2sp.org/tlog-proof@v1. It proves
// inclusion under a checkpoint, never what a ballot contains.
import { EncodingError } from '#crypto/encoding.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import { parseCheckpoint, parseNumber } from './checkpoint.ts'
import { checkInclusion, HASH_LENGTH } from './merkle.ts'
import { checkPolicy, type Policy } from './policy.ts'

/** A receipt taken apart. Nothing in it is checked. */
export interface Receipt {
  /** Position of the entry in the log, from 0. */
  readonly index: number
  /** Inclusion path, 32 bytes each, from the leaf's sibling up. */
  readonly path: readonly Uint8Array[]
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: string
}

const HEADER = 'c2sp.org/tlog-proof@v1'
// A tree of 2^53 leaves has paths of 53 hashes.
const MAX_PATH = 53

/** The text of a receipt file. */
export function formatReceipt({ index, path, checkpoint }: Receipt): string {
  return [HEADER, `index ${index}`, ...path.map(encodeBase64), '', checkpoint].join('\n')
}

/**
 * The opposite; EncodingError on any other text. The unauthenticated `extra` line of the format is refused: our
 * receipts have none.
 */
export function parseReceipt(text: string): Receipt {
  const end = text.indexOf('\n\n')
  const [header, index = '', ...hashes] = text.slice(0, Math.max(end, 0)).split('\n')
  if (header !== HEADER || !index.startsWith('index ')) throw new EncodingError('not a receipt')
  if (hashes.length > MAX_PATH) throw new EncodingError('inclusion path too long')
  const path = hashes.map(decodeBase64)
  if (path.some((hash) => hash.length !== HASH_LENGTH)) throw new EncodingError('not a hash of 32 bytes')
  return { index: parseNumber(index.slice('index '.length)), path, checkpoint: text.slice(end + 2) }
}

/**
 * True if the receipt proves that the entry with this leaf hash (merkle.ts) is in a log that the policy believes.
 * False on everything else, malformed texts included.
 */
export function checkReceipt(text: string, policy: Policy, leaf: Uint8Array): boolean {
  try {
    const { index, path, checkpoint } = parseReceipt(text)
    const signed = parseCheckpoint(checkpoint)
    return checkPolicy(policy, signed) && checkInclusion(leaf, index, signed.size, signed.root, path)
  } catch (error) {
    if (error instanceof EncodingError) return false
    throw error
  }
}
