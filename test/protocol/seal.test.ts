// SPEC 6.1, 6.2, 6.3, 6.6: sealing, what a body is, and openings that recompute it in every byte or not at all.
import { describe, expect, test } from 'vitest'
import { checkRule } from '#circuits/rule.ts'
import { clearCofactor, decodePoint, encodePoint, G, multiply } from '#crypto/babyjubjub.ts'
import { discreteLog } from '#crypto/dlog.ts'
import { equalBytes, toHex } from '#crypto/encoding.ts'
import { checkClaims } from '#crypto/claims.ts'
import {
  ballotContent,
  type BallotContext,
  ballotOf,
  ballotStatement,
  type Body,
  bodyHash,
  nullifierHash,
} from '#protocol/ballot.ts'
import { decodeCbor, encodeCbor } from '#protocol/codec.ts'
import { packing, ruleParameters, usedSlots } from '#protocol/contest.ts'
import { decodeEntry, encodeEntry } from '#protocol/entry.ts'
import type { Contest, Rule } from '#protocol/manifest.ts'
import { Refusal } from '#protocol/refusal.ts'
import {
  checkOpening,
  claims,
  decodeOpening,
  encodeOpening,
  type Opening,
  openingOf,
  seal,
} from '#protocol/seal.ts'
import { contest } from '../tally/scene.ts'
import { exampleContext } from './spec-examples.ts'

/** The secret key of the example context. */
const SECRET = 5n

function contextOf(of: Contest, size = 1000): BallotContext {
  const packed = packing(of, 'S', { size, totalWeight: BigInt(3 * size) })
  if (packed === undefined) throw new Error('fits')
  return { ...exampleContext(), rule: ruleParameters(of, 'S'), slots: usedSlots(of), packing: packed }
}

function three(rule: Rule, changes: Partial<Contest> = {}): Contest {
  const options = [3n, 4n, 5n].map((cost, i) => ({ id: `o${i}`, title: { en: `O${i}` }, cost }))
  return contest({ options, rule, ...changes })
}

const VOTES: [Contest, bigint[]][] = [
  [three({ type: 'plurality' }), [0n, 1n, 0n]],
  [three({ type: 'approval', min: 0n, max: 3n }), [1n, 1n, 1n]],
  [three({ type: 'score', max: 4n }, { blank: true }), [0n, 4n, 0n, 3n]],
  [three({ type: 'score', max: 4n }, { blank: true }), [1n, 0n, 0n, 0n]],
  [three({ type: 'cumulative', minTotal: 1n, maxTotal: 9n, max: 9n }), [0n, 9n, 0n]],
  [three({ type: 'quadratic', credits: 9n, max: 3n }, { weighted: true }), [2n, 2n, 1n]],
  [three({ type: 'borda', points: [3n, 2n, 1n] }), [0n, 1n, 3n, 2n]],
  [three({ type: 'ranking', min: 1n, max: 3n }), [0n, 0n, 2n, 1n]],
  [three({ type: 'knapsack', budget: 8n }), [1n, 0n, 1n]],
]
const voter = { nullifier: 77n, weight: 3n }

/** What the ciphertexts hold, slot by slot, by the election's secret key. */
function decrypt(
  { slots, packing: { bits, perCiphertext } }: BallotContext,
  { ciphertexts }: Body,
): bigint[] {
  return Array.from({ length: ciphertexts.length / 128 }, (_, j) => {
    const [c1, c2] = [0, 64].map((at) =>
      clearCofactor(decodePoint(ciphertexts.subarray(128 * j + at, 128 * j + at + 64))),
    )
    if (c1 === undefined || c2 === undefined) throw new Error('two points')
    const packed = discreteLog(c2.subtract(multiply(c1, SECRET)), 1n << 40n) ?? -1n
    return Array.from(
      { length: Math.min(perCiphertext, slots - j * perCiphertext) },
      (_, pos) => (packed >> BigInt(bits * pos)) & ((1n << BigInt(bits)) - 1n),
    )
  }).flat()
}

