// B1, G5: copies of a ballot. The same body in any envelope is the same ballot; the same content under another name is
// refused, since the proof binds voter, sequence and contest.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeField, FIELD_ORDER } from '#crypto/babyjubjub.ts'
import { bigintToBytes, toHex } from '#crypto/encoding.ts'
import { nullifier } from '#circuits/credential.ts'
import { bodyHash, nullifierHash } from '#protocol/ballot.ts'
import { encodeCbor } from '#protocol/codec.ts'
import { REFUSALS } from '#protocol/refusal.ts'
import { ballotEntry, refusal, stage, type Stage } from '../server/stage.ts'
import { Scene } from '../tally/scene.ts'

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

const size = () => server.parts.board.state.bodies.size

test('a re-randomised copy of an accepted ballot gets its receipt, not a place', async () => {
  const { ballot } = scene.ballot(0, [1n, 0n])
  const first = (await (await server.post(ballotEntry(ballot))).json()) as { index: number }
  const before = server.ledger.size
  for (let i = 0; i < 5; i++) {
    const response = await server.post(ballotEntry(scene.prove(ballot)))
    expect([response.status, await response.json()]).toMatchObject([200, { index: first.index }])
  }
  expect(server.ledger.size).toBe(before)
})

test("a copy under another voter's name keeps no proof", async () => {
  const { ballot } = scene.ballot(1, [1n, 0n])
  const other = nullifier(scene.voter(2).secret, scene.contestState().context.scope)
  const { body, envelope } = ballot
  const renamed = { ...envelope, nullifier: other }
  expect(await refusal(await server.post(ballotEntry({ body, envelope: renamed })))).toEqual([
    422,
    'ballot-nullifier-mismatch',
  ])
  const rehashed = { ...body, nullifierHash: nullifierHash(other, envelope.nullifierKey) }
  expect(toHex(bodyHash(rehashed))).not.toBe(toHex(bodyHash(body)))
  expect(await refusal(await server.post(ballotEntry({ body: rehashed, envelope: renamed })))).toEqual([
    422,
    'ballot-proof-invalid',
  ])
  expect((await server.post(ballotEntry(ballot))).status).toBe(201)
})

test('an earlier ballot cannot be replayed as a later one', async () => {
  const { ballot } = scene.ballot(3, [1n, 0n])
  const { index } = (await (await server.post(ballotEntry(ballot))).json()) as { index: number }
  const later = { ...ballot, body: { ...ballot.body, sequence: 1 } }
  expect(await refusal(await server.post(ballotEntry(later)))).toEqual([422, 'ballot-proof-invalid'])
  const skipping = { ...ballot, body: { ...ballot.body, sequence: 2 } }
  expect(await refusal(await server.post(ballotEntry(skipping)))).toEqual([409, 'ballot-sequence'])
  scene.contestState().voters.set(ballot.envelope.nullifier, { index, ballots: 1 })
  expect((await server.post(ballotEntry(scene.ballot(3, [0n, 1n]).ballot))).status).toBe(201)
})

test('G3: a nullifier beyond the field is no other name for the same voter', async () => {
  const { ballot } = scene.ballot(4, [1n, 0n])
  const own = ballot.envelope.nullifier
  const bytes = ballotEntry(ballot)
  const at = toHex(bytes).indexOf(toHex(encodeField(own))) / 2
  expect(at).toBeGreaterThan(0)
  for (const alias of [own + FIELD_ORDER, own + 2n * FIELD_ORDER, 2n ** 256n - 1n, FIELD_ORDER]) {
    const changed = Uint8Array.from(bytes)
    changed.set(bigintToBytes(alias, 32), at)
    expect(await refusal(await server.post(changed))).toEqual([400, 'malformed'])
  }
  expect((await server.post(bytes)).status).toBe(201)
})

test('another election, another contest, another circuit, another size', async () => {
  const { ballot } = scene.ballot(5, [1n, 0n])
  const { body, envelope } = ballot
  const cases: [Partial<typeof body>, number, string][] = [
    [{ election: new Uint8Array(32) }, 422, 'ballot-wrong-election'],
    [{ contest: 1 }, 404, 'unknown-contest'],
    [{ circuit: 'L' }, 422, 'ballot-wrong-circuit'],
    [{ ciphertexts: new Uint8Array(128 * 2) }, 422, 'ballot-wrong-size'],
    [{ ciphertexts: new Uint8Array() }, 422, 'ballot-wrong-size'],
  ]
  for (const [change, status, code] of cases) {
    const changed = { body: { ...body, ...change }, envelope }
    expect(await refusal(await server.post(ballotEntry(changed)))).toEqual([status, code])
  }
  const stranger = new Scene({ weights: [1n, 1n, 1n, 1n] })
  stranger.prepare()
  stranger.keygen()
  stranger.open()
  const foreign = stranger.ballot(0, [1n, 0n]).ballot
  expect(await refusal(await server.post(ballotEntry(foreign)))).toEqual([422, 'ballot-wrong-election'])
  // The same under this election's name: sealed and proven for another roll root and key.
  const transplanted = { ...foreign, body: { ...foreign.body, election: body.election } }
  expect(await refusal(await server.post(ballotEntry(transplanted)))).toEqual([422, 'ballot-proof-invalid'])
})

test('any bytes at all get a refusal from the list, and change nothing', async () => {
  const bytes = ballotEntry(scene.ballot(6, [1n, 0n]).ballot)
  const before = size()
  const junk = fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    fc.nat(bytes.length - 1).map((n) => bytes.slice(0, n)),
    fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, mask]) => {
      const changed = Uint8Array.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ mask
      return changed
    }),
    fc.anything({ withBigInt: true, withTypedArray: true }).map((value) => {
      try {
        return encodeCbor(['ballot', value])
      } catch {
        return new Uint8Array(1)
      }
    }),
  )
  await fc.assert(
    fc.asyncProperty(junk, async (sent) => {
      const [status, code] = await refusal(await server.post(sent))
      expect(REFUSALS).toContain(code)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
    }),
    { numRuns: 150 },
  )
  expect(size()).toBe(before)
  expect((await server.post(bytes)).status).toBe(201)
})
