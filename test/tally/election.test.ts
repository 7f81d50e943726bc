// SPEC 8.3, 9.1, 9.6: which ballots count, on both circuits, and what is announced.
import { describe, expect, test } from 'vitest'
import { ballotContent } from '#protocol/ballot.ts'
import { decodeCbor, encodeCbor } from '#protocol/codec.ts'
import type { ContestResult } from '#protocol/result.ts'
import { outcome } from '#tally/outcome.ts'
import { judge } from './judging.ts'
import { contest, ELECTION, type Plan, Scene } from './scene.ts'
import { attachmentsOf } from './setup.ts'
import { answer, failures, inspect } from './verifying.ts'

/** An open election with one guardian. */
function voting(plan: Plan = {}): Scene {
  const scene = new Scene({ guardians: 1, ...plan })
  scene.prepare()
  scene.keygen()
  scene.open()
  return scene
}
async function resultOf(scene: Scene): Promise<ContestResult[]> {
  await scene.close()
  scene.tally()
  scene.publish()
  return scene.election.result?.contests ?? []
}
const offered = (scene: Scene, voter: number, values: bigint[], sequence: number) => {
  const { context } = scene.contestState()
  const own = scene.ballot(voter, values)
  const body = { ...own.ballot.body, sequence }
  expect(context.slots).toBe(values.length)
  return answer(scene.state, ['ballot', ballotContent(scene.prove({ ...own.ballot, body }))])
}

describe('revoting', () => {
  test('the last ballot counts, in the order of the ledger, each numbered by those before it', async () => {
    const scene = voting()
    // Two devices of one voter, both before either is recorded: the second must seal again.
    const [one, two] = [scene.ballot(0, [1n, 0n]).ballot, scene.ballot(0, [0n, 1n]).ballot]
    expect(judge(scene, one)).toBe('accepted')
    expect(judge(scene, two)).toBe('accepted')
    scene.offer(['ballot', ballotContent(two)])
    expect(judge(scene, one)).toBe('ballot-sequence')
    expect(judge(scene, two)).toBe('ballot-recorded')
    for (const sequence of [0, 2, 65535])
      expect(offered(scene, 0, [1n, 0n], sequence)).toBe('ballot-sequence')
    expect(offered(scene, 0, [1n, 0n], 1)).toBe('accepted')
    scene.cast(0, [1n, 0n])
    const latest = scene.cast(0, [1n, 0n])
    scene.cast(1, [0n, 1n])
    const [state] = scene.contestState().voters.values()
    expect(state).toEqual({ index: latest, ballots: 3 })
    expect(await resultOf(scene)).toMatchObject([{ ballots: 2, sums: [1n, 1n] }])
  })

  test('where the manifest says so, the first and only ballot counts', async () => {
    const scene = voting({ manifest: { revoting: 'first' } })
    scene.cast(0, [1n, 0n])
    expect(offered(scene, 0, [0n, 1n], 1)).toBe('ballot-revote')
    expect(offered(scene, 0, [0n, 1n], 0)).toBe('ballot-revote')
    expect(await resultOf(scene)).toMatchObject([{ ballots: 1, sums: [1n, 0n] }])
  })
})

test('an exclusive blank is counted apart, and excludes every mark', async () => {
  const scene = voting({ contests: [contest({ blank: true })] })
  scene.cast(0, [1n, 0n, 0n])
  scene.cast(1, [0n, 0n, 1n])
  expect(() => scene.ballot(2, [1n, 1n, 0n])).toThrow('the vote breaks the rule')
  expect(() => scene.ballot(2, [0n, 0n, 0n])).toThrow('the vote breaks the rule')
  expect(await resultOf(scene)).toMatchObject([{ ballots: 2, blank: 1n, sums: [0n, 1n] }])
})

test('two contests: each voter in each by another nullifier, counted apart, one of them withheld', async () => {
  const scene = voting({
    contests: [contest({ weighted: true }), contest()],
    weights: [5n, 1n, 1n],
    manifest: { minBallots: 2 },
  })
  scene.cast(0, [1n, 0n], 0)
  scene.cast(1, [0n, 1n], 0)
  scene.cast(1, [1n, 0n], 1)
  const nullifiers = scene.election.contests.flatMap((c) => [...c.voters.keys()])
  expect(new Set(nullifiers).size).toBe(3)
  expect(await resultOf(scene)).toMatchObject([
    { status: 'counted', ballots: 2, sums: [5n, 1n] },
    { status: 'withheld', ballots: 1 },
  ])
  expect(failures(await inspect(scene.entries))).toEqual([])
})

test('a tie is broken by the named rule, and the round says so', async () => {
  const scene = voting()
  scene.cast(0, [1n, 0n])
  scene.cast(1, [0n, 1n])
  const [result] = await resultOf(scene)
  if (result?.status !== 'counted') throw new Error('counted')
  const count = decodeCbor(result.count) as { winners: string[]; rounds: { option: string }[] }
  expect(count.winners).toEqual(['a'])
  expect(JSON.stringify(count.rounds)).toMatch(/tie/i)
})

test('no other result than that of the record can be announced, and only once', async () => {
  const scene = voting()
  scene.cast(0, [1n, 0n])
  await scene.close()
  const publish = (contests: ContestResult[]) =>
    answer(scene.state, [
      'act',
      scene.signed({ type: 'publish-result', election: ELECTION, result: { contests } }),
    ])
  const counted: ContestResult = {
    status: 'counted',
    ballots: 1,
    blank: 0n,
    sums: [1n, 0n],
    count: encodeCbor(0),
  }
  expect(publish([counted])).toBe('wrong-state')
  scene.tally()
  const right = outcome(scene.election)?.contests ?? []
  const [first] = right
  if (first?.status !== 'counted') throw new Error('counted')
  expect(publish(right)).toBe('accepted')
  for (const wrong of [
    [{ ...first, sums: [0n, 1n] }],
    [{ ...first, ballots: 2 }],
    [{ ...first, blank: 1n }],
    [{ ...first, count: encodeCbor('b') }],
    [{ status: 'withheld' as const, ballots: 1 }],
    [first, first],
  ])
    expect(publish(wrong)).toBe('result-mismatch')
  scene.publish()
  expect(publish(right)).toBe('wrong-state')
})

test('49 options on circuit L, verified', async () => {
  const options = Array.from({ length: 49 }, (_, i) => ({
    id: `p${i}`,
    title: { en: `Project ${i}` },
    cost: BigInt(i),
  }))
  const rule = { type: 'approval' as const, min: 0n, max: 49n }
  const scene = voting({
    contests: [contest({ options, rule, count: { name: 'greedy', budget: 100n } })],
  })
  expect(scene.contestState().context).toMatchObject({ circuit: 'L', slots: 49 })
  const marks = options.map((_, i) => (i % 3 === 0 ? 1n : 0n))
  scene.cast(0, marks)
  scene.cast(1, marks)
  scene.cast(1, marks.with(48, 0n))
  expect(await resultOf(scene)).toMatchObject([
    { ballots: 2, sums: marks.map((m, i) => (i === 48 ? 1n : 2n * m)) },
  ])
  expect(failures(await inspect(scene.entries, { attachments: attachmentsOf('L') }))).toEqual([])
})
