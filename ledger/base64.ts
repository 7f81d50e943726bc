// Standard Base 64 (RFC 4648 section 4), canonical only: the encoding inside every C2SP text format (SPEC 7.5).
import { EncodingError } from '#crypto/encoding.ts'

/** Base 64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** The opposite; EncodingError unless the text is exactly what `encodeBase64` gives for its bytes. */
export function decodeBase64(text: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) throw new EncodingError('not Base 64')
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  if (encodeBase64(bytes) !== text) throw new EncodingError('Base 64 with stray bits')
  return bytes
}
