// Attempts at the election key: who takes part, and what an attempt waits for (SPEC 5.1).
import { expect, test } from 'vitest'
import { stageOf } from '#tally/keygen.ts'
import { Scene } from './scene.ts'
import { refusalOf } from './verifying.ts'

test('an attempt needs as many guardians as the quorum of intents, or its election could never be decrypted', () => {
  const scene = new Scene({ guardians: 5, threshold: 3, manifest: { quorum: 4 } })
  scene.prepare()
  expect(refusalOf(() => scene.startKeygen([1, 2, 3]))).toBe('keygen-attempt')
  expect(scene.election.attempts).toHaveLength(0)
  expect(refusalOf(() => scene.startKeygen([1, 2, 3, 5]))).toBe('accepted')
  expect(stageOf(scene.attempt)).toBe('commit')
})

test('guardians are named in ascending order, once, and are those of the manifest', () => {
  const scene = new Scene()
  scene.prepare()
  for (const guardians of [
    [2, 1, 3],
    [1, 1, 2],
    [0, 1, 2],
    [1, 2, 4],
  ])
    expect(refusalOf(() => scene.startKeygen(guardians))).toBe('guardian-unknown')
  expect(refusalOf(() => scene.startKeygen([1, 2, 3]))).toBe('accepted')
})
