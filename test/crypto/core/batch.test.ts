// SPEC 3.2: batches of proofs at the borders of chunks and groups, with points that meet, and with every kind of bad
// proof; the bad ones are named, all of them and no other.
import { bn254 } from '@noble/curves/bn254.js'
import fc from 'fast-check'
import { randomBytes, randomInt } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  checkProof,
  checkProofs,
  findBadProofs,
  parseVerificationKey,
  type ProofItem,
} from '#crypto/groth16.ts'
import { referenceCheck, referenceDecode, referenceEncode } from '../../reference/groth16.ts'
import { randomExponent, simulatedKey } from '../../reference/simulate-proof.ts'
import { twistOfSmallOrder, twistOutsider } from '../../reference/twist.ts'
import { bytesOf } from './points.ts'

const p = bn254.fields.Fr.ORDER
const q = bn254.fields.Fp.ORDER
const simulated = simulatedKey(3)
const key = parseVerificationKey(simulated.verificationKey)
const make = (): ProofItem => {
  const inputs = [randomExponent(), 1n, 0n]
  return { inputs, proof: simulated.prove(inputs) }
}
const honest = Array.from({ length: 64 }, make)
const first = honest[0] ?? make()
const batch = (length: number): ProofItem[] => Array.from({ length }, (_, i) => honest[i % 64] ?? first)
const points = referenceDecode(first.proof)
const small = twistOfSmallOrder(twistOutsider(), 10069n)
const G = bn254.G1.Point.BASE

/** Every way to be bad, each of which a single check notices too. */
const spoilt: Record<string, ProofItem> = {
  'another input': { ...first, inputs: first.inputs.with(0, 5n) },
  'permuted inputs': { ...first, inputs: first.inputs.toReversed() },
  'an input + p': { ...first, inputs: first.inputs.with(1, 1n + p) },
  'an input below 0': { ...first, inputs: first.inputs.with(1, 1n - p) },
  'an input of 2^256': { ...first, inputs: first.inputs.with(1, 1n + 2n ** 256n) },
  'too few inputs': { ...first, inputs: first.inputs.slice(1) },
  'too many inputs': { ...first, inputs: [...first.inputs, 0n] },
  'no bytes': { ...first, proof: new Uint8Array(0) },
  'bytes of another length': { ...first, proof: new Uint8Array([...first.proof, 0]) },
  zeros: { ...first, proof: new Uint8Array(256) },
  'a coordinate + q': {
    ...first,
    proof: Uint8Array.from([...bytesOf(points.a.toAffine().x + q), ...first.proof.subarray(32)]),
  },
  'A off the curve': { ...first, proof: first.proof.with(63, (first.proof[63] ?? 0) ^ 1) },
  'B of small order': { ...first, proof: referenceEncode({ ...points, b: small }) },
  'B plus a point of small order': {
    ...first,
    proof: referenceEncode({ ...points, b: points.b.add(small) }),
  },
  'C moved': { ...first, proof: referenceEncode({ ...points, c: points.c.add(G) }) },
  'A negated': { ...first, proof: referenceEncode({ ...points, a: points.a.negate() }) },
}

describe('batches of honest proofs hold', () => {
  test.each([0, 1, 2, 31, 32, 33, 511, 512, 513, 1025])('of %d', (length) => {
    expect(checkProofs(key, batch(length))).toBe(true)
    expect(findBadProofs(key, batch(length))).toEqual([])
  })

  test('of one proof many times over', () => {
    const same = Array.from({ length: 530 }, () => first)
    expect(checkProofs(key, same)).toBe(true)
    expect(findBadProofs(key, same.with(529, spoilt['C moved'] ?? first))).toEqual([529])
  })

  test('with points C that are equal, opposite, and those of the key, also opposite', () => {
    const logs = [
      7n,
      7n,
      p - 7n,
      7n,
      1n,
      p - 1n,
      ...simulated.ic,
      ...simulated.ic.map((k) => p - k),
      simulated.trapdoor.alpha,
    ]
    const meeting = logs.map((c, i) => {
      const inputs = [BigInt(i), 1n, 0n]
      return { inputs, proof: simulated.proveWithC(inputs, c) }
    })
    for (const item of meeting) expect(checkProof(key, item.proof, item.inputs)).toBe(true)
    expect(checkProofs(key, meeting)).toBe(true)
    expect(checkProofs(key, meeting.slice(0, 2))).toBe(true)
    expect(checkProofs(key, meeting.slice(1, 3))).toBe(true)
    const last = meeting.length - 1
    expect(findBadProofs(key, meeting.with(last, { ...first, inputs: [9n, 9n, 9n] }))).toEqual([last])
  })

  test('re-randomised, with A and B negated, or scaled', () => {
    const k = randomExponent()
    const inverse = bn254.fields.Fr.inv(k)
    const scaled = referenceEncode({ ...points, a: points.a.multiply(k), b: points.b.multiply(inverse) })
    const negated = referenceEncode({ ...points, a: points.a.negate(), b: points.b.negate() })
    expect(checkProofs(key, [first, { ...first, proof: scaled }, { ...first, proof: negated }])).toBe(true)
    expect(checkProof(key, scaled, first.inputs)).toBe(true)
  })

  test('whose public inputs make IC_0 + sum x_i IC_i neutral', () => {
    const [k0 = 0n, k1 = 1n] = simulated.ic
    const inputs = [((p - k0) * bn254.fields.Fr.inv(k1)) % p, 0n, 0n]
    const proof = simulated.prove(inputs)
    expect(checkProof(key, proof, inputs)).toBe(true)
    expect(
      checkProofs(key, [
        { proof, inputs },
        { proof, inputs },
      ]),
    ).toBe(true)
    expect(checkProof(key, proof, inputs.with(1, 1n))).toBe(false)
  })
})

