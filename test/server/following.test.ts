// Following a process by mail, through a real SMTP server: asked, confirmed, told what is new and never of nothing, ended at one
// click; whether an address is known nobody learns, and the process may stop in between.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { DEEDS } from '#protocol/plan.ts'
import { follower } from '#server/data/schema.ts'
import { clear } from '#server/participation/clearing.ts'
import { Followers } from '#server/participation/followers.ts'
import type { Confirmed, FollowOffer } from '#server/participation/following.ts'
import { People, planOf } from '../tally/people.ts'
import { changeOf, promiseOf, reportOn } from '../tally/promises.ts'
import { PROCESS, Scene, START } from '../tally/scene.ts'
import { Correspondence } from './correspondence.ts'
import { Mailbox, type Received } from './mailbox.ts'
import { actEntry, follow as take, refusal, stage, type Stage } from './stage.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const ADA = 'ada@citizens.example'

const box = new Mailbox()
const mail = () => ({ url: box.url, from: 'City <news@city.example>', perMinute: 60 })
let at: Correspondence
let server: Stage

beforeAll(async () => {
  await box.open()
  at = await Correspondence.begin(6, { daily: 60 }, { mail: mail() })
  server = at.server
  const { scene } = at.people
  const phase = {
    title: { en: 'Ideas' },
    opensAt: START,
    closesAt: START + 1000 * DAY,
    allows: DEEDS.filter((deed) => deed !== 'sealed-comment'),
  }
  const plan = actEntry(scene, server, planOf({ phases: [phase] }, { daily: 60 }))
  expect((await server.post(plan)).status).toBe(201)
  await take(scene, server.ledger)
})
afterAll(async () => {
  await at[Symbol.asyncDispose]()
  await box.close()
})
beforeEach(async () => {
  await server.parts.database.orm.delete(follower)
  box.received.length = 0
  box.answers.clear()
  server.clock.now += 60_000
})

const post = (path: string, body?: object, { app } = server, address = '192.0.2.1') =>
  Promise.resolve(
    app.request(
      path,
      {
        method: 'POST',
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      },
      { incoming: { socket: { remoteAddress: address } } },
    ),
  )
const ask = (address = ADA, changes = {}, on = server) =>
  post(`/api/processes/${PROCESS}/followers`, { address, language: 'en', every: 'day', ...changes }, on)
const rows = (on = server) => on.parts.database.orm.select().from(follower)
/** Lets the postman send all that is due now. */
async function deliver(on = server): Promise<void> {
  for (;;) {
    const wait = (await on.parts.postman?.step()) ?? 0
    if (wait > 1000) return
    on.clock.now += wait
  }
}
const secretIn = ({ text }: Received, purpose: 'confirm' | 'end'): string =>
  new RegExp(`/following#${purpose}\\.([0-9a-f]{64})$`, 'm').exec(text)?.[1] ?? ''
const lastMail = (): Received => {
  const last = box.received.at(-1)
  if (last === undefined) throw new Error('no mail')
  return last
}
const confirm = (secret: string, on = server) => post(`/api/followers/${secret}/confirmation`, undefined, on)
/** Somebody follows from now on; what ends it comes with the first news. */
async function follow(address = ADA, changes = {}): Promise<void> {
  await ask(address, changes)
  await deliver()
  expect((await confirm(secretIn(lastMail(), 'confirm'))).status).toBe(200)
  box.received.length = 0
}

