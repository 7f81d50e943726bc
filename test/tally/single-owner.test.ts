// One official alone does not open a real election. SPEC 7.8, 8.2.
import { describe, expect, test } from 'vitest'
import { approvedBy, naming } from './passkey.ts'
import { Scene } from './scene.ts'
import { answer } from './verifying.ts'

describe('a single owner', () => {
  const ready = (practice: boolean): Scene => {
    const scene = new Scene({ officials: ['ada'], guardians: 1, manifest: { practice } })
    scene.prepare()
    scene.keygen()
    return scene
  }
  const ask = (scene: Scene) => answer(scene.state, ['act', scene.signed(scene.opening())])

  test('prepares an election, and opens it only for practice', () => {
    expect(ask(ready(false))).toBe('act-approvals-too-few')
    expect(ask(ready(true))).toBe('accepted')
  })

  test('opens it once there is another', () => {
    const scene = ready(false)
    scene.act(naming(['ada', 'ben']))
    const { founded } = scene
    const unsigned = { ...scene.signed(scene.opening()), approvals: [] }
    expect(answer(scene.state, ['act', approvedBy(founded, unsigned, ['ada'])])).toBe('act-approvals-too-few')
    expect(answer(scene.state, ['act', approvedBy(founded, unsigned, ['ada', 'ben'])])).toBe('accepted')
  })
})
