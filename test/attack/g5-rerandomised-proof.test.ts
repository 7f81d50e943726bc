// G5: anybody turns a proof into another of the same statement: A k, B / k, C, and with s, B + s delta, C + s A. So
// both hold, and a proof's bytes are never an identity; the ballot's body is (SPEC 3.2, SPEC 6.7).
import { bn254 } from '@noble/curves/bn254.js'
import { describe, expect, it } from 'vitest'
import { checkProof, checkProofs, parseVerificationKey } from '#crypto/groth16.ts'
import { referenceCheck, referenceDecode, referenceEncode, referenceKey } from '../reference/groth16.ts'
import { randomExponent, simulatedKey } from '../reference/simulate-proof.ts'

const simulated = simulatedKey(2)
const key = parseVerificationKey(simulated.verificationKey)
const inputs = [7n, randomExponent()]
const proof = simulated.prove(inputs)

/** (k A, (B + s delta) / k, C + s A). */
function rerandomise(bytes: Uint8Array, k: bigint, s: bigint): Uint8Array {
  const { a, b, c } = referenceDecode(bytes)
  const { delta } = referenceKey(simulated.verificationKey)
  const shifted = s === 0n ? b : b.add(delta.multiply(s))
  return referenceEncode({
    a: a.multiply(k),
    b: shifted.multiply(bn254.fields.Fr.inv(k)),
    c: s === 0n ? c : c.add(a.multiply(s)),
  })
}

describe('G5: re-randomised proofs', () => {
  it.each([
    ['scaled', randomExponent(), 0n],
    ['shifted', 1n, randomExponent()],
    ['both', randomExponent(), randomExponent()],
  ])('%s: other bytes prove the same inputs, and no others', (_, k, s) => {
    const copy = rerandomise(proof, k, s)
    expect(copy).not.toEqual(proof)
    expect(checkProof(key, copy, inputs)).toBe(true)
    expect(referenceCheck(simulated.verificationKey, copy, inputs)).toBe(true)
    expect(
      checkProofs(key, [
        { proof, inputs },
        { proof: copy, inputs },
      ]),
    ).toBe(true)
    expect(checkProof(key, copy, inputs.with(0, 8n))).toBe(false)
  })
})
