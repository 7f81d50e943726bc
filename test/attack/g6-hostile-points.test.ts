// G6: proofs with points off the curve, outside the subgroup, at infinity or in other bytes (davinci b21eedb, 1a8838c;
// snarkjs checks no subgroup and takes x + q). SPEC 3.2.
import { describe, expect, it } from 'vitest'
import { coordinates, decodeG2, isProper } from '#crypto/bn254.ts'
import { checkProof, checkProofs, parseVerificationKey } from '#crypto/groth16.ts'
import { referenceCheck, referenceDecode, referenceEncode } from '../reference/groth16.ts'
import { simulatedKey } from '../reference/simulate-proof.ts'
import { twistOfSmallOrder, twistOutsider, twistTimes } from '../reference/twist.ts'

const q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n
const p = 21888242871839275222246405745257275088548364400416034343698204186575808495617n

const simulated = simulatedKey(1)
const key = parseVerificationKey(simulated.verificationKey)
const inputs = [42n]
const proof = simulated.prove(inputs)
const points = referenceDecode(proof)

/** Neither alone nor beside a good one, and the reference agrees. */
function expectRefused(bytes: Uint8Array): void {
  expect(checkProof(key, bytes, inputs)).toBe(false)
  expect(
    checkProofs(key, [
      { proof, inputs },
      { proof: bytes, inputs },
    ]),
  ).toBe(false)
  expect(referenceCheck(simulated.verificationKey, bytes, inputs)).toBe(false)
}

function withWords(words: Record<number, bigint>): Uint8Array {
  const bytes = proof.slice()
  for (const [i, word] of Object.entries(words)) bytes.set(coordinates(word), 32 * Number(i))
  return bytes
}

const word = (i: number): bigint =>
  BigInt('0x' + Buffer.from(proof.subarray(32 * i, 32 * i + 32)).toString('hex'))

const outside = twistOutsider()
/** The twist has 2 q - p times p points, and 10069 divides the cofactor. */
const small = twistOfSmallOrder(outside, 10069n)

describe('G6: hostile points', () => {
  it('control: the proof itself is accepted', () => {
    expect(checkProof(key, withWords({}), inputs)).toBe(true)
    expect(referenceCheck(simulated.verificationKey, proof, inputs)).toBe(true)
    expect(checkProof(key, referenceEncode(points), inputs)).toBe(true)
  })

  it('control: the points outside the subgroup are what they are meant to be', () => {
    expect(twistTimes(outside, p).is0()).toBe(false)
    expect(twistTimes(outside, (2n * q - p) * p).is0()).toBe(true)
    expect(small.is0()).toBe(false)
    expect(twistTimes(small, 10069n).is0()).toBe(true)
  })

  it('B of the twist outside the subgroup, of small order, and B plus a point of small order', () => {
    for (const b of [outside, small, points.b.add(small), points.b.add(outside)]) {
      const bytes = referenceEncode({ ...points, b })
      expect(isProper(decodeG2(bytes.subarray(64, 192)))).toBe(false)
      expectRefused(bytes)
    }
  })

  it('each point at infinity, as zeros', () => {
    expectRefused(withWords({ 0: 0n, 1: 0n }))
    expectRefused(withWords({ 2: 0n, 3: 0n, 4: 0n, 5: 0n }))
    expectRefused(withWords({ 6: 0n, 7: 0n }))
    expectRefused(new Uint8Array(256))
  })

  it('infinity in other bytes: (0, 1), (0, q), (q, q)', () => {
    for (const [x, y] of [
      [0n, 1n],
      [0n, q],
      [q, q],
    ] as const) {
      expectRefused(withWords({ 0: x, 1: y }))
      expectRefused(withWords({ 6: x, 7: y }))
      expectRefused(withWords({ 2: x, 3: 0n, 4: y, 5: 0n }))
    }
  })

  it('each coordinate off by one: off the curve', () => {
    for (let i = 0; i < 8; i++) expectRefused(withWords({ [i]: (word(i) + 1n) % q }))
  })

  it('each coordinate in another name: + q, q, 2^256 - 1', () => {
    for (let i = 0; i < 8; i++) {
      for (const alias of [word(i) + q, q, (1n << 256n) - 1n]) expectRefused(withWords({ [i]: alias }))
    }
  })

  it('the coordinates of B in the order of EIP-197, and negated points', () => {
    expectRefused(withWords({ 2: word(3), 3: word(2), 4: word(5), 5: word(4) }))
    expectRefused(referenceEncode({ ...points, a: points.a.negate() }))
    expectRefused(referenceEncode({ ...points, b: points.b.negate() }))
    expectRefused(referenceEncode({ ...points, c: points.c.negate() }))
  })

  it('255 and 257 bytes', () => {
    expect(checkProof(key, proof.subarray(0, 255), inputs)).toBe(false)
    expect(checkProof(key, new Uint8Array([...proof, 0]), inputs)).toBe(false)
  })
})
