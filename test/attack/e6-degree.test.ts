// E6: a polynomial of another degree than t - 1. More coefficients raise the real threshold until nobody can decrypt,
// fewer lower it; a zero leading coefficient is fewer in disguise (the FROST "Pedersen DKG vulnerability"). SPEC 5.2.
import { expect, test } from 'vitest'
import { randomScalar } from '#crypto/babyjubjub.ts'
import { randomPolynomial } from '#crypto/sharing.ts'
import { commitTo, placeIn, revealOf } from '../tally/reveals.ts'
import { Scene } from '../tally/scene.ts'
import { refusalOf } from '../tally/verifying.ts'

/** Guardian 3 of 5 (threshold 3) announces these coefficients, with a commitment and a proof that fit them. */
function offer(coefficients: readonly bigint[], encryption = randomScalar()): string {
  const scene = new Scene({ guardians: 5, threshold: 3 })
  scene.prepare()
  const secrets = scene.startKeygen()
  const reveal = revealOf(placeIn(scene, 3), coefficients, encryption)
  for (const [g, s] of secrets) scene.say(g, commitTo(scene, g, g === 3 ? reveal : s.reveal))
  return refusalOf(() => scene.say(3, reveal))
}

test('exactly t coefficients are accepted', () => {
  expect(offer(randomPolynomial(3))).toBe('accepted')
})

test.each([1, 2, 4, 5])('%i coefficients where 3 are due are refused', (t) => {
  expect(offer(randomPolynomial(t))).toBe('keygen-proof-invalid')
})

test('a zero coefficient is refused wherever it stands, and a zero encryption key too', () => {
  expect(offer([5n, 6n, 0n])).toBe('keygen-proof-invalid')
  expect(offer([5n, 0n, 7n])).toBe('keygen-proof-invalid')
  expect(offer([0n, 6n, 7n])).toBe('keygen-proof-invalid')
  expect(offer([5n, 6n, 7n], 0n)).toBe('keygen-proof-invalid')
  expect(offer([5n, 6n, 7n])).toBe('accepted')
})
