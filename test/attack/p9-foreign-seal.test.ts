// P9: guardians open one comment, and with it what somebody else has encrypted. A comment whose c1 is that of a ballot, or of
// another's comment, would have guardians publish what decrypts it (Cortier and Smyth 2011; Shoup and Gennaro 1998). So its
// author proves to know the logarithm, for this very comment. SPEC 12.11.
import { beforeEach, expect, test } from 'vitest'
import {
  clearCofactor,
  decodePoint,
  decodeSubgroupPoint,
  encodePoint,
  G,
  multiply,
  ORDER,
  randomScalar,
} from '#crypto/babyjubjub.ts'
import { check, knowledgeStatement, prove } from '#crypto/preimage.ts'
import type { SealedComment } from '#protocol/sealed-comment.ts'
import { keyed, Sealing } from '../tally/sealing.ts'

let at: Sealing
beforeEach(() => {
  at = new Sealing()
})

/** The comment with another c1, and the best proof that somebody can make who does not know its logarithm. */
function forged(key: Uint8Array): SealedComment {
  const { deed } = at.seal(1, 'Mine')
  const r = randomScalar()
  const proof = prove('sealed-comment', new Uint8Array(32), knowledgeStatement(G, [multiply(G, r)]), [r])
  return { ...deed, key, proof }
}

test('a comment under the c1 of a ballot is refused', () => {
  at = new Sealing(keyed())
  at.scene.open()
  const { body } = at.scene.ballot(0, [1n, 0n]).ballot
  const transmitted = body.ciphertexts.subarray(0, 64)
  const c1 = encodePoint(clearCofactor(decodePoint(transmitted)))
  for (const key of [transmitted, c1]) expect(at.people.asked(1, forged(key))).toBe('seal-invalid')
  expect(at.people.asked(1, at.seal(1, 'Mine').deed)).toBe('accepted')
})

test('so is one under the c1 of another comment, or of one shifted or multiplied', () => {
  const { deed: theirs } = at.seal(2, 'Theirs')
  at.people.act(2, theirs)
  const c1 = decodeSubgroupPoint(theirs.key)
  const related = [c1, c1.add(G), multiply(c1, 2n), multiply(c1, ORDER - 1n)].map(encodePoint)
  for (const key of related) {
    expect(at.people.asked(1, forged(key))).toBe('seal-invalid')
    expect(at.people.asked(1, { ...forged(key), proof: theirs.proof })).toBe('seal-invalid')
  }
})

test('a whole comment of somebody else, taken over before theirs is on the record, is refused', () => {
  const { deed: theirs } = at.seal(2, 'Theirs')
  expect(at.people.asked(1, theirs)).toBe('seal-invalid')
  expect(at.people.asked(2, theirs)).toBe('accepted')
})

test('the proof is of this one comment: it holds under no other context', () => {
  const { deed } = at.seal(1, 'Mine')
  const statement = knowledgeStatement(G, [decodeSubgroupPoint(deed.key)])
  expect(check('sealed-comment', new Uint8Array(32), statement, deed.proof)).toBe(false)
})
