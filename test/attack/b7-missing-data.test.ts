// B7: a verifier that passes on what is missing, doubled or out of order. The server signs each altered record anew.
import { beforeAll, describe, expect, test } from 'vitest'
import { concat, EncodingError, toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { openRecord, type PublicRecord, writeRecord } from '#tally/record.ts'
import { verify } from '#tally/verify/verify.ts'
import { electionOfEverything, first, label } from '../tally/corpus.ts'
import { checkpointOf, POLICY } from '../tally/record.ts'
import { contest, Scene } from '../tally/scene.ts'
import { attachmentsOf } from '../tally/setup.ts'
import { failedChecks, failures, flip, inlineWorker, inspect } from '../tally/verifying.ts'

let scene: Scene
let entries: readonly Uint8Array[]
beforeAll(async () => {
  scene = await electionOfEverything()
  ;({ entries } = scene)
})

const entryAt = (index: number): Uint8Array => entries[index] ?? new Uint8Array()

// What an observer first meets for each altered entry. Where it says V1 alone or intent-checkpoint, the change decides
// nothing in the tally (a moment that is named twice, messages of one round or ballots of different voters in another
// order): it shows only against a checkpoint that somebody holds, here those in the guardians' intents, which then
// cover other entries than they did (V1) or another number of them.

/** The last entry alone may go unnoticed: whoever holds its receipt or a later checkpoint sees it. */
const REMOVED = {
  'V4@0 not-expected-here': ['0 genesis'],
  'V11@25 intent-checkpoint': ['1 time', '21 ballot', '23 ballot'],
  'V4@2 unknown-process': ['2 create-process'],
  'V4@3 unknown-roll': ['3 add-to-roll'],
  'V4@4 act-counter-stale': ['4 freeze-roll'],
  'V4@5 act-counter-stale': ['5 define-election'],
  'V4@6 wrong-state': ['6 start-keygen'],
  'V4@8 wrong-state': ['7 commit', '8 commit'],
  'V4@10 wrong-state': ['9 reveal', '10 reveal'],
  'V4@12 wrong-state': ['11 deal', '12 deal'],
  'V4@14 wrong-state': ['13 confirm', '14 confirm'],
  'V7@16 rehearsal-missing': ['15 rehearse', '16 rehearse'],
  'V8@18 ballot-wrong-election': ['17 open-election'],
  'V4@18 too-early': ['18 time'],
  'V9@21 ballot-sequence': ['19 ballot'],
  'V11@25 intent-conflict': ['20 ballot', '22 ballot'],
  'V4@24 too-early': ['24 time'],
  'V4@25 wrong-state': ['25 close-election'],
  'V11@26 intent-checkpoint': ['26 intend'],
  'V11@27 intent-missing': ['27 intend'],
  'V11@29 intent-checkpoint': ['28 decrypt', '29 decrypt'],
  'V11@30 intent-checkpoint': ['30 intend'],
  'V11@31 intent-missing': ['31 intend'],
  'V4@33 wrong-state': ['32 decrypt', '33 decrypt'],
  nothing: ['34 publish-result'],
}

const DOUBLED = {
  'V4@1 not-expected-here': ['0 genesis'],
  'V11@27 intent-checkpoint': ['1 time', '18 time', '24 time'],
  'V4@3 already-exists': ['2 create-process'],
  'V6@4 credential-registered': ['3 add-to-roll'],
  'V4@5 act-counter-stale': ['4 freeze-roll'],
  'V4@6 act-counter-stale': ['5 define-election'],
  'V4@7 act-counter-stale': ['6 start-keygen'],
  'V7@8 keygen-repeated': ['7 commit'],
  'V7@10 keygen-repeated': ['9 reveal'],
  'V7@12 keygen-repeated': ['11 deal'],
  'V7@14 keygen-repeated': ['13 confirm'],
  'V7@16 keygen-repeated': ['15 rehearse'],
  'V4@18 act-counter-stale': ['17 open-election'],
  'V9@20 ballot-recorded': ['19 ballot'],
  'V9@23 ballot-recorded': ['22 ballot'],
  'V4@26 act-counter-stale': ['25 close-election'],
  'V11@27 intent-conflict': ['26 intend'],
  'V11@29 decryption-repeated': ['28 decrypt'],
  'V4@35 act-counter-stale': ['34 publish-result'],
}

/** The second of two neighbours that are exchanged. Shares in another order are as good, and no intent came after. */
const EXCHANGED = {
  'V4@0 not-expected-here': ['1 time'],
  V1: [
    '2 create-process',
    '8 commit',
    '10 reveal',
    '12 deal',
    '14 confirm',
    '16 rehearse',
    '18 time',
    '20 ballot',
    '21 ballot',
    '22 ballot',
    '23 ballot',
    '29 decrypt',
  ],
  'V4@2 unknown-process': ['3 add-to-roll'],
  'V4@3 unknown-roll': ['4 freeze-roll'],
  'V4@4 act-counter-stale': ['5 define-election'],
  'V4@5 act-counter-stale': ['6 start-keygen'],
  'V4@6 wrong-state': ['7 commit'],
  'V4@8 wrong-state': ['9 reveal'],
  'V4@10 wrong-state': ['11 deal'],
  'V4@12 wrong-state': ['13 confirm'],
  'V4@14 wrong-state': ['15 rehearse'],
  'V7@16 rehearsal-missing': ['17 open-election'],
  'V4@18 too-early': ['19 ballot'],
  'V4@24 too-late': ['24 time'],
  'V4@24 too-early': ['25 close-election'],
  'V4@25 wrong-state': ['26 intend'],
  'V11@26 intent-checkpoint': ['27 intend'],
  'V11@27 intent-missing': ['28 decrypt'],
  'V11@29 intent-checkpoint': ['30 intend'],
  'V11@30 intent-checkpoint': ['31 intend'],
  'V11@31 intent-missing': ['32 decrypt'],
  nothing: ['33 decrypt'],
  'V4@33 wrong-state': ['34 publish-result'],
}

/** The places with each answer. */
async function answers(
  places: Iterable<number>,
  alter: (index: number) => Uint8Array[],
): Promise<Record<string, string[]>> {
  const met: Record<string, string[]> = {}
  for (const index of places) (met[first(await inspect(alter(index)))] ??= []).push(label(entries, index))
  return met
}

describe('B7 each entry', () => {
  test('as they are, they pass', async () => {
    expect(failures(await inspect(entries))).toEqual([])
  })

  test('removed', async () => {
    expect(await answers(entries.keys(), (i) => entries.toSpliced(i, 1))).toEqual(REMOVED)
  })

  test('doubled', async () => {
    const places = Object.values<string[]>(DOUBLED).flatMap((labels) => labels.map((l) => parseInt(l, 10)))
    const met = await answers(
      places.sort((a, b) => a - b),
      (i) => entries.toSpliced(i, 0, entryAt(i)),
    )
    expect(met).toEqual(DOUBLED)
  })

  test('exchanged with its neighbour', async () => {
    const places = [...entries.keys()].slice(1)
    const met = await answers(places, (i) => entries.toSpliced(i - 1, 2, entryAt(i), entryAt(i - 1)))
    expect(met).toEqual(EXCHANGED)
  })

  test.each([
    ['a ballot after closing', 19, 26, 'V9@21 ballot-sequence'],
    ["a voter's second ballot before the first", 22, 19, 'V9@19 ballot-sequence'],
    ['a share before its intent', 28, 26, 'V11@26 intent-missing'],
    ['the opening at the end', 17, 34, 'V8@18 ballot-wrong-election'],
    ['a credential after the roll was frozen', 3, 4, 'V4@3 unknown-roll'],
  ])('moved: %s', async (_, from, to, answer) => {
    expect(first(await inspect(entries.toSpliced(from, 1).toSpliced(to, 0, entryAt(from))))).toBe(answer)
  })

  test('a record cut short anywhere says less, and passes no more than it holds', async () => {
    const findings = await inspect(entries.slice(0, 24))
    expect(failures(findings)).toEqual([])
    const open = ['V10', 'V11', 'V12', 'V14', 'V16']
    expect(findings.filter((f) => open.includes(f.check)).every((f) => f.status === 'not-applicable')).toBe(
      true,
    )
    const held = [checkpointOf(entries)]
    expect(failures(await inspect(entries.slice(0, 24), { checkpoints: held }))).toEqual(['V1 held-fork'])
  })
})

describe('B7 a removal from the roll', () => {
  const removed = new Scene({ removed: [7n] })
  removed.prepare()
  const { entries } = removed
  const at = entries.findIndex((_, index) => label(entries, index).endsWith('remove-from-roll'))
  const moved = (to: number) => entries.toSpliced(at, 1).toSpliced(to, 0, entries[at] ?? new Uint8Array())

  test.each([
    ['as it is', entries, 'nothing'],
    ['removed', entries.toSpliced(at, 1), `V4@${at} act-counter-stale`],
    ['doubled', entries.toSpliced(at, 0, entries[at] ?? new Uint8Array()), `V4@${at + 1} act-counter-stale`],
    ['before what it removes', moved(at - 1), `V4@${at - 1} unknown-roll`],
    ['after the roll was frozen', moved(at + 1), `V4@${at} act-counter-stale`],
  ])('%s', async (_, altered, answer) => {
    expect(first(await inspect(altered))).toBe(answer)
  })
})

describe('B7 each attachment', () => {
  test.each([
    ['no verification key', 0, (): Uint8Array[] => [], ['V5', 'V8']],
    ['no transcript', 1, (): Uint8Array[] => [], ['V5']],
    ['half a verification key', 0, (file: Uint8Array) => [file.subarray(0, file.length >> 1)], ['V5', 'V8']],
    ['half a transcript', 1, (file: Uint8Array) => [file.subarray(0, file.length >> 1)], ['V5']],
    [
      'a verification key with a byte too many',
      0,
      (file: Uint8Array) => [concat(file, Uint8Array.of(10))],
      ['V5', 'V8'],
    ],
    ['a transcript with a byte too many', 1, (file: Uint8Array) => [concat(file, Uint8Array.of(0))], ['V5']],
  ])('%s', async (_, at, alter, checks) => {
    const files = attachmentsOf('S')
    const attachments = files.toSpliced(at, 1, ...alter(files[at] ?? new Uint8Array()))
    expect(failedChecks(await inspect(entries, { attachments }))).toEqual(checks)
  })

  test('a file that nobody names changes nothing', async () => {
    const attachments = [...attachmentsOf('S'), new Uint8Array(100)]
    expect(failures(await inspect(entries, { attachments }))).toEqual([])
  })
})

describe('B7 each picture of an option (SPEC 8.1)', () => {
  const pictures = ['a bench', 'a tree'].map((text) => new TextEncoder().encode(text))
  const shown = new Scene({
    contests: [
      contest({
        options: contest().options.map((option, i) => ({
          ...option,
          picture: { hash: sha256(pictures[i] ?? new Uint8Array()), alt: { en: 'A picture' } },
        })),
      }),
    ],
  })
  shown.prepare()
  const definition = shown.entries.length - 1
  const without = async (...attachments: Uint8Array[]) =>
    failures(await inspect(shown.entries, { attachments: [...attachmentsOf('S'), ...attachments] }))
  const [bench = new Uint8Array(), tree = new Uint8Array()] = pictures

  test('all there, in any order', async () => {
    expect(await without(bench, tree)).toEqual([])
    expect(await without(tree, bench, bench)).toEqual([])
  })
  test.each([
    ['none', []],
    ['the first missing', [tree]],
    ['the second missing', [bench]],
    ['one altered', [bench, flip(tree)]],
    ['one cut short', [bench, tree.subarray(1)]],
  ])('%s', async (_, attachments) => {
    expect(await without(...attachments)).toEqual([`V4@${definition} attachment-missing`])
  })
  test('the finding names what is missing', async () => {
    const findings = await inspect(shown.entries, { attachments: [...attachmentsOf('S'), bench] })
    const found = findings.find((f) => f.code === 'attachment-missing')
    expect(found?.fields).toEqual({ detail: `no picture ${toHex(sha256(tree))}` })
  })
})

describe('B7 the record file (SPEC 7.6)', () => {
  let file: Uint8Array
  beforeAll(async () => {
    const pieces = writeRecord(POLICY, checkpointOf(entries), each(entries), each(attachmentsOf('S')))
    file = new Uint8Array()
    for await (const piece of pieces) file = concat(file, piece)
  })

  test('whole, it passes', async () => {
    expect(failedChecks(await verify(await open(file), [inlineWorker()]))).toEqual([])
  })

  test('broken off anywhere, it is no record or lacks what was last', async () => {
    for (const length of [0, 17, 18, 20, 100, file.length >> 1, file.length - 1])
      await expect(
        open(file.subarray(0, length)).then((record) => verify(record, [inlineWorker()])),
      ).rejects.toThrow(EncodingError)
  })

  test('with another first line, it is no record', async () => {
    await expect(open(file.with(16, 50))).rejects.toThrow(new EncodingError('not a Comitia record'))
  })
})

function open(file: Uint8Array): Promise<PublicRecord> {
  const read = (offset: number, length: number) => Promise.resolve(file.slice(offset, offset + length))
  return openRecord({ size: file.length, read })
}

async function* each(files: Iterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for (const bytes of files) yield await Promise.resolve(bytes)
}
