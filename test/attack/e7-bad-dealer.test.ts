// E7: a dealer sends one guardian a wrong share in private. The complaint opens that share for everybody, so the record
// itself says who was at fault, and a false complaint falls back on the complainer (SPEC 5.3, 5.5).
import { beforeEach, describe, expect, test } from 'vitest'
import { decodeKey, encodePoint, G, multiply, ORDER } from '#crypto/babyjubjub.ts'
import { equalityStatement, prove } from '#crypto/preimage.ts'
import { sealShare, sharedPoint } from '#crypto/sealing.ts'
import { evaluate } from '#crypto/sharing.ts'
import { guardianContext, type GuardianMessageOf, shareInfo } from '#protocol/guardian.ts'
import { type AttemptSecrets, commitMessage, dealMessage, judgeDeals } from '#tally/guardian.ts'
import { stageOf } from '#tally/keygen.ts'
import { placeIn } from '../tally/reveals.ts'
import { ELECTION, Scene } from '../tally/scene.ts'
import { refusalOf } from '../tally/verifying.ts'

const [BAD, VICTIM] = [4, 2]

let scene: Scene
let secrets: Map<number, AttemptSecrets>

/** Five guardians, of whom number 4 deals as `deal` says. */
function dealt(deal: (honest: GuardianMessageOf<'deal'>) => GuardianMessageOf<'deal'>): void {
  scene = new Scene({ guardians: 5, threshold: 3, manifest: { quorum: 4 } })
  scene.prepare()
  secrets = scene.startKeygen()
  const { state, election, attempt } = scene
  for (const [g, s] of secrets) scene.say(g, commitMessage(state, election, attempt, g, s))
  for (const [g, s] of secrets) scene.say(g, s.reveal)
  for (const [g, s] of secrets) {
    const honest = dealMessage(state, election, attempt, g, s) as GuardianMessageOf<'deal'>
    scene.say(g, g === BAD ? deal(honest) : honest)
  }
}

function secretsOf(guardian: number): AttemptSecrets {
  const found = secrets.get(guardian)
  if (found === undefined) throw new Error('no secrets')
  return found
}

/** The honest program's answer to the deals. */
const judge = (guardian: number) =>
  judgeDeals(scene.state, scene.election, scene.attempt, guardian, secretsOf(guardian)).message

/** A complaint with a proof that holds, deserved or not. */
function complaint(guardian: number, accused: number): GuardianMessageOf<'complain'> {
  const { encryption } = secretsOf(guardian)
  const key = decodeKey(secretsOf(accused).reveal.encryptionKey)
  const shared = sharedPoint(encryption, key)
  const statement = equalityStatement([G, key], [multiply(G, encryption), shared])
  const proof = prove('keygen-complaint', guardianContext(placeIn(scene, guardian)), statement, [encryption])
  return { type: 'complain', accused, sharedPoint: encodePoint(shared), proof }
}

/** The deal with another sealed share for the victim (place 1 among the dealer's four receivers). */
function withShare(honest: GuardianMessageOf<'deal'>, share: Uint8Array): GuardianMessageOf<'deal'> {
  return { ...honest, shares: honest.shares.map((s, i) => (i === VICTIM - 1 ? share : s)) }
}

const wrongShares: Record<string, (honest: GuardianMessageOf<'deal'>) => GuardianMessageOf<'deal'>> = {
  'that does not open': (honest) => withShare(honest, new Uint8Array(48)),
  'that opens to another value': (honest) => {
    const shared = sharedPoint(secretsOf(BAD).encryption, decodeKey(secretsOf(VICTIM).reveal.encryptionKey))
    const wrong = (evaluate(secretsOf(BAD).coefficients, VICTIM) + 1n) % ORDER
    return withShare(honest, sealShare(shared, shareInfo(placeIn(scene, 0), BAD, VICTIM), wrong))
  },
  'that is another guardian’s': (honest) => withShare(honest, honest.shares[0] ?? new Uint8Array(48)),
}

describe.each(Object.entries(wrongShares))('a share %s', (_, deal) => {
  beforeEach(() => dealt(deal))

  test('is found by its receiver, and the record names the dealer', () => {
    for (const g of [1, 3, 5]) expect(judge(g).type).toBe('confirm')
    const said = judge(VICTIM)
    expect(said).toMatchObject({ type: 'complain', accused: BAD })
    scene.say(1, judge(1))
    scene.say(VICTIM, said)
    expect(scene.attempt.failed).toEqual({ judged: BAD, complainer: VICTIM, accused: BAD })
    expect(stageOf(scene.attempt)).toBe('failed')
    expect(refusalOf(() => scene.say(3, complaint(3, BAD)))).toBe('wrong-state')
  })

  test('ends the attempt, and the next one runs without the dealer up to the opening', () => {
    scene.say(VICTIM, judge(VICTIM))
    const again = { type: 'start-keygen' as const, election: ELECTION, attempt: 2 }
    expect(refusalOf(() => scene.act({ ...again, guardians: [1, 2, 3, 4, 5] }))).toBe('keygen-attempt')
    const next = scene.startKeygen([1, 2, 3, 5])
    scene.deal(next)
    scene.confirm(next)
    scene.rehearse()
    expect(stageOf(scene.attempt)).toBe('done')
    scene.open()
    expect(scene.election.opening?.attempt.guardians).toEqual([1, 2, 3, 5])
  })
})

describe('a complaint about an honest dealer', () => {
  beforeEach(() => dealt((honest) => honest))

  test('is judged against the complainer', () => {
    scene.say(VICTIM, complaint(VICTIM, BAD))
    expect(scene.attempt.failed).toEqual({ judged: VICTIM, complainer: VICTIM, accused: BAD })
    expect(
      refusalOf(() =>
        scene.act({ type: 'start-keygen', election: ELECTION, attempt: 2, guardians: [1, 2, 3, 4] }),
      ),
    ).toBe('keygen-attempt')
  })

  test('with another shared point, so that the share does not open, needs a proof that nobody can make', () => {
    const honest = complaint(VICTIM, BAD)
    const other = complaint(VICTIM, 5)
    const lie = { ...honest, sharedPoint: other.sharedPoint }
    expect(refusalOf(() => scene.say(VICTIM, lie))).toBe('keygen-proof-invalid')
    expect(refusalOf(() => scene.say(VICTIM, { ...lie, proof: other.proof }))).toBe('keygen-proof-invalid')
    expect(refusalOf(() => scene.say(3, honest))).toBe('keygen-proof-invalid')
    expect(refusalOf(() => scene.say(VICTIM, { ...honest, accused: VICTIM }))).toBe('guardian-unknown')
    expect(scene.attempt.failed).toBeUndefined()
    expect(refusalOf(() => scene.say(VICTIM, honest))).toBe('accepted')
  })
})
