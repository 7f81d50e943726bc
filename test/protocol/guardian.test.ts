// SPEC 5.1 to 5.4, 9.1, 9.3: every hash and signature of a guardian is bound to log, definition, attempt and guardian.
import { describe, expect, test } from 'vitest'
import { encodePoint, G, multiply } from '#crypto/babyjubjub.ts'
import { ed25519PublicKey } from '#crypto/ed25519.ts'
import { toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import {
  checkGuardianSignature,
  guardianContext,
  type GuardianMessage,
  type GuardianPlace,
  keygenTranscript,
  revealHash,
  shareInfo,
  signGuardianMessage,
} from '#protocol/guardian.ts'
import { aggregateHash, decryptionContext } from '#tally/decryption.ts'
import { exampleContext } from './spec-examples.ts'

const place: GuardianPlace = {
  log: { origin: 'example.org/log', genesis: sha256(Uint8Array.of(1)) },
  definition: sha256(Uint8Array.of(2)),
  attempt: 1,
  guardian: 2,
}
/** The place with each of its parts changed. */
const elsewhere: GuardianPlace[] = [
  { ...place, log: { ...place.log, origin: 'example.org/lo' } },
  { ...place, log: { ...place.log, genesis: sha256(Uint8Array.of(9)) } },
  { ...place, definition: sha256(Uint8Array.of(9)) },
  { ...place, attempt: 2 },
  { ...place, guardian: 1 },
  // The same numbers, exchanged.
  { ...place, attempt: 2, guardian: 1 },
]
const reveal = {
  type: 'reveal' as const,
  commitments: [encodePoint(G), encodePoint(multiply(G, 2n))],
  encryptionKey: encodePoint(multiply(G, 3n)),
  proof: new Uint8Array(128),
}
const deal = { type: 'deal' as const, shares: [new Uint8Array(48)] }

const distinct = (hashes: readonly Uint8Array[]) =>
  expect(new Set(hashes.map(toHex)).size).toBe(hashes.length)

describe('no two places share', () => {
  const places = [place, ...elsewhere]
  test('a context', () => distinct(places.map(guardianContext)))
  test('the hash of a reveal', () => distinct(places.map((p) => revealHash(p, reveal))))
  test('a context for decryption', () => {
    const context = exampleContext()
    distinct([
      ...places.map((p) => decryptionContext(p, context)),
      decryptionContext(place, { ...context, contest: 1 }),
      decryptionContext(place, { ...context, election: sha256(context.election) }),
    ])
  })
  test('the info of a share', () => {
    const pairs = [
      [1, 2],
      [2, 1],
      [1, 12],
      [11, 2],
    ] as const
    distinct(pairs.flatMap(([from, to]) => places.slice(0, 5).map((p) => shareInfo(p, from, to))))
  })
  test('a transcript, which also fixes every message and whose it is', () => {
    const rounds = [{ guardian: 1, reveal, deal }]
    distinct([
      ...places.slice(0, 5).map((p) => keygenTranscript(p, rounds)),
      keygenTranscript(place, [{ guardian: 2, reveal, deal }]),
      keygenTranscript(place, [{ guardian: 1, reveal, deal: { ...deal, shares: [] } }]),
      keygenTranscript(place, [
        { guardian: 1, reveal: { ...reveal, commitments: reveal.commitments.toReversed() }, deal },
      ]),
      keygenTranscript(place, [...rounds, ...rounds]),
    ])
  })
})

test('a signature holds at its own place and for its own message', () => {
  const secret = sha256(Uint8Array.of(5))
  const key = ed25519PublicKey(secret)
  const said: GuardianMessage = { type: 'confirm', transcript: sha256(Uint8Array.of(3)) }
  const signed = signGuardianMessage(place, 'city', 'budget', said, secret)
  expect(checkGuardianSignature(place, signed, key)).toBe(true)
  for (const other of elsewhere) expect(checkGuardianSignature(other, signed, key)).toBe(false)
  expect(checkGuardianSignature(place, signed, ed25519PublicKey(sha256(secret)))).toBe(false)
  // The same 32 bytes in a message of another type.
  const commit = { ...signed, message: { type: 'commit' as const, hash: said.transcript } }
  expect(checkGuardianSignature(place, commit, key)).toBe(false)
})

test('an intent names the contest and all of its ciphertexts in their order', () => {
  const context = exampleContext()
  const [a, b] = [new Uint8Array(128).fill(1), new Uint8Array(128).fill(2)]
  distinct([
    aggregateHash(context, [a, b]),
    aggregateHash(context, [b, a]),
    aggregateHash(context, [a]),
    aggregateHash(context, [a, b, b]),
    aggregateHash({ ...context, contest: 1 }, [a, b]),
    aggregateHash({ ...context, election: sha256(context.election) }, [a, b]),
  ])
})
