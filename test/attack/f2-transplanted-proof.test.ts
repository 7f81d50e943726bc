// F2: a proof without its place: taken from one ballot, contest, election or guardian and shown for another. Every proof
// is bound to all of them (SPEC 5, 6.5, 8.3, 9.3). The statements' own binding: F1; weak keys and reveals: E5.
import { beforeAll, describe, expect, test } from 'vitest'
import { parseVerificationKey } from '#crypto/groth16.ts'
import { type Ballot, ballotContent } from '#protocol/ballot.ts'
import { signGuardianMessage } from '#protocol/guardian.ts'
import { checkJobs } from '#tally/proofs.ts'
import { decryptMessage, rehearseMessage } from '#tally/guardian.ts'
import { placeOf } from '#tally/keygen.ts'
import { contest, ELECTION, PROCESS, Scene } from '../tally/scene.ts'
import { developmentSetup } from '../tally/setup.ts'
import { answer } from '../tally/verifying.ts'
import { admit } from '#tally/fold.ts'

const key = parseVerificationKey(developmentSetup('S').verificationKey)

/** Whether the gate and the proof engine take the ballot. */
function counts(scene: Scene, ballot: Ballot): boolean {
  const job = admit(scene.state, ['ballot', ballotContent(ballot)])
  if (job === undefined) throw new Error('a ballot comes with a proof to check')
  return checkJobs([job], () => key)[0] === true
}

describe('a ballot’s proof', () => {
  const [scene, other] = [0, 1].map((i) => {
    const made = new Scene({ contests: [contest(), contest()], manifest: { organiser: `City ${i}` } })
    made.prepare()
    made.keygen()
    made.open()
    return made
  })
  if (scene === undefined || other === undefined) throw new Error('two elections')
  const { sealing, ballot } = scene.ballot(0, [1n, 0n])
  const shown = (target: Ballot): Ballot => ({
    ...target,
    envelope: { ...target.envelope, proof: ballot.envelope.proof },
  })

  test('positive control: in its own place', () => expect(counts(scene, ballot)).toBe(true))
  test('for another sealing of the same vote by the same voter', () =>
    expect(counts(scene, shown(scene.ballot(0, [1n, 0n]).ballot))).toBe(false))
  test('for another voter', () => expect(counts(scene, shown(scene.ballot(1, [1n, 0n]).ballot))).toBe(false))
  test('for another contest', () =>
    expect(counts(scene, shown(scene.ballot(0, [1n, 0n], 1).ballot))).toBe(false))
  test('for another election', () => {
    const target = other.ballot(0, [1n, 0n]).ballot
    expect(counts(other, target)).toBe(true)
    expect(counts(other, shown(target))).toBe(false)
  })
  test('under another name of one’s own making', () => {
    const target = scene.envelope(sealing, 12345n)
    const renamed = { body: target.body, envelope: { ...target.envelope, proof: ballot.envelope.proof } }
    expect(answer(scene.state, ['ballot', ballotContent(renamed)])).toBe('ballot-nullifier-mismatch')
  })
  test('with the claims of another ballot', () => {
    const { claims } = scene.ballot(1, [1n, 0n]).ballot.envelope
    expect(counts(scene, { ...ballot, envelope: { ...ballot.envelope, claims } })).toBe(false)
  })
})

describe('a guardian’s proof', () => {
  const scene = new Scene({ contests: [contest(), contest()] })
  beforeAll(async () => {
    scene.prepare()
    const secrets = scene.startKeygen()
    scene.deal(secrets)
    scene.confirm(secrets)
    rehearsal()
    scene.rehearse()
    scene.open()
    // The same ballots in both contests would still make other aggregates.
    for (const voter of [0, 1]) for (const index of [0, 1]) scene.cast(voter, [1n, 0n], index)
    await scene.close()
    for (const guardian of [1, 2, 3]) for (const index of [0, 1]) scene.intend(guardian, index)
  })

  /** Before anybody rehearses: guardian 2 shows what guardian 1 made. */
  function rehearsal(): void {
    const { state, election, attempt } = scene
    const first = rehearseMessage(state, election, attempt, 1, scene.share(1))
    expect(answer(state, scene.guardianEntry(2, first))).toBe('decryption-proof-invalid')
    expect(answer(state, scene.guardianEntry(1, first))).toBe('accepted')
  }

  const made = (guardian: number, index: number) =>
    decryptMessage(scene.state, scene.election, scene.contestState(index), guardian, scene.share(guardian))

  test('positive control: a partial decryption in its own place', () =>
    expect(answer(scene.state, scene.guardianEntry(1, made(1, 0)))).toBe('accepted'))
  test('of a partial decryption, by another guardian', () =>
    expect(answer(scene.state, scene.guardianEntry(2, made(1, 0)))).toBe('decryption-proof-invalid'))
  test('of a partial decryption, for another contest', () => {
    const message = made(1, 0)
    if (message.type !== 'decrypt') throw new Error('a partial decryption')
    expect(answer(scene.state, scene.guardianEntry(1, { ...message, contest: 1 }))).toBe(
      'decryption-proof-invalid',
    )
  })
  test('a message signed for another attempt', () => {
    const secret = scene.guardianKeys[0]
    if (secret === undefined) throw new Error('a guardian')
    const place = placeOf(scene.log, scene.election, 2, 1)
    const signed = signGuardianMessage(place, PROCESS, ELECTION, made(1, 0), secret)
    expect(answer(scene.state, ['guardian', signed])).toBe('keygen-attempt')
    expect(answer(scene.state, ['guardian', { ...signed, attempt: 1 }])).toBe('guardian-signature-invalid')
  })
})
