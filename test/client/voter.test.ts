// A voter's steps against the real server, and against one that lies between: the election, the roll, the receipt and a
// ballot's fate are each held to the ledger (SPEC 4.2, 6, 7.5, 8.2, 8.3).
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { releaseCurve } from '#circuits/curve.ts'
import { commitment } from '#circuits/credential.ts'
import { leaf, rollPath } from '#circuits/roll.ts'
import { CIRCUITS } from '#circuits/sizes.ts'
import { openElection, type OpenElection, rollOf, type Whereabouts } from '#client/election.ts'
import { logOf } from '#client/log.ts'
import { frozenRoll } from '#client/roll.ts'
import {
  checkBallotReceipt,
  fateOf,
  formatReceiptFile,
  parseReceiptFile,
  type Proven,
} from '#client/receipt.ts'
import { decodeBallot, decodeSealing, encodeBallot, encodeSealing } from '#client/sealed.ts'
import { jsonOf, type Recorded, Server } from '#client/server.ts'
import { cast, nextSequence, provingFiles, type Voter, voterIn } from '#client/voter.ts'
import { concat, toHex } from '#crypto/encoding.ts'
import { encodeBase64 } from '#ledger/base64.ts'
import { leafHash, proveInclusion } from '#ledger/merkle.ts'
import { verifierKeyOf } from '#ledger/note.ts'
import { formatLogPolicy, parsePolicy } from '#ledger/policy.ts'
import { checkReceipt, formatReceipt } from '#ledger/proof.ts'
import { Tree } from '#ledger/tree.ts'
import { signAct } from '#protocol/act.ts'
import { bodyHash } from '#protocol/ballot.ts'
import { proveBallot } from '#protocol/cast.ts'
import { decodeEntry, encodeEntry } from '#protocol/entry.ts'
import { seal } from '#protocol/seal.ts'
import { listen } from '#server/listen.ts'
import { stage, type Stage } from '../server/stage.ts'
import { checkpointOf, LOG_KEY, POLICY } from '../tally/record.ts'
import { contest, ELECTION, PROCESS, Scene, START } from '../tally/scene.ts'

const HOUR = 3_600_000
const policy = parsePolicy(POLICY)

let scene: Scene
let on: Stage
let stop: () => Promise<void>
let server: Server
let where: Whereabouts
let election: OpenElection
/** What a lying server answers to a path, from the honest answer. */
let lies = new Map<string, (honest: Uint8Array) => string | Uint8Array | undefined>()
let offline = false
/** Every ballot that was cast. */
const done: (Recorded & { proven: Proven })[] = []

beforeAll(async () => {
  scene = new Scene({
    officials: ['ada', 'ben'],
    weights: [1n, 1n, 2n],
    guardians: 1,
    contests: [contest(), contest({ weighted: true })],
  })
  scene.prepare()
  scene.keygen()
  scene.open()
  on = await stage(scene)
  on.clock.now = START + HOUR
  const { port, close } = await listen(on.app, { port: 0, host: 'localhost' })
  stop = close
  server = new Server(`http://localhost:${port}`, { policy })
  const { fetch } = globalThis
  vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
    if (offline) throw new TypeError('the network is cut')
    const honest = await fetch(url, init)
    const lie = lies.get(url.pathname)
    if (lie === undefined) return honest
    const told = lie(new Uint8Array(await honest.arrayBuffer()))
    return told === undefined
      ? new Response('{"code":"not-found","message":""}', { status: 404 })
      : new Response(new Uint8Array(typeof told === 'string' ? new TextEncoder().encode(told) : told), {
          status: honest.status,
        })
  })
  where = await jsonOf<Whereabouts>(await server.send(`/api/elections/${PROCESS}/${ELECTION}`))
  election = await openElection(server, where)
})
afterEach(() => {
  lies = new Map()
  offline = false
})
afterAll(async () => {
  vi.unstubAllGlobals()
  await stop()
  await on[Symbol.asyncDispose]()
  await releaseCurve()
})

function contextOf(index: number) {
  const context = election.contexts[index]
  if (context === undefined) throw new Error('no such contest')
  return context
}

async function voter(number: number, index = 0): Promise<Voter> {
  const roll = await rollOf(server, election, 'residents')
  return voterIn(contextOf(index), roll, scene.voter(number).secret)
}

/** Seals, proves and casts, as a device does; and what the receipt then proves. */
async function vote(own: Voter, values: bigint[], sequence: number): Promise<Recorded & { proven: Proven }> {
  const context = contextOf(0)
  const files = await provingFiles(server, election, context.circuit)
  const recorded = await cast(
    server,
    await proveBallot(context, seal(context, own, sequence, values), own, files),
  )
  const proven = checkBallotReceipt(recorded, policy)
  if (proven === undefined) throw new Error('the receipt proves nothing')
  done.push({ ...recorded, proven })
  return { ...recorded, proven }
}

