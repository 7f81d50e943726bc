// G2: a setup by one contributor, by nobody, or by one who poses as many. The transcript is checked link by link, every
// name is bound to its contribution, and whose secrets protect a key is said beside it. SPEC 10.2, 10.3.
import { describe, expect, test } from 'vitest'
import { DELTA } from '#circuits/build/development.ts'
import {
  beaconContribution,
  checkTranscript,
  type Contribution,
  describeTranscript,
  drawBeacon,
  formatTranscript,
  parseTranscript,
  type Transcript,
} from '#circuits/transcript.ts'
import { chain, changed as change, keyOf } from '../circuits/contributors.ts'

const sound = chain(['Ada', 11n], ['Ben', 13n])
const key = keyOf(11n, 13n)
const problems = (transcript: Transcript, under = key) => checkTranscript(formatTranscript(transcript), under)
const changed = (at: number, changes: Partial<Contribution>) => change(sound, at, changes)

test('positive control: two contributors, and a beacon after them', () => {
  expect(problems(sound)).toEqual([])
  expect(describeTranscript(formatTranscript(sound), key)).toEqual({
    contributors: ['Ada', 'Ben'],
    beacon: false,
    development: false,
  })
  const beacon = { iterations: 10, value: Uint8Array.of(1, 2, 3) }
  const drawn = drawBeacon(beacon)
  const closed = {
    ...sound,
    contributions: [...sound.contributions, beaconContribution(sound, beacon, drawn.s, drawn.x)],
  }
  const under = keyOf(11n, 13n, drawn.x)
  expect(problems(closed, under)).toEqual([])
  expect(describeTranscript(formatTranscript(closed), under)).toMatchObject({
    contributors: ['Ada', 'Ben'],
    beacon: true,
  })

  const other = { ...beacon, value: Uint8Array.of(1, 2, 4) }
  const swapped = {
    ...closed,
    contributions: closed.contributions.map((c) => (c.beacon ? { ...c, beacon: other } : c)),
  }
  expect(problems(swapped, under)).toEqual([
    'contribution 3 (beacon) does not follow from the value of its beacon',
  ])
})

describe('refused', () => {
  test('nobody has contributed', () =>
    expect(problems({ ...sound, contributions: [] }, keyOf(1n))).toEqual(['phase 2 had no contribution']))
  test('a key of another ceremony', () =>
    expect(problems(sound, keyOf(11n))).toEqual([
      'the last contribution does not lead to the delta of the verification key',
    ]))
  test('a contribution taken out', () => {
    const without = { ...sound, contributions: sound.contributions.slice(1) }
    expect(problems(without)).toContain('contribution 1 (Ben) does not follow from those before it')
  })
  test('the transcript of another circuit', () =>
    expect(problems({ ...sound, circuit: new Uint8Array(64).fill(4) })).toContain(
      'contribution 1 (Ada) does not follow from those before it',
    ))
  test('another name put to a contribution', () =>
    expect(problems(changed(0, { name: 'Zoe' }))).toContain(
      'contribution 1 (Zoe) was made under another name',
    ))
  test('no name, or a beacon’s without a beacon', () => {
    expect(problems(changed(1, { name: '' }))).toContain('contribution 2 () has no proper name')
    expect(problems(changed(1, { name: 'beacon' }))).toContain('contribution 2 (beacon) has no proper name')
  })
  test('one name twice', () =>
    expect(problems(chain(['Ada', 11n], ['Ada', 13n]))).toEqual(['contribution 2 (Ada) repeats a name']))
  test('a contributor who does not know the secret', () => {
    const [first, second] = sound.contributions
    if (first === undefined || second === undefined) throw new Error('two contributions')
    expect(problems(changed(1, { rx: first.rx }))).toContain(
      'contribution 2 (Ben) does not prove that its secret is known',
    )
    expect(problems(changed(1, { deltaAfter: first.deltaAfter }))).toContain(
      'contribution 2 (Ben) does not lead from delta to delta',
    )
  })
  test('bytes after the last contribution, cut short, or counted wrong', () => {
    const bytes = formatTranscript(sound)
    expect(() => parseTranscript(bytes)).not.toThrow()
    for (const other of [
      Uint8Array.of(...bytes, 0),
      bytes.slice(0, -1),
      bytes.with(64, 1),
      bytes.with(64, 3),
    ])
      expect(checkTranscript(other, key)).toHaveLength(1)
  })
})

test('who contributes only secrets that everybody knows has contributed nothing', () => {
  const lone = chain(['development setup', DELTA])
  expect(problems(lone, keyOf(DELTA))).toEqual([])
  expect(describeTranscript(formatTranscript(lone), keyOf(DELTA))).toEqual({
    contributors: [],
    beacon: false,
    development: true,
  })
  const joined = chain(['A grand name', DELTA], ['Ada', 11n])
  expect(describeTranscript(formatTranscript(joined), keyOf(DELTA, 11n))).toMatchObject({
    contributors: ['Ada'],
    development: false,
  })
})
