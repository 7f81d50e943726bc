// Voting opens and closes by the ledger's time (SPEC 7.2, 8.2), whatever a restart or the machine's clock makes of it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { decodeEntry } from '#protocol/entry.ts'
import { closeDue } from '#server/closing.ts'
import { Official } from '#server/official.ts'
import { PROCESS, Scene } from '../tally/scene.ts'
import { ballotEntry, refusal, stage, type Stage } from '../server/stage.ts'

const HOUR = 3_600_000
const scene = new Scene({ guardians: 1, officials: ['ada', 'ben'], weights: [1n, 1n, 1n, 1n] })
const { opensAt, closesAt } = scene.manifest
let folder: string
let server: Stage

beforeAll(() => {
  scene.prepare()
  scene.keygen()
  scene.act(scene.opening())
  folder = mkdtempSync(join(tmpdir(), 'comitia-clock-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => server[Symbol.asyncDispose]())

/** The server on the same data, started when the machine's clock says this. */
async function startAt(now: number): Promise<void> {
  server = await stage(scene, { folder })
  server.clock.now = now
}
const cast = (voter: number) => server.post(ballotEntry(scene.ballot(voter, [1n, 0n]).ballot))
const close = () => closeDue({ ...server.parts, official: new Official(server.parts.board, scene.operator) })
/** What the ledger says of time, of the opening and of the closing. */
async function story() {
  const found = { times: [] as number[], openings: 0, closings: 0 }
  for await (const bytes of server.ledger.entries(0, server.ledger.size)) {
    const [type, content] = decodeEntry(bytes)
    if (type === 'time') found.times.push(content)
    else if (type === 'act' && content.act.type === 'open-election') found.openings += 1
    else if (type === 'act' && content.act.type === 'close-election') found.closings += 1
  }
  return found
}
const closedAt = () => server.parts.board.state.processes.get(PROCESS)?.elections.get(scene.slug)?.closedAt

test('before the opening a server takes no ballot, and goes down', async () => {
  await startAt(opensAt - 1)
  expect(await refusal(await cast(0))).toEqual([409, 'too-early'])
})

test('started again after it, voting is open, late but right, and the ledger says since when', async () => {
  await startAt(opensAt + HOUR / 6)
  expect((await cast(0)).status).toBe(201)
  const { times, openings } = await story()
  expect(times.at(-1)).toBe(opensAt + HOUR / 6)
  expect(openings).toBe(1)
})

test('a clock that is behind after another start takes nothing back', async () => {
  await startAt(opensAt - HOUR)
  expect((await cast(1)).status).toBe(201)
  expect(server.parts.board.state.time).toBe(opensAt + HOUR / 6)
})

test('a clock that jumps over the closing closes once, for good, wherever it jumps then', async () => {
  await startAt(closesAt + HOUR)
  expect(await refusal(await cast(2))).toEqual([409, 'too-late'])
  await close()
  const at = closedAt()
  expect(at).toBeDefined()
  for (const now of [opensAt + 1, closesAt - 1, closesAt + 2 * HOUR, 0]) {
    server.clock.now = now
    expect(await close()).toBe(true)
    expect(await refusal(await cast(2))).toEqual([409, 'too-late'])
  }
  expect(closedAt()).toBe(at)
})

test('nor does another start; time never fell', async () => {
  await startAt(opensAt + 1)
  expect(await close()).toBe(true)
  expect(await refusal(await cast(3))).toEqual([409, 'too-late'])
  const { times, openings, closings } = await story()
  expect([openings, closings]).toEqual([1, 1])
  expect(times).toEqual([...times].sort((a, b) => a - b))
  expect(times.at(-1)).toBe(closesAt + HOUR)
})
