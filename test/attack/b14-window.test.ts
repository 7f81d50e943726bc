// B14: clock and window bugs. Votes are taken from the instant of opening up to, not including, the instant of closing,
// by the server's clock, and none while officials have paused voting; a clock that goes back changes nothing.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ballotContent } from '#protocol/ballot.ts'
import { decodeEntry, encodeEntry } from '#protocol/entry.ts'
import { actEntry, ballotEntry, refusal, stage, type Stage } from '../server/stage.ts'
import { ELECTION, Scene } from '../tally/scene.ts'
import { failures, inspect } from '../tally/verifying.ts'

let scene: Scene
let server: Stage
let voter = 0

beforeAll(async () => {
  scene = new Scene({ weights: Array.from({ length: 12 }, () => 1n) })
  scene.prepare()
  scene.keygen()
  scene.act(scene.opening())
  server = await stage(scene)
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => void (voter += 1))

const cast = () => server.post(ballotEntry(scene.ballot(voter, [1n, 0n]).ballot))
const close = () => server.post(actEntry(scene, server, { type: 'close-election', election: ELECTION }))

test('one millisecond before opening is too early, even with the ledger a step behind', async () => {
  server.clock.now = scene.manifest.opensAt - 500
  expect(await refusal(await cast())).toEqual([409, 'too-early'])
  server.clock.now = scene.manifest.opensAt - 1
  expect(await refusal(await cast())).toEqual([409, 'too-early'])
})

test('the instant of opening is in time', async () => {
  server.clock.now = scene.manifest.opensAt
  expect((await cast()).status).toBe(201)
})

test('nothing is taken while officials have paused voting, and the very same ballot after', async () => {
  const message = { en: 'The list of options was wrong on paper.' }
  const ballot = ballotEntry(scene.ballot(voter, [1n, 0n]).ballot)
  const act = (type: 'pause-voting' | 'resume-voting') =>
    server.post(actEntry(scene, server, { type, election: ELECTION, message }))
  expect((await act('pause-voting')).status).toBe(201)
  expect(await refusal(await server.post(ballot))).toEqual([409, 'voting-paused'])
  expect((await act('resume-voting')).status).toBe(201)
  expect((await server.post(ballot)).status).toBe(201)
})

test('a ballot that a server lets in during a pause is found by the observer', async () => {
  const other = new Scene({ guardians: 1 })
  other.prepare()
  other.keygen()
  other.open()
  const ballot = encodeEntry(['ballot', ballotContent(other.ballot(0, [1n, 0n]).ballot)])
  expect(failures(await inspect([...other.entries, ballot]))).toEqual([])
  const at = other.act({ type: 'pause-voting', election: ELECTION, message: { en: 'Wait' } })
  expect(failures(await inspect(other.entries))).toEqual([])
  expect(failures(await inspect([...other.entries, ballot]))).toEqual([`V4@${at + 1} voting-paused`])
  other.act({ type: 'resume-voting', election: ELECTION, message: { en: 'Go on' } })
  expect(failures(await inspect([...other.entries, ballot]))).toEqual([])
})

test('one millisecond before closing is in time, and nobody closes yet', async () => {
  server.clock.now = scene.election.closesAt - 1
  expect((await cast()).status).toBe(201)
  expect(await refusal(await close())).toEqual([409, 'too-early'])
})

test('the instant of closing is too late', async () => {
  server.clock.now = scene.election.closesAt
  expect(await refusal(await cast())).toEqual([409, 'too-late'])
})

test('a clock set back opens nothing again', async () => {
  server.clock.now = scene.election.closesAt
  expect((await close()).status).toBe(201)
  server.clock.now = scene.manifest.opensAt + 1
  expect(await refusal(await cast())).toEqual([409, 'too-late'])
  const { state } = server.parts.board
  expect(state.time).toBe(scene.election.closesAt)
})

test('the ledger tells the same story: its time never falls', async () => {
  const times: number[] = []
  for await (const bytes of server.ledger.entries(0, server.ledger.size)) {
    const [type, content] = decodeEntry(bytes)
    if (type === 'time') times.push(content)
  }
  expect(times).toEqual([...times].sort((a, b) => a - b))
  expect(times).toContain(scene.manifest.opensAt)
  expect(times).toContain(scene.election.closesAt)
})
