// Crockford's base32 for codes that people read, type and dictate: no I, L, O, U; upper case; fives of bits, no padding.
// https://www.crockford.com/base32.html

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Text of the first `characters` x 5 bits of `bytes`. */
export function encodeBase32(bytes: Uint8Array, characters: number): string {
  let text = ''
  for (let i = 0; i < characters; i++) {
    let digit = 0
    for (let bit = 5 * i; bit < 5 * i + 5; bit++) {
      digit = 2 * digit + (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1)
    }
    text += ALPHABET.charAt(digit)
  }
  return text
}

/** What was meant: upper case, O read as 0, I and L as 1, without spaces and hyphens; undefined if something else remains. */
export function normalizeBase32(typed: string): string | undefined {
  const text = typed
    .replace(/[\s-]/g, '')
    .replace(/[a-z]/g, (c) => c.toUpperCase())
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
  return /^[0-9A-HJKMNP-TV-Z]*$/.test(text) ? text : undefined
}

/** In groups of four, joined by hyphens. */
export function group(text: string): string {
  return text.match(/.{1,4}/g)?.join('-') ?? ''
}
