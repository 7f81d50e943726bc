// E10: guardians are asked to decrypt something else than the tally: one ballot, a sum less one ballot, a contest with
// a single voter, two forked views (Helios #170). The gate takes one intent per guardian and contest, on the aggregate
// that the record gives, and shares of nothing else; the program is tested in test/cli/guardian.test.ts. SPEC 9.1, 9.3.
import { beforeEach, expect, test } from 'vitest'
import { clearCofactor, decodePoint, encodePoint, G, multiply, multiplySecret } from '#crypto/babyjubjub.ts'
import { concat } from '#crypto/encoding.ts'
import { equalityStatement, prove } from '#crypto/preimage.ts'
import { ballotOf } from '#protocol/ballot.ts'
import { decodeEntry } from '#protocol/entry.ts'
import type { GuardianMessageOf } from '#protocol/guardian.ts'
import { aggregateHash, decryptionContext } from '#tally/decryption.ts'
import { decryptMessage, intentMessage } from '#tally/guardian.ts'
import { placeIn } from '../tally/reveals.ts'
import { contest, Scene } from '../tally/scene.ts'
import { refusalOf } from '../tally/verifying.ts'

let scene: Scene
let ballots: number[]

beforeEach(async () => {
  scene = new Scene({ contests: [contest(), contest()], manifest: { minBallots: 2 } })
  scene.prepare()
  scene.keygen()
  scene.open()
  ballots = [scene.cast(0, [1n, 0n]), scene.cast(1, [0n, 1n]), scene.cast(2, [0n, 1n])]
  scene.cast(0, [1n, 0n], 1)
  await scene.close()
})

/** 8 sum C' of the chosen ballots, as an aggregate would be made of them. */
function sumOf(chosen: readonly number[]): Uint8Array {
  const sums = chosen.map((index) => {
    const [type, content] = decodeEntry(scene.entries[index] ?? new Uint8Array())
    if (type !== 'ballot') throw new Error('no ballot')
    const { ciphertexts } = ballotOf(content).body
    return [decodePoint(ciphertexts.subarray(0, 64)), decodePoint(ciphertexts.subarray(64, 128))] as const
  })
  const [c1, c2] = sums.reduce((a, b) => [a[0].add(b[0]), a[1].add(b[1])] as const)
  return concat(encodePoint(clearCofactor(c1)), encodePoint(clearCofactor(c2)))
}

function intentOn(ciphertexts: readonly Uint8Array[], number = 0): GuardianMessageOf<'intend'> {
  const { context } = scene.contestState(number)
  const aggregate = aggregateHash(context, ciphertexts)
  return { type: 'intend', contest: number, aggregate, checkpoint: scene.checkpoint() }
}

/** What a guardian without scruples could send: the share of any ciphertext, with an honest proof for it. */
function sharesOf(guardian: number, ciphertext: Uint8Array): GuardianMessageOf<'decrypt'> {
  const base = decodePoint(ciphertext.subarray(0, 64))
  const share = scene.share(guardian)
  const statement = equalityStatement([G, base], [multiply(G, share), multiplySecret(base, share)])
  const context = decryptionContext(placeIn(scene, guardian), scene.contestState().context)
  return {
    type: 'decrypt',
    contest: 0,
    shares: [encodePoint(multiplySecret(base, share))],
    proof: prove('partial-decryption', context, statement, [share]),
  }
}

test('an intent on one ballot, or on all but one, is refused', () => {
  for (const chosen of [ballots.slice(0, 1), ballots.slice(1)])
    expect(refusalOf(() => scene.say(1, intentOn([sumOf(chosen)])))).toBe('intent-conflict')
  expect(refusalOf(() => scene.say(1, intentOn([])))).toBe('intent-conflict')
  // The intent on another contest's aggregate, too; and the honest one is the sum of all three.
  expect(
    refusalOf(() => scene.say(1, { ...intentOn(scene.contestState(1).aggregate ?? [], 1), contest: 0 })),
  ).toBe('intent-conflict')
  expect(refusalOf(() => scene.say(1, intentOn([sumOf(ballots)])))).toBe('accepted')
})

test('a second intent of the same guardian is refused, the same one included', () => {
  scene.intend(1)
  expect(refusalOf(() => scene.intend(1))).toBe('intent-conflict')
  expect(refusalOf(() => scene.say(1, intentOn([sumOf(ballots.slice(1))])))).toBe('intent-conflict')
  expect(refusalOf(() => scene.intend(2))).toBe('accepted')
})

test('shares of one ballot are refused after all intents, with a proof that holds for them', () => {
  scene.intend(1)
  scene.intend(2)
  for (const chosen of [ballots.slice(0, 1), ballots.slice(1)])
    expect(refusalOf(() => scene.say(1, sharesOf(1, sumOf(chosen))))).toBe('decryption-proof-invalid')
  expect(refusalOf(() => scene.say(1, sharesOf(1, sumOf(ballots))))).toBe('accepted')
})

test('no share before the own intent and the quorum, neither at the gate nor from the honest side', () => {
  const share = () => decryptMessage(scene.state, scene.election, scene.contestState(), 1, scene.share(1))
  expect(share).toThrow('the quorum of intents is not reached')
  expect(refusalOf(() => scene.say(1, sharesOf(1, sumOf(ballots))))).toBe('intent-missing')
  scene.intend(1)
  expect(share).toThrow('the quorum of intents is not reached')
  expect(refusalOf(() => scene.say(1, sharesOf(1, sumOf(ballots))))).toBe('intent-missing')
  scene.intend(2)
  expect(refusalOf(() => scene.say(3, sharesOf(3, sumOf(ballots))))).toBe('intent-missing')
  expect(refusalOf(() => scene.say(1, share()))).toBe('accepted')
})

test('a contest with a single voter is never decrypted', () => {
  const intent = intentMessage(scene.contestState(1), scene.checkpoint())
  expect(refusalOf(() => scene.say(1, intent))).toBe('too-few-ballots')
  expect(refusalOf(() => scene.say(1, { ...sharesOf(1, sumOf(ballots)), contest: 1 }))).toBe(
    'too-few-ballots',
  )
})

test('nothing is decrypted while votes may still come in', () => {
  const open = new Scene()
  open.prepare()
  open.keygen()
  open.open()
  open.cast(0, [1n, 0n])
  const intent = {
    type: 'intend' as const,
    contest: 0,
    aggregate: new Uint8Array(32),
    checkpoint: open.checkpoint(),
  }
  expect(refusalOf(() => open.say(1, intent))).toBe('wrong-state')
})
