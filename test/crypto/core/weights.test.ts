// SPEC 3.2: what a batch's weights owe to the platform's generator, with that generator watched and replaced.
import { bn254 } from '@noble/curves/bn254.js'
import { beforeEach, expect, test, vi } from 'vitest'
import {
  checkProof,
  checkProofs,
  findBadProofs,
  parseVerificationKey,
  type ProofItem,
} from '#crypto/groth16.ts'
import { referenceDecode, referenceEncode } from '../../reference/groth16.ts'
import { simulatedKey } from '../../reference/simulate-proof.ts'

const draw = vi.hoisted(() => ({ calls: [] as number[], constant: false }))
vi.mock('@noble/hashes/utils.js', async (original) => {
  const real = await original<{ randomBytes: (length: number) => Uint8Array }>()
  return {
    ...real,
    randomBytes(length: number) {
      draw.calls.push(length)
      return draw.constant ? new Uint8Array(length).fill(0x5a) : real.randomBytes(length)
    },
  }
})

beforeEach(() => {
  draw.calls = []
  draw.constant = false
})

const simulated = simulatedKey(1)
const key = parseVerificationKey(simulated.verificationKey)
const first: ProofItem = { inputs: [4n], proof: simulated.prove([4n]) }
const points = referenceDecode(first.proof)
const G = bn254.G1.Point.BASE
const batch = (length: number): ProofItem[] => Array.from({ length }, () => first)
const forged = [
  { ...first, proof: referenceEncode({ ...points, c: points.c.add(G) }) },
  { ...first, proof: referenceEncode({ ...points, c: points.c.subtract(G) }) },
]

test('weights are 16 bytes a proof from the generator, fresh for every batch and chunk; one proof needs none', () => {
  checkProofs(key, batch(3))
  checkProofs(key, batch(3))
  checkProofs(key, batch(514))
  expect(draw.calls).toEqual([48, 48, 16 * 512, 32])
  draw.calls = []
  checkProof(key, first.proof, first.inputs)
  expect(draw.calls).toEqual([])
})

test('weights are all that keeps cancelling errors out: a generator that repeats itself lets them in', () => {
  expect(checkProofs(key, forged)).toBe(false)
  expect(findBadProofs(key, forged)).toEqual([0, 1])
  draw.constant = true
  expect(checkProofs(key, forged)).toBe(true)
})
