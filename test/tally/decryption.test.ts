// SPEC 9.2 to 9.6: what is decrypted is what the counted ballots add up to, for every rule; and what is not, is found.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nullifier } from '#circuits/credential.ts'
import { decodeKey, encodeField, encodePoint, G, multiply, ORDER } from '#crypto/babyjubjub.ts'
import { encodeCiphertext, encrypt } from '#crypto/elgamal.ts'
import { concat } from '#crypto/encoding.ts'
import { ballotContent, type Body, challenges, nullifierHash } from '#protocol/ballot.ts'
import { firstSlot } from '#protocol/contest.ts'
import { encodeEntry } from '#protocol/entry.ts'
import type { Contest } from '#protocol/manifest.ts'
import { outcome } from '#tally/outcome.ts'
import { actEntry, refusal, stage } from '../server/stage.ts'
import { contest, ELECTION, Scene } from './scene.ts'
import { failures, inspect, refusalOf } from './verifying.ts'

const options = ['a', 'b', 'c', 'd'].map((id, i) => ({ id, title: { en: id }, cost: BigInt(i + 1) }))
const seats = 1
/** A contest of four options by each rule, with votes that keep it. */
const RULES: [Partial<Contest>, fc.Arbitrary<bigint[]>][] = [
  [{ rule: { type: 'plurality' }, count: { name: 'plurality', seats } }, oneHot(1n)],
  [{ rule: { type: 'approval', min: 0n, max: 4n }, count: { name: 'approval', seats } }, values(1n)],
  [{ rule: { type: 'score', max: 9n }, count: { name: 'score', seats } }, values(9n)],
  [
    {
      rule: { type: 'cumulative', minTotal: 0n, maxTotal: 40n, max: 10n },
      count: { name: 'cumulative', seats },
    },
    values(10n),
  ],
  [{ rule: { type: 'quadratic', credits: 100n, max: 5n }, count: { name: 'quadratic', seats } }, values(5n)],
  [
    { rule: { type: 'borda', points: [3n, 2n, 1n] }, count: { name: 'borda', seats } },
    fc.shuffledSubarray([3n, 2n, 1n, 0n], { minLength: 4 }),
  ],
  [
    { rule: { type: 'ranking', min: 1n, max: 4n }, count: { name: 'borda', seats } },
    fc.shuffledSubarray([4n, 3n, 2n, 1n], { minLength: 4 }),
  ],
  [{ rule: { type: 'knapsack', budget: 10n }, count: { name: 'greedy', budget: 10n } }, values(1n)],
]

function values(max: bigint): fc.Arbitrary<bigint[]> {
  return fc.array(fc.bigInt(0n, max), { minLength: 4, maxLength: 4 })
}
function oneHot(value: bigint): fc.Arbitrary<bigint[]> {
  return fc.nat(3).map((at) => [0n, 0n, 0n, 0n].with(at, value))
}

describe('the sums', () => {
  test('are those of the plain votes, by each rule, weighted and not', async () => {
    const weights = [1n, 3n, 200n]
    for (const weighted of [false, true]) {
      const contests = RULES.map(([changes]) => contest({ options, weighted, ...changes }))
      const votes =
        fc.sample(fc.tuple(...RULES.map(([, votes]) => fc.tuple(votes, votes, votes))), 1)[0] ?? []
      const scene = new Scene({ weights, contests, guardians: 2 })
      scene.prepare()
      scene.keygen()
      scene.open()
      contests.forEach((described, c) => {
        const before = firstSlot(described) === 1 ? [0n] : []
        votes[c]?.forEach((vote, v) => scene.cast(v, [...before, ...vote], c))
      })
      await scene.close()
      scene.tally()
      const result = outcome(scene.election)
      contests.forEach((_, c) => {
        const plain = options.map((_, i) =>
          (votes[c] ?? []).reduce(
            (sum, vote, v) => sum + (vote[i] ?? 0n) * (weighted ? (weights[v] ?? 0n) : 1n),
            0n,
          ),
        )
        expect(result?.contests[c], contests[c]?.rule.type).toMatchObject({
          status: 'counted',
          ballots: 3,
          sums: plain,
        })
      })
    }
  })

  test('reach the bound of their packing, and no further', async () => {
    const weights = [65535n, 65535n]
    const largest = contest({
      weighted: true,
      rule: { type: 'score', max: 127n },
      count: { name: 'score', seats },
    })
    const scene = new Scene({ weights, contests: [largest], guardians: 1 })
    scene.prepare()
    scene.keygen()
    scene.open()
    expect(scene.contestState().context.packing).toEqual({ bits: 24, perCiphertext: 1, ciphertexts: 2 })
    scene.cast(0, [127n, 0n])
    scene.cast(1, [127n, 1n])
    await scene.close()
    scene.tally()
    expect(outcome(scene.election)?.contests[0]).toMatchObject({ sums: [127n * 131070n, 65535n] })
  })
})

/** A ballot whose ciphertexts hold `m` each, whatever the rule says, with a proof made from the setup's secrets. */
function dishonest(scene: Scene, m: bigint) {
  const { context } = scene.contestState()
  const own = nullifier(scene.voter(2).secret, context.scope)
  const y = decodeKey(concat(...context.key.map(encodeField)))
  const nullifierKey = new Uint8Array(16)
  const randomness = Array.from({ length: context.packing.ciphertexts }, (_, j) => BigInt(1000 + j))
  const body: Body = {
    election: context.election,
    contest: 0,
    circuit: 'S',
    sequence: 0,
    nullifierHash: nullifierHash(own, nullifierKey),
    commitment: 5n,
    ciphertexts: concat(...randomness.map((r) => encodeCiphertext(encrypt(y, m, r)))),
  }
  const { rho } = challenges(body)
  const R = rho.reduce((sum, rho, j) => sum + rho * 8n * (randomness[j] ?? 0n), 0n) % ORDER
  const V = rho.reduce((sum, rho) => sum + rho * m, 0n) % ORDER
  const claims = concat(encodePoint(multiply(G, R)), encodePoint(multiply(y, R).add(multiply(G, V))))
  return scene.prove({ body, envelope: { nullifier: own, nullifierKey, claims, proof: new Uint8Array(256) } })
}

describe('a tally that no valid ballots add up to', () => {
  test.each([
    ['more than all slots can hold', 1n << 39n, /holds no sum of these ballots/],
    ['less than nothing', ORDER - 2n, /holds no sum of these ballots/],
    ['more than one slot can hold', 2n, /a slot of ciphertext 0 exceeds its bound/],
  ])('%s: V12, and nobody can announce a result', async (_, m, sentence) => {
    const scene = new Scene({ guardians: 1 })
    scene.prepare()
    scene.keygen()
    scene.open()
    scene.cast(0, [1n, 0n])
    scene.offer(['ballot', ballotContent(dishonest(scene, m))])
    await scene.close()
    scene.tally()
    expect(refusalOf(() => outcome(scene.election))).toBe('tally-undecodable')
    expect(() => outcome(scene.election)).toThrow(sentence)
    const result = { contests: [{ status: 'withheld' as const, ballots: 2 }] }
    const act = scene.signed({ type: 'publish-result', election: ELECTION, result })
    const entries = [...scene.entries, encodeEntry(['act', act])]
    expect(failures(await inspect(entries))).toEqual([`V12@${entries.length - 1} tally-undecodable`])
    await using server = await stage(scene)
    expect(
      await refusal(
        await server.post(actEntry(scene, server, { type: 'publish-result', election: ELECTION, result })),
      ),
    ).toEqual([422, 'tally-undecodable'])
  })
})
