// SPEC 3.3, 6.1, 6.2, 6.5, 8.3: each field of a ballot altered alone, each ciphertext replaced, with the exact refusal.
import { beforeAll, describe, expect, test } from 'vitest'
import { concat, equalBytes } from '#crypto/encoding.ts'
import { FIELD_ORDER, encodeField } from '#crypto/babyjubjub.ts'
import { type Ballot, type Body, CIPHERTEXT_BYTES, type Envelope, nullifierHash } from '#protocol/ballot.ts'
import type { RefusalCode } from '#protocol/refusal.ts'
import { judge } from './judging.ts'
import { contest, Scene } from './scene.ts'
import { flip } from './verifying.ts'

const scene = new Scene({
  contests: [
    contest({ rule: { type: 'score', max: 65535n }, count: { name: 'score', seats: 1 }, blank: true }),
    contest({ rule: { type: 'score', max: 65535n }, count: { name: 'score', seats: 1 }, blank: true }),
  ],
})
const vote = [0n, 65535n, 2n]
let ballot: Ballot
let other: Ballot

beforeAll(() => {
  scene.prepare()
  scene.keygen()
  scene.open()
  ballot = scene.ballot(0, vote).ballot
  other = scene.ballot(1, vote).ballot
})

const body = (change: (body: Body) => Partial<Body>): Ballot => ({
  ...ballot,
  body: { ...ballot.body, ...change(ballot.body) },
})
const envelope = (change: (envelope: Envelope) => Partial<Envelope>): Ballot => ({
  ...ballot,
  envelope: { ...ballot.envelope, ...change(ballot.envelope) },
})

test('the ballot as it is', () => {
  expect(judge(scene, ballot)).toBe('accepted')
  expect(judge(scene, other)).toBe('accepted')
})

describe('the body', () => {
  test.each<[string, (body: Body) => Partial<Body>, RefusalCode]>([
    ['of another election', ({ election }) => ({ election: flip(election) }), 'ballot-wrong-election'],
    ['of the other contest', () => ({ contest: 1 }), 'ballot-proof-invalid'],
    ['of no contest', () => ({ contest: 2 }), 'unknown-contest'],
    ['of the other circuit', () => ({ circuit: 'L' }), 'ballot-wrong-circuit'],
    ['with another sequence number', () => ({ sequence: 1 }), 'ballot-sequence'],
    ['with another hN', (b) => ({ nullifierHash: flip(b.nullifierHash) }), 'ballot-nullifier-mismatch'],
    [
      'with another commitment',
      ({ commitment }) => ({ commitment: commitment ^ 1n }),
      'ballot-proof-invalid',
    ],
    [
      'without its last ciphertext',
      (b) => ({ ciphertexts: b.ciphertexts.slice(0, -128) }),
      'ballot-wrong-size',
    ],
    [
      'with a ciphertext too many',
      (b) => ({ ciphertexts: concat(b.ciphertexts, b.ciphertexts.slice(-128)) }),
      'ballot-wrong-size',
    ],
    ['with a byte missing', (b) => ({ ciphertexts: b.ciphertexts.slice(0, -1) }), 'ballot-wrong-size'],
    ['with none', () => ({ ciphertexts: new Uint8Array() }), 'ballot-wrong-size'],
    ['with zeros', (b) => ({ ciphertexts: new Uint8Array(b.ciphertexts.length) }), 'ballot-proof-invalid'],
  ])('%s', (_, change, code) => {
    expect(judge(scene, body(change))).toBe(code)
  })

  test('each point replaced by that of another valid ballot, or altered in one bit', () => {
    const { ciphertexts } = ballot.body
    for (let at = 0; at < ciphertexts.length; at += 64) {
      const replaced = ciphertexts.slice()
      replaced.set(other.body.ciphertexts.subarray(at, at + 64), at)
      expect(
        judge(
          scene,
          body(() => ({ ciphertexts: replaced })),
        ),
      ).toBe('ballot-proof-invalid')
      expect(
        judge(
          scene,
          body(() => ({ ciphertexts: flip(ciphertexts, at + 40) })),
        ),
      ).toBe('ballot-proof-invalid')
    }
  })

  test('each whole ciphertext replaced by that of another valid ballot, with a proof that would hold for it', () => {
    // The setup's secrets prove anything about D1 and D2; the batch equation alone still binds them to the ciphertexts.
    const { ciphertexts } = ballot.body
    for (let at = 0; at < ciphertexts.length; at += CIPHERTEXT_BYTES) {
      const replaced = ciphertexts.slice()
      replaced.set(other.body.ciphertexts.subarray(at, at + CIPHERTEXT_BYTES), at)
      const forged = scene.prove(body(() => ({ ciphertexts: replaced })))
      expect(judge(scene, forged)).toBe('ballot-proof-invalid')
    }
  })
})

describe('the envelope', () => {
  test.each<[string, (envelope: Envelope) => Partial<Envelope>, RefusalCode]>([
    ['another nullifier', ({ nullifier }) => ({ nullifier: nullifier ^ 1n }), 'ballot-nullifier-mismatch'],
    [
      "another voter's nullifier",
      () => ({ nullifier: other.envelope.nullifier }),
      'ballot-nullifier-mismatch',
    ],
    ['another nullifier key', (e) => ({ nullifierKey: flip(e.nullifierKey) }), 'ballot-nullifier-mismatch'],
    ['another D1', ({ claims }) => ({ claims: flip(claims, 40) }), 'ballot-proof-invalid'],
    ['another D2', ({ claims }) => ({ claims: flip(claims, 100) }), 'ballot-proof-invalid'],
    [
      'D1 and D2 exchanged',
      ({ claims: c }) => ({ claims: concat(c.slice(64), c.slice(0, 64)) }),
      'ballot-proof-invalid',
    ],
    ['no D1 and D2', () => ({ claims: new Uint8Array(128) }), 'ballot-proof-invalid'],
    ['claims of another ballot', () => ({ claims: other.envelope.claims }), 'ballot-proof-invalid'],
    ['the proof of another ballot', () => ({ proof: other.envelope.proof }), 'ballot-proof-invalid'],
    ['no proof', () => ({ proof: new Uint8Array(256) }), 'ballot-proof-invalid'],
    [
      'A of another proof',
      (e) => ({ proof: concat(other.envelope.proof.slice(0, 64), e.proof.slice(64)) }),
      'ballot-proof-invalid',
    ],
    [
      'B of another proof',
      (e) => ({
        proof: concat(e.proof.slice(0, 64), other.envelope.proof.slice(64, 192), e.proof.slice(192)),
      }),
      'ballot-proof-invalid',
    ],
    [
      'C of another proof',
      (e) => ({ proof: concat(e.proof.slice(0, 192), other.envelope.proof.slice(192)) }),
      'ballot-proof-invalid',
    ],
  ])('%s', (_, change, code) => {
    expect(judge(scene, envelope(change))).toBe(code)
  })

  test('the proof altered in one bit, anywhere', () => {
    for (let at = 0; at < 256; at += 8)
      expect(
        judge(
          scene,
          envelope(({ proof }) => ({ proof: flip(proof, at) })),
        ),
      ).toBe('ballot-proof-invalid')
  })

  test('a nullifier of the same class modulo p is no second identity', () => {
    const { nullifier, nullifierKey } = ballot.envelope
    expect(() => encodeField(nullifier + FIELD_ORDER)).toThrow()
    expect(equalBytes(nullifierHash(nullifier, nullifierKey), ballot.body.nullifierHash)).toBe(true)
  })
})
