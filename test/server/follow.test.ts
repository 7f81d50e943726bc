// What pages follow while people vote, over real HTTP: a nullifier's ballots, trackers, turnout over time, and events.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nullifier } from '#circuits/credential.ts'
import { bigintToBytes, toHex } from '#crypto/encoding.ts'
import { bodyHash } from '#protocol/ballot.ts'
import { formatTracker } from '#protocol/tracker.ts'
import { listen } from '#server/listen.ts'
import { Scene } from '../tally/scene.ts'
import { actEntry, ballotEntry, refusal, stage, type Stage } from './stage.ts'

const MINUTE = 60_000

let scene: Scene
let server: Stage
let url: string
let stop: () => Promise<void>

beforeAll(async () => {
  scene = new Scene({ weights: Array.from({ length: 6 }, () => 1n) })
  scene.prepare()
  scene.keygen()
  scene.open()
  server = await stage(scene)
  const listening = await listen(server.app, { port: 0, host: '127.0.0.1' })
  url = `http://127.0.0.1:${listening.port}`
  stop = listening.close
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await stop()
})

const get = (path: string, init: RequestInit = {}) => fetch(`${url}/api/${path}`, init)
const json = async (path: string): Promise<unknown> => (await get(path)).json()

/** Posts a voter's ballot and records it in the scene too, so that the next one follows it. */
async function cast(voter: number, values: readonly bigint[]): Promise<{ index: number; hash: Uint8Array }> {
  const { ballot } = scene.ballot(voter, values)
  const { index } = (await (await server.post(ballotEntry(ballot))).json()) as { index: number }
  const { voters } = scene.contestState()
  const { nullifier: own } = ballot.envelope
  voters.set(own, { index, ballots: (voters.get(own)?.ballots ?? 0) + 1 })
  return { index, hash: bodyHash(ballot.body) }
}

test("a nullifier's ballots are counted, so that a restored credential can go on", async () => {
  const { context } = scene.contestState()
  const own = toHex(bigintToBytes(nullifier(scene.voter(0).secret, context.scope), 32))
  const path = `voters/${toHex(context.election)}/0/${own}`
  expect(await json(path)).toEqual({ ballots: 0, latest: null })
  await cast(0, [1n, 0n])
  const { index } = await cast(0, [0n, 1n])
  expect(await json(path)).toEqual({ ballots: 2, latest: index })
  for (const unknown of [path.replace('/0/', '/1/'), path.replace(/voters\/./, 'voters/z')]) {
    expect([400, 404]).toContain((await get(unknown)).status)
  }
  expect(await refusal(await get(`voters/${'0'.repeat(64)}/0/${own}`))).toEqual([404, 'not-found'])
})

test('a tracker leads to its ballot, however it is typed', async () => {
  const { index, hash } = await cast(1, [1n, 0n])
  const tracker = formatTracker(hash)
  const found = { index, hash: toHex(hash) }
  for (const typed of [tracker, tracker.toLowerCase(), tracker.replaceAll('-', ' ')]) {
    expect(await json(`trackers/${encodeURIComponent(typed)}`)).toEqual(found)
  }
  const other = formatTracker(new Uint8Array(32))
  const mistyped = (tracker.startsWith('0') ? '1' : '0') + tracker.slice(1)
  for (const none of [other, mistyped, 'x']) {
    expect(await refusal(await get(`trackers/${none}`))).toEqual([404, 'not-found'])
  }
})

describe('turnout', () => {
  const turnout = async () =>
    (await json('elections/city/budget/turnout')) as {
      from: number
      step: number
      contests: { voters: number[]; ballots: number[] }[]
    }
  const sum = (numbers: readonly number[] = []) => numbers.reduce((a, b) => a + b, 0)

  test('has a step for each new voter and ballot', async () => {
    const before = await turnout()
    expect(before).toMatchObject({ from: scene.manifest.opensAt, step: 1000 })
    expect(before.contests).toEqual([{ voters: [2], ballots: [3] }])
    server.clock.now += 20 * MINUTE
    await cast(2, [1n, 0n])
    await cast(1, [0n, 1n])
    const { from, step, contests } = await turnout()
    expect([from, step]).toEqual([scene.manifest.opensAt, 15_000])
    const [contest] = contests
    expect(contest?.ballots.length).toBe(81)
    expect([contest?.voters[0], contest?.ballots[0]]).toEqual([2, 3])
    expect([contest?.voters[80], contest?.ballots[80]]).toEqual([1, 2])
    expect([sum(contest?.voters), sum(contest?.ballots)]).toEqual([3, 5])
  })

  test('never has more than 200 steps, and ends with voting', async () => {
    server.clock.now = scene.manifest.closesAt - 1
    await cast(3, [1n, 0n])
    const late = await turnout()
    expect(late.step).toBe(30_000)
    expect(late.contests[0]?.voters.length).toBe(120)
    server.clock.now = scene.manifest.closesAt + 100 * MINUTE
    const closing = actEntry(scene, server, { type: 'close-election', election: 'budget' })
    expect((await server.post(closing)).status).toBe(201)
    expect(await turnout()).toEqual(late)
  })
})

describe('events', () => {
  const SIZE = /event: log\ndata: {"size":(\d+)}\n\n/

  /** The sizes told so far, and the reader that tells more. */
  async function listenTo(signal?: AbortSignal) {
    const response = await get('events', signal === undefined ? {} : { signal })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    const next = async () => (await reader?.read())?.value
    return { next }
  }

  test('tell the size at once and again when the ledger has grown', async () => {
    const { next } = await listenTo()
    expect(SIZE.exec((await next()) ?? '')?.[1]).toBe(String(server.ledger.size))
    const start = performance.now()
    for (let i = 0; i < 3; i++) {
      const act = actEntry(scene, server, {
        type: 'define-election',
        election: `other-${i}`,
        manifest: { ...scene.manifest, closesAt: server.clock.now + 1000 * MINUTE },
      })
      expect((await server.post(act)).status).toBe(201)
    }
    const told: number[] = []
    while (told.at(-1) !== server.ledger.size) told.push(Number(SIZE.exec((await next()) ?? '')?.[1]))
    // At most 4 a second, however fast entries come.
    expect(told.length).toBeLessThanOrEqual((performance.now() - start) / 250 + 1)
    expect(performance.now() - start).toBeGreaterThan(200)
  })

  test('have room for a thousand listeners, and room again when they leave', async () => {
    const leaving = new AbortController()
    const requests = Array.from({ length: 1000 }, () => get('events', { signal: leaving.signal }))
    const statuses = await Promise.all(requests.map(async (request) => (await request).status))
    expect(statuses.filter((status) => status === 503).length).toBeGreaterThanOrEqual(1)
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(900)
    leaving.abort()
    await expect.poll(async () => (await listenTo()).next()).toMatch(SIZE)
  })

  test('end when the server stops', async () => {
    const { next } = await listenTo()
    await next()
    const ended = next()
    await server[Symbol.asyncDispose]()
    expect(await ended).toBeUndefined()
  })
})
