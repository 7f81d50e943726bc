// G4: inputs compared with q, the order of the coordinates, instead of p, that of the group (snarkjs #480): p to q - 1
// would pass. Both sides of both borders, each with the proof for its residue. SPEC 3.2.
import { describe, expect, it } from 'vitest'
import { checkProof, checkProofs, parseVerificationKey } from '#crypto/groth16.ts'
import { referenceCheck } from '../reference/groth16.ts'
import { simulatedKey } from '../reference/simulate-proof.ts'

const p = 21888242871839275222246405745257275088548364400416034343698204186575808495617n
const q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n
const simulated = simulatedKey(1)
const key = parseVerificationKey(simulated.verificationKey)

describe('G4: the border of public inputs', () => {
  it.each([
    ['0', 0n, true],
    ['p - 1', p - 1n, true],
    ['p', p, false],
    ['p + 1', p + 1n, false],
    ['q - 1', q - 1n, false],
    ['q', q, false],
    ['q + 1', q + 1n, false],
  ])('%s', (_, x, accepted) => {
    const proof = simulated.prove([x % p])
    expect(checkProof(key, proof, [x % p])).toBe(true)
    expect(checkProof(key, proof, [x])).toBe(accepted)
    expect(checkProofs(key, [{ proof, inputs: [x] }])).toBe(accepted)
    expect(referenceCheck(simulated.verificationKey, proof, [x])).toBe(accepted)
  })
})
