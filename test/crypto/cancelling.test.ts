// SPEC 3.2: false proofs whose errors cancel when proofs are simply multiplied. Random weights must tell them apart.
import { describe, expect, it } from 'vitest'
import { bn254 } from '@noble/curves/bn254.js'
import { negateG1, pairingProductIsOne, sumOfProductsG1 } from '#crypto/bn254.ts'
import { findBad } from '#crypto/bisect.ts'
import {
  checkProof,
  checkProofs,
  decodeProof,
  findBadProofs,
  parseVerificationKey,
  type ProofItem,
} from '#crypto/groth16.ts'
import { referenceDecode, referenceEncode } from '../reference/groth16.ts'
import { simulatedKey } from '../reference/simulate-proof.ts'

const simulated = simulatedKey(2)
const key = parseVerificationKey(simulated.verificationKey)
const items: ProofItem[] = Array.from({ length: 12 }, (_, i) => {
  const inputs = [BigInt(i + 1), 100n]
  return { inputs, proof: simulated.prove(inputs) }
})
const G = bn254.G1.Point.BASE
const [third, ninth, eleventh] = [3, 9, 11].map((i) => items[i]) as [ProofItem, ProofItem, ProofItem]

type G1Point = typeof G
const shiftC = ({ proof, inputs }: ProofItem, by: G1Point): ProofItem => {
  const points = referenceDecode(proof)
  return { inputs, proof: referenceEncode({ ...points, c: points.c.add(by) }) }
}
const shiftA = ({ proof, inputs }: ProofItem, by: G1Point): ProofItem => {
  const points = referenceDecode(proof)
  return { inputs, proof: referenceEncode({ ...points, a: points.a.add(by) }) }
}
const shiftInput = ({ proof, inputs }: ProofItem, by: bigint): ProofItem => ({
  proof,
  inputs: inputs.with(1, 100n + by),
})

/** The batch equation with all weights 1: what the forgers hope for. */
function unweightedEquationHolds(batch: readonly ProofItem[]): boolean {
  const proofs = batch.map(({ proof }) => decodeProof(proof))
  const n = BigInt(batch.length)
  const sums = key.ic.slice(1).map((_, i) => batch.reduce((sum, { inputs }) => sum + (inputs[i] ?? 0n), 0n))
  const ones = proofs.map(() => 1n)
  return pairingProductIsOne([
    ...proofs.map(({ a, b }) => [a, b] as const),
    [negateG1(sumOfProductsG1([key.alpha], [n])), key.beta],
    [negateG1(sumOfProductsG1(key.ic, [n, ...sums])), key.gamma],
    [
      negateG1(
        sumOfProductsG1(
          proofs.map(({ c }) => c),
          ones,
        ),
      ),
      key.delta,
    ],
  ])
}

const forgeries: [string, ProofItem[]][] = [
  ['a pair through C', items.with(3, shiftC(third, G)).with(9, shiftC(ninth, G.negate()))],
  [
    'a circle of three through C',
    items
      .with(3, shiftC(third, G))
      .with(9, shiftC(ninth, G.double()))
      .with(11, shiftC(eleventh, G.multiply(3n).negate())),
  ],
  ['a pair through the inputs', items.with(3, shiftInput(third, 1n)).with(9, shiftInput(ninth, -1n))],
  [
    'a pair through A, of one proof twice',
    items.with(3, shiftA(third, G)).with(9, shiftA(third, G.negate())),
  ],
]

describe('cancelling errors', () => {
  it('control: the honest batch holds, with weights and without', () => {
    expect(unweightedEquationHolds(items)).toBe(true)
    expect(checkProofs(key, items)).toBe(true)
  })

  it.each(forgeries)('%s: fits the equation without weights, fails with them, and is named', (_, forged) => {
    const wrong = forged.flatMap((item, i) => (item === items[i] ? [] : [i]))
    expect(unweightedEquationHolds(forged)).toBe(true)
    expect(checkProofs(key, forged)).toBe(false)
    expect(
      wrong.some((i) => checkProof(key, forged[i]?.proof ?? new Uint8Array(), forged[i]?.inputs ?? [])),
    ).toBe(false)
    expect(findBad(forged, (batch) => checkProofs(key, batch))).toEqual(wrong)
    expect(findBadProofs(key, forged)).toEqual(wrong)
  })
})
