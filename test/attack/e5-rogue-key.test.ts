// E5: a guardian announces a key that cancels the others' (X minus their sum), or somebody else's as its own. Every
// coefficient and the encryption key come with a proof of knowledge bound to log, election, attempt and guardian
// (SPEC 5.2; Ristenpart and Yilek 2007 on rogue keys).
import { expect, test } from 'vitest'
import { decodeKey, encodePoint, G, multiply, randomScalar } from '#crypto/babyjubjub.ts'
import { randomPolynomial } from '#crypto/sharing.ts'
import { guardianContext, type GuardianMessageOf } from '#protocol/guardian.ts'
import { knowledgeStatement, prove } from '#crypto/preimage.ts'
import { stageOf } from '#tally/keygen.ts'
import { commitTo, placeIn, revealOf, withProof } from '../tally/reveals.ts'
import { Scene } from '../tally/scene.ts'
import { refusalOf } from '../tally/verifying.ts'

const ROGUE = 3

/** A scene in which the rogue has committed to this reveal and everybody else is honest. */
function offer(make: (scene: Scene, victim: GuardianMessageOf<'reveal'>) => GuardianMessageOf<'reveal'>) {
  const scene = new Scene()
  scene.prepare()
  const secrets = scene.startKeygen()
  const victim = secrets.get(1)
  if (victim === undefined) throw new Error('no secrets')
  const reveal = make(scene, victim.reveal)
  for (const [g, s] of secrets) scene.say(g, commitTo(scene, g, g === ROGUE ? reveal : s.reveal))
  for (const [g, s] of secrets) if (g !== ROGUE) scene.say(g, s.reveal)
  const code = refusalOf(() => scene.say(ROGUE, reveal))
  return { code, stage: stageOf(scene.attempt) }
}

const accepted = { code: 'accepted', stage: 'deal' }
const refused = { code: 'keygen-proof-invalid', stage: 'reveal' }

test('a key whose secrets the guardian knows is accepted', () => {
  expect(offer((scene) => revealOf(placeIn(scene, ROGUE), randomPolynomial(2), randomScalar()))).toEqual(
    accepted,
  )
})

test('a key that cancels the victim’s, with every proof that the rogue can make, is refused', () => {
  expect(
    offer((scene, victim) => {
      // C_0 = 42 G - the victim's: the sum of both keys would be 42 G.
      const theirs = decodeKey(victim.commitments[0] ?? new Uint8Array())
      const { commitments, ...rest } = revealOf(placeIn(scene, ROGUE), [42n, 42n], 42n)
      const rogue = encodePoint(multiply(G, 42n).subtract(theirs))
      return { ...rest, commitments: [rogue, ...commitments.slice(1)] }
    }),
  ).toEqual(refused)
  for (const length of [0, 32, 128, 160])
    expect(offer((_, victim) => ({ ...victim, proof: new Uint8Array(length) }))).toEqual(refused)
  // The proof of other statements: of one coefficient only, and of a wrong preimage.
  expect(
    offer((scene) => {
      const points = [multiply(G, 5n), multiply(G, 6n), multiply(G, 7n)]
      const context = guardianContext(placeIn(scene, ROGUE))
      return withProof(points, prove('keygen-reveal', context, knowledgeStatement(G, points), [5n, 6n, 8n]))
    }),
  ).toEqual(refused)
  expect(
    offer((scene) => {
      const points = [multiply(G, 5n), multiply(G, 6n), multiply(G, 7n)]
      const context = guardianContext(placeIn(scene, ROGUE))
      return withProof(points, prove('rehearsal', context, knowledgeStatement(G, points), [5n, 6n, 7n]))
    }),
  ).toEqual(refused)
})

test('another guardian’s reveal, proof and all, is nobody else’s', () => {
  expect(offer((_, victim) => victim)).toEqual(refused)
})

test('an own proof from another attempt, election or log is refused', () => {
  const [coefficients, encryption] = [randomPolynomial(2), randomScalar()]
  const elsewhere = (change: (place: ReturnType<typeof placeIn>) => ReturnType<typeof placeIn>) =>
    offer((scene) => revealOf(change(placeIn(scene, ROGUE)), coefficients, encryption))
  expect(elsewhere((place) => place)).toEqual(accepted)
  expect(elsewhere((place) => ({ ...place, attempt: 2 }))).toEqual(refused)
  expect(elsewhere((place) => ({ ...place, definition: new Uint8Array(32) }))).toEqual(refused)
  expect(elsewhere((place) => ({ ...place, guardian: 2 }))).toEqual(refused)
  expect(elsewhere((place) => ({ ...place, log: { ...place.log, origin: 'example.net/other' } }))).toEqual(
    refused,
  )
})
