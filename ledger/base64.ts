// Base 64. Standard (RFC 4648 section 4) and canonical only, it is the encoding inside every C2SP text format (SPEC 7.5).
import { EncodingError } from '#crypto/encoding.ts'

/** Base 64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** The opposite of `encodeBase64`; EncodingError unless the text is exactly what it gives for its bytes. */
export function decodeBase64(text: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) throw new EncodingError('not Base 64')
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  if (encodeBase64(bytes) !== text) throw new EncodingError('Base 64 with stray bits')
  return bytes
}

/** The alphabet for addresses (RFC 4648 section 5), without padding: how browsers write a passkey's challenge. */
export function encodeBase64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
