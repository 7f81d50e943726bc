// ES256 (RFC 7518 section 3.4; FIPS 186-5): ECDSA over P-256 with SHA-256, as passkeys sign (SPEC 7.8).
import { p256 } from '@noble/curves/nist.js'

/** Whether these are the bytes of a public key, 0x04 || x || y: canonical, on the curve, not the neutral element. */
export function isEs256Key(key: Uint8Array): boolean {
  return key.length === 65 && key[0] === 4 && p256.utils.isValidPublicKey(key, false)
}

/** Whether the DER signature holds; false, too, for what is no signature or no key. WebAuthn does not ask for the lower
 *  of the two values of s, so anybody can make the other signature of a known one: it is no identity. */
export function checkEs256(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (!isEs256Key(key)) return false
  try {
    return p256.verify(signature, message, key, { format: 'der', lowS: false })
  } catch {
    return false
  }
}