/** Shows a log of these entries, signed by the log's own key, where the election's entries are asked for. */
function lieWith(entries: readonly Uint8Array[]): void {
  const tree = new Tree()
  for (const entry of entries) tree.append(leafHash(entry))
  for (const index of [0, ...where.officials, where.definition.index, where.opening?.index ?? -1]) {
    const path = proveInclusion(index, tree.size, tree.read)
    lies.set(`/log/entries/${index}`, () => entries[index])
    lies.set(`/api/receipts/${index}`, () =>
      formatReceipt({ index, path, checkpoint: checkpointOf(entries) }),
    )
  }
}

describe('an election and its roll', () => {
  test('follow from a few entries and the whole roll', async () => {
    expect(election.manifest).toEqual(scene.manifest)
    expect(election.contexts).toEqual([0, 1].map((i) => scene.contestState(i).context))
    const [plain, heavy] = [await voter(1), await voter(2, 1)]
    expect(plain).toMatchObject({ index: 1, weight: 1n, alike: 3 })
    const leaves = scene.voters.map(({ secret, weight }) => leaf(commitment(secret), weight))
    expect(plain.path).toEqual(rollPath(leaves, 1, CIRCUITS.S.levels))
    expect(heavy).toMatchObject({ index: 2, weight: 2n, alike: 1 })
    const roll = await rollOf(server, election, 'residents')
    expect(() => voterIn(contextOf(0), roll, 5n)).toThrow(expect.objectContaining({ code: 'not-on-roll' }))
  })

  test('that was never opened has no ballots', async () => {
    await expect(openElection(server, { ...where, opening: null })).rejects.toMatchObject({
      code: 'not-open',
    })
  })

  test.each([
    ['the genesis', 0],
    ['the definition', 1],
    ['the opening', 2],
  ])('are refused where a byte of %s differs', async (_, which) => {
    const index = [0, where.definition.index, where.opening?.index ?? -1][which] ?? -1
    lies.set(`/log/entries/${index}`, (honest) => honest.with(honest.length - 1, (honest.at(-1) ?? 0) ^ 1))
    await expect(openElection(server, where)).rejects.toMatchObject({ code: 'receipt-invalid' })
  })

  test('are refused where the server points at other entries', async () => {
    const opened = where.opening?.index ?? -1
    const swapped = { ...where, definition: { index: opened }, opening: where.definition }
    await expect(openElection(server, swapped)).rejects.toMatchObject({ code: 'entries-unsound' })
    const other = { ...where, definition: { index: where.definition.index - 1 } }
    await expect(openElection(server, other)).rejects.toMatchObject({ code: 'entries-unsound' })
    const renamed = { ...where, election: 'another' }
    await expect(openElection(server, renamed)).rejects.toMatchObject({ code: 'entries-unsound' })
  })

  test('are refused where the officials are others than those who signed', async () => {
    const [change = -1] = where.officials
    expect(where.officials).toHaveLength(1)
    const refused = async (officials: readonly number[]) => {
      return openElection(server, { ...where, officials }).then(
        () => 'accepted',
        (error: unknown) => (error as { fields: { detail?: string } }).fields.detail,
      )
    }
    expect(await refused([])).toBe('the officials’ signatures')
    expect(await refused([change + 1])).toBe('the officials’ signatures')
    expect(await refused([change, where.definition.index])).toBe('a change of officials')
    expect(await refused([0])).toBe('an act of another process')
  })

  test('signed by nobody who may are refused, though the log has them', async () => {
    const forged = scene.entries.map((entry, i) => {
      const [type, content] = decodeEntry(entry)
      if (i !== where.opening?.index || type !== 'act') return entry
      return encodeEntry([
        'act',
        signAct(scene.log, { ...content, approvals: [] }, 'operator', new Uint8Array(32).fill(9)),
      ])
    })
    lieWith(forged)
    const refused = openElection(server, where)
    await expect(refused).rejects.toMatchObject({
      code: 'entries-unsound',
      fields: { detail: 'the officials’ signatures' },
    })
    // The same lie about an untouched log passes: it is the signature that fails, not the disguise.
    lieWith(scene.entries)
    expect((await openElection(server, where)).hash).toEqual(election.hash)
  })

  test('a roll is known before its election opens, from the act that froze it', async () => {
    const acts = scene.entries.map((entry) => decodeEntry(entry))
    const frozen = acts.findIndex(([type, content]) => type === 'act' && content.act.type === 'freeze-roll')
    const log = await logOf(server, where.officials)
    const named = { process: PROCESS, roll: 'residents', index: frozen }
    const roll = await frozenRoll(server, log, named)
    expect(roll.find(scene.voter(2).secret)).toEqual({ index: 2, weight: 2n, alike: 1 })
    const refused = frozenRoll(server, log, { ...named, index: frozen - 1 })
    await expect(refused).rejects.toMatchObject({ code: 'entries-unsound' })
    lies.set(`/api/rolls/${PROCESS}/residents`, (honest) => honest.subarray(34))
    const shorter = frozenRoll(server, log, named)
    await expect(shorter).rejects.toMatchObject({ code: 'roll-differs' })
  })

  test.each<[string, (roll: Uint8Array) => Uint8Array]>([
    ['with one credential less', (roll) => roll.subarray(34)],
    ['in another order', (roll) => concat(roll.subarray(34, 68), roll.subarray(0, 34), roll.subarray(68))],
    ['with another weight', (roll) => roll.with(33, 2)],
    ['that breaks off', (roll) => roll.subarray(0, -1)],
    ['with a number that is no field element', (roll) => new Uint8Array(roll).fill(255, 0, 32)],
  ])('a roll %s is refused', async (_, change) => {
    lies.set(`/api/rolls/${PROCESS}/residents`, change)
    await expect(rollOf(server, election, 'residents')).rejects.toMatchObject({ code: 'roll-differs' })
  })
})

