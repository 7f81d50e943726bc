// SPEC 6.6: the command line as the second device of a challenge.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { check } from '#cli/check.ts'
import { toHex } from '#crypto/encoding.ts'
import { ballotContent } from '#protocol/ballot.ts'
import { noteLink, openingLink } from '#protocol/challenge.ts'
import { encodeOpening, openingOf } from '#protocol/seal.ts'
import { formatTracker } from '#protocol/tracker.ts'
import { writeRecord } from '#tally/record.ts'
import { checkpointOf, POLICY } from '../tally/record.ts'
import { contest, Scene } from '../tally/scene.ts'

const ORIGIN = 'https://example.org'
const scene = new Scene({
  contests: [
    contest({
      blank: true,
      rule: { type: 'score', max: 5n },
      count: { name: 'score', seats: 1 },
    }),
  ],
})
scene.prepare()
scene.keygen()
scene.open()
const { sealing } = scene.ballot(0, [0n, 5n, 3n])
const hash = openingOf(sealing).bodyHash
const other = openingOf(scene.ballot(0, [0n, 0n, 5n]).sealing)
const cast = scene.ballot(1, [1n, 0n, 0n])

let folder: string
let opening: string
let record: string
let out: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'comitia-check-'))
  opening = join(folder, 'opening')
  record = join(folder, 'record')
  writeFileSync(opening, encodeOpening(openingOf(sealing)))
  scene.offer(['ballot', ballotContent(cast.ballot)])
  const each = async function* (items: readonly Uint8Array[]) {
    for (const item of items) yield await Promise.resolve(item)
  }
  await writeFile(record, writeRecord(POLICY, checkpointOf(scene.entries), each(scene.entries), each([])))
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.restoreAllMocks())

function run(...args: string[]): Promise<number> {
  out = ''
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => ((out += String(text)), true))
  return check([...args, '--record', record])
}

const marks = [
  { option: 'a', title: 'A', value: 5 },
  { option: 'b', title: 'B', value: 3 },
]

test.each([
  ['nothing', []],
  ['the link in the QR code', ['--noted', noteLink(ORIGIN, hash)]],
  ['the hash', ['--noted', toHex(hash)]],
  ['the tracker', ['--noted', formatTracker(hash).toLowerCase()]],
])('sealed as shown, having noted %s', async (_, noted) => {
  expect(await run(opening, ...noted, '--json')).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ passed: true, tracker: formatTracker(hash), marks })
})

test('an opening from a QR code, in words', async () => {
  expect(await run(openingLink(ORIGIN, encodeOpening(openingOf(sealing))))).toBe(0)
  expect(out).toMatch(/^Tracker .*\nThe opened ballot .*\n {2}a +5 {2}A\n {2}b +3 {2}B\n$/)
})

test.each([
  [
    'another ballot was noted',
    () => [opening, '--noted', noteLink(ORIGIN, other.bodyHash)],
    /Another ballot/,
  ],
  ['another tracker was noted', () => [opening, '--noted', formatTracker(other.bodyHash)], /Another ballot/],
  [
    'the marks are others',
    () => [openingLink(ORIGIN, encodeOpening({ ...openingOf(sealing), values: [0n, 3n, 5n] }))],
    /NOT what it claims/,
  ],
  [
    'the ballot was cast',
    () => [openingLink(ORIGIN, encodeOpening(openingOf(cast.sealing)))],
    /Entry \d+: the opened ballot is in the record/,
  ],
])('%s: exit 1, and no marks are shown', async (_, args, reason) => {
  expect(await run(...args(), '--json')).toBe(1)
  expect(JSON.parse(out)).toMatchObject({ passed: false, marks: [] })
  expect(out).toMatch(reason)
})

test.each([
  ['no file', () => [join(folder, 'nothing')]],
  ['no opening', () => [record]],
  ['the link of a note', () => [noteLink(ORIGIN, hash)]],
  ['a note with a slip', () => [opening, '--noted', formatTracker(hash).replace(/.$/, 'U')]],
])('%s: exit 2', async (_, args) => {
  expect(await run(...args())).toBe(2)
})
