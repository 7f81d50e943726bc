// A voter's side of an election over the real server and the real prover: whatever happens between sealing and receipt,
// there is one ballot and one receipt for it.
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { releaseCurve } from '#circuits/curve.ts'
import { credentialSecret } from '#client/secret.ts'
import { Server } from '#client/server.ts'
import { equalBytes, toHex } from '#crypto/encoding.ts'
import { decodeEntry } from '#protocol/entry.ts'
import { decodeOpening, checkOpening } from '#protocol/seal.ts'
import { type Ballot, ballotOf, bodyHash } from '#protocol/ballot.ts'
import { listen } from '#server/listen.ts'
import type { Draft } from '#web/booth/paper.ts'
import { Session } from '#web/booth/session.ts'
import type { Means } from '#web/device/means.ts'
import { keepCredential } from '#web/device/kept.ts'
import { type Drawer, type Vault, VaultFailure } from '#web/device/vault.ts'
import { actEntry, stage, type Stage } from '../server/stage.ts'
import { contest, ELECTION, PROCESS, Scene, START } from '../tally/scene.ts'

const HOUR = 3_600_000

let scene: Scene
let server: Stage
let url: string
let stop: () => Promise<void>
/** What the network does with a request for casting: passes it on, loses it, or loses its answer. */
let network: 'up' | 'lost' | 'answer lost' = 'up'
let sent: Uint8Array[] = []
let voter = 0

beforeAll(async () => {
  scene = new Scene({
    weights: Array.from({ length: 14 }, () => 1n),
    contests: [
      contest({ blank: true }),
      contest({ rule: { type: 'approval', min: 0n, max: 2n }, count: { name: 'approval', seats: 1 } }),
    ],
  })
  scene.voters.forEach((known, i) => Object.assign(known, { secret: credentialSecret(seedOf(i)) }))
  scene.prepare()
  scene.keygen()
  scene.open()
  server = await stage(scene)
  server.clock.now = START + HOUR
  const listening = await listen(server.app, { port: 0, host: '127.0.0.1' })
  url = `http://127.0.0.1:${listening.port}`
  stop = listening.close
  const { fetch } = globalThis
  vi.stubGlobal('fetch', async (input: URL, init: RequestInit = {}) => {
    if (init.method !== 'POST') return fetch(input, init)
    if (network === 'lost') throw new TypeError('no network')
    sent.push(init.body as Uint8Array)
    const answer = await fetch(input, init)
    if (network === 'answer lost') throw new TypeError('the connection broke')
    return answer
  })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await stop()
  vi.unstubAllGlobals()
  await releaseCurve()
})
beforeEach(() => {
  network = 'up'
  sent = []
  voter++
})

function seedOf(i: number): Uint8Array {
  return new Uint8Array(32).fill(i + 1)
}

/** Vault and locks of one browser, which several tabs share. */
class Device {
  readonly records = new Map<string, Uint8Array>()
  #turn: Promise<unknown> = Promise.resolve()

  readonly vault: Vault = {
    get: (drawer, name) => {
      const record = this.records.get(`${drawer}/${name}`)
      if (record?.length === 0) return Promise.reject(new VaultFailure('vault-damaged', 'damaged'))
      return Promise.resolve(record)
    },
    put: (drawer, name, bytes) => Promise.resolve(void this.records.set(`${drawer}/${name}`, bytes)),
    delete: (drawer, name) => Promise.resolve(void this.records.delete(`${drawer}/${name}`)),
    keys: () => Promise.resolve([]),
  }

  damage(drawer: Drawer): void {
    for (const name of this.records.keys())
      if (name.startsWith(`${drawer}/`)) this.records.set(name, new Uint8Array())
  }

  /** The booth as a tab opens it. */
  async tab(): Promise<Session> {
    const means: Means = {
      vault: this.vault,
      server: new Server(url),
      now: () => server.clock.now,
      lock: (_, work) => {
        const done = this.#turn.then(work)
        this.#turn = done.catch(() => undefined)
        return done
      },
    }
    return Session.open(means, PROCESS, ELECTION)
  }
}

