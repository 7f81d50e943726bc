// SPEC 7.8: assertions of passkeys, and whatever is no agreement of a verified person at the officials' own page.
import { p256 } from '@noble/curves/nist.js'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkEs256, isEs256Key } from '#crypto/es256.ts'
import { sha256 } from '#crypto/hash.ts'
import { fromHex } from '#crypto/encoding.ts'
import type { Assertion } from '#protocol/official.ts'
import { checkAssertion } from '#protocol/passkey.ts'
import { type Circumstances, Passkey } from '../tally/passkey.ts'

const place = {
  relyingParty: 'vote.example.org',
  webOrigins: ['https://vote.example.org', 'https://b.example'],
}
const ada = new Passkey('ada')
const challenge = sha256(Uint8Array.of(7))
const good = ada.assert(place, challenge)
const holds = (assertion: Assertion, key = ada.key) => checkAssertion(place, key, challenge, assertion)
const made = (changes: Partial<Circumstances>) => holds(ada.assert(place, challenge, changes))

test('a verified person at an official page, for this very challenge', () => {
  expect(holds(good)).toBe(true)
  expect(made({ client: { origin: 'https://b.example' } })).toBe(true)
  // Browsers leave it out, or add what nobody knows yet.
  expect(made({ client: { crossOrigin: undefined, other_keys_can_be_added_here: 'do not compare' } })).toBe(
    true,
  )
  // Backup flags, and extensions.
  expect(made({ flags: 0x1d })).toBe(true)
  expect(made({ flags: 0x85, more: Uint8Array.of(0xa0) })).toBe(true)
})

describe('refused', () => {
  test.each<[string, Partial<Circumstances>]>([
    ['another relying party', { relyingParty: 'example.org' }],
    ['nobody present', { flags: 0x04 }],
    ['nobody verified', { flags: 0x01 }],
    ['bytes that no flag announces', { more: Uint8Array.of(0) }],
    ['a new passkey', { client: { type: 'webauthn.create' } }],
    ['another challenge', { client: { challenge: 'AAAA' } }],
    ['the challenge with padding', { client: { challenge: btoa('x'.repeat(32)) } }],
    ['another origin', { client: { origin: 'https://vote.example.org.evil.example' } }],
    ['another scheme', { client: { origin: 'http://vote.example.org' } }],
    ['from within a page of others', { client: { crossOrigin: true } }],
    ['with the page of others named', { client: { topOrigin: 'https://evil.example' } }],
  ])('%s', (_, changes) => expect(made(changes)).toBe(false))

  test('another challenge, another key', () => {
    expect(checkAssertion(place, ada.key, sha256(Uint8Array.of(8)), good)).toBe(false)
    expect(holds(good, new Passkey('ben').key)).toBe(false)
  })

  test('each flipped bit of what is signed', () => {
    for (const part of [0, 1] as const) {
      for (let bit = 0; bit < 8 * good[part].length; bit++) {
        const bytes = Uint8Array.from(good[part], (byte, i) =>
          i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte,
        )
        expect(holds(good.with(part, bytes) as Assertion)).toBe(false)
      }
    }
  })

  test('whatever else is said to be an assertion', () => {
    const bytes = fc.uint8Array({ maxLength: 100 })
    fc.assert(fc.property(bytes, bytes, bytes, (a, b, c) => !holds([a, b, c])))
    for (const json of ['', '[]', 'null', '"x"', '{}', '\u{feff}']) {
      expect(holds([good[0], new TextEncoder().encode(json), good[2]])).toBe(false)
    }
    expect(holds([good[0], Uint8Array.of(0xff), good[2]])).toBe(false)
  })
})

describe('ES256', () => {
  // RFC 6979, A.2.5: P-256, SHA-256, message "sample".
  const key = fromHex(
    '0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299',
  )
  const r = 0xefd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716n
  const s = 0xf7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8n
  const message = new TextEncoder().encode('sample')
  const n = p256.Point.Fn.ORDER
  const der = (a: bigint, b: bigint) => new p256.Signature(a, b).toBytes('der')

  test('known answer, with either value of s', () => {
    expect(checkEs256(key, message, der(r, s))).toBe(true)
    expect(checkEs256(key, message, der(r, n - s))).toBe(true)
    expect(checkEs256(key, new TextEncoder().encode('test'), der(r, s))).toBe(false)
  })

  test('no other encoding of the signature', () => {
    const signature = der(r, s)
    const [, , ...rest] = signature
    for (const other of [
      signature.subarray(1),
      Uint8Array.of(...signature, 0),
      Uint8Array.of(0x30, 0x81, rest.length, ...rest),
      new p256.Signature(r, s).toBytes('compact'),
      new Uint8Array(0),
    ])
      expect(checkEs256(key, message, other)).toBe(false)
  })

  test('keys are points in one form', () => {
    expect(isEs256Key(key)).toBe(true)
    const compressed = p256.Point.fromBytes(key).toBytes(true)
    const off = key.with(64, (key[64] ?? 0) ^ 1)
    const hybrid = key.with(0, 6)
    for (const other of [compressed, off, hybrid, key.subarray(1), new Uint8Array(65), Uint8Array.of(0)]) {
      expect(isEs256Key(other)).toBe(false)
      expect(checkEs256(other, message, der(r, s))).toBe(false)
    }
  })
})
