// What is sealed under a shared point, shares in transit (SPEC 5.3) and comments until their phase is over (SPEC 12.11):
// Diffie-Hellman on BabyJubJub, HKDF-SHA-256 (RFC 5869) and ChaCha20-Poly1305 (RFC 8439). Whoever publishes the shared
// point with a proof lets anybody open what is under it.
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { decodeScalar, encodePoint, encodeScalar, multiplySecret, type Point } from './babyjubjub.ts'

/** What is sealed: each has keys of its own. */
type Use = 'share' | 'comment'

/** secret key: the Diffie-Hellman point of both sides' encryption keys. Throws Error if it would be O. */
export function sharedPoint(secret: bigint, key: Point): Point {
  if (secret === 0n || key.is0()) throw new Error('no shared secret with a zero key')
  return multiplySecret(key, secret)
}

/**
 * 48 bytes that only who knows the shared point opens, and only under the same `info`, which names log, election,
 * attempt, sender and receiver. Key and nonce come from both: seal one share for each pair of point and info, never
 * two.
 */
export function sealShare(shared: Point, info: Uint8Array, share: bigint): Uint8Array {
  return sealBytes('share', shared, info, encodeScalar(share))
}

/** The share, or undefined if the bytes are not a share sealed with this shared point and info. */
export function openShare(shared: Point, info: Uint8Array, sealed: Uint8Array): bigint | undefined {
  const opened = openBytes('share', shared, info, sealed)
  try {
    return opened && decodeScalar(opened)
  } catch {
    return undefined
  }
}

/** As `sealShare`, 16 bytes more than the plaintext has. */
export function sealBytes(use: Use, shared: Point, info: Uint8Array, plaintext: Uint8Array): Uint8Array {
  return cipher(use, shared, info).encrypt(plaintext)
}

/** The plaintext, or undefined if the bytes were not sealed for this use with this shared point and info. */
export function openBytes(
  use: Use,
  shared: Point,
  info: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  const opener = cipher(use, shared, info)
  try {
    return opener.decrypt(sealed)
  } catch {
    return undefined
  }
}

function cipher(use: Use, shared: Point, info: Uint8Array): ReturnType<typeof chacha20poly1305> {
  const salt = new TextEncoder().encode(`comitia/v1/${use}-sealing/babyjubjub`)
  const bytes = hkdf(sha256, encodePoint(shared), salt, info, 32 + 12)
  return chacha20poly1305(bytes.subarray(0, 32), bytes.subarray(32))
}
