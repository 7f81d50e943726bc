// Hashing with a domain (SPEC 2.3): expand_message_xmd of RFC 9380 section 5.3.1 with SHA-256, the only way of this
// project to a tagged hash, a challenge or a derived secret.
import { expand_message_xmd } from '@noble/curves/abstract/hash-to-curve.js'
import { sha256 as sha256Of } from '@noble/hashes/sha2.js'
import { FIELD_ORDER, ORDER } from './babyjubjub.ts'
import { bytesToBigint } from './encoding.ts'

/**
 * `length` (1 to 8,160) uniform bytes from the message under the domain `comitia/v1/<tag>/babyjubjub`. A tag is 1 to
 * 100 of a-z, 0-9, `-` and `/`; Error otherwise. Different tags or lengths are independent functions.
 */
export function hashToBytes(tag: string, message: Uint8Array, length: number): Uint8Array {
  if (!/^[a-z0-9/-]{1,100}$/.test(tag)) throw new Error(`"${tag}" is no hash tag`)
  if (!Number.isInteger(length) || length < 1 || length > 255 * 32) throw new Error('no such hash length')
  return expand_message_xmd(message, `comitia/v1/${tag}/babyjubjub`, length, sha256Of)
}

/** 48 bytes mod l: a scalar in [0, l) whose bias is below 2^-132 (RFC 9380 section 5.1). */
export function hashToScalar(tag: string, message: Uint8Array): bigint {
  return bytesToBigint(hashToBytes(tag, message, 48)) % ORDER
}

/** 48 bytes mod p: a field element in [0, p) whose bias is below 2^-130 (RFC 9380 section 5.1). */
export function hashToField(tag: string, message: Uint8Array): bigint {
  return bytesToBigint(hashToBytes(tag, message, 48)) % FIELD_ORDER
}

/** Plain SHA-256 (FIPS 180-4), 32 bytes: for the ledger and for naming files, never for challenges. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return sha256Of(bytes)
}