/** A device of the voter's, where the credential was made or brought back to. */
async function deviceOf(i: number, from: 'new' | 'words' = 'new'): Promise<Device> {
  const device = new Device()
  await keepCredential(device.vault, { seed: seedOf(i), since: START, from, backups: {} })
  return device
}

const A: Draft = { marks: { blank: false, options: [1, 0] }, start: 0 }
const B: Draft = { marks: { blank: false, options: [0, 1] }, start: 0 }
const ignore = () => undefined

async function sealed(session: Session, draft: Draft): Promise<Uint8Array[]> {
  await session.keepDraft(0, draft)
  return (await session.seal()).ballots.map(({ hash }) => hash)
}

/** Ballots of this test that reached the server, each once. */
function bodiesSent(): string[] {
  return [...new Set(sent.map((entry) => toHex(bodyHash(ballotIn(entry).body))))]
}

function ballotIn(entry: Uint8Array): Ballot {
  const [type, content] = decodeEntry(entry)
  if (type !== 'ballot') throw new Error('no ballot')
  return ballotOf(content)
}

describe('casting', () => {
  test('marks are kept, sealed, proven and cast; the receipt stays, the marks go', async () => {
    const device = await deviceOf(voter)
    const session = await device.tab()
    const { admissions, drafts, damaged } = await session.enter()
    expect(admissions.map(({ paper, alike }) => [paper.number, alike])).toEqual([
      [0, 14],
      [1, 14],
    ])
    expect(damaged).toEqual([])
    expect(drafts.get(0)?.marks).toEqual({ blank: false, options: [0, 0] })
    await expect(session.seal()).rejects.toMatchObject({ code: 'nothing-marked' })
    await session.keepDraft(1, { marks: { blank: false, options: [1, 1] }, start: 0 })
    const hashes = await sealed(session, A)
    expect(hashes).toHaveLength(2)
    const progress: [number, number][] = []
    await session.prepare((done, total) => progress.push([done, total]))
    expect(progress.at(-1)?.[0]).toBe(progress.at(-1)?.[1])
    const steps: unknown[] = []
    const done = await session.cast(hashes, (...step) => steps.push(step))
    expect(steps).toEqual([0, 1].flatMap((c) => ['keys', 'proof', 'sending'].map((step) => [c, step])))
    expect(done.map(({ contest, hash }) => [contest, hash])).toEqual(hashes.map((hash, i) => [i, hash]))
    for (const { hash, index } of done) expect(server.parts.board.state.bodies.get(toHex(hash))).toBe(index)
    const after = await (await device.tab()).enter()
    expect(after.cast).toEqual(done)
    expect(after.ballots).toEqual([])
    expect(after.drafts.get(0)?.marks).toEqual({ blank: false, options: [0, 0] })
  })

  test('a second ballot replaces the first with the next sequence number', async () => {
    const session = await (await deviceOf(voter)).tab()
    await session.enter()
    await session.cast(await sealed(session, A), ignore)
    const [second] = await session.cast(await sealed(session, B), ignore)
    expect(sent.map((entry) => ballotIn(entry).body.sequence)).toEqual([0, 1])
    const own = ballotIn(sent[1] ?? new Uint8Array()).envelope.nullifier
    const latest = server.parts.board.state.processes.get(PROCESS)?.elections.get(ELECTION)?.contests[0]
    expect(latest?.voters.get(own)).toEqual({ index: second?.index, ballots: 2 })
  })

  test('pressed twice, it casts once', async () => {
    const session = await (await deviceOf(voter)).tab()
    await session.enter()
    const hashes = await sealed(session, A)
    const [one, two] = await Promise.all([session.cast(hashes, ignore), session.cast(hashes, ignore)])
    expect(one).toEqual(two)
    expect(sent).toHaveLength(1)
  })

  test('two tabs cast one ballot; a tab whose ballot was replaced is told so', async () => {
    const device = await deviceOf(voter)
    const [left, right] = [await device.tab(), await device.tab()]
    await left.enter()
    await right.enter()
    const hashes = await sealed(left, A)
    const [one, two] = await Promise.all([left.cast(hashes, ignore), right.cast(hashes, ignore)])
    expect(one).toEqual(two)
    expect(sent).toHaveLength(1)
    const stale = await sealed(left, A)
    const fresh = await sealed(right, B)
    await expect(left.cast(stale, ignore)).rejects.toMatchObject({ code: 'ballot-changed' })
    expect(await right.cast(fresh, ignore)).toHaveLength(1)
  })
})

