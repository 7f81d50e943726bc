// W11: refusals that tell what is inside a ballot or where its proof fails. Whatever is wrong with encryption or proof,
// the answer is the same to the last byte.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { G, encodePoint, multiply } from '#crypto/babyjubjub.ts'
import { bigintToBytes, concat } from '#crypto/encoding.ts'
import type { Ballot } from '#protocol/ballot.ts'
import { ballotEntry, stage, type Stage } from '../server/stage.ts'
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

const point = encodePoint(multiply(G, 7n))
const FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n

/** Ways to spoil a ballot whose form stays right; the proof is made anew where that hides the flaw best. */
const SPOILED: Record<string, (ballot: Ballot) => Ballot> = {
  'no proof at all': (b) => withEnvelope(b, { proof: new Uint8Array(256) }),
  'a proof off the curve': (b) =>
    withEnvelope(b, { proof: b.envelope.proof.map((x, i) => (i === 5 ? x ^ 1 : x)) }),
  'a proof with coordinates beyond the field': (b) =>
    withEnvelope(b, { proof: new Uint8Array(256).fill(255) }),
  "another ballot's proof": (b) =>
    withEnvelope(b, { proof: scene.ballot(11, [0n, 1n]).ballot.envelope.proof }),
  'wrong claims, proven': (b) => scene.prove(withEnvelope(b, { claims: concat(point, point) })),
  'claims off the curve': (b) => withEnvelope(b, { claims: new Uint8Array(128).fill(1) }),
  'claims beyond the field': (b) =>
    withEnvelope(b, { claims: concat(bigintToBytes(FIELD, 32), bigintToBytes(1n, 32), point) }),
  'ciphertexts swapped, proven': (b) =>
    scene.prove(
      withBody(b, concat(b.body.ciphertexts.subarray(64, 128), b.body.ciphertexts.subarray(0, 64))),
    ),
  'a ciphertext off the curve': (b) => withBody(b, new Uint8Array(b.body.ciphertexts.length).fill(3)),
  'a ciphertext beyond the field': (b) => withBody(b, new Uint8Array(b.body.ciphertexts.length).fill(255)),
}

test.each(Object.keys(SPOILED))('%s', async (name) => {
  const { ballot } = scene.ballot(0, [1n, 0n])
  const spoil = SPOILED[name]
  if (spoil === undefined) throw new Error(name)
  const response = await server.post(ballotEntry(spoil(ballot)))
  const { status } = response
  expect([status, await response.text()]).toEqual([
    422,
    '{"code":"ballot-proof-invalid","message":"ballot-proof-invalid"}',
  ])
})

test('the ballot without any of that is taken', async () => {
  expect((await server.post(ballotEntry(scene.ballot(0, [1n, 0n]).ballot))).status).toBe(201)
})

function withEnvelope(ballot: Ballot, changes: Partial<Ballot['envelope']>): Ballot {
  return { ...ballot, envelope: { ...ballot.envelope, ...changes } }
}

function withBody(ballot: Ballot, ciphertexts: Uint8Array): Ballot {
  return { ...ballot, body: { ...ballot.body, ciphertexts } }
}
