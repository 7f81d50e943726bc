// Exponential ElGamal in transmitted form (SPEC 6.3): a ciphertext is sent as (c1', c2') and means (8 c1', 8 c2'),
// so that no torsion in a received ciphertext reaches the tally (SPEC 2.5). Cramer, Gennaro, Schoenmakers 1997.
import { decodePoint, encodePoint, G, multiplySecret, ORDER, type Point } from './babyjubjub.ts'
import { concat, EncodingError } from './encoding.ts'

/** (c1', c2') as transmitted; what it means is (8 c1', 8 c2'). Either point may have torsion. */
export interface Ciphertext {
  readonly c1: Point
  readonly c2: Point
}

/** 1/8 mod l, an exact division since l = 1 mod 8. */
const EIGHTH = (7n * ORDER + 1n) / 8n

/**
 * (r' G, r' Y + (m / 8 mod l) G), which means (r G, r Y + m G) with r = 8 r' mod l. `key` is Y, in the subgroup; `m`
 * in [0, l); `rPrime` in [1, l), secret and used once. Error otherwise: r' = 0 would send m in the clear.
 */
export function encrypt(key: Point, m: bigint, rPrime: bigint): Ciphertext {
  if (key.is0()) throw new Error('the neutral element is no key')
  if (rPrime === 0n) throw new Error('randomness 0 encrypts nothing')
  if (m < 0n || m >= ORDER) throw new Error('message out of range')
  const message = multiplySecret(G, (m * EIGHTH) % ORDER)
  return { c1: multiplySecret(G, rPrime), c2: multiplySecret(key, rPrime).add(message) }
}

/** The ciphertext of the sum of both messages under the sum of both randomnesses. */
export function add(a: Ciphertext, b: Ciphertext): Ciphertext {
  return { c1: a.c1.add(b.c1), c2: a.c2.add(b.c2) }
}

/** The opposite of `add`: takes `b` out of `a`, as a revote takes out the ballot it replaces. */
export function subtract(a: Ciphertext, b: Ciphertext): Ciphertext {
  return { c1: a.c1.subtract(b.c1), c2: a.c2.subtract(b.c2) }
}

/** 128 bytes: c1' and c2'. */
export function encodeCiphertext(ciphertext: Ciphertext): Uint8Array {
  return concat(encodePoint(ciphertext.c1), encodePoint(ciphertext.c2))
}

/** The opposite of `encodeCiphertext`, in transmitted form; EncodingError unless both are points of the curve. */
export function decodeCiphertext(bytes: Uint8Array): Ciphertext {
  if (bytes.length !== 128) throw new EncodingError(`a ciphertext has 128 bytes, not ${bytes.length}`)
  return { c1: decodePoint(bytes.subarray(0, 64)), c2: decodePoint(bytes.subarray(64)) }
}
