// Reveals made by hand: any commitments with a proof that holds for them, so that only what a test means is wrong.
import { encodePoint, G, multiply, type Point } from '#crypto/babyjubjub.ts'
import { knowledgeStatement, prove } from '#crypto/preimage.ts'
import {
  guardianContext,
  type GuardianMessageOf,
  type GuardianPlace,
  revealHash,
} from '#protocol/guardian.ts'
import { placeOf } from '#tally/keygen.ts'
import type { Scene } from './scene.ts'

/** A reveal of these coefficients and this encryption secret with an honest proof for `place`. */
export function revealOf(
  place: GuardianPlace,
  coefficients: readonly bigint[],
  encryption: bigint,
): GuardianMessageOf<'reveal'> {
  const images = [...coefficients, encryption].map((x) => multiply(G, x))
  const proof = prove('keygen-reveal', guardianContext(place), knowledgeStatement(G, images), [
    ...coefficients,
    encryption,
  ])
  return withProof(images, proof)
}

/** A reveal of points whose secrets need not be known; the last one is the encryption key. */
export function withProof(images: readonly Point[], proof: Uint8Array): GuardianMessageOf<'reveal'> {
  const encoded = images.map(encodePoint)
  const encryptionKey = encoded.pop() ?? new Uint8Array()
  return { type: 'reveal', commitments: encoded, encryptionKey, proof }
}

/** Where a guardian speaks in the scene's current attempt. */
export function placeIn(scene: Scene, guardian: number): GuardianPlace {
  return placeOf(scene.log, scene.election, scene.attempt.number, guardian)
}

/** The commitment to a reveal. */
export function commitTo(scene: Scene, guardian: number, reveal: GuardianMessageOf<'reveal'>) {
  return { type: 'commit' as const, hash: revealHash(placeIn(scene, guardian), reveal) }
}