describe('a lost connection', () => {
  for (const lost of ['lost', 'answer lost'] as const) {
    test(`${lost}: the same ballot is sent again, also after a reload, and has one receipt`, async () => {
      const device = await deviceOf(voter)
      const session = await device.tab()
      await session.enter()
      const hashes = await sealed(session, A)
      network = lost
      await expect(session.cast(hashes, ignore)).rejects.toMatchObject({ code: 'unreachable' })
      await expect(session.seal()).rejects.toMatchObject({ code: 'ballot-pending' })
      await expect(session.keepDraft(0, B)).rejects.toMatchObject({ code: 'ballot-pending' })
      await expect(session.challenge(hashes[0] ?? new Uint8Array())).rejects.toMatchObject({
        code: 'ballot-changed',
      })
      network = 'up'
      const reloaded = await device.tab()
      const { ballots } = await reloaded.enter()
      expect(ballots).toEqual([{ contest: 0, state: 'sending', hash: hashes[0] }])
      const done = await reloaded.cast(hashes, ignore)
      expect(done.map(({ hash }) => hash)).toEqual(hashes)
      expect(bodiesSent()).toEqual(hashes.map(toHex))
      expect(await reloaded.cast(hashes, ignore)).toEqual(done)
    })
  }
})

test('a crash after the receipt was kept leaves neither the ballot nor its marks', async () => {
  const device = await deviceOf(voter)
  const session = await device.tab()
  await session.enter()
  const hashes = await sealed(session, A)
  network = 'answer lost'
  await expect(session.cast(hashes, ignore)).rejects.toMatchObject({ code: 'unreachable' })
  network = 'up'
  const before = [...device.records].filter(([name]) => /^(ballots|drafts)\//.test(name))
  const done = await session.cast(hashes, ignore)
  for (const [name, record] of before) device.records.set(name, record)
  const reloaded = await device.tab()
  expect((await reloaded.enter()).drafts.get(0)).toEqual(A)
  expect(await reloaded.cast(hashes, ignore)).toEqual(done)
  const { ballots, drafts } = await reloaded.standing()
  expect(ballots).toEqual([])
  expect(drafts.get(0)?.marks).toEqual({ blank: false, options: [0, 0] })
})

describe('challenge', () => {
  test('an opened ballot shows its marks, is never cast, and is sealed afresh', async () => {
    const device = await deviceOf(voter)
    const session = await device.tab()
    await session.enter()
    const [hash = new Uint8Array()] = await sealed(session, B)
    const opening = decodeOpening(await session.challenge(hash))
    expect(opening.bodyHash).toEqual(hash)
    expect(opening.values).toEqual([0n, 0n, 1n])
    expect(checkOpening(scene.contestState().context, opening)).toBe(true)
    await expect(session.cast([hash], ignore)).rejects.toMatchObject({ code: 'ballot-changed' })
    const reloaded = await device.tab()
    expect((await reloaded.enter()).ballots).toEqual([{ contest: 0, state: 'opened', hash }])
    await expect(reloaded.cast([hash], ignore)).rejects.toMatchObject({ code: 'ballot-changed' })
    expect(sent).toEqual([])
    const [again = hash] = (await reloaded.seal(0)).ballots.map((ballot) => ballot.hash)
    expect(equalBytes(again, hash)).toBe(false)
    expect((await reloaded.standing()).drafts.get(0)).toEqual(B)
    expect(await reloaded.cast([again], ignore)).toHaveLength(1)
    expect(bodiesSent()).toEqual([toHex(again)])
  })
})

describe('ballots of another device', () => {
  test('a restored credential asks the ledger for its place', async () => {
    const old = await (await deviceOf(voter)).tab()
    await old.enter()
    await old.cast(await sealed(old, A), ignore)
    const restored = await (await deviceOf(voter, 'words')).tab()
    await restored.enter()
    expect(await restored.cast(await sealed(restored, B), ignore)).toHaveLength(1)
    expect(sent.map((entry) => ballotIn(entry).body.sequence)).toEqual([0, 1])

    // The first device does not know of it: refused, with its marks kept; sealed again it goes.
    const refused = await sealed(old, A)
    await expect(old.cast(refused, ignore)).rejects.toMatchObject({ code: 'ballot-sequence' })
    const { ballots, drafts } = await old.standing()
    expect(ballots).toEqual([])
    expect(drafts.get(0)).toEqual(A)
    const again = (await old.seal()).ballots.map(({ hash }) => hash)
    expect(await old.cast(again, ignore)).toHaveLength(1)
  })

  test('a damaged vault loses what is damaged, says so, and votes on', async () => {
    const device = await deviceOf(voter)
    const session = await device.tab()
    await session.enter()
    await session.cast(await sealed(session, A), ignore)
    await sealed(session, B)
    for (const drawer of ['drafts', 'ballots', 'receipts'] as const) device.damage(drawer)
    const after = await device.tab()
    const { damaged, cast } = await after.enter()
    expect(damaged).toEqual(['drafts', 'ballots', 'receipts'])
    expect(cast).toEqual([])
    expect(await after.cast(await sealed(after, B), ignore)).toHaveLength(1)
  })
})

test('who is on no roll, or has no credential, is told so', async () => {
  const stranger = await (await deviceOf(100)).tab()
  await expect(stranger.enter()).rejects.toMatchObject({ code: 'not-on-roll' })
  await expect((await new Device().tab()).enter()).rejects.toMatchObject({ code: 'no-credential' })
})

test('while voting is paused the sealed ballot waits, and the very same is cast when it goes on', async () => {
  const device = await deviceOf(voter)
  const session = await device.tab()
  await session.enter()
  const hashes = await sealed(session, A)
  const act = async (type: 'pause-voting' | 'resume-voting') => {
    const entry = actEntry(scene, server, { type, election: ELECTION, message: { en: 'Wait' } })
    expect((await server.post(entry)).status).toBe(201)
  }
  await act('pause-voting')
  expect((await session.renew()).notices).toMatchObject([{ type: 'pause-voting' }])
  await expect(session.cast(hashes, ignore)).rejects.toMatchObject({ code: 'voting-paused' })
  const { ballots } = await session.standing()
  expect(ballots).toMatchObject([{ state: 'sending' }])
  const [first = new Uint8Array()] = hashes
  await expect(session.challenge(first)).rejects.toMatchObject({ code: 'ballot-changed' })
  await act('resume-voting')
  const [cast] = await session.cast(hashes, ignore)
  expect(toHex(cast?.hash ?? new Uint8Array())).toBe(toHex(first))
})

test('after the end a ballot is refused for good, and marks are kept', async () => {
  const device = await deviceOf(voter)
  const session = await device.tab()
  await session.enter()
  const hashes = await sealed(session, A)
  server.clock.now = START + 2 * HOUR
  await expect(session.cast(hashes, ignore)).rejects.toMatchObject({ code: 'too-late' })
  const { ballots, drafts } = await session.standing()
  expect(ballots).toEqual([])
  expect(drafts.get(0)).toEqual(A)
})
