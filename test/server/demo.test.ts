// The demonstration from end to end over HTTP, with real proofs: a visitor registers, votes, is the third guardian and
// closes; the server plays the others, and goes on after a restart at any point.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readArtifacts } from '#circuits/build/artifacts.ts'
import { releaseCurve } from '#circuits/curve.ts'
import { commitment } from '#circuits/credential.ts'
import { type ProofWorkers, startProofWorkers } from '#cli/proof-workers.ts'
import { drawSeed } from '#client/credential.ts'
import { credentialSecret } from '#client/secret.ts'
import { openElection, rollOf } from '#client/election.ts'
import { confirm, deal, join as joinKeygen, rehearse, takeSeat } from '#client/guardian/keygen.ts'
import { type Guardian, newIdentity, openBackup, publicKeyOf, type Seat } from '#client/guardian/seat.ts'
import { Session, type Surroundings } from '#client/guardian/session.ts'
import { decrypt } from '#client/guardian/tally.ts'
import { Server } from '#client/server.ts'
import { cast, nextSequence, provingFiles, voterIn } from '#client/voter.ts'
import { fromHex, toHex } from '#crypto/encoding.ts'
import { proveBallot } from '#protocol/cast.ts'
import { seal } from '#protocol/seal.ts'
import { openJournal } from '#server/journal.ts'
import { type RunningServer, startServer } from '#server/start.ts'
import type { ProcessView } from '#server/participation/views.ts'
import type { ElectionSummary } from '#server/summary.ts'
import { proofEngine } from '#tally/pool.ts'
import { openRecord } from '#tally/record.ts'
import { verify } from '#tally/verify/verify.ts'
import { refusal } from './stage.ts'

/** As few as make a result, so that the test makes few proofs. */
const SIMULATED = 2
const PATIENCE = { timeout: 600_000, interval: 300 }

const folder = mkdtempSync(join(tmpdir(), 'comitia-demo-'))
const data = join(folder, 'data')
let workers: ProofWorkers
let running: RunningServer
let written = ''

const start = async (): Promise<RunningServer> =>
  startServer({
    data,
    port: 0,
    engine: (key) => proofEngine(workers.ports, key),
    artifacts: await readArtifacts({}),
    demo: { simulated: SIMULATED },
    journal: openJournal({ write: (line: string) => (written += line) }),
  })

beforeAll(async () => {
  workers = startProofWorkers(1)
  running = await start()
})
afterAll(async () => {
  await running.close()
  await workers.stop()
  await releaseCurve()
  rmSync(folder, { recursive: true })
})

