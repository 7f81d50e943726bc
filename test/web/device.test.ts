// What a voter's device finds out for itself, over the real server: its place on rolls, certain only once officials have
// frozen them (SPEC 4.4), and what became of its own ballots (SPEC 8.3).
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { commitment } from '#circuits/credential.ts'
import { credentialSecret } from '#client/secret.ts'
import { Server } from '#client/server.ts'
import { sha256 } from '#crypto/hash.ts'
import { parsePolicy } from '#ledger/policy.ts'
import { ballotContent, bodyHash } from '#protocol/ballot.ts'
import { formatTracker } from '#protocol/tracker.ts'
import { listen } from '#server/listen.ts'
import type { ElectionSummary } from '#server/summary.ts'
import { keepReceipts } from '#web/booth/kept.ts'
import { leastOn, rollsOf, usesRoll, weightedOn } from '#web/device/eligible.ts'
import { certainRollsOf, dropAll, keepRegistration } from '#web/device/kept.ts'
import { ownFate } from '#web/device/fate.ts'
import { ownReceipts } from '#web/device/receipts.ts'
import { findingOf, type KnownRoll, standingsOf } from '#web/device/standings.ts'
import { type Drawer, type Vault, VaultFailure } from '#web/device/vault.ts'
import { stage, type Stage } from '../server/stage.ts'
import { POLICY } from '../tally/record.ts'
import { contest, ELECTION, PROCESS, Scene, START } from '../tally/scene.ts'

const HOUR = 3_600_000
const RESIDENTS = { process: PROCESS, roll: 'residents' }
const GUESTS = { process: PROCESS, roll: 'guests' }

/** A vault in memory; an empty record is one that cannot be read. */
class MemoryVault implements Vault {
  readonly #records = new Map<string, Uint8Array>()

