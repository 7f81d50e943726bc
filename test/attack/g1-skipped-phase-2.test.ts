// G1: a key whose phase 2 had no contribution has delta = gamma, and then (alpha, beta, -sum x_i IC_i) proves anything,
// as it drained Veil Cash and FoomCash in 2026. Such keys are refused, and no proof holds under them. SPEC 10.1.
import { describe, expect, it } from 'vitest'
import { checkProof, checkProofs, checkVerificationKey, parseVerificationKey } from '#crypto/groth16.ts'
import {
  pairingEquationHolds,
  type ReferenceProof,
  referenceEncode,
  referenceKey,
} from '../reference/groth16.ts'
import { simulatedKey } from '../reference/simulate-proof.ts'

const inputs = [1n, 2n, 3n]
const simulated = simulatedKey(3)
const { verificationKey } = simulated

/** A forged proof for any inputs, from the key alone. `sign` is that of delta = +-gamma. */
function forge(key: string, sign: 1 | -1): ReferenceProof {
  const { alpha, beta, ic } = referenceKey(key)
  const statement = ic.reduce((sum, point, i) =>
    sum.add(point.multiplyUnsafe(i === 0 ? 1n : (inputs[i - 1] ?? 0n))),
  )
  return { a: alpha, b: beta, c: sign === 1 ? statement.negate() : statement }
}

function withDelta(change: (gamma: string[][]) => string[][]): string {
  const json = JSON.parse(verificationKey) as Record<string, unknown> & { vk_gamma_2: string[][] }
  return JSON.stringify({ ...json, vk_delta_2: change(json.vk_gamma_2) })
}

const q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n
const negated = ([x = [], y = [], z = []]: string[][]) => [x, y.map((c) => (q - BigInt(c)).toString()), z]

describe('G1: skipped phase 2', () => {
  const unsound: [string, string, 1 | -1][] = [
    ['delta = gamma', withDelta((gamma) => gamma), 1],
    ['delta = -gamma', withDelta(negated), -1],
  ]

  it.each(unsound)('%s: the forgery fits the bare equation, and is refused with its key', (_, text, sign) => {
    const forged = forge(text, sign)
    expect(pairingEquationHolds(referenceKey(text), forged, inputs)).toBe(true)
    const key = parseVerificationKey(text)
    expect(checkVerificationKey(key)).toContain('gamma = delta: phase 2 had no contribution')
    const proof = referenceEncode(forged)
    expect(checkProof(key, proof, inputs)).toBe(false)
    expect(checkProofs(key, [{ proof, inputs }])).toBe(false)
  })

  it('control: under a contributed key the forgery fails and an honest proof holds', () => {
    const key = parseVerificationKey(verificationKey)
    expect(checkVerificationKey(key)).toEqual([])
    expect(checkProof(key, simulated.prove(inputs), inputs)).toBe(true)
    for (const sign of [1, -1] as const) {
      const forged = forge(verificationKey, sign)
      expect(pairingEquationHolds(referenceKey(verificationKey), forged, inputs)).toBe(false)
      expect(checkProof(key, referenceEncode(forged), inputs)).toBe(false)
    }
  })
})
