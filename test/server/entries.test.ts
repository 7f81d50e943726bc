// POST /api/entries and what the ledger then says: places, receipts, idempotence, a ballot's fate. SPEC 6.2, 7.1, 7.5.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { leafHash } from '#ledger/merkle.ts'
import { parsePolicy } from '#ledger/policy.ts'
import { checkReceipt } from '#ledger/proof.ts'
import { bodyHash } from '#protocol/ballot.ts'
import { encodeEntry } from '#protocol/entry.ts'
import { Scene } from '../tally/scene.ts'
import { ballotEntry, refusal, stage, type Stage } from './stage.ts'

let scene: Scene
let server: Stage

beforeAll(async () => {
  scene = new Scene({ weights: Array.from({ length: 12 }, () => 1n) })
  scene.prepare()
  scene.keygen()
  scene.open()
  server = await stage(scene)
})
afterAll(() => server[Symbol.asyncDispose]())

interface Answer {
  index: number
  receipt: string
}

const answer = async (response: Response): Promise<Answer> => (await response.json()) as Answer

describe('a ballot', () => {
  test('gets 201, a place and a receipt that holds offline', async () => {
    const bytes = ballotEntry(scene.ballot(0, [1n, 0n]).ballot)
    const response = await server.post(bytes)
    expect(response.status).toBe(201)
    const { index, receipt } = await answer(response)
    expect(await server.ledger.entry(index)).toEqual(bytes)
    const policy = parsePolicy(await (await server.app.request('/log/policy')).text())
    expect(checkReceipt(receipt, policy, leafHash(bytes))).toBe(true)
    expect(checkReceipt(receipt, policy, leafHash(new Uint8Array(3)))).toBe(false)
    const again = await server.app.request(`/api/receipts/${index}`)
    expect(checkReceipt(await again.text(), policy, leafHash(bytes))).toBe(true)
  })

  test('posted 100 times at once stands once, and everybody hears the same place', async () => {
    const bytes = ballotEntry(scene.ballot(1, [1n, 0n]).ballot)
    const before = server.ledger.size
    const responses = await Promise.all(Array.from({ length: 100 }, () => server.post(bytes)))
    const indices = await Promise.all(responses.map(async (r) => (await answer(r)).index))
    expect(new Set(indices)).toEqual(new Set([before]))
    expect(responses.map((r) => r.status).sort()).toEqual([...Array.from({ length: 99 }, () => 200), 201])
    expect(server.ledger.size).toBe(before + 1)
  })

  test('in another envelope gets the recorded place', async () => {
    const { ballot } = scene.ballot(2, [0n, 1n])
    const first = await answer(await server.post(ballotEntry(ballot)))
    const other = scene.prove(ballot)
    expect(other.envelope.proof).not.toEqual(ballot.envelope.proof)
    const response = await server.post(ballotEntry(other))
    expect(response.status).toBe(200)
    expect((await answer(response)).index).toBe(first.index)
    // Even an envelope that proves nothing: the body alone is the ballot.
    const broken = { ...ballot, envelope: { ...ballot.envelope, proof: new Uint8Array(256) } }
    expect((await answer(await server.post(ballotEntry(broken)))).index).toBe(first.index)
  })

  test('is not taken down by a bad envelope of the same body on its way', async () => {
    const { ballot } = scene.ballot(3, [0n, 1n])
    const broken = { ...ballot, envelope: { ...ballot.envelope, proof: new Uint8Array(256) } }
    const [bad, good] = await Promise.all([
      server.post(ballotEntry(broken)),
      server.post(ballotEntry(ballot)),
    ])
    expect(await refusal(bad)).toEqual([422, 'ballot-proof-invalid'])
    expect(good.status).toBe(201)
  })

  test('counts until another of the same voter supersedes it', async () => {
    const { ballot } = scene.ballot(4, [1n, 0n])
    const hash = toHex(bodyHash(ballot.body))
    const status = async () => (await (await server.app.request(`/api/ballots/${hash}`)).json()) as unknown
    expect(await status()).toMatchObject({ code: 'not-found' })
    const { index } = await answer(await server.post(ballotEntry(ballot)))
    expect(await status()).toMatchObject({ index, status: 'counted' })
    const { envelope } = ballot
    scene.contestState().voters.set(envelope.nullifier, { index, ballots: 1 })
    const later = await answer(await server.post(ballotEntry(scene.ballot(4, [0n, 1n]).ballot)))
    expect(await status()).toMatchObject({ index, status: 'superseded', by: later.index })
  })
})

test('an act sent again in the same bytes keeps its place', async () => {
  const act = scene.signed({
    type: 'set-closing-time',
    election: 'budget',
    closesAt: scene.election.closesAt + 1,
  })
  const bytes = encodeEntry(['act', act])
  const first = await server.post(bytes)
  expect(first.status).toBe(201)
  const again = await server.post(bytes)
  expect(again.status).toBe(200)
  expect((await answer(again)).index).toBe((await answer(first)).index)
  const other = encodeEntry(['act', { ...act, expiry: act.expiry - 1 }])
  expect(await refusal(await server.post(other))).toEqual([403, 'act-signature-invalid'])
})

test('a refused entry leaves nothing, not even a time entry', async () => {
  const before = server.ledger.size
  server.clock.now += 5000
  const { ballot } = scene.ballot(5, [1n, 0n])
  const broken = { ...ballot, envelope: { ...ballot.envelope, proof: new Uint8Array(256) } }
  expect(await refusal(await server.post(ballotEntry(broken)))).toEqual([422, 'ballot-proof-invalid'])
  expect(server.ledger.size).toBe(before)
  expect((await server.post(ballotEntry(ballot))).status).toBe(201)
  expect(server.ledger.size).toBe(before + 2)
})

test('nobody sends a genesis or the time', async () => {
  const [genesis = new Uint8Array()] = scene.entries
  for (const bytes of [genesis, encodeEntry(['time', server.clock.now])]) {
    expect(await refusal(await server.post(bytes))).toEqual([403, 'not-expected-here'])
  }
})
