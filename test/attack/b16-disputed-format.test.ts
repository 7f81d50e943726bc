// B16: a dispute over whether a ballot is in the right format. The format is published byte by byte (SPEC 6.1, 6.2, 7.1):
// this ballot entry was written down once and must be read, and written again, the same way for ever.
import { expect, test } from 'vitest'
import { fromHex, toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { ballotContent, ballotOf, bodyHash } from '#protocol/ballot.ts'
import { decodeEntry, encodeEntry } from '#protocol/entry.ts'
import { Refusal } from '#protocol/refusal.ts'
import { formatTracker } from '#protocol/tracker.ts'

const bytes = (length: number, first: number) =>
  toHex(Uint8Array.from({ length }, (_, i) => (first + i) % 251)).replace(/^../, '00')

const PARTS = {
  'an entry of two': '82',
  'type "ballot"': '6662616c6c6f74',
  'body and envelope': '82',
  'a body of eight': '88',
  'version 1': '01',
  E: `5820${bytes(32, 1)}`,
  'contest 2': '02',
  'circuit "S"': '6153',
  'sequence number 3': '03',
  hN: `5820${bytes(32, 2)}`,
  com: `5820${bytes(32, 3)}`,
  'one ciphertext': `5880${bytes(128, 4)}`,
  'an envelope of four': '84',
  N: `5820${bytes(32, 5)}`,
  kN: `50${bytes(16, 6)}`,
  'D1 and D2': `5880${bytes(128, 7)}`,
  proof: `590100${bytes(256, 8)}`,
}
const GOLDEN = fromHex(Object.values(PARTS).join(''))

test('the ballot entry of the specification', () => {
  const [type, content] = decodeEntry(GOLDEN)
  if (type !== 'ballot') throw new Error('not a ballot')
  const ballot = ballotOf(content)
  expect(ballot.body).toMatchObject({ contest: 2, circuit: 'S', sequence: 3 })
  expect(toHex(ballot.envelope.nullifierKey)).toBe(bytes(16, 6))
  expect(toHex(encodeEntry(['ballot', ballotContent(ballot)]))).toBe(toHex(GOLDEN))
  expect(toHex(sha256(GOLDEN))).toBe('f38518b109ea9f9186b78ecd535724167b158e611ac1cd27187f60190699a688')
  expect(toHex(bodyHash(ballot.body))).toBe(
    '0bb30222e9f2f6ea033b278a2ee136ff15591c0579fcdbd72bbf1b087f4a698a',
  )
  expect(formatTracker(bodyHash(ballot.body))).toBe('1ESG-48Q9-YBVE-M0SV-FEE8')
})

test('every part has one length and one place', () => {
  const names = Object.keys(PARTS) as (keyof typeof PARTS)[]
  const others = names.flatMap((name) => {
    const value = PARTS[name]
    const rest = Object.values({ ...PARTS, [name]: '' }).join('')
    const without = fromHex(rest)
    const longer = fromHex(Object.values({ ...PARTS, [name]: `${value}00` }).join(''))
    return [without, longer]
  })
  for (const other of others) expect(() => decodeEntry(other)).toThrow(Refusal)
  for (const [name, value] of [
    ['version 1', '02'],
    ['circuit "S"', '6154'],
    ['contest 2', '1840'],
    ['sequence number 3', '1a00010000'],
    ['com', `5820${'ff'.repeat(32)}`],
    ['N', `5820${'ff'.repeat(32)}`],
    ['kN', `4f${bytes(15, 6)}`],
    ['proof', `58ff${bytes(255, 8)}`],
  ] as const)
    expect(() => decodeEntry(fromHex(Object.values({ ...PARTS, [name]: value }).join('')))).toThrow(Refusal)
})
