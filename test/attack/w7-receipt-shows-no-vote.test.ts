// W7: a receipt that proves how somebody voted. Ours proves that an entry is in the log: receipts of different votes have
// the same shape, and whatever is asked about a ballot says whether it counts, never what it contains.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { parseReceipt } from '#ledger/proof.ts'
import { bodyHash } from '#protocol/ballot.ts'
import { ballotEntry, stage, type Stage } from '../server/stage.ts'
import { Scene } from '../tally/scene.ts'

let scene: Scene
let server: Stage

beforeAll(async () => {
  scene = new Scene({ weights: Array.from({ length: 4 }, () => 1n) })
  scene.prepare()
  scene.keygen()
  scene.open()
  server = await stage(scene)
})
afterAll(() => server[Symbol.asyncDispose]())

test('answers about two opposite votes differ in place and hashes only', async () => {
  const answers: Record<string, unknown>[] = []
  const receipts: string[] = []
  for (const [voter, vote] of [
    [1n, 0n],
    [0n, 1n],
  ].entries()) {
    const { ballot, sealing } = scene.ballot(voter, vote)
    const bytes = ballotEntry(ballot)
    const cast = (await (await server.post(bytes)).json()) as { index: number; receipt: string }
    const status = await server.app.request(`/api/ballots/${toHex(bodyHash(ballot.body))}`)
    answers.push((await status.json()) as Record<string, unknown>)
    receipts.push(cast.receipt)
    // What the voter's device keeps to itself is in no answer.
    for (const secret of [sealing.seed, sealing.nullifierKey]) {
      expect(JSON.stringify([cast, answers])).not.toContain(toHex(secret))
    }
  }
  const [one, other] = answers
  expect(Object.keys(one ?? {}).sort()).toEqual(['index', 'receipt', 'status'])
  expect(Object.keys(other ?? {})).toEqual(Object.keys(one ?? {}))
  for (const receipt of receipts) {
    // Index, path and checkpoint, and not a line more.
    const { index, path, checkpoint } = parseReceipt(receipt)
    expect(receipt.split('\n').length).toBe(3 + path.length + checkpoint.split('\n').length)
    expect(index).toBeGreaterThan(0)
  }
})

test('no answer tells a partial result', async () => {
  const summary = await (await server.app.request('/api/elections/city/budget')).text()
  const { contests } = JSON.parse(summary) as { contests: { turnout: { voters: number }; result: unknown }[] }
  expect(contests[0]).toMatchObject({ turnout: { voters: 2 }, result: null, shares: [] })
  expect(summary).not.toMatch(/sums|aggregate|winners/)
})