describe('a ballot', () => {
  test('survives the vault, sealed and finished, and no damage makes another of it', async () => {
    const [context, own] = [contextOf(0), await voter(0)]
    const sealing = seal(context, own, 0, [0n, 1n])
    const kept = encodeSealing(sealing)
    expect(decodeSealing(context, kept)).toEqual(sealing)
    expect(() => decodeSealing(contextOf(1), kept)).toThrow(/malformed/)
    for (let at = 0; at < kept.length; at++) {
      const damaged = kept.with(at, (kept[at] ?? 0) ^ 1)
      let again
      try {
        again = decodeSealing(context, damaged)
      } catch {
        continue
      }
      // Only the nullifier's key is no part of what the body commits to.
      expect(again.body).toEqual(sealing.body)
      expect(again.nullifierKey).not.toEqual(sealing.nullifierKey)
    }
    const { ballot } = scene.ballot(0, [0n, 1n])
    expect(decodeBallot(encodeBallot(ballot))).toEqual(ballot)
    expect(() => decodeBallot(scene.entries[0] ?? new Uint8Array())).toThrow(/not a ballot/)
  })

  test('is cast once however often it is sent, replaced by a later one, and its receipt says what became of it', async () => {
    const own = await voter(0)
    expect(await nextSequence(server, contextOf(0), own)).toBe(0)
    const first = await vote(own, [1n, 0n], 0)
    const again = await cast(server, decodeBallot(first.entry))
    expect([again.index, again.entry]).toEqual([first.index, first.entry])
    expect(await fateOf(server, first.proven)).toEqual({ status: 'counted' })
    // Another envelope of the same body: the receipt is of the one that was recorded.
    const { ballot } = first.proven
    const other = { ...ballot, envelope: { ...ballot.envelope, proof: new Uint8Array(256) } }
    expect((await cast(server, other)).entry).toEqual(first.entry)

    await expect(vote(own, [0n, 1n], 0)).rejects.toMatchObject({ name: 'Refusal', code: 'ballot-sequence' })
    expect(await nextSequence(server, contextOf(0), own)).toBe(1)
    const second = await vote(own, [0n, 1n], 1)
    const by = { index: second.index, tracker: second.proven.tracker }
    expect(await fateOf(server, first.proven)).toEqual({ status: 'superseded', by })
    expect(await fateOf(server, second.proven)).toEqual({ status: 'counted' })
    await lying(first, second)
  })

  /** The same two ballots, shown by a server that lies about them. */
  async function lying(first: { proven: Proven; index: number }, second: { proven: Proven; index: number }) {
    const path = (of: { proven: Proven }) => `/api/ballots/${toHex(of.proven.hash)}`
    const bytes = async (at: string) => new Uint8Array(await (await server.send(at)).arrayBuffer())
    const own = await voter(1)
    const foreign = await vote(own, [1n, 0n], 0)
    const said = JSON.parse(new TextDecoder().decode(await bytes(path(first)))) as Record<string, unknown>

    // It may hold the ballot back, or show another in its place: the receipt proves that it lies.
    lies.set(path(second), () => undefined)
    expect(await fateOf(server, second.proven)).toEqual({ status: 'denied' })
    lies.clear()
    const elsewhere = await bytes(path(foreign))
    lies.set(path(second), () => elsewhere)
    expect(await fateOf(server, second.proven)).toEqual({ status: 'denied' })
    // It may not call a voter's ballot superseded by somebody else's, by an earlier one, or by none.
    for (const by of [foreign.index, first.index, 0, '1/../2', undefined]) {
      lies.clear()
      lies.set(path(first), () => JSON.stringify({ ...said, by }))
      await expect(fateOf(server, first.proven)).rejects.toMatchObject({ name: 'Unusable' })
    }
    // Nor with a receipt that does not hold.
    lies.clear()
    lies.set(path(second), () => JSON.stringify({ ...said, index: second.index, status: 'counted' }))
    await expect(fateOf(server, second.proven)).rejects.toMatchObject({ code: 'receipt-invalid' })
    for (const receipt of [undefined, 5, 'c2sp.org/tlog-proof@v1']) {
      lies.set(path(second), () => JSON.stringify({ index: second.index, status: 'counted', receipt }))
      await expect(fateOf(server, second.proven)).rejects.toMatchObject({ name: 'Unusable' })
    }
  }

  test('whose receipt the server gets wrong is not taken as cast, and can be sent again', async () => {
    const [context, own] = [contextOf(1), await voter(2, 1)]
    const files = await provingFiles(server, election, context.circuit)
    const ballot = await proveBallot(context, seal(context, own, 0, [0n, 1n]), own, files)
    lies.set('/api/entries', (honest) => {
      const { index, receipt } = JSON.parse(new TextDecoder().decode(honest)) as Recorded
      return JSON.stringify({ index: index - 1, receipt })
    })
    await expect(cast(server, ballot)).rejects.toMatchObject({ code: 'receipt-invalid' })
    lies.clear()
    const recorded = await cast(server, ballot)
    expect(checkBallotReceipt(recorded, policy)?.hash).toEqual(bodyHash(ballot.body))
  })
})

