// The demonstration touches nothing but its own practice elections, whatever its files say, and lets nobody fill the
// ledger or use it from another site.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drawSeed } from '#client/credential.ts'
import { newIdentity, publicKeyOf } from '#client/guardian/seat.ts'
import { toHex } from '#crypto/encoding.ts'
import type { Act } from '#protocol/act.ts'
import { nextInKeygen } from '#server/demo/guardians.ts'
import { type Kept, KeptFiles } from '#server/demo/kept.ts'
import { demoManifest } from '#server/demo/manifest.ts'
import { Official } from '#server/official.ts'
import { freezing, opening } from '#tally/official.ts'
import type { ElectionState } from '#tally/state.ts'
import { Scene, START } from '../tally/scene.ts'
import { refusal, stage, type Stage } from './stage.ts'

const DAY = 24 * 3_600_000
const folder = mkdtempSync(join(tmpdir(), 'comitia-bounds-'))
let server: Stage
let official: Official

const post = (path: string, headers: Record<string, string> = {}) =>
  Promise.resolve(server.app.request(`/api/demo/${path}`, { method: 'POST', headers }))
const ceremony = (body: unknown) =>
  Promise.resolve(
    server.app.request('/api/demo/ceremonies', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  )
const someKey = async () => toHex(publicKeyOf(await newIdentity('Somebody')))
const act = (make: () => Act) => official.act('demo', make)

/** An election as the demonstration itself begins one, practice or not. */
async function begun(election: string, practice: boolean): Promise<Kept> {
  const identities = await Promise.all([1, 2, 3].map((n) => newIdentity(`Guardian ${n}`)))
  const guardians = identities.map((identity) => ({ name: identity.name, key: publicKeyOf(identity) }))
  const times = { opensAt: START, closesAt: START + 7 * DAY }
  return {
    ...{ election, kind: 'vote', createdAt: START, codes: 0, seat: null },
    manifest: { ...demoManifest({ ...times, guardians, roll: election, minBallots: 1 }), practice },
    guardians: identities.map((identity, i) => ({ number: i + 1, identity })),
    voters: [drawSeed()],
  }
}

const electionOf = (slug: string): ElectionState => {
  const found = server.parts.board.state.processes.get('demo')?.elections.get(slug)
  if (found === undefined) throw new Error(`no election ${slug}`)
  return found
}

let real: Kept

beforeAll(async () => {
  // The data folder claims both for the demonstration.
  real = await begun('real', false)
  const files = new KeptFiles(join(folder, 'demo'))
  for (const kept of [real, await begun('drill', true)]) files.save(kept)
  const scene = new Scene()
  scene.found()
  server = await stage(scene, { folder, simulated: 1, database: true })
  server.parts.demo?.start('http://localhost')
  official = new Official(server.parts.board, scene.operator)
  // The demonstration makes the practice election by itself; the other is the operator's.
  await post('elections')
  const { election, manifest } = real
  await act(() => ({ type: 'define-election', election, manifest }))
  await act(() => ({ type: 'start-keygen', election, attempt: 1, guardians: [1, 2, 3] }))
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

describe('an election that is no practice election', () => {
  test('is not played, while the practice election beside it is', async () => {
    const response = await post('elections')
    expect([response.status, await response.json()]).toEqual([201, { process: 'demo', election: 'drill' }])
    expect(electionOf('drill').attempts[0]?.rehearsals.size).toBe(3)
    expect(electionOf('real').attempts[0]?.commits.size).toBe(0)
    const listed = (await (await server.app.request('/api/demo')).json()) as { elections: unknown }
    expect(listed.elections).toEqual([{ process: 'demo', election: 'drill', state: 'registering' }])
  })

  test('is not touched once it is open: not closed, not opened again, no codes, no seat', async () => {
    const { board, setups } = server.parts
    const guardians = [...real.guardians]
    for (let quiet = 0; quiet < 3;) {
      for (const [i, played] of guardians.entries()) {
        const saying = nextInKeygen(board.state, electionOf('real'), played)
        quiet = saying === undefined ? quiet + 1 : 0
        if (saying === undefined) continue
        guardians[i] = { ...played, attempt: saying.attempt }
        await board.submit(saying.entry)
      }
    }
    const credential = { commitment: 7n, weight: 1n, row: new Uint8Array(32) }
    await act(() => ({ type: 'add-to-roll', roll: 'real', credentials: [credential] }))
    await act(() => freezing(board.state, 'demo', 'real'))
    await act(() => opening(board.state, 'demo', 'real', setups.own))
    const before = server.ledger.size
    const { closesAt } = electionOf('real')
    for (const route of ['codes', 'open', 'close', 'step-in']) {
      expect(await refusal(await post(`elections/real/${route}`))).toEqual([403, 'not-expected-here'])
    }
    const seat = await server.app.request('/api/demo/elections/real/seat')
    expect(await refusal(seat)).toEqual([403, 'not-expected-here'])
    expect([server.ledger.size, electionOf('real').closesAt]).toEqual([before, closesAt])
    // The same requests for the practice election.
    expect((await post('elections/drill/codes')).status).toBe(201)
    expect((await server.app.request('/api/demo/elections/drill/seat')).status).toBe(200)
    expect((await post('elections/drill/open')).status).toBe(204)
    expect(await refusal(await post('elections/drill/close'))).toEqual([409, 'too-few-ballots'])
  })

  test('never becomes one: a definition is for ever', async () => {
    const { opening: opened, definition } = electionOf('real')
    const manifest = { ...real.manifest, practice: true }
    const again = act(() => ({ type: 'define-election', election: 'real', manifest }))
    await expect(again).rejects.toMatchObject({ code: 'already-exists' })
    expect(opened?.act.definition).toEqual(definition)
    expect(electionOf('real').manifest.practice).toBe(false)
  })

  test('nor is one of another process, or none at all', async () => {
    for (const name of ['budget', 'nothing', 'real-2']) {
      for (const route of ['codes', 'open', 'close', 'step-in']) {
        expect(await refusal(await post(`elections/${name}/${route}`))).toEqual([404, 'unknown-election'])
      }
    }
    expect(await refusal(await post('elections/%2e%2e%2freal/close'))).toEqual([400, 'malformed'])
  })
})

test('pages of other sites cannot ask for anything', async () => {
  const before = server.ledger.size
  for (const site of ['cross-site', 'same-site']) {
    for (const path of ['elections', 'elections/drill/codes', 'elections/drill/close']) {
      const response = await post(path, { 'sec-fetch-site': site })
      expect(await refusal(response)).toEqual([401, 'unauthorized'])
    }
  }
  expect(server.ledger.size).toBe(before)
  const own = await post('elections/drill/close', { 'sec-fetch-site': 'same-origin' })
  expect(await refusal(own)).toEqual([409, 'too-few-ballots'])
})

test('a ceremony needs a name and a key', async () => {
  const key = await someKey()
  for (const body of [
    {},
    { key },
    { name: '', key },
    { name: 'x'.repeat(61), key },
    { name: 'A', key: '00' },
  ]) {
    expect(await refusal(await ceremony(body))).toEqual([400, 'malformed'])
  }
})

test('20 ceremonies begin in a day, and more the next', async () => {
  for (let i = 1; i <= 20; i++) {
    const response = await ceremony({ name: `Visitor ${i}`, key: await someKey() })
    expect([response.status, await response.json()]).toMatchObject([201, { election: `ceremony-${i}` }])
  }
  const before = server.ledger.size
  const refused = await ceremony({ name: 'One more', key: await someKey() })
  expect(await refusal(refused)).toEqual([429, 'too-many-attempts'])
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(23 * 3600)
  expect(server.ledger.size).toBe(before)
  server.clock.now += DAY
  expect((await ceremony({ name: 'The next day', key: await someKey() })).status).toBe(201)
})

test('a server without the demonstration has none of this', async () => {
  const scene = new Scene()
  scene.found()
  await using plain = await stage(scene)
  expect(await refusal(await plain.app.request('/api/demo'))).toEqual([404, 'not-found'])
  const response = await plain.app.request('/api/demo/elections', { method: 'POST' })
  expect(await refusal(response)).toEqual([404, 'not-found'])
})
