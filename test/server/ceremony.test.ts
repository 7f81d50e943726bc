// SPEC 10.2: a ceremony that officials lead over HTTP, with contributors of all kinds, and a server that is killed on the way.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatContainer, parseContainer, section } from '#circuits/container.ts'
import { contribute } from '#circuits/contribute.ts'
import { releaseCurve } from '#circuits/curve.ts'
import { contribution, contributionHash, formatTranscript, parseTranscript } from '#circuits/transcript.ts'
import { TRANSCRIPT, transcriptOf } from '#circuits/zkey.ts'
import { toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import type { CeremonyView, Turn } from '#server/ceremony/shapes.ts'
import type { SetupSummary } from '#server/summary.ts'
import { comitia, serve } from '../bench/program.ts'
import { LOG_KEY } from '../tally/record.ts'
import { Scene } from '../tally/scene.ts'
import { Browser } from './official-browser.ts'
import { refusal, stage, type Stage } from './stage.ts'

const LEASE = 20 * 60_000
const CIRCUIT = 'S'
const scene = new Scene()
let server: Stage
let folder: string
const scratch = mkdtempSync(join(tmpdir(), 'comitia-ceremony-test-'))
/** Codes of the links. */
const codes: Record<string, string> = {}
const keys: Record<string, Uint8Array> = {}
const owner = new Browser(() => server, 'owner')

beforeAll(async () => {
  scene.found()
  scene.act({ type: 'create-process', title: 'City' })
  folder = join(scratch, 'first')
  mkdirSync(folder)
  server = await stage(scene, { database: true, folder })
  await owner.first(server.parts.officials.first ?? '')
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await releaseCurve()
  rmSync(scratch, { recursive: true })
})

const lead = (path: string, body?: unknown) => owner.send('POST', `/api/officials/ceremonies${path}`, body)
const ask: Ask = async (path, init) => server.app.request(path, init)
type Ask = (path: string, init?: RequestInit) => Promise<Response>

function asContributor(who: string, method: string, path: string, body?: Uint8Array, by = ask) {
  return by(`/api/ceremony/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${codes[who] ?? 'x'.repeat(27)}`,
      ...(body !== undefined && { 'content-type': 'application/octet-stream' }),
    },
    ...(body !== undefined && { body: new Uint8Array(body) }),
  })
}
const take = (who: string) => asContributor(who, 'POST', 'turn')
const turnOf = async (who: string, by = ask) =>
  (await (await asContributor(who, 'GET', 'turn', undefined, by)).json()) as Turn
const upload = (who: string, key: Uint8Array, by = ask) =>
  asContributor(who, 'POST', `contributions/${CIRCUIT}`, key, by)

async function ceremony(by = ask): Promise<CeremonyView> {
  const { ceremonies } = (await (await by('/api/ceremonies')).json()) as { ceremonies: CeremonyView[] }
  const [only] = ceremonies
  if (only === undefined) throw new Error('there is no ceremony')
  return only
}
const stateOf = async (who: string) => (await ceremony()).contributors.find(({ name }) => name === who)
async function download(hash = '', by = ask): Promise<Uint8Array> {
  const key = new Uint8Array(await (await by(`/api/ceremonies/keys/${hash}`)).arrayBuffer())
  expect(toHex(sha256(key))).toBe(hash)
  return key
}
const hashIn = (key: Uint8Array) =>
  parseTranscript(transcriptOf(key)).contributions.map((one) => toHex(contributionHash(one)))

/** A key whose transcript goes on, as whoever knows the secret 2 would write it. */
function withContribution(key: Uint8Array | undefined, name: string): Uint8Array {
  const sections = parseContainer('zkey', key ?? new Uint8Array())
  const before = parseTranscript(section(sections, TRANSCRIPT))
  const contributions = [...before.contributions, contribution(before, name, 2n)]
  return formatContainer('zkey', sections.set(TRANSCRIPT, formatTranscript({ ...before, contributions })))
}

