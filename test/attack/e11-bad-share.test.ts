// E11, at the gate: a guardian sends a wrong partial decryption, or another's, or one for another contest. It is refused
// and the tally completes without it (Belenios 3.3 admits the same). SPEC 9.3; the proof itself: e11-decryption-proof.
import { beforeEach, expect, test } from 'vitest'
import { decodePoint, decodeSubgroupPoint, encodePoint, FIELD_ORDER, G } from '#crypto/babyjubjub.ts'
import { bigintToBytes, concat } from '#crypto/encoding.ts'
import type { GuardianMessageOf } from '#protocol/guardian.ts'
import { decryptMessage } from '#tally/guardian.ts'
import { outcome } from '#tally/outcome.ts'
import { contest, Scene } from '../tally/scene.ts'
import { flip, refusalOf } from '../tally/verifying.ts'

type Shares = GuardianMessageOf<'decrypt'>

/** Nobody has decrypted yet; guardian 2 is the bad one. */
const BAD = 2

let scene: Scene

beforeEach(async () => {
  scene = new Scene({ contests: [contest(), contest()] })
  scene.prepare()
  scene.keygen()
  scene.open()
  for (const c of [0, 1]) {
    scene.cast(0, [1n, 0n], c)
    scene.cast(1, [0n, 1n], c)
    scene.cast(2, [1n, 0n], c)
  }
  await scene.close()
  for (const c of [0, 1]) for (const g of [1, 2, 3]) scene.intend(g, c)
})

function sharesOf(guardian: number, c = 0, keyShare = scene.share(guardian)): Shares {
  return decryptMessage(scene.state, scene.election, scene.contestState(c), guardian, keyShare) as Shares
}

const offer = (shares: Shares) => refusalOf(() => scene.say(BAD, shares))

const attacks: Record<string, () => Shares> = {
  'under a key share that is not the guardian’s': () => sharesOf(BAD, 0, scene.share(BAD) + 1n),
  'of another guardian': () => sharesOf(1),
  'for another contest': () => ({ ...sharesOf(BAD, 1), contest: 0 }),
  'moved by a point, with the proof of the right one': () => {
    const { shares, ...rest } = sharesOf(BAD)
    return { ...rest, shares: shares.map((s) => encodePoint(decodeSubgroupPoint(s).add(G))) }
  },
  'moved by a point of order two': () => {
    const half = decodePoint(concat(new Uint8Array(32), bigintToBytes(FIELD_ORDER - 1n, 32)))
    const { shares, ...rest } = sharesOf(BAD)
    return { ...rest, shares: shares.map((s) => encodePoint(decodeSubgroupPoint(s).add(half))) }
  },
  'that is no point': () => ({ ...sharesOf(BAD), shares: [new Uint8Array(64).fill(7)] }),
  'with a changed proof': () => ({ ...sharesOf(BAD), proof: flip(sharesOf(BAD).proof, 63) }),
  'with no proof': () => ({ ...sharesOf(BAD), proof: new Uint8Array(64) }),
  'with one share too many': () => {
    const honest = sharesOf(BAD)
    return { ...honest, shares: [...honest.shares, ...honest.shares] }
  },
}

test.each(Object.entries(attacks))(
  'a partial decryption %s is refused, and the tally completes',
  (_, attack) => {
    expect(offer(attack())).toBe('decryption-proof-invalid')
    for (const c of [0, 1]) for (const g of [1, 3]) scene.say(g, sharesOf(g, c))
    expect(outcome(scene.election)?.contests).toMatchObject([
      { status: 'counted', sums: [2n, 1n] },
      { status: 'counted', sums: [2n, 1n] },
    ])
    scene.publish()
  },
)

test('the honest one is accepted once', () => {
  expect(offer(sharesOf(BAD))).toBe('accepted')
  expect(offer(sharesOf(BAD))).toBe('decryption-repeated')
  expect(offer({ ...sharesOf(BAD, 1), contest: 0 })).toBe('decryption-repeated')
  expect(offer(sharesOf(BAD, 1))).toBe('accepted')
})

test('a partial decryption signed by another guardian’s key is not the guardian’s', () => {
  const shares = sharesOf(1)
  const [type, content] = scene.guardianEntry(BAD, shares)
  if (type !== 'guardian') throw new Error('not a guardian’s')
  expect(refusalOf(() => scene.offer([type, { ...content, guardian: 1 }]))).toBe('guardian-signature-invalid')
  expect(refusalOf(() => scene.say(1, shares))).toBe('accepted')
})
