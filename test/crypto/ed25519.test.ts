// SPEC 7.4 and SPEC 7.5: Ed25519 as in RFC 8032 section 7.1, and stricter than the RFC asks.
import { ed25519 } from '@noble/curves/ed25519.js'
import { describe, expect, it } from 'vitest'
import { checkEd25519, ed25519PublicKey, signEd25519 } from '#crypto/ed25519.ts'
import { fromHex, toHex } from '#crypto/encoding.ts'

const rfc8032 = [
  {
    secret: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    key: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    secret: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    key: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
]

describe('Ed25519', () => {
  it.each(rfc8032)('gives RFC 8032 for the message "$message"', ({ secret, key, message, signature }) => {
    expect(toHex(ed25519PublicKey(fromHex(secret)))).toBe(key)
    expect(toHex(signEd25519(fromHex(secret), fromHex(message)))).toBe(signature)
    expect(checkEd25519(fromHex(key), fromHex(message), fromHex(signature))).toBe(true)
  })

  const secret = new Uint8Array(32).fill(7)
  const key = ed25519PublicKey(secret)
  const message = new TextEncoder().encode('checkpoint')
  const signature = signEd25519(secret, message)

  it('is false for another message, key or signature, and for wrong lengths', () => {
    expect(checkEd25519(key, message, signature)).toBe(true)
    expect(checkEd25519(key, message.subarray(1), signature)).toBe(false)
    expect(checkEd25519(ed25519PublicKey(new Uint8Array(32)), message, signature)).toBe(false)
    for (let at = 0; at < 64; at += 5) {
      const other = signature.slice()
      other[at] = (other[at] ?? 0) ^ 1
      expect(checkEd25519(key, message, other)).toBe(false)
    }
    expect(checkEd25519(key.subarray(1), message, signature)).toBe(false)
    expect(checkEd25519(key, message, signature.subarray(1))).toBe(false)
    expect(checkEd25519(key, message, new Uint8Array(65))).toBe(false)
  })

  it('is false for s + l, which is the same signature to a lax reader', () => {
    const little = (bytes: Uint8Array) => BigInt('0x' + toHex(bytes.slice().reverse()))
    const s = little(signature.subarray(32)) + ed25519.Point.Fn.ORDER
    const other = signature.slice()
    other.set(fromHex(s.toString(16).padStart(64, '0')).reverse(), 32)
    expect(checkEd25519(key, message, other)).toBe(false)
  })

  it('is false under keys of small order and other spellings of a key, which ZIP 215 would take', () => {
    const identity = new Uint8Array(32)
    identity[0] = 1
    const spelledAgain = new Uint8Array(32).fill(0xff)
    spelledAgain[0] = 0xee
    spelledAgain[31] = 0x7f
    const zero = new Uint8Array(64)
    zero[0] = 1
    for (const weak of [identity, spelledAgain]) {
      expect(ed25519.verify(zero, message, weak, { zip215: true })).toBe(true)
      expect(checkEd25519(weak, message, zero)).toBe(false)
    }
  })
})
