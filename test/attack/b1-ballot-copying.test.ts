// B1: a voter whose ballot is a copy of another's learns from the result how that voter voted. A proof is bound to its
// voter's nullifier and to every byte of the body, so that no copy holds under another name (SPEC 6.5, 8.3).
import { beforeAll, describe, expect, test } from 'vitest'
import { nullifier } from '#circuits/credential.ts'
import { decodePoint, encodeField, encodePoint, G, multiply } from '#crypto/babyjubjub.ts'
import { decodeKey } from '#crypto/babyjubjub.ts'
import { add, decodeCiphertext, encodeCiphertext, encrypt } from '#crypto/elgamal.ts'
import { concat } from '#crypto/encoding.ts'
import { type Ballot, ballotContent, type Body, CIPHERTEXT_BYTES, nullifierHash } from '#protocol/ballot.ts'
import { judge } from '../tally/judging.ts'
import { contest, Scene } from '../tally/scene.ts'

const scene = new Scene({
  contests: [
    contest({ rule: { type: 'score', max: 65535n }, count: { name: 'score', seats: 1 }, blank: true }),
  ],
})
const vote = [0n, 65535n, 2n]
let honest: Ballot
let thief: bigint
const thiefKey = new Uint8Array(16).fill(3)

beforeAll(() => {
  scene.prepare()
  scene.keygen()
  scene.open()
  honest = scene.ballot(0, vote).ballot
  scene.offer(['ballot', ballotContent(honest)])
  thief = nullifier(scene.voter(1).secret, scene.contestState().context.scope)
})

/** The copy under the thief's own nullifier. */
function stolen(changes: Partial<Body> = {}): Ballot {
  return {
    body: { ...honest.body, nullifierHash: nullifierHash(thief, thiefKey), ...changes },
    envelope: { ...honest.envelope, nullifier: thief, nullifierKey: thiefKey },
  }
}

function ciphertexts(): Uint8Array[] {
  const { ciphertexts } = honest.body
  return Array.from({ length: ciphertexts.length / CIPHERTEXT_BYTES }, (_, i) =>
    ciphertexts.slice(i * CIPHERTEXT_BYTES, (i + 1) * CIPHERTEXT_BYTES),
  )
}

describe('B1 copies under another nullifier', () => {
  test("the thief's own ballot is accepted; the copy is not, even where the secrets of the setup are known", () => {
    expect(judge(scene, scene.ballot(1, vote).ballot)).toBe('accepted')
    expect(judge(scene, scene.prove(stolen()))).toBe('ballot-proof-invalid')
  })

  test('byte for byte', () => {
    expect(judge(scene, honest)).toBe('ballot-recorded')
    expect(judge(scene, stolen({ nullifierHash: honest.body.nullifierHash }))).toBe(
      'ballot-nullifier-mismatch',
    )
    expect(judge(scene, stolen())).toBe('ballot-proof-invalid')
  })

  test("the victim's own, played again as the next in sequence", () => {
    const body = { ...honest.body, sequence: 1 }
    expect(judge(scene, { ...honest, body })).toBe('ballot-proof-invalid')
    expect(judge(scene, scene.ballot(0, vote).ballot)).toBe('accepted')
  })

  test('re-randomised', () => {
    const { key } = scene.contestState().context
    const y = decodeKey(concat(...key.map(encodeField)))
    const again = ciphertexts().map((c, i) =>
      encodeCiphertext(add(decodeCiphertext(c), encrypt(y, 0n, BigInt(i + 77)))),
    )
    expect(judge(scene, stolen({ ciphertexts: concat(...again) }))).toBe('ballot-proof-invalid')
  })

  test('shifted by a known vote', () => {
    const shifted = honest.body.ciphertexts.slice()
    const c2 = decodePoint(shifted.subarray(64, 128))
    shifted.set(encodePoint(c2.add(multiply(G, 1n))), 64)
    expect(judge(scene, stolen({ ciphertexts: shifted }))).toBe('ballot-proof-invalid')
  })

  test('its ciphertexts in another order', () => {
    const [one = new Uint8Array(), ...rest] = ciphertexts()
    expect(rest.length).toBeGreaterThan(0)
    expect(judge(scene, stolen({ ciphertexts: concat(...rest, one) }))).toBe('ballot-proof-invalid')
  })
})
