// Hashing with a domain (SPEC 2.3): expand_message_xmd of RFC 9380 section 5.3.1 with SHA-256, the only way of this
// project to a tagged hash, a challenge or a derived secret.
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
  return expand(message, domainOf(tag), length)
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

const BLOCK = 32

/** expand_message_xmd of RFC 9380, section 5.3.1, with DST_prime at hand. */
function expand(message: Uint8Array, domain: Uint8Array, length: number): Uint8Array {
  // Z_pad || msg || I2OSP(length, 2) || I2OSP(0, 1) || DST_prime, with a Z_pad of 64 bytes.
  const first = new Uint8Array(64 + message.length + 3 + domain.length)
  const end = 64 + message.length
  first.set(message, 64)
  first[end] = length >> 8
  first[end + 1] = length
  first.set(domain, end + 3)
  const b0 = sha256Of(first)
  // (b_0 xor b_(i-1)) || I2OSP(i, 1) || DST_prime, where b_0 alone comes first.
  const next = new Uint8Array(BLOCK + 1 + domain.length)
  next.set(domain, BLOCK + 1)
  const blocks = Math.ceil(length / BLOCK)
  const bytes = new Uint8Array(BLOCK * blocks)
  let previous = new Uint8Array(BLOCK)
  for (let i = 1; i <= blocks; i++) {
    for (let k = 0; k < BLOCK; k++) next[k] = (b0[k] ?? 0) ^ (previous[k] ?? 0)
    next[BLOCK] = i
    previous = sha256Of(next)
    bytes.set(previous, BLOCK * (i - 1))
  }
  return bytes.slice(0, length)
}

const domains = new Map<string, Uint8Array>()

/** DST_prime of a tag: the domain and its length. Tags are few, since each is a word of the program. */
function domainOf(tag: string): Uint8Array {
  let domain = domains.get(tag)
  if (domain === undefined) {
    const text = new TextEncoder().encode(`comitia/v1/${tag}/babyjubjub`)
    domain = new Uint8Array([...text, text.length])
    domains.set(tag, domain)
  }
  return domain
}