describe('a bad proof', () => {
  test.each(Object.entries(spoilt))('with %s is refused alone and in company, and named', (_, bad) => {
    expect(checkProof(key, bad.proof, bad.inputs)).toBe(false)
    expect(checkProofs(key, [first, bad])).toBe(false)
    expect(findBadProofs(key, [bad])).toEqual([0])
    expect(findBadProofs(key, [first, bad, first])).toEqual([1])
  })

  test('is named at every border of chunks and groups', () => {
    const bad = spoilt['another input'] ?? first
    for (const at of [0, 31, 32, 511, 512, 513, 529]) {
      expect(findBadProofs(key, batch(530).with(at, bad))).toEqual([at])
    }
  })

  test('is named among others, whatever they are', () => {
    const kinds = Object.values(spoilt)
    for (let round = 0; round < 5; round++) {
      const bad = new Map(
        Array.from({ length: 2 ** round }, (_, i) => [
          randomInt(700),
          kinds[(i + round * 3) % kinds.length] ?? first,
        ]),
      )
      const items = batch(700).map((good, i) => bad.get(i) ?? good)
      expect(findBadProofs(key, items)).toEqual([...bad.keys()].sort((a, b) => a - b))
      expect(checkProofs(key, items)).toBe(false)
    }
    expect(
      findBadProofs(
        key,
        Array.from({ length: 40 }, () => spoilt['C moved'] ?? first),
      ),
    ).toEqual(Array.from({ length: 40 }, (_, i) => i))
  })

  test('is named wherever it stands, alone, with others, in crowds and with one that cancels it', () => {
    const moved = (by: bigint): ProofItem => ({
      ...first,
      proof: referenceEncode({ ...points, c: points.c.add(G.multiply(by)) }),
    })
    const forms = [spoilt['another input'] ?? first, spoilt['A negated'] ?? first, moved(5n), moved(p - 5n)]
    const somewhere = fc
      .integer({ min: 1, max: 96 })
      .chain((length) =>
        fc.tuple(
          fc.constant(length),
          fc.array(fc.tuple(fc.nat(length - 1), fc.nat(3)), { maxLength: length, size: 'max' }),
        ),
      )
    const property = fc.property(somewhere, ([length, places]) => {
      const bad = new Map(places.map(([at, form]) => [at, forms[form] ?? first]))
      const items = batch(length).map((good, i) => bad.get(i) ?? good)
      expect(findBadProofs(key, items)).toEqual([...bad.keys()].sort((a, b) => a - b))
    })
    fc.assert(property, { numRuns: 30 })
    for (let at = 0; at < 48; at++) expect(findBadProofs(key, batch(48).with(at, moved(5n)))).toEqual([at])
  })

  test('is each that differs in one bit from an honest one', () => {
    for (let bit = 0; bit < 2048; bit++) {
      const proof = first.proof.with(bit >> 3, (first.proof[bit >> 3] ?? 0) ^ (1 << (bit & 7)))
      if (checkProof(key, proof, first.inputs)) throw new Error(`bit ${bit} does not matter`)
    }
  })

  test('is what the reference calls so, also of random bytes', () => {
    for (const [name, bad] of Object.entries(spoilt)) {
      expect(referenceCheck(simulated.verificationKey, bad.proof, bad.inputs), name).toBe(false)
    }
    const junk = Array.from({ length: 300 }, () => ({
      proof: Uint8Array.from(randomBytes(randomInt(300))),
      inputs: [1n, 2n, 3n],
    }))
    const shaped = Array.from({ length: 300 }, () => ({
      proof: Uint8Array.from(randomBytes(256)),
      inputs: [1n, 2n, 3n],
    }))
    const all = [...junk, first, ...shaped]
    expect(findBadProofs(key, all)).toEqual(all.flatMap((item, i) => (item === first ? [] : [i])))
  })
})
