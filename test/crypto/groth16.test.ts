// SPEC 3.2: proofs and batches of them, against @noble/curves and snarkjs as oracles.
import fc from 'fast-check'
import { groth16 } from 'snarkjs'
import { describe, expect, it } from 'vitest'
import { EncodingError } from '#crypto/encoding.ts'
import { checkProof, checkProofs, decodeProof, encodeProof, parseVerificationKey } from '#crypto/groth16.ts'
import { referenceCheck } from '../reference/groth16.ts'
import { randomExponent, simulatedKey, simulateProof, simulatorFor } from '../reference/simulate-proof.ts'
import { snarkjsProof } from '../reference/snarkjs-proof.ts'

const simulated = simulatedKey(3)
const { verificationKey, trapdoor } = simulated
const key = parseVerificationKey(verificationKey)
const item = () => {
  const inputs = [randomExponent(), 1n, 0n]
  return { inputs, proof: simulated.prove(inputs) }
}
const honest = Array.from({ length: 12 }, item)
const first = honest[0] ?? item()

describe('one proof', () => {
  it('holds for its inputs, as the two oracles say', async () => {
    expect(checkProof(key, first.proof, first.inputs)).toBe(true)
    expect(referenceCheck(verificationKey, first.proof, first.inputs)).toBe(true)
    expect(await oracle(first.proof, first.inputs)).toBe(true)
  })

  it('does not hold for other inputs, each alone, nor in another order', () => {
    first.inputs.forEach((x, i) => {
      expect(checkProof(key, first.proof, first.inputs.with(i, x + 1n))).toBe(false)
    })
    expect(checkProof(key, first.proof, first.inputs.toReversed())).toBe(false)
  })

  it('does not hold for fewer or more inputs', () => {
    expect(checkProof(key, first.proof, first.inputs.slice(0, 2))).toBe(false)
    expect(checkProof(key, first.proof, [...first.inputs, 0n])).toBe(false)
    expect(checkProof(key, first.proof, [])).toBe(false)
  })

  it('does not hold under another key', () => {
    expect(checkProof(parseVerificationKey(simulatedKey(3).verificationKey), first.proof, first.inputs)).toBe(
      false,
    )
  })

  it('needs no inputs if the key has none', () => {
    const empty = simulatedKey(0)
    const emptyKey = parseVerificationKey(empty.verificationKey)
    expect(checkProof(emptyKey, empty.prove([]), [])).toBe(true)
    expect(checkProof(emptyKey, first.proof, [])).toBe(false)
  })

  it('has no byte that does not matter', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const proof = first.proof.with(at, (first.proof[at] ?? 0) ^ mask)
        expect(checkProof(key, proof, first.inputs)).toBe(false)
      }),
      { numRuns: 40 },
    )
  })

  it('never throws on bytes of any kind', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (proof) => {
        expect(checkProof(key, proof, first.inputs)).toBe(false)
      }),
    )
  })

  it('is judged as the reference judges it, in many inputs', () => {
    const wide = simulatedKey(40)
    const wideKey = parseVerificationKey(wide.verificationKey)
    const inputs = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? BigInt(i % 6) : randomExponent()))
    const proof = wide.prove(inputs)
    expect(checkProof(wideKey, proof, inputs)).toBe(true)
    expect(referenceCheck(wide.verificationKey, proof, inputs)).toBe(true)
    expect(checkProof(wideKey, proof, inputs.with(39, 7n))).toBe(false)
    expect(referenceCheck(wide.verificationKey, proof, inputs.with(39, 7n))).toBe(false)
  })
})

describe('the 256 bytes', () => {
  it('are those of the proof object of snarkjs', () => {
    expect(encodeProof(snarkjsProof(first.proof))).toEqual(first.proof)
  })

  it('cannot be made of a point in another form', () => {
    const proof = snarkjsProof(first.proof)
    const [x = '', y = ''] = proof.pi_a
    const q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n
    const aliases = [
      [x, y, '2'],
      [x, y],
      [x, y, '1', '0'],
      [`0${x}`, y, '1'],
      [`-${x}`, y, '1'],
      [`0x${BigInt(x).toString(16)}`, y, '1'],
      [(BigInt(x) + q).toString(), y, '1'],
      [Number(x), y, '1'],
    ]
    for (const alias of aliases) expect(() => encodeProof({ ...proof, pi_a: alias })).toThrow(EncodingError)
  })

  it('must be 256', () => {
    expect(() => decodeProof(first.proof.subarray(1))).toThrow(EncodingError)
    expect(() => decodeProof(new Uint8Array([...first.proof, 0]))).toThrow(EncodingError)
  })
})

describe('many proofs', () => {
  it('hold together, once or more each', () => {
    expect(checkProofs(key, honest)).toBe(true)
    expect(checkProofs(key, [...honest, ...honest, first])).toBe(true)
  })

  it('hold if there are none, of any sound key', () => expect(checkProofs(key, [])).toBe(true))

  it('fail if one does, at every place', () => {
    honest.forEach((good, i) => {
      const bad = { ...good, inputs: good.inputs.with(0, 5n) }
      expect(checkProofs(key, honest.with(i, bad))).toBe(false)
    })
  })

  it('fail if one is malformed or has too few inputs', () => {
    expect(checkProofs(key, [...honest, { ...first, proof: new Uint8Array(256) }])).toBe(false)
    expect(checkProofs(key, [...honest, { ...first, inputs: first.inputs.slice(1) }])).toBe(false)
  })

  it('fail if proofs and inputs are exchanged between two of them', () => {
    const second = honest[1] ?? item()
    const exchanged = [
      { proof: first.proof, inputs: second.inputs },
      { proof: second.proof, inputs: first.inputs },
    ]
    expect(checkProofs(key, exchanged)).toBe(false)
  })

  it('hold across the borders of the chunks handed to the library', () => {
    const many = Array.from({ length: 255 }, (_, i) => honest[i % 12] ?? first)
    expect(checkProofs(key, many)).toBe(true)
    expect(checkProofs(key, [...many, { ...first, inputs: first.inputs.with(1, 2n) }])).toBe(false)
  })
})

describe('simulated proofs', () => {
  it('are valid by snarkjs too, and for no other inputs', async () => {
    const again = simulatorFor(verificationKey, trapdoor)([4n, 5n, 6n])
    expect(await oracle(again, [4n, 5n, 6n])).toBe(true)
    expect(await oracle(again, [4n, 5n, 7n])).toBe(false)
    expect(checkProof(key, simulateProof(key, trapdoor, [4n, 5n, 7n]), [4n, 5n, 7n])).toBe(true)
  })
})

function oracle(proof: Uint8Array, inputs: readonly bigint[]): Promise<boolean> {
  const signals = inputs.map((x): `${number}` => x.toString() as `${number}`)
  return groth16.verify(JSON.parse(verificationKey), signals, snarkjsProof(proof))
}