test('phase 1 is known by its hash, or the ceremony is one for trying out', async () => {
  const powers = await owner.send('POST', '/api/officials/ceremonies/powers', 'any file', {
    'content-type': 'application/octet-stream',
  })
  expect(await refusal(powers)).toEqual([422, 'powers-unknown'])
  const beginning = { circuits: [CIRCUIT], beacon: 'Block 1,000,000' }
  expect(await refusal(await lead('', { ...beginning, powers: 'a'.repeat(64) }))).toEqual([
    422,
    'powers-unknown',
  ])
  expect((await lead('', { ...beginning, powers: null })).status).toBe(201)
  expect(await ceremony()).toMatchObject({
    ...{ id: 1, circuits: [CIRCUIT], phase1: 'development setup', development: true },
    ...{ beacon: 'Block 1,000,000', endedAt: null, contributors: [], keys: [{ position: 0, name: null }] },
  })
  expect(await refusal(await lead('/1/end', { value: 'c0ffee' }))).toEqual([409, 'ceremony-state'])
})

test('contributors are invited by a link each, under a name of their own', async () => {
  for (const name of ['Ada', 'Ben', 'Cem']) {
    const response = await lead('/1/contributors', { name })
    codes[name] = ((await response.json()) as { code: string }).code
  }
  expect(await refusal(await lead('/1/contributors', { name: 'Ben' }))).toEqual([409, 'ceremony-state'])
  expect(await refusal(await lead('/1/contributors', { name: 'beacon' }))).toEqual([400, 'malformed'])
  expect(await refusal(await lead('/2/contributors', { name: 'Ben' }))).toEqual([404, 'not-found'])
  expect(await refusal(await take('Eve'))).toEqual([404, 'not-found'])
  expect(await turnOf('Ada')).toMatchObject({ name: 'Ada', next: { circuit: CIRCUIT } })
})

test('one contributes at a time, until the time is up', async () => {
  expect((await take('Cem')).status).toBe(200)
  expect(await stateOf('Cem')).toMatchObject({ state: 'contributing' })
  expect(await refusal(await take('Ada'))).toEqual([409, 'not-your-turn'])
  expect(await refusal(await upload('Ada', Uint8Array.of(1)))).toEqual([409, 'not-your-turn'])
  const skip = { name: 'Cem', reason: 'Did not come.' }
  expect(await refusal(await lead('/1/skip', skip))).toEqual([409, 'ceremony-state'])
  server.clock.now += LEASE
  expect((await take('Ada')).status).toBe(200)
  expect((await lead('/1/skip', skip)).status).toBe(204)
  expect(await stateOf('Cem')).toMatchObject({ state: 'skipped', reason: 'Did not come.' })
  expect(await refusal(await take('Cem'))).toEqual([409, 'ceremony-state'])
})

describe('a contribution', () => {
  beforeAll(async () => {
    const { next } = await turnOf('Ada')
    keys['0'] = await download(next?.sha256)
    keys['Ada'] = await contribute(keys['0'], 'Ada', 'dice: 3 1 6')
  })

  test.each<[string, (key: Uint8Array) => Uint8Array]>([
    ['of random bytes', (key) => crypto.getRandomValues(new Uint8Array(key.length % 65536))],
    ['that was cut short', (key) => key.subarray(0, -1)],
    ['that adds nothing', () => keys['0'] ?? new Uint8Array()],
    ['under another name', () => withContribution(keys['0'], 'Eve')],
    ['that adds two at once', (key) => withContribution(key, 'Eve')],
    [
      'whose points are not what it says',
      (key) => {
        const sections = parseContainer('zkey', key)
        return formatContainer('zkey', sections.set(8, section(sections, 8).slice().copyWithin(0, 64, 128)))
      },
    ],
  ])('%s is refused', async (_, change) => {
    const answer = await upload('Ada', change(keys['Ada'] ?? new Uint8Array()))
    expect(await refusal(answer)).toEqual([422, 'contribution-refused'])
    expect((await ceremony()).keys).toHaveLength(1)
  })

  test('is kept, and its contributor knows it again by its hash', async () => {
    const key = keys['Ada'] ?? new Uint8Array()
    const answer = await upload('Ada', key)
    const { hash } = (await answer.json()) as { hash: string }
    expect([hash]).toEqual(hashIn(key))
    const { keys: chain } = await ceremony()
    expect(chain[1]).toMatchObject({ position: 1, name: 'Ada', hash, sha256: toHex(sha256(key)) })
    expect(await stateOf('Ada')).toMatchObject({ state: 'done' })
  })

  test('counts once, for its contributor alone, and only on what is there now', async () => {
    const key = keys['Ada'] ?? new Uint8Array()
    expect(await refusal(await upload('Ada', key))).toEqual([409, 'ceremony-state'])
    expect((await take('Ben')).status).toBe(200)
    expect(await refusal(await upload('Ben', key))).toEqual([422, 'contribution-refused'])
    const stale = withContribution(keys['0'], 'Ben')
    expect(await refusal(await upload('Ben', stale))).toEqual([422, 'contribution-refused'])
    expect(await refusal(await lead('/1/end', { value: 'c0ffee' }))).toEqual([409, 'ceremony-state'])
    expect((await ceremony()).keys).toHaveLength(2)
  })
})