describe('following', () => {
  test('is asked for, confirmed, and ended at one click; in between news come, the newest first, and never none', async () => {
    await at.propose(0, 'Known before')
    expect((await ask()).status).toBe(202)
    await deliver()
    expect(lastMail()).toMatchObject({ to: ADA })
    expect(lastMail().header).toMatch(/^Subject: Do you want news of it\? City$/m)
    expect(lastMail().header).not.toMatch(/List-Unsubscribe/)
    const secret = secretIn(lastMail(), 'confirm')
    server.clock.now += 2 * DAY
    await deliver()
    expect(box.received, 'nothing before the address is confirmed').toHaveLength(1)
    const confirmed = (await (await confirm(secret)).json()) as Confirmed
    expect(confirmed).toEqual({ process: PROCESS, promise: null, title: 'City', every: 'day' })
    expect((await confirm(secret)).status).toBe(200)

    server.clock.now += DAY
    await deliver()
    expect(box.received, 'no news, no mail').toHaveLength(1)

    const first = await at.propose(1, 'A pond\n\nBeside the oak.')
    const second = await at.propose(2, 'A bench')
    server.clock.now += DAY - HOUR
    await deliver()
    expect(box.received).toHaveLength(1)
    server.clock.now += HOUR
    await deliver()
    const { header, text } = lastMail()
    expect(header).toMatch(/^Subject: News \(2\): City$/m)
    const places = [text.indexOf('Proposed: A bench'), text.indexOf('Proposed: A pond')]
    expect(places[0]).toBeGreaterThan(0)
    expect(places[1]).toBeGreaterThan(places[0] ?? 0)
    for (const index of [first, second]) expect(text).toContain(`/processes/${PROCESS}/proposals/${index}\n`)
    expect(text).not.toMatch(/oak|Known before/)
    expect(header).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m)
    const [, link = ''] = /^List-Unsubscribe: <([^>]+)>$/m.exec(header) ?? []
    const end = new URL(link)
    expect(end.pathname).toBe(`/api/followers/${secretIn(lastMail(), 'end')}/end`)

    const looked = await server.app.request(end.pathname)
    expect(looked.status, 'looking at the link ends nothing').toBe(303)
    expect(looked.headers.get('location')).toContain(`/following#end.${secret}`)
    expect(await rows()).toHaveLength(1)
    const oneClick = {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    }
    for (const status of [204, 204])
      expect((await server.app.request(end.pathname, oneClick)).status).toBe(status)
    expect(await rows()).toEqual([])
    await at.propose(3, 'A hedge')
    server.clock.now += 8 * DAY
    await deliver()
    expect(box.received).toHaveLength(2)
    for (const told of [ADA, secret]) expect(server.journal()).not.toContain(told)
  })

  test('gives the same answer and the same mail, whether the address is known or not', async () => {
    const mails: string[] = []
    for (const state of ['unknown', 'asked', 'following']) {
      const response = await ask(state === 'asked' ? ADA.toUpperCase() : ADA)
      expect([response.status, await response.text()], state).toEqual([202, ''])
      await deliver()
      mails.push(lastMail().text.replace(/#confirm\.\w+/, ''))
      if (state === 'asked') await confirm(secretIn(lastMail(), 'confirm'))
      server.clock.now += HOUR
    }
    expect(mails).toHaveLength(3)
    expect(new Set(mails).size).toBe(1)
  })

  test('in another rhythm is confirmed too, and the links of earlier mails still end it', async () => {
    await follow()
    await at.propose(0, 'A path')
    server.clock.now += DAY
    await deliver()
    const early = secretIn(lastMail(), 'end')
    await follow(ADA, { every: 'week', language: 'fi' })
    expect(await rows()).toMatchObject([{ every: 'week', language: 'fi' }])
    await at.propose(0, 'A fence')
    server.clock.now += 6 * DAY
    await deliver()
    expect(box.received).toEqual([])
    server.clock.now += DAY
    await deliver()
    expect(lastMail().text).toContain('Ehdotettu: A fence')
    await post(`/api/followers/${early}/end`)
    expect(await rows()).toEqual([])
  })
})

describe('a promise', () => {
  const BEN = 'ben@citizens.example'
  async function official(act: Parameters<typeof actEntry>[2]): Promise<number> {
    const response = await server.post(actEntry(at.people.scene, server, act))
    expect(response.status).toBe(201)
    return ((await response.json()) as { index: number }).index
  }

  test('is followed alone: its terms, amounts and reports, by mail and as a feed', async () => {
    const proposal = await at.propose(3, 'A way for bicycles')
    const said = { office: { en: 'Roads' }, reasons: { en: 'There is room.' } }
    await official({ type: 'answer-proposal', proposal, decision: 'adopted', ...said })
    const due = server.clock.now + 100 * DAY
    const promise = await official(promiseOf({ proposal }, { due }))
    const other = await official(promiseOf({ proposal }, { due, title: { en: 'A bench' } }))
    await ask(ADA, { promise })
    await deliver()
    expect(lastMail().header).toMatch(/^Subject: Do you want news of it\? A cycle way$/m)
    const confirmed: unknown = await (await confirm(secretIn(lastMail(), 'confirm'))).json()
    expect(confirmed).toEqual({ process: PROCESS, promise, title: 'A cycle way', every: 'day' })
    // The same address may follow another, or all of it.
    await follow(ADA, { promise: other, every: 'week' })
    await follow(BEN)
    expect(await rows()).toHaveLength(3)

    await official(changeOf(promise, { due, cost: { amount: 60_000_000n, decimals: 2, currency: 'USD' } }))
    await official(reportOn(other, { milestone: { en: 'Bench bought' } }))
    await official(reportOn(promise, { spent: 120_000n }))
    await at.propose(0, 'A kiosk')
    server.clock.now += DAY
    await deliver()
    expect(box.received.map(({ to }) => to).sort()).toEqual([ADA, BEN])
    const own = box.received.find(({ to }) => to === ADA) ?? lastMail()
    expect(own.header).toMatch(/^Subject: News \(2\): A cycle way$/m)
    const told = [
      'News of the project: A cycle way: Ground broken; spent so far: US$1,200\n',
      'Promise changed: A cycle way: US$500,000 → US$600,000\n',
    ].map((line) => own.text.indexOf(line))
    expect(told[0]).toBeGreaterThan(0)
    expect(told[1]).toBeGreaterThan(told[0] ?? 0)
    expect(own.text).toContain(`/processes/${PROCESS}/results#promise-${promise}\n`)
    expect(own.text).not.toMatch(/Bench|kiosk/)
    const all = box.received.find(({ to }) => to === BEN) ?? lastMail()
    for (const line of ['Bench bought', 'Ground broken', 'Proposed: A kiosk'])
      expect(all.text).toContain(line)

    const feed = async (path: string) => server.app.request(`/api/processes/${PROCESS}/en/${path}feed.atom`)
    const atom = await (await feed(`promises/${promise}/`)).text()
    expect(atom.match(/<entry>/g)).toHaveLength(3)
    expect(atom).toContain('A cycle way, US$500,000')
    expect(atom).toContain('The ground was wet.')
    expect(atom).not.toMatch(/Bench|kiosk/)
    expect(await (await feed('')).text()).toMatch(/Bench bought[^]*Promised: A bench/)
    expect(await refusal(await feed(`promises/${proposal}/`))).toEqual([404, 'not-found'])

    const end = /<(https?:[^>]+)>/.exec(own.header)?.[1] ?? ''
    expect((await post(new URL(end).pathname)).status).toBe(204)
    expect((await rows()).map(({ address, promise: of }) => [address, of])).toEqual([
      [ADA, other],
      [BEN, null],
    ])
  })

  test('must be there', async () => {
    expect(await refusal(await ask(ADA, { promise: 1 }))).toEqual([404, 'not-found'])
    expect(await rows()).toEqual([])
  })
})

describe('an address', () => {
  test('is asked once an hour, and for so many processes at a time', async () => {
    for (let i = 0; i < 3; i++) await ask(i === 1 ? ADA.toUpperCase() : ADA)
    await deliver()
    expect(box.received).toHaveLength(1)
    server.clock.now += HOUR
    await ask()
    await deliver()
    expect(box.received).toHaveLength(2)
    const followers = new Followers(server.parts.database, server.parts.clock)
    for (let i = 0; i < 9; i++)
      await followers.ask({ process: `other-${i}`, address: ADA, language: 'en', every: 'day' }, 0)
    expect(await rows()).toHaveLength(5)
  })

  test('that nobody confirms is forgotten, and its link then holds no longer', async () => {
    await ask()
    await deliver()
    const looked = await clear(server.parts, 0)
    expect(await rows()).toHaveLength(1)
    server.clock.now += 3 * DAY + 1
    await clear(server.parts, looked)
    expect(await rows()).toEqual([])
    expect(await refusal(await confirm(secretIn(lastMail(), 'confirm')))).toEqual([404, 'not-found'])
  })

  test('that bounces is deleted; a mail server that puts news off gets them again', async () => {
    await follow()
    await follow('ben@citizens.example')
    await at.propose(0, 'A gate')
    box.answers.set(ADA, [550, 'No such user'])
    box.answers.set('ben@citizens.example', [450, 'Not now'])
    server.clock.now += DAY
    await deliver()
    expect(await rows()).toMatchObject([{ address: 'ben@citizens.example', attempts: 1 }])
    box.answers.clear()
    server.clock.now += 60_000
    await deliver()
    expect(box.received.map(({ to }) => to)).toEqual(['ben@citizens.example'])
    expect(lastMail().text).toContain('A gate')
  })

  test('must be one, in a process that is there', async () => {
    expect(await refusal(await ask('a b@c'))).toEqual([422, 'address-invalid'])
    const elsewhere = { address: ADA, language: 'en', every: 'day' }
    expect(await refusal(await post('/api/processes/nowhere/followers', elsewhere))).toEqual([
      404,
      'not-found',
    ])
    expect(await rows()).toEqual([])
  })

  test('is one of so many from one source', async () => {
    const from = (source: string) =>
      post(
        `/api/processes/${PROCESS}/followers`,
        { address: ADA, language: 'en', every: 'day' },
        server,
        source,
      )
    for (let i = 0; i < 20; i++) expect((await from('192.0.2.9')).status).toBe(202)
    expect(await refusal(await from('192.0.2.9'))).toEqual([429, 'too-many-attempts'])
    expect((await from('192.0.2.10')).status).toBe(202)
  })
})

test('what was asked for and what is due outlasts a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'comitia-following-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const scene = new Scene()
  scene.enrol()
  expect(new People(scene).process.plans).toHaveLength(1)
  const open = () => stage(scene, { folder, workers: 0, database: true, mail: mail() })
  let one = await open()
  await ask(ADA, {}, one)
  await one[Symbol.asyncDispose]()
  one = await open()
  await deliver(one)
  expect((await confirm(secretIn(lastMail(), 'confirm'), one)).status).toBe(200)
  expect((await one.post(actEntry(scene, one, planOf()))).status).toBe(201)
  const { now } = one.clock
  await one[Symbol.asyncDispose]()
  one = await open()
  one.clock.now = now + DAY
  await deliver(one)
  expect(lastMail().text).toContain('What happens when')
  const { length } = box.received
  await one[Symbol.asyncDispose]()
  one = await open()
  one.clock.now = now + 9 * DAY
  await deliver(one)
  expect(box.received).toHaveLength(length)
  await one[Symbol.asyncDispose]()
})

test('without a mail server nothing is offered', async () => {
  const scene = new Scene()
  scene.enrol()
  await using bare = await stage(scene)
  const offer = async ({ app }: Stage) => (await (await app.request('/api/followers')).json()) as FollowOffer
  expect(await offer(bare)).toEqual({ from: null })
  expect(await offer(server)).toEqual({ from: 'City <news@city.example>' })
  expect(await refusal(await ask(ADA, {}, bare))).toEqual([409, 'mail-not-set-up'])
})
