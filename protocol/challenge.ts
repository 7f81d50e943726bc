// What goes from the sealing device to the one that checks it, as links in QR codes or typed: first the body's hash or
// its tracker, then the opening. SPEC 6.6.
import { EncodingError, equalBytes, fromHex } from '#crypto/encoding.ts'
import { decodeBase64, encodeBase64 } from '#ledger/base64.ts'
import { formatTracker, parseTracker } from './tracker.ts'

/** What was noted of a ballot before it was opened: the 32 bytes of its hash, or its tracker as `formatTracker` writes it. */
export type Noted = Uint8Array | string

/** Whether the ballot with this hash is the one that was noted. */
export function isNoted(noted: Noted, bodyHash: Uint8Array): boolean {
  return typeof noted === 'string' ? noted === formatTracker(bodyHash) : equalBytes(noted, bodyHash)
}

/** The link by which a second device notes a body's hash. `origin` is that of a web app, such as `https://example.org`. */
export function noteLink(origin: string, bodyHash: Uint8Array): string {
  return `${origin}/check#h=${encodeBase64url(bodyHash)}`
}

/** The link by which it then takes the opening file. */
export function openingLink(origin: string, file: Uint8Array): string {
  return `${origin}/check#o=${encodeBase64url(file)}`
}

/** What a text notes: the link or its fragment, the hash in hexadecimal, or a tracker; undefined if nothing. */
export function readNoted(text: string): Noted | undefined {
  const hash = /^[0-9a-f]{64}$/.test(text) ? fromHex(text) : fragment(text, 'h')
  return hash?.length === 32 ? hash : parseTracker(text)
}

/** The opening file in a link or its fragment, unread; undefined if the text is none. */
export function readOpeningLink(text: string): Uint8Array | undefined {
  return fragment(text, 'o')
}

function fragment(link: string, name: 'h' | 'o'): Uint8Array | undefined {
  const text = /#([ho])=([A-Za-z0-9_-]*)$/.exec(link)
  if (text?.[1] !== name) return undefined
  try {
    return decodeBase64url(text[2] ?? '')
  } catch (error) {
    if (error instanceof EncodingError) return undefined
    throw error
  }
}

/** Base 64 for addresses, without padding (RFC 4648 section 5). */
function encodeBase64url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

function decodeBase64url(text: string): Uint8Array {
  const standard = text.replaceAll('-', '+').replaceAll('_', '/')
  return decodeBase64(standard.padEnd(Math.ceil(standard.length / 4) * 4, '='))
}