/** What comes back from a backup of a server, in another folder; the server itself is lost. */
async function elsewhere(lost: string): Promise<string> {
  const running = await serve(lost, LOG_KEY.name)
  const [file, passphrase, restored] = [
    join(scratch, 'backup'),
    join(scratch, 'passphrase'),
    join(scratch, 'restored'),
  ]
  writeFileSync(passphrase, 'correct horse battery\n')
  const sealed = ['--passphrase-file', passphrase]
  const made = await comitia(['backup', file, '--server', running.url, '--data', lost, ...sealed])
  await running.kill()
  expect(made.code).toBe(0)
  expect((await comitia(['restore', file, '--data', restored, ...sealed])).code).toBe(0)
  rmSync(lost, { recursive: true })
  return restored
}

test('killed before it answers, the server has kept the contribution whole or not at all, also in a backup', async () => {
  await server[Symbol.asyncDispose]()
  const over =
    (url: string): Ask =>
    (path, init) =>
      fetch(new URL(path, url), init)

  const first = await serve(folder, LOG_KEY.name)
  const { next } = await turnOf('Ben', over(first.url))
  const key = await contribute(await download(next?.sha256, over(first.url)), 'Ben')
  // He holds the ceremony once the whole upload is there.
  const gone = upload('Ben', key, over(first.url)).catch(() => 'gone')
  await expect.poll(async () => (await ceremony(over(first.url))).contributors[1]?.state).toBe('contributing')
  await first.kill()
  expect(await gone).toBe('gone')

  const second = await serve(folder, LOG_KEY.name)
  expect((await ceremony(over(second.url))).keys).toHaveLength(2)
  const unheard = upload('Ben', key, over(second.url)).then(
    () => undefined,
    () => undefined,
  )
  const kept = async () => (await ceremony(over(second.url))).keys.length
  await expect.poll(kept, { timeout: 120_000, interval: 50 }).toBe(3)
  await second.kill()
  await unheard

  folder = await elsewhere(folder)
  server = await stage(scene, { database: true, folder })
  const { keys: chain } = await ceremony()
  expect(chain.map(({ name }) => name)).toEqual([null, 'Ada', 'Ben'])
  expect(await download(chain[2]?.sha256)).toEqual(key)
  expect((await turnOf('Ben')).next).toBeNull()
  expect(await refusal(await upload('Ben', key))).toEqual([409, 'ceremony-state'])
})

test('the beacon ends it, and elections use its key, also after a restart', async () => {
  expect((await owner.signIn()).status).toBe(204)
  expect(await refusal(await lead('/1/end', { value: 'C0FFEE' }))).toEqual([400, 'malformed'])
  expect((await lead('/1/end', { value: 'c0ffee' })).status).toBe(204)
  expect(await refusal(await lead('/1/end', { value: 'c0ffee' }))).toEqual([409, 'ceremony-state'])
  expect(await refusal(await lead('/1/contributors', { name: 'Late' }))).toEqual([409, 'ceremony-state'])
  const { keys: chain, ...ended } = await ceremony()
  expect(ended).toMatchObject({ value: 'c0ffee', endedAt: server.clock.now })
  const last = chain.at(-1)
  expect(last).toMatchObject({ position: 3, name: 'beacon' })
  const key = await download(last?.sha256)
  expect(hashIn(key)).toEqual(chain.slice(1).map(({ hash }) => hash))

  const expectInUse = async () => {
    const { setups } = (await (await ask('/api/setups')).json()) as { setups: SetupSummary[] }
    // Phase 1 was the development setup's: that stays said, whoever contributed.
    expect(setups.find(({ circuit }) => circuit === CIRCUIT)).toMatchObject({
      provingKey: last?.sha256,
      development: true,
    })
    const artifact = await ask(`/api/artifacts/${last?.sha256 ?? ''}`)
    expect(toHex(sha256(new Uint8Array(await artifact.arrayBuffer())))).toBe(last?.sha256)
  }
  await expectInUse()
  await server[Symbol.asyncDispose]()
  server = await stage(scene, { database: true, folder })
  await expectInUse()
})
