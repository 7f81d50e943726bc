// SPEC 5.3 and SPEC 5.5: sealed shares, against Node's own HKDF and ChaCha20-Poly1305.
import { createCipheriv, hkdfSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encodePoint, encodeScalar, G, multiply, O, ORDER, randomScalar } from '#crypto/babyjubjub.ts'
import { bigintToBytes } from '#crypto/encoding.ts'
import { openShare, sealShare, sharedPoint } from '#crypto/sealing.ts'

const info = new TextEncoder().encode('attempt 1, from 2, to 3')
const [a, b] = [randomScalar(), randomScalar()]
const shared = sharedPoint(a, multiply(G, b))

/** The construction written anew: what sealShare does to a share's bytes. */
function sealedByNode(plain: Uint8Array): Uint8Array {
  const salt = 'comitia/v1/share-sealing/babyjubjub'
  const bytes = new Uint8Array(hkdfSync('sha256', encodePoint(shared), salt, info, 44))
  const cipher = createCipheriv('chacha20-poly1305', bytes.subarray(0, 32), bytes.subarray(32), {
    authTagLength: 16,
  })
  return Uint8Array.from(Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]))
}

describe('sealed shares', () => {
  it('open for both sides of the shared point, and are 48 bytes', () => {
    for (const share of [0n, 1n, ORDER - 1n, randomScalar()]) {
      const sealed = sealShare(shared, info, share)
      expect(sealed).toHaveLength(48)
      expect(openShare(sharedPoint(b, multiply(G, a)), info, sealed)).toBe(share)
    }
  })

  it('are HKDF-SHA-256 and ChaCha20-Poly1305 as Node has them', () => {
    expect(sealShare(shared, info, 123n)).toEqual(sealedByNode(encodeScalar(123n)))
  })

  it('stay closed to another point or info, and when any byte is changed', () => {
    const sealed = sealShare(shared, info, 42n)
    expect(openShare(shared, info, sealed)).toBe(42n)
    expect(openShare(shared.negate(), info, sealed)).toBeUndefined()
    expect(openShare(shared, info.subarray(1), sealed)).toBeUndefined()
    for (let at = 0; at < sealed.length; at++) {
      const other = sealed.slice()
      other[at] = (other[at] ?? 0) ^ 0x80
      expect(openShare(shared, info, other)).toBeUndefined()
    }
    for (const length of [0, 15, 16, 47])
      expect(openShare(shared, info, sealed.subarray(0, length))).toBeUndefined()
  })

  it('hold canonical scalars of 32 bytes only', () => {
    expect(openShare(shared, info, sealedByNode(encodeScalar(ORDER - 1n)))).toBe(ORDER - 1n)
    expect(openShare(shared, info, sealedByNode(bigintToBytes(ORDER, 32)))).toBeUndefined()
    expect(openShare(shared, info, sealedByNode(new Uint8Array(31)))).toBeUndefined()
    expect(openShare(shared, info, sealedByNode(new Uint8Array(33)))).toBeUndefined()
  })

  it('refuse the shared point O and shares out of range', () => {
    expect(() => sharedPoint(5n, O)).toThrow('zero key')
    expect(() => sharedPoint(0n, G)).toThrow('zero key')
    expect(() => sealShare(shared, info, ORDER)).toThrow('out of range')
  })
})