describe.each(VOTES)('%o', (of, values) => {
  const context = contextOf(of)
  const sealing = seal(context, voter, 4, values)
  const opening = openingOf(sealing)

  test('the ciphertexts hold the values, times the weight where it counts', () => {
    const factor = of.weighted ? voter.weight : 1n
    expect(decrypt(context, sealing.body)).toEqual(values.map((v) => factor * v))
  })
  test('the claims fit the ciphertexts, and the body the voter', () => {
    const envelope = {
      nullifier: voter.nullifier,
      nullifierKey: sealing.nullifierKey,
      claims: claims(context, sealing),
      proof: new Uint8Array(256),
    }
    expect(checkClaims([ballotStatement(context, { body: sealing.body, envelope }).claim])).toBe(true)
    expect(sealing.body.nullifierHash).toEqual(nullifierHash(voter.nullifier, sealing.nullifierKey))
    expect(sealing.body.sequence).toBe(4)
  })
  test('the opening recomputes the body, through its file', () => {
    expect(checkOpening(context, opening)).toBe(true)
    expect(checkOpening(context, decodeOpening(encodeOpening(opening)))).toBe(true)
  })
  test('an opening of anything else does not', () => {
    const lies: Opening[] = [
      { ...opening, seed: opening.seed.with(31, (opening.seed[31] ?? 0) ^ 1) },
      { ...opening, salt: opening.salt ^ 1n },
      { ...opening, weight: opening.weight + 1n },
      { ...opening, values: [...opening.values, 0n] },
      { ...opening, values: opening.values.slice(1) },
      ...values.map((v, i) => ({ ...opening, values: values.with(i, v === 0n ? 1n : 0n) })),
    ]
    for (const lie of lies) expect(checkOpening(context, lie)).toBe(false)
  })
  test('nor one that names another body', () => {
    const flipped = (bytes: Uint8Array) => bytes.with(0, (bytes[0] ?? 0) ^ 1)
    const { body } = sealing
    const bodies: Partial<Body>[] = [
      { election: flipped(body.election) },
      { contest: 1 },
      { circuit: 'L' },
      { sequence: 5 },
      { nullifierHash: flipped(body.nullifierHash) },
      { commitment: body.commitment ^ 1n },
      { ciphertexts: flipped(body.ciphertexts) },
      { ciphertexts: body.ciphertexts.slice(128) },
    ]
    for (const change of bodies) {
      const other = { ...body, ...change }
      expect(checkOpening(context, { ...opening, bodyHash: bodyHash(other) })).toBe(false)
      // As a device says that follows the altered body in everything, which is the truth for sequence number and hN only.
      const { election, contest, sequence, nullifierHash } = other
      const told = { ...opening, election, contest, sequence, nullifierHash, bodyHash: bodyHash(other) }
      const true_ = 'sequence' in change || 'nullifierHash' in change
      expect(checkOpening(context, told)).toBe(true_)
    }
  })
  test('nor in another contest', () => {
    const flipped = (bytes: Uint8Array) => bytes.with(0, (bytes[0] ?? 0) ^ 1)
    const elsewhere: Partial<BallotContext>[] = [
      { election: flipped(context.election) },
      { contest: 1 },
      { key: [multiply(G, 7n).x, multiply(G, 7n).y] },
      { packing: { ...context.packing, bits: context.packing.bits + 1 } },
    ]
    if (values.every((v, i) => i === 0 || v === 0n)) elsewhere.pop()
    for (const change of elsewhere) expect(checkOpening({ ...context, ...change }, opening)).toBe(false)
  })
})

describe('a device that lies about what it sealed', () => {
  const context = contextOf(three({ type: 'plurality' }))
  const sealing = seal(context, voter, 0, [0n, 1n, 0n])
  test('cannot open the body to another vote', () => {
    for (const values of [
      [1n, 0n, 0n],
      [0n, 0n, 1n],
    ])
      expect(checkOpening(context, { ...openingOf(sealing), values })).toBe(false)
  })
  test('cannot open a vote that breaks the rule, however consistent', () => {
    const free = { ...context, rule: { ...context.rule, sumMax: 3n, countMax: 3n } }
    const two = seal(free, voter, 0, [1n, 1n, 0n])
    expect(checkOpening(free, openingOf(two))).toBe(true)
    expect(checkOpening(context, openingOf(two))).toBe(false)
  })
})

