// The short name of a ballot that a voter notes down: 80 bits of its hash and a checksum. SPEC 6.7.
import { hashToBytes } from '#crypto/hash.ts'
import { encodeBase32, group, normalizeBase32 } from './crockford.ts'

/** Five groups of four: 16 characters of the body's hash, 4 of a checksum over them. */
export function formatTracker(bodyHash: Uint8Array): string {
  const name = encodeBase32(bodyHash, 16)
  return group(name + checksum(name))
}

/** The tracker as `formatTracker` writes it, however it was typed; undefined if the checksum does not fit. */
export function parseTracker(typed: string): string | undefined {
  const text = normalizeBase32(typed)
  if (text?.length !== 20) return undefined
  const name = text.slice(0, 16)
  return text === name + checksum(name) ? group(text) : undefined
}

function checksum(name: string): string {
  return encodeBase32(hashToBytes('tracker', new TextEncoder().encode(name), 3), 4)
}
