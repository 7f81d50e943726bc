// Bytes and big-endian integers, the one way in and out of them (SPEC 2.2). Every decoder of this project throws
// EncodingError on bytes that are not the one canonical encoding; a mistake of our own throws a plain Error.
import { bytesToNumberBE, equalBytes as equalBytesOf, numberToBytesBE } from '@noble/curves/utils.js'
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js'

/** Bytes from outside that are not the canonical encoding of what was asked for. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError'
}

/** The parts one after the other. It adds no lengths: for hashing, every part must have a fixed or encoded length. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...parts)
}

/** True if lengths and contents are equal. The time depends on the length only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return equalBytesOf(a, b)
}

/** Lower-case hexadecimal. Joined, not added up: V8 keeps a sum of strings as the tree of its parts, twelve times as large
 *  as the text, and a record's state holds one for each ballot. */
export function toHex(bytes: Uint8Array): string {
  const pairs: (string | undefined)[] = []
  for (const byte of bytes) pairs.push(PAIRS[byte])
  return pairs.join('')
}

const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** The opposite of `toHex`; EncodingError unless the text is lower-case hexadecimal of even length. */
export function fromHex(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new EncodingError('not lower-case hexadecimal of even length')
  return hexToBytes(text)
}

/** `value` as exactly `length` bytes, big-endian (I2OSP of RFC 8017). Throws Error if negative or too large. */
export function bigintToBytes(value: bigint, length: number): Uint8Array {
  if (value < 0n || value >> BigInt(8 * length) !== 0n) {
    throw new Error(`integer does not fit into ${length} bytes`)
  }
  return length === 0 ? new Uint8Array(0) : numberToBytesBE(value, length)
}

/** The big-endian unsigned integer that the bytes spell (OS2IP of RFC 8017); 0 for no bytes. */
export function bytesToBigint(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : bytesToNumberBE(bytes)
}
