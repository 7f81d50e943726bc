// B2: one receipt for many voters (Kuesters, Truderung, Vogt 2012): a device shows a ballot that is somebody else's, or
// draws the same randomness each time. A tracker names one body of one voter, and a challenge finds a body that is in the
// record already. SPEC 6.1, 6.2, 6.6.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { ballotContent, bodyHash } from '#protocol/ballot.ts'
import { encodeOpening, openingOf } from '#protocol/seal.ts'
import { formatTracker } from '#protocol/tracker.ts'
import { checkOpenedBallot } from '#tally/verify/opened.ts'
import { Scene } from '../tally/scene.ts'
import { answer } from '../tally/verifying.ts'

let scene: Scene
beforeEach(() => {
  scene = new Scene()
  scene.prepare()
  scene.keygen()
  scene.open()
})
afterEach(() => {
  vi.restoreAllMocks()
})

const verdict = (file: Uint8Array) => checkOpenedBallot(scene.state, file).map((f) => f.status)
const tracker = (voter: number) => {
  const { sealing, ballot } = scene.ballot(voter, [1n, 0n])
  return { sealing, ballot, tracker: formatTracker(bodyHash(ballot.body)) }
}

test('a device that opens a ballot which somebody has cast is found out', () => {
  const { sealing, ballot } = tracker(0)
  // The second device: the opening recomputes the body, and the body is not in the record.
  expect(verdict(encodeOpening(openingOf(sealing)))).toEqual(['passed'])
  // Another voter is shown the same body, which by then has been cast; or it is cast later, before closing.
  scene.offer(['ballot', ballotContent(ballot)])
  expect(verdict(encodeOpening(openingOf(sealing)))).toEqual(['failed'])
})

describe('devices whose generator repeats itself', () => {
  beforeEach(() => {
    vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
      const bytes = array as unknown as Uint8Array
      bytes.fill(1)
      return array
    })
  })
  test('still give two voters of one vote two trackers, and both ballots a place', () => {
    const [first, second] = [tracker(0), tracker(1)]
    // All that is drawn is the same, down to the ciphertexts.
    expect(toHex(first.sealing.seed)).toBe(toHex(second.sealing.seed))
    expect(toHex(first.ballot.body.ciphertexts)).toBe(toHex(second.ballot.body.ciphertexts))
    expect(first.tracker).not.toBe(second.tracker)
    scene.offer(['ballot', ballotContent(first.ballot)])
    expect(answer(scene.state, ['ballot', ballotContent(second.ballot)])).toBe('accepted')
  })
  test('are found out by one voter who seals twice: the tracker does not change', () => {
    expect(tracker(0).tracker).toBe(tracker(0).tracker)
  })
  test('are found out by a challenge after casting: the challenged body is in the record', () => {
    const { sealing, ballot } = tracker(0)
    scene.offer(['ballot', ballotContent(ballot)])
    expect(answer(scene.state, ['ballot', ballotContent(ballot)])).toBe('ballot-recorded')
    expect(verdict(encodeOpening(openingOf(sealing)))).toEqual(['failed'])
  })
})

test('positive control: sound devices never show one tracker twice', () => {
  const shown = Array.from({ length: 20 }, (_, i) => tracker(i % 3).tracker)
  expect(new Set(shown).size).toBe(shown.length)
})

test('two accepted ballots never share a body', () => {
  const { ballot } = tracker(0)
  scene.offer(['ballot', ballotContent(ballot)])
  for (const voter of [0, 1]) {
    const envelope = tracker(voter).ballot.envelope
    expect(answer(scene.state, ['ballot', ballotContent({ body: ballot.body, envelope })])).not.toBe(
      'accepted',
    )
  }
})
