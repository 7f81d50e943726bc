// The log's name in every hash is its origin and SHA-256 of the genesis entry, once. SPEC 2.3, 7.3.
import { expect, test } from 'vitest'
import { sha256 } from '#crypto/hash.ts'
import { Scene } from './scene.ts'

test('folding genesis gives the log origin of the specification', () => {
  const scene = new Scene()
  scene.found()
  const [genesis = new Uint8Array()] = scene.entries
  expect(scene.log).toEqual({ origin: 'example.org/comitia', genesis: sha256(genesis) })
})
