// W2: the server shows a voter another ballot's receipt or tracker than their own (Vigneron and others on the French
// legislative election of 2022). The device computes the tracker itself and checks the receipt for the entry that it sent,
// under a policy of its own (SPEC 6.2, 7.5).
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { checkBallotReceipt } from '#client/receipt.ts'
import { type Recorded, Server } from '#client/server.ts'
import { cast } from '#client/voter.ts'
import { leafHash } from '#ledger/merkle.ts'
import { signCheckpoint } from '#ledger/checkpoint.ts'
import { parsePolicy } from '#ledger/policy.ts'
import { formatReceipt } from '#ledger/proof.ts'
import { bodyHash } from '#protocol/ballot.ts'
import { formatTracker } from '#protocol/tracker.ts'
import { SceneServer } from '../cli/scene-server.ts'
import { LOG_KEY, POLICY } from '../tally/record.ts'
import { Scene } from '../tally/scene.ts'

const policy = parsePolicy(POLICY)

let scene: Scene
let http: SceneServer
let server: Server
let honest: typeof fetch
/** Bob's ballot, recorded as it should be. */
let bob: Recorded

beforeAll(async () => {
  scene = new Scene({ guardians: 1, weights: Array.from({ length: 6 }, () => 1n) })
  scene.prepare()
  scene.keygen()
  scene.open()
  http = await SceneServer.over(scene)
  server = new Server(http.url, { policy })
  honest = globalThis.fetch
  bob = await cast(server, scene.ballot(0, [0n, 1n]).ballot)
})
afterEach(() => {
  vi.unstubAllGlobals()
})
afterAll(() => http.close())

/** A server that records the ballot and answers with something else. */
function answering(lie: (said: Recorded) => Pick<Recorded, 'index' | 'receipt'>, status = 201): void {
  vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
    const answer = await honest(url, init)
    if (init.method !== 'POST') return answer
    return Response.json(lie((await answer.json()) as Recorded), { status })
  })
}

test('control: the honest answer is taken, and the tracker is that of the ballot sent', async () => {
  const { ballot } = scene.ballot(1, [1n, 0n])
  const recorded = await cast(server, ballot)
  expect(checkBallotReceipt(recorded, policy)?.tracker).toBe(formatTracker(bodyHash(ballot.body)))
})

test('the receipt of somebody else’s ballot is not taken', async () => {
  answering(() => bob)
  const mine = cast(server, scene.ballot(2, [1n, 0n]).ballot)
  await expect(mine).rejects.toMatchObject({ code: 'receipt-invalid' })
})

test('nor is it where the server says that the ballot was recorded before', async () => {
  answering(() => bob, 200)
  const mine = cast(server, scene.ballot(3, [1n, 0n]).ballot)
  await expect(mine).rejects.toMatchObject({ code: 'receipt-invalid' })
})

test('a receipt for the right entry in the wrong place, or of a log that the policy does not name, is none', async () => {
  answering(({ index, receipt }) => ({ index: index - 1, receipt }))
  const moved = cast(server, scene.ballot(4, [1n, 0n]).ballot)
  await expect(moved).rejects.toMatchObject({ code: 'receipt-invalid' })
  const { ballot } = scene.ballot(5, [1n, 0n])
  answering(({ index }) => {
    const stranger = { name: LOG_KEY.name, secret: new Uint8Array(32).fill(3) }
    const root = leafHash(scene.entries[index] ?? new Uint8Array())
    const checkpoint = signCheckpoint({ origin: LOG_KEY.name, size: 1, root }, stranger)
    return { index: 0, receipt: formatReceipt({ index: 0, path: [], checkpoint }) }
  })
  await expect(cast(server, ballot)).rejects.toMatchObject({ code: 'checkpoint-unsigned' })
})
