// B9: identifiers that look alike. Each name has one spelling; every other one is refused, never read as the same.
import { encode } from 'cborg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { bodyHash } from '#protocol/ballot.ts'
import { encodeEntry } from '#protocol/entry.ts'
import { ballotEntry, refusal, stage, type Stage } from '../server/stage.ts'
import { ELECTION, PROCESS, Scene } from '../tally/scene.ts'

let scene: Scene
let server: Stage
let hash: string

beforeAll(async () => {
  scene = new Scene()
  scene.prepare()
  scene.keygen()
  scene.open()
  server = await stage(scene)
  const { ballot } = scene.ballot(0, [1n, 0n])
  hash = toHex(bodyHash(ballot.body))
  expect((await server.post(ballotEntry(ballot))).status).toBe(201)
})
afterAll(() => server[Symbol.asyncDispose]())

const status = async (path: string) => (await server.app.request(path)).status

test('the one spelling of each is answered', async () => {
  for (const path of [
    `/api/ballots/${hash}`,
    '/api/receipts/1',
    '/log/entries/0',
    '/log/tile/0/000.p/1',
    `/api/elections/${PROCESS}/${ELECTION}`,
    `/api/rolls/${PROCESS}/residents`,
  ]) {
    expect([path, await status(path)]).toEqual([path, 200])
  }
})

describe('other spellings', () => {
  const CYRILLIC = 'сity'
  test.each([
    [
      '01',
      '%2B1',
      '-0',
      '1.0',
      '1e0',
      '0x1',
      ' 1',
      '١',
      '１',
      '9007199254740993',
      '18446744073709551617',
      '1%00',
    ].map((index) => `/api/receipts/${index}`),
    ['00', '0x0', '+0', '0%20'].map((index) => `/log/entries/${index}`),
    [
      '0/0',
      '0/00',
      '0/0000',
      '00/000',
      '0/x000/000',
      '0/000.p/01',
      '0/000.p/0',
      '0/000.p/256',
      '64/000',
      '-1/000',
    ].map((path) => `/log/tile/${path}`),
    ['City', 'city%20', CYRILLIC, 'city-', 'ci--ty', '%63ity%00', 'a'.repeat(65)].map(
      (name) => `/api/elections/${name}/budget`,
    ),
  ])('%s and others are malformed', async (...paths) => {
    for (const path of paths) expect([path, await status(encodeURI(decodeURI(path)))]).toEqual([path, 400])
  })

  test('of a ballot', async () => {
    for (const other of [hash.toUpperCase(), `0x${hash}`, `0${hash}`, hash.slice(1), `${hash}%20`]) {
      expect([other, await status(`/api/ballots/${other}`)]).toEqual([other, 400])
    }
  })

  test('of an election in an act', async () => {
    const signed = scene.signed({ type: 'close-election', election: ELECTION })
    for (const process of ['City', 'city ', CYRILLIC, 'ｃity', 'city\u0000']) {
      const act = { ...signed, process }
      let bytes: Uint8Array
      try {
        bytes = encodeEntry(['act', act])
      } catch {
        continue // our own encoder refuses to write it
      }
      expect(await refusal(await server.post(bytes))).toEqual([400, 'malformed'])
    }
  })

  test('of bytes: what is not the canonical encoding of an entry is no entry', async () => {
    const [, first = new Uint8Array()] = scene.entries
    const padded = new Uint8Array([...first, 0])
    const wide = encode(['time', BigInt(Number.MAX_SAFE_INTEGER) + 1n])
    const float = Uint8Array.of(0x82, 0x64, 0x74, 0x69, 0x6d, 0x65, 0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0)
    const long = Uint8Array.of(0x82, 0x64, 0x74, 0x69, 0x6d, 0x65, 0x18, 0x01)
    for (const bytes of [padded, wide, float, long, new Uint8Array()]) {
      expect(await refusal(await server.post(bytes))).toEqual([400, 'malformed'])
    }
  })
})
