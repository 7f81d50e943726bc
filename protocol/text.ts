// Texts in entries (SPEC 2.1), and those that people write: of these the record holds a commitment, so that the text itself can
// be erased. SPEC 12.4.
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { equalBytes } from '#crypto/encoding.ts'

/** Controls but for tab and line feed, and what turns the order of the characters that follow: embeddings, overrides, isolates
 *  (Unicode Standard Annex 9). They are not seen, and make a text look like another. */
const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g

/** What somebody typed or pasted, as an entry may hold it. */
export function plain(text: string): string {
  return text.toWellFormed().replaceAll(/\r\n?/g, '\n').replaceAll(UNSEEN, '').normalize('NFC')
}

/** Whether an entry may hold it. SPEC 2.1. */
export function isPlain(text: string): boolean {
  return text === plain(text)
}

/** UTF-16 units of a proposal or comment, as devices send and servers take them. */
export const LONGEST_TEXT = 4000

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
