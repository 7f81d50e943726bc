// B11: the sums of a few ballots show votes. A contest with fewer counted ballots than its manifest says is never
// decrypted: neither guardians' programs nor the gate nor an observer go on (SPEC 9.1, 9.6).
import { beforeAll, describe, expect, test } from 'vitest'
import { checkManifest } from '#protocol/contest.ts'
import { encodeEntry } from '#protocol/entry.ts'
import { intentMessage } from '#tally/guardian.ts'
import { outcome } from '#tally/outcome.ts'
import { Scene } from '../tally/scene.ts'
import { answer, failures, inspect } from '../tally/verifying.ts'

describe.each([
  [19, 'too-few-ballots'],
  [20, 'accepted'],
] as const)('B11 %i ballots where 20 are asked for', (voters, wanted) => {
  const scene = new Scene({
    guardians: 1,
    weights: Array.from({ length: 20 }, () => 1n),
    manifest: { minBallots: 20 },
  })
  beforeAll(async () => {
    scene.prepare()
    scene.keygen()
    scene.open()
    for (let v = 0; v < voters; v++) scene.cast(v, [1n, 0n])
    // A second ballot of one voter is no further voter to hide among.
    scene.cast(0, [0n, 1n])
    await scene.close()
  })

  test(`an intent: ${wanted}`, () => {
    const intent = scene.guardianEntry(1, intentMessage(scene.contestState(), scene.checkpoint()))
    expect(answer(scene.state, intent)).toBe(wanted)
  })

  test('the observer, where a guardian and the server do it all the same', async () => {
    const intent = encodeEntry(
      scene.guardianEntry(1, intentMessage(scene.contestState(), scene.checkpoint())),
    )
    const met = wanted === 'accepted' ? [] : [`V11@${scene.entries.length} ${wanted}`]
    expect(failures(await inspect([...scene.entries, intent]))).toEqual(met)
  })

  test('the result', () => {
    const withheld = { contests: [{ status: 'withheld', ballots: 19 }] }
    expect(outcome(scene.election)).toEqual(wanted === 'accepted' ? undefined : withheld)
  })
})

test('B11 no manifest asks for fewer than one', () => {
  const { manifest } = new Scene()
  expect(checkManifest({ ...manifest, minBallots: 1 })).toEqual([])
  expect(checkManifest({ ...manifest, minBallots: 0 })).toEqual([{ code: 'ballots-none' }])
})