  get(drawer: Drawer, name: string): Promise<Uint8Array | undefined> {
    const record = this.#records.get(`${drawer}/${name}`)
    if (record?.length === 0) return Promise.reject(new VaultFailure('vault-damaged', name))
    return Promise.resolve(record)
  }
  put(drawer: Drawer, name: string, bytes: Uint8Array): Promise<void> {
    this.#records.set(`${drawer}/${name}`, bytes)
    return Promise.resolve()
  }
  delete(drawer: Drawer, name: string): Promise<void> {
    this.#records.delete(`${drawer}/${name}`)
    return Promise.resolve()
  }
  keys(drawer: Drawer): Promise<string[]> {
    const own = [...this.#records.keys()].filter((key) => key.startsWith(`${drawer}/`))
    return Promise.resolve(own.map((key) => key.slice(drawer.length + 1)))
  }
}

let scene: Scene
let on: Stage
let stop: () => Promise<void>
let server: Server
let vault: MemoryVault
let elections: ElectionSummary[]
let paths: string[] = []

beforeAll(async () => {
  scene = new Scene({
    weights: [1n, 1n, 2n],
    guardians: 1,
    contests: [contest(), contest({ weighted: true })],
  })
  scene.voters.forEach((voter, i) => Object.assign(voter, { secret: credentialSecret(seedOf(i)) }))
  scene.prepare()
  // A roll that nobody has frozen yet.
  const guest = { commitment: commitment(credentialSecret(seedOf(1))), weight: 1n, row: sha256(seedOf(1)) }
  scene.act({ type: 'add-to-roll', roll: 'guests', credentials: [guest] })
  scene.keygen()
  scene.open()
  on = await stage(scene)
  on.clock.now = START + HOUR
  const { port, close } = await listen(on.app, { port: 0, host: 'localhost' })
  stop = close
  server = new Server(`http://localhost:${port}`, { policy: parsePolicy(POLICY) })
  ;({ elections } = (await (await server.send('/api/elections')).json()) as { elections: ElectionSummary[] })
  const { fetch } = globalThis
  vi.stubGlobal('fetch', (url: URL, init: RequestInit) => {
    paths.push(url.pathname)
    return fetch(url, init)
  })
})
beforeEach(() => {
  vault = new MemoryVault()
  paths = []
})
afterAll(async () => {
  vi.unstubAllGlobals()
  await stop()
  await on[Symbol.asyncDispose]()
})

function seedOf(voter: number): Uint8Array {
  return sha256(Uint8Array.of(voter))
}

describe('rolls', () => {
  const rolls = (): KnownRoll[] => [...rollsOf(elections), { ...GUESTS, frozen: undefined }]

  test('are known from elections, each once, with the entry that froze it', () => {
    const [residents, ...others] = rollsOf(elections)
    expect(residents).toMatchObject(RESIDENTS)
    expect(others).toEqual([])
    expect(on.parts.board.state.processes.get(PROCESS)?.rolls.get('residents')?.frozen?.index).toBe(
      residents?.frozen?.index,
    )
  })

  test('show where a credential stands, and among how many, and are fetched whole', async () => {
    const standings = await standingsOf(vault, server, { seed: seedOf(1) }, rolls())
    expect(standings).toMatchObject([
      { ...RESIDENTS, place: { index: 1, size: 3, alike: 2 }, registration: undefined },
      { ...GUESTS, place: { index: 0, size: 1, alike: 1 } },
    ])
    expect(paths.sort()).toEqual([`/api/rolls/${PROCESS}/guests`, `/api/rolls/${PROCESS}/residents`])
    expect(await standingsOf(vault, server, { seed: seedOf(9) }, rolls())).toEqual([])
  })

  test('a registration is shown even where its roll has lost it, or is gone', async () => {
    const made = { ...RESIDENTS, index: 7, entry: 3, at: 0 }
    const elsewhere = { process: PROCESS, roll: 'nowhere', index: 0, entry: 4, at: 0 }
    await keepRegistration(vault, made)
    await keepRegistration(vault, elsewhere)
    expect(await standingsOf(vault, server, { seed: seedOf(9) }, rolls())).toMatchObject([
      { ...RESIDENTS, place: undefined, registration: made },
      { roll: 'nowhere', place: undefined, registration: elsewhere },
    ])
  })

  test('are certain only once frozen, by a checked entry; that is found out once', async () => {
    const [residents, guests] = rolls()
    if (residents === undefined || guests === undefined) throw new Error('two rolls')
    expect(await findingOf(vault, server, { seed: seedOf(1) }, guests)).toBe('pending')
    expect(await findingOf(vault, server, { seed: seedOf(9) }, residents)).toBe('missing')
    expect(await certainRollsOf(vault)).toEqual([])
    expect(await findingOf(vault, server, { seed: seedOf(1) }, residents)).toBe('certain')
    expect(await certainRollsOf(vault)).toEqual([RESIDENTS])
    paths = []
    expect(await findingOf(vault, server, { seed: seedOf(1) }, residents)).toBe('certain')
    expect(paths).toEqual([])
    await dropAll(vault)
    expect(await certainRollsOf(vault)).toEqual([])
  })

  test('an entry that froze nothing, or another roll, is no proof', async () => {
    const [residents] = rolls()
    if (residents?.frozen === undefined) throw new Error('not frozen')
    const wrong = { ...residents, frozen: { ...residents.frozen, index: residents.frozen.index - 1 } }
    await expect(findingOf(vault, server, { seed: seedOf(1) }, wrong)).rejects.toMatchObject({
      code: 'entries-unsound',
    })
    const other = { ...GUESTS, frozen: residents.frozen }
    await expect(findingOf(vault, server, { seed: seedOf(1) }, other)).rejects.toMatchObject({
      code: 'entries-unsound',
    })
    expect(await certainRollsOf(vault)).toEqual([])
  })

  test('warn below 20 credentials, or what an election asks for; weights matter where a contest has them', () => {
    const [election] = elections
    if (election === undefined) throw new Error('an election')
    expect(usesRoll(election, RESIDENTS)).toBe(true)
    expect(usesRoll(election, GUESTS)).toBe(false)
    expect(leastOn(elections, RESIDENTS)).toBe(20)
    expect(leastOn([{ ...election, minBallots: 50 }], RESIDENTS)).toBe(50)
    expect(leastOn([{ ...election, minBallots: 50 }], GUESTS)).toBe(20)
    expect(weightedOn(elections, RESIDENTS)).toBe(true)
    expect(weightedOn(elections, GUESTS)).toBe(false)
  })
})

describe('receipts', () => {
  const title = { en: 'Budget' }

  /** Casts with a simulated proof, as the booth would, and keeps the receipt. */
  async function cast(voter: number, values: bigint[], number = 0) {
    const { ballot } = scene.ballot(voter, values, number)
    const recorded = await server.submit(['ballot', ballotContent(ballot)])
    scene.offer(['ballot', ballotContent(ballot)])
    return { contest: number, hash: bodyHash(ballot.body), ...recorded, at: recorded.index }
  }

  test('are listed newest first; a later ballot of the same contest replaces, wherever it was cast', async () => {
    const first = await cast(0, [1n, 0n])
    const weighted = await cast(0, [0n, 1n], 1)
    const second = await cast(0, [0n, 1n])
    const kept = { process: PROCESS, election: ELECTION, title }
    await keepReceipts(vault, 'e', { ...kept, cast: [first, weighted, second] })
    expect((await ownReceipts(vault)).receipts).toMatchObject([
      { contest: 0, index: second.index, tracker: formatTracker(second.hash), replaced: false, title },
      { contest: 1, index: weighted.index, replaced: false },
      { contest: 0, index: first.index, replaced: true },
    ])
    expect(await ownFate(vault, server, first.index)).toBe('superseded')
    expect(await ownFate(vault, server, second.index)).toBe('counted')
    // Another device with the same credential votes again.
    await cast(0, [1n, 0n])
    expect(await ownFate(vault, server, second.index)).toBe('superseded')
    expect(await ownFate(vault, server, weighted.index)).toBe('counted')
  })

  test('one that does not hold is not said to count; one that cannot be read is said to be so', async () => {
    const good = await cast(1, [1n, 0n])
    const kept = { process: PROCESS, election: ELECTION, title }
    await keepReceipts(vault, 'e', { ...kept, cast: [{ ...good, entry: good.entry.with(60, 1) }] })
    await vault.put('receipts', 'f', new Uint8Array())
    expect(await ownReceipts(vault)).toMatchObject({ receipts: [{ index: good.index }], damaged: 1 })
    await expect(ownFate(vault, server, good.index)).rejects.toMatchObject({ code: 'receipt-invalid' })
    await expect(ownFate(vault, server, 999)).rejects.toMatchObject({ code: 'not-found' })
    await keepReceipts(vault, 'e', { ...kept, cast: [good] })
    expect(await ownFate(vault, server, good.index)).toBe('counted')
  })
})