describe('each sealing', () => {
  const context = contextOf(three({ type: 'approval', min: 0n, max: 3n }))
  test('is fresh: nothing of two equal votes is equal', () => {
    const [a, b] = [seal(context, voter, 0, [1n, 0n, 0n]), seal(context, voter, 0, [1n, 0n, 0n])]
    expect(toHex(bodyHash(a.body))).not.toBe(toHex(bodyHash(b.body)))
    expect(a.salt).not.toBe(b.salt)
    for (const part of ['seed', 'nullifierKey'] as const) expect(equalBytes(a[part], b[part])).toBe(false)
    expect(equalBytes(a.body.nullifierHash, b.body.nullifierHash)).toBe(false)
    const points = [a, b].flatMap(({ body }) =>
      Array.from({ length: body.ciphertexts.length / 64 }, (_, i) =>
        toHex(body.ciphertexts.subarray(64 * i, 64 * i + 64)),
      ),
    )
    expect(new Set(points).size).toBe(points.length)
  })
  test('refuses a vote that breaks the rule', () => {
    expect(() => seal(context, voter, 0, [2n, 0n, 0n])).toThrow(RangeError)
    expect(() => seal(context, voter, 0, [1n, 1n, 1n, 1n])).toThrow(RangeError)
    expect(checkRule(context.rule, [1n, ...Array<bigint>(15).fill(0n)], 1n)).toBe(true)
  })
})

describe('bytes', () => {
  const { body, nullifierKey } = seal(contextOf(three({ type: 'plurality' })), voter, 0, [1n, 0n, 0n])
  const envelope = { nullifier: 7n, nullifierKey, claims: new Uint8Array(128), proof: new Uint8Array(256) }
  const entry = encodeEntry(['ballot', ballotContent({ body, envelope })])
  test('of a ballot go there and back', () => {
    const [type, content] = decodeEntry(entry)
    if (type !== 'ballot') throw new Error('not a ballot')
    expect(ballotOf(content)).toEqual({ body, envelope })
    expect(toHex(encodeEntry(['ballot', content]))).toBe(toHex(entry))
  })
  test('of a body of another version, with a field more or less, or longer parts, are refused', () => {
    const [, [fields, sent]] = decodeCbor(entry) as [string, [unknown[], unknown[]]]
    const bad: unknown[][] = [
      fields.with(0, 2),
      [...fields, 0],
      fields.slice(0, -1),
      fields.with(1, new Uint8Array(31)),
      fields.with(2, 64),
      fields.with(3, 'M'),
      fields.with(4, 65536),
      fields.with(4, -1),
      fields.with(6, new Uint8Array(32).fill(255)),
      fields.with(7, new Uint8Array(128 * 128 + 1)),
    ]
    const offered = (other: unknown[]) => decodeEntry(encodeCbor(['ballot', [other, sent]]))
    expect(() => offered(fields)).not.toThrow()
    for (const other of bad) expect(() => offered(other)).toThrow(Refusal)
  })
  test.each([
    ['S', 16, 65535n, 450],
    ['L', 128, 255n, 800],
    ['L', 128, 65535n, 800],
  ] as const)('an opening of circuit %s with %d values of %d fits a QR code', (_, slots, value, limit) => {
    const opening = openingOf(seal(contextOf(three({ type: 'plurality' })), voter, 0, [1n, 0n, 0n]))
    const largest = { contest: 63, sequence: 65535, weight: 65535n, values: Array<bigint>(slots).fill(value) }
    expect(encodeOpening({ ...opening, ...largest }).length).toBeLessThan(limit)
  })
  test('of an opening file in another format are refused', () => {
    const file = encodeOpening(
      openingOf(seal(contextOf(three({ type: 'plurality' })), voter, 0, [1n, 0n, 0n])),
    )
    const fields = decodeCbor(file) as Record<string, unknown>
    expect(() => decodeOpening(encodeCbor(fields))).not.toThrow()
    for (const changes of [
      { format: 'other' },
      { nullifier: 1 },
      { salt: new Uint8Array(32).fill(255) },
      { values: [] },
      { bodyHash: new Uint8Array(31) },
      { values: Array<number>(129).fill(0) },
    ])
      expect(() => decodeOpening(encodeCbor({ ...fields, ...changes }))).toThrow(Refusal)
    expect(() => decodeOpening(file.slice(1))).toThrow(Refusal)
  })
  test('the neutral element is no key to seal under', () => {
    const { x, y } = decodePoint(encodePoint(G.subtract(G))).toAffine()
    const context = { ...contextOf(three({ type: 'plurality' })), key: [x, y] as const }
    expect(() => seal(context, voter, 0, [1n, 0n, 0n])).toThrow('no key')
  })
})
