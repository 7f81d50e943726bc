// The server closes by the clock once officials are named, and before that not. SPEC 8.2.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readArtifacts } from '#circuits/build/artifacts.ts'
import type { Act } from '#protocol/act.ts'
import { encodeEntry } from '#protocol/entry.ts'
import { Refusal } from '#protocol/refusal.ts'
import { closeByClock, closeDue, type Closing } from '#server/closing.ts'
import { openJournal } from '#server/journal.ts'
import { Official } from '#server/official.ts'
import { startServer } from '#server/start.ts'
import { proofEngine } from '#tally/pool.ts'
import { approvedBy } from '../tally/passkey.ts'
import { LOG_KEY } from '../tally/record.ts'
import { ELECTION, PROCESS, Scene } from '../tally/scene.ts'
import { stage, type Stage } from './stage.ts'

const OWNERS = ['ada', 'ben']
const MINUTE = 60_000
/** Less than the longest time that a server waits without a reason. */
const SOON = { timeout: 50_000 }
const NOBODY_VOTES = { workers: 0 }
const CLOSE: Act = { type: 'close-election', election: ELECTION }

/** An opened election, by officials or without any. */
function opened(officials: readonly string[]): Scene {
  const scene = new Scene({ officials, guardians: 1 })
  scene.prepare()
  scene.keygen()
  scene.open()
  return scene
}

const scene = opened(OWNERS)
let server: Stage
let closing: Closing

beforeEach(async () => {
  server = await stage(scene, NOBODY_VOTES)
  closing = { ...server.parts, official: new Official(server.parts.board, scene.operator) }
})
afterEach(() => server[Symbol.asyncDispose]())

function election({ parts } = server) {
  const found = parts.board.state.processes.get(PROCESS)?.elections.get(ELECTION)
  if (found === undefined) throw new Error('no such election')
  return found
}

/** Resolves when more is on the ledger. */
function growth(): Promise<void> {
  return new Promise((resolve) => {
    const forget = server.parts.board.onGrowth(() => {
      forget()
      resolve()
    })
  })
}

/** An act that both owners have signed. */
async function decide(act: Act): Promise<void> {
  const { founded } = scene
  const stateCounter = server.parts.board.state.processes.get(PROCESS)?.counter ?? 0
  const unsigned = { process: PROCESS, stateCounter, expiry: server.clock.now + MINUTE, act }
  const response = await server.post(encodeEntry(['act', approvedBy(founded, unsigned, OWNERS)]))
  expect(response.status).toBe(201)
}

describe('an election', () => {
  test('is closed at its closing time, not before, and once', async () => {
    const { closesAt } = election()
    const { size } = server.ledger
    server.clock.now = closesAt - 1
    expect(await closeDue(closing)).toBe(true)
    expect(server.ledger.size).toBe(size)
    server.clock.now = closesAt
    expect(await closeDue(closing)).toBe(true)
    // The ledger's time, then the closing.
    expect([election().closedAt, server.ledger.size]).toEqual([size + 1, size + 2])
    expect(server.journal()).toContain('closed by the clock')
    expect(await closeDue(closing)).toBe(true)
    expect(server.ledger.size).toBe(size + 2)
  })

  test('is closed at another time if officials have moved it', async () => {
    const { closesAt } = election()
    await decide({ type: 'set-closing-time', election: ELECTION, closesAt: closesAt + MINUTE })
    server.clock.now = closesAt
    await closeDue(closing)
    expect(election().closedAt).toBeUndefined()
    await decide({ type: 'set-closing-time', election: ELECTION, closesAt: closesAt + 10 })
    server.clock.now = closesAt + 10
    await closeDue(closing)
    expect(election().closedAt).toBeDefined()
  })

  test('takes no harm from a clock that falls', async () => {
    const { closesAt } = election()
    server.clock.now = 0
    expect(await closeDue(closing)).toBe(true)
    expect(election().closedAt).toBeUndefined()
    server.clock.now = closesAt
    await decide({ type: 'publish-application', files: new Uint8Array(32) })
    // What the ledger's time has passed stays past.
    server.clock.now = 0
    expect(await closeDue(closing)).toBe(true)
    expect(election().closedAt).toBeDefined()
  })

  test('is left to whoever was faster', async () => {
    server.clock.now = election().closesAt
    const slow: Closing = {
      ...closing,
      official: {
        act: async (process, make) => {
          await decide(CLOSE)
          return closing.official.act(process, make)
        },
      },
    }
    expect(await closeDue(slow)).toBe(true)
    expect(election().closedAt).toBeDefined()
    expect(server.journal()).not.toContain('could not be closed')
  })

  test('that could not be closed is tried again, with a word in the log', async () => {
    server.clock.now = election().closesAt
    const failing = { act: () => Promise.reject(new Refusal('act-counter-stale')) }
    expect(await closeDue({ ...closing, official: failing })).toBe(false)
    expect(server.journal()).toContain('could not be closed')
    expect(await closeDue(closing)).toBe(true)
    expect(election().closedAt).toBeDefined()
  })
})

describe('a server', () => {
  test('wakes up for the closing time', SOON, async () => {
    const { closesAt } = election()
    server.clock.now = closesAt - 20
    const running = closeByClock(closing)
    const grown = growth()
    server.clock.now = closesAt
    await grown
    await running[Symbol.asyncDispose]()
    expect(election().closedAt).toBeDefined()
  })

  test('hears of a closing time that is moved ahead', SOON, async () => {
    const sooner = election().closesAt - MINUTE
    server.clock.now = sooner - 20
    const running = closeByClock(closing)
    await decide({ type: 'set-closing-time', election: ELECTION, closesAt: sooner })
    const grown = growth()
    server.clock.now = sooner
    await grown
    await running[Symbol.asyncDispose]()
    expect(election().closedAt).toBeDefined()
  })

  test('closes at its start what came due while it was down', async () => {
    const data = mkdtempSync(join(tmpdir(), 'comitia-closing-'))
    try {
      const reopen = () => stage(scene, { ...NOBODY_VOTES, folder: data })
      await (await reopen())[Symbol.asyncDispose]()
      const started = await startServer({
        ...{ data, port: 0, origin: LOG_KEY.name },
        engine: (key) => proofEngine([], key),
        artifacts: await readArtifacts({}),
        journal: openJournal({ write: () => undefined }),
      })
      await started.close()
      await using after = await reopen()
      expect(election(after).closedAt).toBeDefined()
    } finally {
      rmSync(data, { recursive: true })
    }
  })

  test('closes nothing before there are officials', async () => {
    const unofficial = opened([])
    await using other = await stage(unofficial, NOBODY_VOTES)
    other.clock.now = election(other).closesAt
    const { size } = other.ledger
    const official = new Official(other.parts.board, unofficial.operator)
    expect(await closeDue({ ...other.parts, official })).toBe(true)
    expect(other.ledger.size).toBe(size)
  })
})
