// SPEC 12.2: a signal with a real proof passes the gate and the proof engine; somebody who is not on the roll makes none.
import { afterAll, expect, test } from 'vitest'
import { releaseCurve } from '#circuits/curve.ts'
import { commitment } from '#circuits/credential.ts'
import { leaf, rollPath } from '#circuits/roll.ts'
import { CIRCUITS } from '#circuits/sizes.ts'
import { parseVerificationKey } from '#crypto/groth16.ts'
import { signalContent } from '#protocol/signal.ts'
import { proveSignal } from '#protocol/take-part.ts'
import { admit } from '#tally/fold.ts'
import { checkJobs } from '#tally/proofs.ts'
import { filesOf } from '../circuits/keys.ts'
import { People, textOf } from '../tally/people.ts'
import { Scene } from '../tally/scene.ts'
import { developmentSetup } from '../tally/setup.ts'

afterAll(releaseCurve)

test('a proposal by somebody on the roll, and by somebody who is not', async () => {
  const scene = new Scene()
  scene.enrol()
  const people = new People(scene)
  const { log } = scene
  const { root } = people.participation
  const leaves = scene.voters.map(({ secret, weight }) => leaf(commitment(secret), weight))
  const path = rollPath(leaves, 1, CIRCUITS.signal.levels)
  const person = { ...scene.voter(1), index: 1, path }
  const unproven = people.signal(1, { type: 'propose', text: textOf('A pond') })
  const files = await filesOf('signal')

  const signal = await proveSignal(log, root, unproven, person, files)
  const job = admit(scene.state, ['signal', signalContent(signal)])
  const key = parseVerificationKey(developmentSetup('signal').verificationKey)
  expect(job && checkJobs([job], () => key)).toEqual([true])

  const stranger = { ...person, secret: 5n }
  await expect(proveSignal(log, root, unproven, stranger, files)).rejects.toThrow(/Assert Failed/)
})
