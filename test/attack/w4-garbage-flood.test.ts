// W4: expensive checks before cheap ones. What can be refused without a proof is; a flood of garbage that gets as far as
// the proof threads is bounded, told to come back later, and costs honest voters time but never their place.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Ballot, nullifierHash } from '#protocol/ballot.ts'
import { ballotEntry, refusal, stage, type Stage } from '../server/stage.ts'
import { Scene } from '../tally/scene.ts'

let scene: Scene
let server: Stage

beforeAll(async () => {
  scene = new Scene({ weights: Array.from({ length: 13 }, () => 1n) })
  scene.prepare()
  scene.keygen()
  scene.open()
  server = await stage(scene, { workers: 2 })
})
afterAll(() => server[Symbol.asyncDispose]())

/** A well-formed ballot of nobody, which anybody can make without effort: only its proof is missing. */
function garbage({ body, envelope }: Ballot): Ballot {
  const nullifier = BigInt(`0x${randomBytes(31).toString('hex')}`)
  const nullifierKey = new Uint8Array(randomBytes(16))
  return {
    body: { ...body, nullifierHash: nullifierHash(nullifier, nullifierKey) },
    envelope: { ...envelope, nullifier, nullifierKey },
  }
}

test('whatever can be refused without a proof reaches no proof thread', async () => {
  const { ballot } = scene.ballot(0, [1n, 0n])
  const { body, envelope } = ballot
  const cheap: [Ballot, string][] = [
    [{ body: { ...body, election: new Uint8Array(32) }, envelope }, 'ballot-wrong-election'],
    [{ body: { ...body, circuit: 'L' }, envelope }, 'ballot-wrong-circuit'],
    [{ body: { ...body, ciphertexts: new Uint8Array() }, envelope }, 'ballot-wrong-size'],
    [{ body: { ...body, nullifierHash: new Uint8Array(32) }, envelope }, 'ballot-nullifier-mismatch'],
    [{ body: { ...body, sequence: 7 }, envelope }, 'ballot-sequence'],
  ]
  const before = server.proven()
  for (const [bad, code] of cheap) expect((await refusal(await server.post(ballotEntry(bad))))[1]).toBe(code)
  await server.post(new Uint8Array(60_000))
  expect(server.proven()).toBe(before)
  const bytes = ballotEntry(ballot)
  expect((await server.post(bytes)).status).toBe(201)
  expect(server.proven()).toBe(before + 1)
  // A second time costs nothing either.
  expect((await server.post(bytes)).status).toBe(200)
  expect(server.proven()).toBe(before + 1)
})

test('a flood is bounded, and honest ballots get through it', async () => {
  const { ballot } = scene.ballot(1, [1n, 0n])
  const honest = Array.from({ length: 8 }, (_, i) => ballotEntry(scene.ballot(2 + i, [1n, 0n]).ballot))
  const late = ballotEntry(scene.ballot(12, [1n, 0n]).ballot)
  const flood = Array.from({ length: 500 }, () => ballotEntry(garbage(ballot)))
  const size = server.ledger.size
  const garbageSent = flood.slice(0, 200).map((bytes) => server.post(bytes))
  const honestSent = honest.map((bytes) => server.post(bytes))
  const rest = flood.slice(200).map((bytes) => server.post(bytes))
  const lateSent = server.post(late)
  const answers = await Promise.all([...garbageSent, ...rest])
  const outcomes = Map.groupBy(answers, ({ status }) => status)
  expect([...outcomes.keys()].sort()).toEqual([422, 503])
  // 256 may be under way; the others hear at once to come back later, an honest voter too.
  expect(outcomes.get(503)?.length).toBe(500 + honest.length - 256)
  const turnedAway = await lateSent
  expect(turnedAway.status).toBe(503)
  for (const busy of [...(outcomes.get(503) ?? []), turnedAway])
    expect(Number(busy.headers.get('retry-after'))).toBeGreaterThan(0)
  for (const response of await Promise.all(honestSent)) expect(response.status).toBe(201)
  expect(server.ledger.size).toBe(size + honest.length)
  expect(server.parts.board.inFlight).toBe(0)
  expect((await server.post(late)).status).toBe(201)

  // From now on a flood from there has its own, short queue; what is honest there only waits longer.
  const before = server.proven()
  const again = Array.from({ length: 100 }, () => server.post(ballotEntry(garbage(ballot))))
  const elsewhere = server.post(ballotEntry(scene.ballot(10, [1n, 0n]).ballot), {}, '198.51.100.7')
  expect((await elsewhere).status).toBe(201)
  const later = Map.groupBy(await Promise.all(again), ({ status }) => status)
  expect([...later.keys()].sort()).toEqual([422, 503])
  expect(later.get(422)?.length).toBe(17)
  expect(server.proven()).toBe(before + 101)
  expect((await server.post(ballotEntry(scene.ballot(11, [1n, 0n]).ballot))).status).toBe(201)
})