describe('a receipt file', () => {
  test('holds all ballots and proves each offline; whoever changes it proves nothing', () => {
    offline = true
    const read = parseReceiptFile(formatReceiptFile(done))
    const [first, second] = read
    expect(read.length).toBeGreaterThan(2)
    expect(read.map((ballot) => checkBallotReceipt(ballot, policy))).toEqual(done.map(({ proven }) => proven))
    expect(done[0]?.proven.origin).toBe(scene.log.origin)
    if (first === undefined || second === undefined) throw new Error('two ballots')
    expect(checkBallotReceipt({ ...first, receipt: second.receipt }, policy)).toBeUndefined()
    expect(checkBallotReceipt({ ...first, entry: second.entry }, policy)).toBeUndefined()
    for (const at of [0, 40, 200, first.entry.length - 1]) {
      const entry = first.entry.with(at, (first.entry[at] ?? 0) ^ 1)
      expect(checkBallotReceipt({ ...first, entry }, policy)).toBeUndefined()
    }
    const stranger = { ...LOG_KEY, secret: new Uint8Array(32).fill(1) }
    const other = parsePolicy(formatLogPolicy(verifierKeyOf(stranger)))
    expect(checkBallotReceipt(first, other)).toBeUndefined()
    const act = scene.entries[where.definition.index] ?? new Uint8Array()
    const path: Uint8Array[] = []
    const receipt = formatReceipt({ index: 0, path, checkpoint: checkpointOf([act]) })
    // Sound, and of no ballot.
    expect(checkReceipt(receipt, policy, leafHash(act))).toBe(true)
    expect(checkBallotReceipt({ entry: act, receipt }, policy)).toBeUndefined()
  })

  test.each([
    ['no JSON', () => 'hello'],
    ['another format', (file: string) => file.replace('comitia-receipt', 'comitia-opening')],
    ['one key more', (file: string) => file.replace('{', '{"tracker": "A",')],
    ['an entry that is not Base 64', (file: string) => file.replace(/"entry": ".../, '"entry": "***')],
    ['no ballots', () => '{"format":"comitia-receipt","ballots":[]}'],
  ])('with %s is none', (_, change) => {
    const file = formatReceiptFile([{ entry: Uint8Array.of(1, 2, 3), receipt: 'x' }])
    expect(parseReceiptFile(file)).toEqual([{ entry: Uint8Array.of(1, 2, 3), receipt: 'x' }])
    expect(file).toContain(encodeBase64(Uint8Array.of(1, 2, 3)))
    expect(() => parseReceiptFile(change(file))).toThrow(expect.objectContaining({ code: 'file-unreadable' }))
  })
})
