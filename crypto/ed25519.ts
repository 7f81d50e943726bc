// Ed25519 (RFC 8032, strict) for checkpoints and official acts (SPEC 7.4, 7.5): canonical encodings only, no key of
// small order, the cofactored equation.
import { ed25519 } from '@noble/curves/ed25519.js'

/** The 32-byte public key of a 32-byte secret. */
export function ed25519PublicKey(secret: Uint8Array): Uint8Array {
  return ed25519.getPublicKey(secret)
}

/** The 64-byte deterministic signature. */
export function signEd25519(secret: Uint8Array, message: Uint8Array): Uint8Array {
  return ed25519.sign(message, secret)
}

/** Whether the signature holds; false, too, on wrong lengths, other encodings and keys of small order. */
export function checkEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  return ed25519.verify(signature, message, publicKey, { zip215: false })
}
