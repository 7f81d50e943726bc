// G3: a public input x and x + p are the same to the equation, so an aliased nullifier would vote twice (Semaphore #16).
// Every name of an input but the one below p is refused. SPEC 3.2.
import { describe, expect, it } from 'vitest'
import { checkProof, checkProofs, parseVerificationKey } from '#crypto/groth16.ts'
import { randomExponent, simulatedKey } from '../reference/simulate-proof.ts'

const p = 21888242871839275222246405745257275088548364400416034343698204186575808495617n
const simulated = simulatedKey(4)
const key = parseVerificationKey(simulated.verificationKey)
const honest = [randomExponent(), 0n, 1n, p - 1n]
const proof = simulated.prove(honest)
const others = Array.from({ length: 3 }, () => ({ proof, inputs: honest }))

describe('G3: aliases of public inputs', () => {
  it('control: the inputs themselves are accepted', () => {
    expect(checkProof(key, proof, honest)).toBe(true)
    expect(checkProofs(key, others)).toBe(true)
  })

  it.each([
    ['x + p', (x: bigint) => x + p],
    ['x + 2p', (x: bigint) => x + 2n * p],
    ['x - p', (x: bigint) => x - p],
    ['x + 2^256 p', (x: bigint) => x + (p << 256n)],
    ['2^256 - 1', () => (1n << 256n) - 1n],
  ])('%s is refused for every input, alone and in a batch', (_, alias) => {
    honest.forEach((x, i) => {
      const inputs = honest.with(i, alias(x))
      expect(checkProof(key, proof, inputs)).toBe(false)
      expect(checkProofs(key, [...others, { proof, inputs }])).toBe(false)
    })
  })

  it('2^256 - 1 is refused even with the proof for its residue', () => {
    const [large, rest] = [(1n << 256n) - 1n, honest.slice(1)]
    const congruent = simulated.prove([large % p, ...rest])
    expect(checkProof(key, congruent, [large % p, ...rest])).toBe(true)
    expect(checkProof(key, congruent, [large, ...rest])).toBe(false)
  })
})
