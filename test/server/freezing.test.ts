// A roll is frozen while people register: two sign it as it is, and it stays so until they have. SPEC 4.2, 4.4.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commitment } from '#circuits/credential.ts'
import { bigintToBytes, fromHex, toHex } from '#crypto/encoding.ts'
import { actCodec } from '#protocol/act.ts'
import { importVoters } from '#server/data/register.ts'
import type { ProposedView } from '#server/officials/acts.ts'
import { PROCESS, Scene } from '../tally/scene.ts'
import { naming } from '../tally/passkey.ts'
import { Browser } from './official-browser.ts'
import { refusal, stage, type Stage } from './stage.ts'

const DAY = 24 * 3_600_000
const ROLL = { process: PROCESS, roll: 'members' }
const scene = new Scene()
scene.enrol()

let server: Stage
const [ada, ben] = ['ada', 'ben'].map((name) => new Browser(() => server, name)) as [Browser, Browser]

const people = Array.from({ length: 10 }, (_, i) => ({ row: `voter ${i}`, weight: 1n }))
let codes: string[]

beforeAll(async () => {
  server = await stage(scene, { workers: 0, database: true })
  await ada.first(server.parts.officials.first ?? '')
  await ada.invite(ben, 'owner')
  const { officials } = naming(['ada', 'ben'])
  const named = officials.map((one) => ({ ...one, key: (one.id === 'ada' ? ada : ben).acts.key }))
  await ada.propose({ type: 'change-officials', officials: named, approvals: { routine: 1, decisive: 2 } })
  codes = (await importVoters(server.parts.database, { ...ROLL, rows: people })).map(({ code }) => code)
})
afterAll(() => server[Symbol.asyncDispose]())

/** Voters who were told that they are on the roll. */
const taken = new Set<number>()
async function register(i: number): Promise<Response> {
  const response = await server.app.request('/api/registrations', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: codes[i], commitment: toHex(bigintToBytes(commitment(BigInt(i + 1)), 32)) }),
  })
  if (response.ok) taken.add(i)
  return response
}
const standing = async ({ id }: ProposedView) =>
  (await ada.get<{ acts: ProposedView[] }>('/acts')).acts.find((one) => one.id === id)?.standing

/** Ada signs the act that the server gives her, with whatever happens before she has. */
async function freeze(meanwhile: () => Promise<void> = () => Promise.resolve()) {
  const { act: bytes, ...at } = await ada.post<ProposedView>('/freezing', ROLL)
  await meanwhile()
  const act = actCodec.decode(fromHex(bytes))
  const said = { ...at, reason: 'All are in.' }
  const assertion = ada.sign({ ...said, act })
  return ada.send('POST', '/api/officials/acts', { ...said, act: bytes, assertion })
}

test('nobody registers while one signs and while the other has yet to, and voters are told until when', async () => {
  expect((await register(0)).status).toBe(201)
  const response = await freeze(async () => {
    const held = await register(2)
    expect(held.headers.get('retry-after')).toBe('300')
    expect(await refusal(held)).toEqual([409, 'roll-waits'])
  })
  expect(response.status).toBe(201)
  const proposed = (await response.json()) as ProposedView
  expect(proposed.standing).toBe('pending')
  expect(proposed.expiry).toBe(server.clock.now + DAY)
  server.clock.now += DAY / 2
  for (const who of [ada, ben]) await who.signIn()
  const held = await register(2)
  expect(held.headers.get('retry-after')).toBe(String(DAY / 2000))
  expect(await refusal(held)).toEqual([409, 'roll-waits'])
  // The same again is answered as before.
  expect((await register(0)).status).toBe(201)
  // So after a restart.
  const { parts } = server
  const { Holds } = await import('#server/holds.ts')
  const anew = new Holds(parts.database, parts.board, parts.clock)
  expect(await anew.until(ROLL)).toBe(proposed.expiry)

  await ada.post(`/acts/${proposed.id}/withdrawal`)
  expect((await register(2)).status).toBe(201)
})

test('registration goes on when the act expires, or another comes first', async () => {
  const first = (await (await freeze()).json()) as ProposedView
  expect(await refusal(await register(3))).toEqual([409, 'roll-waits'])
  server.clock.now += DAY + 1000
  for (const who of [ada, ben]) await who.signIn()
  expect((await register(3)).status).toBe(201)
  expect(await standing(first)).toMatch(/expired|stale/)

  const second = (await (await freeze()).json()) as ProposedView
  const manifest = { ...scene.manifest, closesAt: server.clock.now + DAY }
  const define = await ada.propose({ type: 'define-election', election: 'another', manifest })
  expect((await ben.approval(define)).status).toBe(200)
  expect((await register(4)).status).toBe(201)
  expect(await standing(second)).toBe('stale')
})

test('an act for so long that voters would wait for days is refused, and so is one of an unknown roll', async () => {
  const { act: bytes, ...at } = await ada.post<ProposedView>('/freezing', ROLL)
  const said = { ...at, expiry: at.expiry + 60_000, reason: 'All are in.' }
  const long = { ...said, act: bytes, assertion: ada.sign({ ...said, act: actCodec.decode(fromHex(bytes)) }) }
  expect(await refusal(await ada.send('POST', '/api/officials/acts', long))).toEqual([409, 'act-expired'])
  expect((await register(5)).status).toBe(201)
  const unknown = await ada.send('POST', '/api/officials/freezing', { ...ROLL, roll: 'nobody' })
  expect(await refusal(unknown)).toEqual([404, 'unknown-roll'])
})

test('many register at once, two freeze meanwhile, and the roll holds all who were told that they are on it', async () => {
  const crowd = [6, 7, 8].map(register)
  const proposed = (await (await freeze()).json()) as ProposedView
  await Promise.all(crowd)
  const response = await ben.approval(proposed)
  expect(await response.json()).toMatchObject({ standing: 'recorded' })
  const roll = server.parts.board.state.processes.get(PROCESS)?.rolls.get(ROLL.roll)
  expect(roll?.frozen).toMatchObject({ size: taken.size })
  expect(await refusal(await register(9))).toEqual([409, 'roll-frozen'])
})
