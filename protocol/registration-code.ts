// How a one-time registration code is written (SPEC 4.4): XXXX-XXXX-XXXX-XXXX-C, sixteen characters of Crockford's base32
// and a check character, by which a page notices a typing error before anything is sent.
import { encodeBase32, group, normalizeBase32 } from './crockford.ts'

const CHARACTERS = 16
// Longer than any way to type a code.
const MAX_TYPED = 64
const DIGITS = Array.from({ length: 32 }, (_, value) => encodeBase32(Uint8Array.of(value << 3), 1))

/** The code of 80 bits (10 bytes), as it is shown to its person. */
export function formatCode(bytes: Uint8Array): string {
  const name = encodeBase32(bytes, CHARACTERS)
  return group(name + checkCharacter(name))
}

/** The code as `formatCode` writes it, however it was typed; undefined if it is none. */
export function parseCode(typed: string): string | undefined {
  // Only ASCII and blanks: upper-casing would turn some letters of other scripts into ours.
  if (typed.length > MAX_TYPED || /[^\x20-\x7e\s]/.test(typed)) return undefined
  const text = normalizeBase32(typed)
  if (text?.length !== CHARACTERS + 1) return undefined
  const name = text.slice(0, CHARACTERS)
  return text === name + checkCharacter(name) ? group(text) : undefined
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
