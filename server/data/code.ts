// One-time registration codes, which a person gets by letter or mail: 80 bits from the system's generator, as
// protocol/registration-code.ts writes them.
import { randomBytes } from 'node:crypto'
import { hashToBytes } from '#crypto/hash.ts'
import { formatCode } from '#protocol/registration-code.ts'

/** A fresh code as it is shown to its person. */
export function makeCode(): string {
  return formatCode(randomBytes(10))
}

/**
 * What is stored of a code that `parseCode` returned: 32 bytes. A plain hash is enough where a password would need a
 * slow and salted one, for the code is random: to find the code of a given row from a stolen table takes 2^80 hashes,
 * and of any of a million rows 2^60, for one single registration, which its rightful person sees refused.
 */
export function hashCode(code: string): Uint8Array {
  return hashToBytes('registration-code', new TextEncoder().encode(code), 32)
}
