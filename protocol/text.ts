// Texts that people write: the record holds a commitment, so that the text itself can be erased. SPEC 12.4.
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { equalBytes } from '#crypto/encoding.ts'

/** Bytes of the key under which a text is committed to, drawn afresh for each. */
export const TEXT_KEY_BYTES = 32

/** HMAC-SHA-256 of the text in UTF-8 (RFC 2104): hides a text whose key is erased, however short it is. */
export function commitText(key: Uint8Array, text: string): Uint8Array {
  return hmac(sha256, key, new TextEncoder().encode(text))
}

/** Whether the text is the one that was committed to. */
export function checkText(commitment: Uint8Array, key: Uint8Array, text: string): boolean {
  return key.length === TEXT_KEY_BYTES && equalBytes(commitText(key, text), commitment)
}
