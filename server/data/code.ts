// One-time registration codes, which a person gets by letter or mail: XXXX-XXXX-XXXX-XXXX-C, sixteen characters of
// Crockford's base32 (80 bits from the system's generator) and a check character.
import { randomBytes } from 'node:crypto'
import { hashToBytes } from '#crypto/hash.ts'
import { encodeBase32, group, normalizeBase32 } from '#protocol/crockford.ts'

const CHARACTERS = 16
// Longer than any way to type a code.
const MAX_TYPED = 64
const DIGITS = Array.from({ length: 32 }, (_, value) => encodeBase32(Uint8Array.of(value << 3), 1))

/** A fresh code as it is shown to its person. */
export function makeCode(): string {
  const name = encodeBase32(randomBytes(10), CHARACTERS)
  return group(name + checkCharacter(name))
}

/** The code as `makeCode` writes it, however it was typed; undefined if it is none. */
export function parseCode(typed: string): string | undefined {
  // Only ASCII and blanks: upper-casing would turn some letters of other scripts into ours.
  if (typed.length > MAX_TYPED || /[^\x20-\x7e\s]/.test(typed)) return undefined
  const text = normalizeBase32(typed)
  if (text?.length !== CHARACTERS + 1) return undefined
  const name = text.slice(0, CHARACTERS)
  return text === name + checkCharacter(name) ? group(text) : undefined
}

/**
 * What is stored of a code that `parseCode` returned: 32 bytes. A plain hash is enough where a password would need a
 * slow and salted one, for the code is random: to find the code of a given row from a stolen table takes 2^80 hashes,
 * and of any of a million rows 2^60, for one single registration, which its rightful person sees refused.
 */
export function hashCode(code: string): Uint8Array {
  return hashToBytes('registration-code', new TextEncoder().encode(code), 32)
}

/**
 * The last symbol of a Reed-Solomon code over GF(32) = GF(2)[x] / (x^5 + x^2 + 1): makes the sum of c_i x^(16-i) zero.
 * Any one wrong character, and any two exchanged ones, are noticed, because the powers of x up to 30 are distinct.
 */
function checkCharacter(name: string): string {
  let sum = 0
  for (const character of name) sum = timesX(sum ^ DIGITS.indexOf(character))
  return DIGITS[sum] ?? ''
}

function timesX(value: number): number {
  return (value << 1) ^ (value & 0b10000 ? 0b100101 : 0)
}
