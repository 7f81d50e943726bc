// E4: the guardian who speaks last chooses a polynomial that biases the election key (Gennaro, Jarecki, Krawczyk,
// Rabin 1999). Everybody commits to the reveal before anybody reveals (SPEC 5.2).
import { beforeEach, expect, test } from 'vitest'
import { decodeKey, encodePoint, G, multiply, ORDER } from '#crypto/babyjubjub.ts'
import { toHex } from '#crypto/encoding.ts'
import { type AttemptSecrets, commitMessage, drawSecrets } from '#tally/guardian.ts'
import { attemptKey, stageOf } from '#tally/keygen.ts'
import { Scene } from '../tally/scene.ts'
import { refusalOf } from '../tally/verifying.ts'

const LAST = 3
/** Polynomials that the last mover tries. */
const TRIES = 1 << 12

let scene: Scene
let secrets: Map<number, AttemptSecrets>

beforeEach(() => {
  scene = new Scene()
  scene.prepare()
  secrets = scene.startKeygen()
  for (const [g, s] of secrets)
    if (g !== LAST) scene.say(g, commitMessage(scene.state, scene.election, scene.attempt, g, s))
})

const own = () => {
  const found = secrets.get(LAST)
  if (found === undefined) throw new Error('no secrets')
  return found
}

const commitOf = (s: AttemptSecrets) => commitMessage(scene.state, scene.election, scene.attempt, LAST, s)

test('nobody reveals before the last commitment is there', () => {
  const first = secrets.get(1)
  expect(first && refusalOf(() => scene.say(1, first.reveal))).toBe('wrong-state')
  expect(refusalOf(() => scene.say(LAST, own().reveal))).toBe('wrong-state')
})

test('after the others have revealed, no other polynomial than the committed one gets in', () => {
  scene.say(LAST, commitOf(own()))
  for (const [g, s] of secrets) if (g !== LAST) scene.say(g, s.reveal)

  // The key would be others + constant term: look for one that looks as the attacker likes.
  const others = [...secrets].filter(([g]) => g !== LAST).map(([, s]) => multiply(G, s.coefficients[0] ?? 0n))
  let candidate = others.reduce((sum, point) => sum.add(point))
  let best = { key: encodePoint(candidate), step: 0 }
  for (let step = 1; step <= TRIES; step++) {
    candidate = candidate.add(G)
    const key = encodePoint(candidate)
    if (toHex(key) < toHex(best.key)) best = { key, step }
  }
  expect(best.step).toBeGreaterThan(0)
  const wanted = drawSecrets(scene.state, scene.election, scene.attempt, LAST)
  const [, ...rest] = wanted.reveal.commitments
  const biased = { ...wanted.reveal, commitments: [encodePoint(multiply(G, BigInt(best.step))), ...rest] }
  expect(refusalOf(() => scene.say(LAST, biased))).toBe('keygen-commitment-mismatch')
  // Sound in every other respect, and still not what was announced.
  expect(refusalOf(() => scene.say(LAST, wanted.reveal))).toBe('keygen-commitment-mismatch')
  expect(refusalOf(() => scene.say(LAST, commitOf(wanted)))).toBe('keygen-repeated')

  scene.say(LAST, own().reveal)
  expect(stageOf(scene.attempt)).toBe('deal')
  const key = [...secrets.values()].reduce((sum, s) => sum + (s.coefficients[0] ?? 0n), 0n)
  expect(decodeKey(attemptKey(scene.attempt)).equals(multiply(G, key % ORDER))).toBe(true)
})

test('the reveal that was announced, with one byte of it changed, is another', () => {
  scene.say(LAST, commitOf(own()))
  const { reveal } = own()
  const change = (bytes: Uint8Array) => bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte))
  for (const changed of [
    { ...reveal, proof: change(reveal.proof) },
    { ...reveal, encryptionKey: change(reveal.encryptionKey) },
    { ...reveal, commitments: reveal.commitments.toReversed() },
  ])
    expect(refusalOf(() => scene.say(LAST, changed))).toBe('keygen-commitment-mismatch')
  expect(refusalOf(() => scene.say(LAST, reveal))).toBe('accepted')
})