const post = (path: string, body?: unknown): Promise<Response> =>
  fetch(new URL(`/api/demo/${path}`, running.url), {
    method: 'POST',
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
const get = async <T>(path: string): Promise<T> =>
  (await (await fetch(new URL(`/api/${path}`, running.url))).json()) as T
const summary = (election: string) => get<ElectionSummary>(`elections/demo/${election}`)
const stateOf = async (election: string) =>
  (await get<{ elections: { election: string; state: string }[] }>('demo')).elections.find(
    (listed) => listed.election === election,
  )?.state
const turnout = async (election: string) =>
  (await summary(election)).contests.map(({ turnout: { voters } }) => voters)
const restart = async (): Promise<void> => {
  await running.close()
  running = await start()
}

/** A guardian in memory, who waits for others. */
function guardianOf(identity: Guardian['identity'], seats: Seat[] = []): Guardian {
  const held = new Map(seats.map((seat) => [seat.election, seat]))
  return {
    identity,
    seats: () => Promise.resolve([...held.values()]),
    save: (seat) => Promise.resolve(void held.set(seat.election, seat)),
  }
}
const around: Surroundings = {
  wait: true,
  tell: () => undefined,
  pause: () => sleep(200),
  connect: (url, policy) => new Server(url, { policy }),
  verify: (record, options) => verify(record, workers.ports, options),
}

/** Casts a ballot in one contest by the steps of a voter's device. */
async function vote(place: string, secret: bigint, index: number, values: readonly bigint[]): Promise<void> {
  const server = new Server(running.url)
  const election = await openElection(server, await summary(place))
  const context = election.contexts[index]
  if (context === undefined) throw new Error('no such contest')
  const roll = await rollOf(server, election, place)
  const voter = voterIn(context, roll, secret)
  const files = await provingFiles(server, election, context.circuit)
  const sealing = seal(context, voter, await nextSequence(server, context, voter), values)
  await cast(server, await proveBallot(context, sealing, voter, files))
}

describe('an election with a visitor as voter and guardian', () => {
  const secret = credentialSecret(drawSeed())
  let place: string

  test('is ready at the first start, and says that it is practice', async () => {
    const made = (await (await post('elections')).json()) as { process: string; election: string }
    expect(made).toEqual({ process: 'demo', election: 'budget-1' })
    place = made.election
    expect(await get('demo')).toEqual({
      elections: [{ process: 'demo', election: place, state: 'registering' }],
      simulated: SIMULATED,
    })
    // Nobody needs a second one yet.
    expect(await (await post('elections')).json()).toEqual(made)
    const shown = await summary(place)
    expect(shown).toMatchObject({ practice: true, state: 'ready', threshold: 2, quorum: 2, minBallots: 2 })
    expect(shown.languages).toEqual(['en', 'fi', 'sv', 'de', 'fr', 'es', 'gd', 'pl'])
    expect(shown.guardians.map(({ name }) => name)).toEqual([
      'Played by this server (1)',
      'Played by this server (2)',
      'A visitor',
    ])
    expect(shown.contests.map(({ rule, blank, order }) => [rule.type, blank, order])).toEqual([
      ['cumulative', false, 'fixed'],
      ['approval', true, 'rotated'],
    ])
    expect(shown.contests[0]?.options).toHaveLength(16)
    expect(shown.contests[0]?.options[2]).toMatchObject({
      title: { pl: 'Tor rolkowy na Bolinie' },
      cost: '140000',
      point: { lat: 50_235_783, lon: 19_091_755 },
    })
  })

  test('keeps the secrets of those whom it plays to itself', () => {
    const files = readdirSync(join(data, 'demo'))
    expect(files).toEqual(['budget-1.demo'])
    for (const file of files) expect(statSync(join(data, 'demo', file)).mode & 0o777).toBe(0o600)
  })

  test('takes a visitor with a code, before it opens', async () => {
    const { code } = (await (await post(`elections/${place}/codes`)).json()) as { code: string }
    await new Server(running.url).register(code, commitment(secret))
    expect((await summary(place)).contests[0]?.turnout.credentials).toBe(SIMULATED + 1)
    for (const early of ['close', 'step-in']) {
      expect(await refusal(await post(`elections/${place}/${early}`))).toEqual([409, 'wrong-state'])
    }
  })

  test('opens, and the simulated voters vote by themselves, also across a restart', async () => {
    expect((await post(`elections/${place}/open`)).status).toBe(204)
    expect(await stateOf(place)).toBe('open')
    expect((await summary(place)).opening?.setups.map(({ circuit }) => circuit)).toEqual(['S'])
    expect(await refusal(await post(`elections/${place}/open`))).toEqual([409, 'wrong-state'])
    expect(await refusal(await post(`elections/${place}/codes`))).toEqual([409, 'wrong-state'])
    expect(await refusal(await post(`elections/${place}/close`))).toEqual([409, 'too-few-ballots'])
    await restart()
    await expect.poll(() => turnout(place), PATIENCE).toEqual([SIMULATED, SIMULATED])
    expect(await get('demo')).toMatchObject({ elections: [{ election: place, state: 'open' }, {}] })
  })

  test('takes the ballots of the visitor, and a later one instead of the earlier', async () => {
    const points = (at: number) => Array.from({ length: 16 }, (_, i) => (i === at ? 3n : 0n))
    await vote(place, secret, 0, points(0))
    await vote(place, secret, 0, points(2))
    await vote(place, secret, 1, [1n, 0n, 0n, 0n, 0n])
    expect((await summary(place)).contests.map(({ turnout: t }) => [t.voters, t.ballots])).toEqual([
      [SIMULATED + 1, SIMULATED + 2],
      [SIMULATED + 1, SIMULATED + 1],
    ])
  })

  test('closes at once; one played guardian announces, the other is absent', async () => {
    expect((await post(`elections/${place}/close`)).status).toBe(204)
    expect(await stateOf(place)).toBe('closed')
    await expect
      .poll(async () => (await summary(place)).contests.map(({ intents }) => intents), PATIENCE)
      .toEqual([[1], [1]])
    await restart()
    const { contests } = await summary(place)
    expect(contests.map(({ intents, shares }) => [intents, shares])).toEqual([
      [[1], []],
      [[1], []],
    ])
  })

  test('gives the visitor the third guardian’s seat, with which the result comes', async () => {
    const { backup, passphrase } = await get<{ backup: string; passphrase: string }>(
      `demo/elections/${place}/seat`,
    )
    const { identity, seats } = await openBackup(backup, passphrase)
    const [seat] = seats
    if (seat === undefined) throw new Error('no seat')
    expect([seat.guardian, toHex(publicKeyOf(identity))]).toEqual([
      3,
      (await summary(place)).guardians[2]?.key,
    ])
    const session = await Session.open(
      guardianOf(identity, [...seats]),
      { ...seat, server: running.url },
      around,
    )
    expect(await decrypt(session, true)).toEqual({ guardian: 3, decrypted: [0, 1], withheld: [] })
    await expect.poll(() => stateOf(place), PATIENCE).toBe('announced')
    const [budget, report] = (await summary(place)).contests
    expect(budget).toMatchObject({ shares: [1, 3], result: { status: 'counted', ballots: SIMULATED + 1 } })
    expect(report).toMatchObject({ result: { status: 'counted', blank: '1' } })
    // The projects that two voters of the file and the visitor gave points to.
    const sums = budget?.result?.status === 'counted' ? budget.result.sums.map(Number) : []
    expect(sums).toEqual([0, 1, 6, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0])
  })

  test('then forgets what it knew', async () => {
    await expect
      .poll(
        async () => refusal(await fetch(new URL(`/api/demo/elections/${place}/seat`, running.url))),
        PATIENCE,
      )
      .toEqual([404, 'not-found'])
    const kept = new TextDecoder().decode(fromHex(readFileSync(join(data, 'demo', `${place}.demo`), 'utf8')))
    expect(kept).not.toMatch(/signingKey|keyShare|AGE-SECRET-KEY|BEGIN AGE/)
  })
})

test('without the visitor the absent guardian can step in', async () => {
  const { election } = (await (await post('elections')).json()) as { election: string }
  expect(election).toBe('budget-2')
  await post(`elections/${election}/open`)
  await expect.poll(() => turnout(election), PATIENCE).toEqual([SIMULATED, SIMULATED])
  await post(`elections/${election}/close`)
  expect((await post(`elections/${election}/step-in`)).status).toBe(204)
  expect(await stateOf(election)).toBe('announced')
  for (const { shares } of (await summary(election)).contests) expect(shares.sort()).toEqual([1, 2])
  // The simulated voters have not proposed anything yet, and do so all the same.
  await expect
    .poll(
      async () => (await get<ProcessView>(`processes/ideas-${election}`)).participation?.proposals,
      PATIENCE,
    )
    .toBe(SIMULATED)
})

test('a ceremony goes on as the visitor does, across a restart, up to a key that nobody opens', async () => {
  const identity = await newIdentity('Visitor')
  const key = toHex(publicKeyOf(identity))
  const made = (await (await post('ceremonies', { name: 'Ada', key })).json()) as {
    process: string
    election: string
  }
  expect((await summary(made.election)).guardians[2]).toEqual({ number: 3, name: 'Ada', key })
  const self = guardianOf(identity)
  const session = async () => {
    const seat = await takeSeat(self, { server: running.url, ...made }, around)
    return Session.open(self, seat, around)
  }
  await joinKeygen(await session())
  await restart()
  await deal(await session())
  await confirm(await session())
  await rehearse(await session())
  await expect.poll(async () => (await summary(made.election)).keygen?.stage, PATIENCE).toBe('done')
  expect(await refusal(await post(`elections/${made.election}/open`))).toEqual([409, 'wrong-state'])
  expect(await stateOf(made.election)).toBeUndefined()
})

test('the record of all this passes every check of an observer', async () => {
  const file = new Uint8Array(await (await fetch(new URL('/api/record', running.url))).arrayBuffer())
  const read = (offset: number, length: number) => Promise.resolve(file.slice(offset, offset + length))
  const findings = await verify(await openRecord({ size: file.length, read }), workers.ports)
  expect(findings.filter((finding) => finding.status === 'failed')).toEqual([])
  expect(findings.find((finding) => finding.check === 'V16')?.status).toBe('passed')
  expect(written).not.toMatch(/"level":[456]0/)
})
