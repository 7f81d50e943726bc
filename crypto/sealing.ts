// Shares in transit (SPEC 5.3): Diffie-Hellman on BabyJubJub, HKDF-SHA-256 (RFC 5869) and ChaCha20-Poly1305
// (RFC 8439). A complaint publishes the shared point with a proof, so that anybody opens the disputed share (SPEC 5.5).
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { decodeScalar, encodePoint, encodeScalar, multiplySecret, type Point } from './babyjubjub.ts'

const SALT = new TextEncoder().encode('comitia/v1/share-sealing/babyjubjub')

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
  return cipher(shared, info).encrypt(encodeScalar(share))
}

/** The share, or undefined if the bytes are not a share sealed with this shared point and info. */
export function openShare(shared: Point, info: Uint8Array, sealed: Uint8Array): bigint | undefined {
  const opener = cipher(shared, info)
  try {
    return decodeScalar(opener.decrypt(sealed))
  } catch {
    return undefined
  }
}

function cipher(shared: Point, info: Uint8Array): ReturnType<typeof chacha20poly1305> {
  const bytes = hkdf(sha256, encodePoint(shared), SALT, info, 32 + 12)
  return chacha20poly1305(bytes.subarray(0, 32), bytes.subarray(32))
}
