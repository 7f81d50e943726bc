// E11, cryptographic part: a partial decryption whose Chaum-Pedersen proof is missing, wrong, for another base, another
// ciphertext, another guardian or another contest (SPEC 3.1, SPEC 9.3).
import { describe, expect, it } from 'vitest'
import {
  clearCofactor,
  decodePoint,
  decodeSubgroupPoint,
  encodePoint,
  FIELD_ORDER,
  G,
  multiply,
  multiplySecret,
  type Point,
  randomScalar,
} from '#crypto/babyjubjub.ts'
import { bigintToBytes, concat, EncodingError } from '#crypto/encoding.ts'
import { check, equalityStatement, prove } from '#crypto/preimage.ts'

const contest = new TextEncoder().encode('contest 1')
const secret = randomScalar()
const publicShare = multiply(G, secret)
const c1 = clearCofactor(multiply(G, 987654321n))
const share = multiplySecret(c1, secret)

const proofOf = (base: Point, x: bigint, context = contest) =>
  prove('attack', context, equalityStatement([G, base], [multiply(G, x), multiply(base, x)]), [x])

/** What a verifier asks: the same secret behind this guardian's public share and the partial decryption. */
function accepts(
  proof: Uint8Array,
  base = c1,
  decryption = share,
  key = publicShare,
  context = contest,
): boolean {
  return check('attack', context, equalityStatement([G, base], [key, decryption]), proof)
}

describe('E11 proofs of partial decryptions', () => {
  const proof = proofOf(c1, secret)

  it('accepts the honest one', () => {
    expect(accepts(proof)).toBe(true)
  })

  it('refuses none, an empty one, and the honest one with any byte changed or cut', () => {
    expect(accepts(new Uint8Array(0))).toBe(false)
    expect(accepts(new Uint8Array(64))).toBe(false)
    expect(accepts(proof.subarray(0, 63))).toBe(false)
    for (let at = 0; at < 64; at += 7) {
      const other = proof.slice()
      other[at] = (other[at] ?? 0) ^ 1
      expect(accepts(other)).toBe(false)
    }
  })

  it('refuses a wrong share, with the proof of the right one and with one made for it', () => {
    const wrong = share.add(G)
    const statement = equalityStatement([G, c1], [publicShare, wrong])
    expect(accepts(proof, c1, wrong)).toBe(false)
    expect(accepts(prove('attack', contest, statement, [secret]), c1, wrong)).toBe(false)
  })

  it('refuses the proof for another base in place of G', () => {
    const base = multiply(G, 2n)
    const statement = equalityStatement([base, c1], [multiply(base, secret), share])
    const other = prove('attack', contest, statement, [secret])
    expect(check('attack', contest, statement, other)).toBe(true)
    expect(accepts(other)).toBe(false)
    expect(check('attack', contest, statement, proof)).toBe(false)
  })

  it('refuses the proof for another ciphertext of the same election', () => {
    const otherC1 = multiply(c1, 3n)
    const other = proofOf(otherC1, secret)
    expect(accepts(other, otherC1, multiply(otherC1, secret))).toBe(true)
    expect(accepts(other)).toBe(false)
    expect(accepts(proof, otherC1, multiply(otherC1, secret))).toBe(false)
  })

  it('refuses the proof of another guardian', () => {
    const x = randomScalar()
    const other = proofOf(c1, x)
    expect(accepts(other, c1, multiply(c1, x), multiply(G, x))).toBe(true)
    expect(accepts(other)).toBe(false)
    expect(accepts(other, c1, multiply(c1, x))).toBe(false)
  })

  it('refuses the proof replayed in another contest', () => {
    const context = new TextEncoder().encode('contest 2')
    expect(accepts(proofOf(c1, secret, context), c1, share, publicShare, context)).toBe(true)
    expect(accepts(proof, c1, share, publicShare, context)).toBe(false)
  })

  it('refuses a share with torsion at its decoder, since a ground proof for it can satisfy the equations', () => {
    const half = decodePoint(concat(new Uint8Array(32), bigintToBytes(FIELD_ORDER - 1n, 32)))
    const dirty = share.add(half)
    const statement = equalityStatement([G, c1], [publicShare, dirty])
    const ground = Array.from({ length: 64 }, () => prove('attack', contest, statement, [secret]))
    expect(ground.some((other) => accepts(other, c1, dirty))).toBe(true)
    expect(() => decodeSubgroupPoint(encodePoint(dirty))).toThrow(
      new EncodingError('the point is not in the subgroup of prime order'),
    )
    expect(decodeSubgroupPoint(encodePoint(share)).equals(share)).toBe(true)
  })
})
