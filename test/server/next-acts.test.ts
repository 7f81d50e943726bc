// What officials could decide next, at each stage of an election: only what the record would take.
import { expect, test } from 'vitest'
import { freezing } from '#tally/official.ts'
import { nextActs, openings, openRolls } from '#server/officials/next.ts'
import { developmentSetup } from '../tally/setup.ts'
import { PROCESS, Scene } from '../tally/scene.ts'

const setups = [developmentSetup('S').setup]

test('begins with the roll, then the key', () => {
  const scene = new Scene({ officials: ['ada', 'ben'] })
  const next = () => nextActs(scene.state, setups).map(({ process, act }) => `${process}: ${act.type}`)
  scene.found()
  expect(next()).toEqual([])
  scene.act({ type: 'create-process', title: 'City' })
  scene.act({
    type: 'add-to-roll',
    roll: 'residents',
    credentials: [{ commitment: 1n, weight: 1n, row: new Uint8Array(32) }],
  })
  expect(next()).toEqual([])
  expect(openRolls(scene.state)).toEqual([{ process: PROCESS, roll: 'residents', size: 1 }])
  scene.act(freezing(scene.state, PROCESS, 'residents'))
  expect(openRolls(scene.state)).toEqual([])
  scene.act({ type: 'define-election', election: scene.slug, manifest: scene.manifest })
  expect(next()).toEqual([`${PROCESS}: start-keygen`])
})

test('opens, closes and publishes only when it is time', async () => {
  const scene = new Scene({ officials: ['ada', 'ben'] })
  const next = (own = setups) => nextActs(scene.state, own).map(({ act }) => act.type)
  const refused = (own = setups) => openings(scene.state, own).map(({ refusal }) => refusal)
  scene.prepare()
  expect(next()).toEqual(['start-keygen'])
  expect(refused()).toEqual(['keygen-attempt'])
  scene.keygen()
  expect(next()).toEqual(['open-election'])
  expect(refused()).toEqual([null])
  // Without the circuit's files there is no opening.
  expect(next([])).toEqual([])
  expect(refused([])).toEqual(['setup-mismatch'])
  const [opening] = nextActs(scene.state, setups)
  expect(opening?.act).toEqual(scene.opening())
  const late = { ...scene.state, time: scene.election.closesAt }
  expect(openings(late, setups).map(({ refusal }) => refusal)).toEqual(['too-late'])
  scene.open()
  expect(refused()).toEqual([])
  expect(next()).toEqual([])
  for (const voter of [0, 1, 2]) scene.cast(voter, [1n, 0n])
  scene.offer(['time', scene.election.closesAt])
  expect(next()).toEqual(['close-election'])
  await scene.close()
  expect(next()).toEqual([])
  scene.tally()
  expect(next()).toEqual(['publish-result'])
  scene.publish()
  expect(next()).toEqual([])
})
