// Invitations by mail through a real SMTP server: delivered, put off, bounced, server away, rate, reminders, addresses;
// codes hold as long as they should, and neither code nor address gets where it does not belong. W6.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { commitment } from '#circuits/credential.ts'
import { bigintToBytes, toHex } from '#crypto/encoding.ts'
import { sql } from '#server/data/drizzle.ts'
import { registration } from '#server/data/register.ts'
import { code as issued, mail as queued, voter } from '#server/data/schema.ts'
import { makeApp } from '#server/app.ts'
import type { LetterView, MailOverview, VoterMailView } from '#server/mail/operations.ts'
import type { Delivery } from '#server/mail/queue.ts'
import { contest, PROCESS, Scene } from '../tally/scene.ts'
import { codeIn, Mailbox } from './mailbox.ts'
import { Browser } from './official-browser.ts'
import { refusal, stage, type Stage } from './stage.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const FROM = 'Sailing Club <votes@club.example>'
const MEMBERS = { process: PROCESS, roll: 'members' }
const ADA = 'ada@members.example'

const scene = new Scene()
scene.enrol()
const TITLE = 'Board 2027'
scene.act({
  ...{ type: 'define-election', election: 'board' },
  manifest: { ...scene.manifest, title: { en: TITLE }, contests: [contest({ roll: 'members' })] },
})

const box = new Mailbox()
let server: Stage
const [owner, registrar, auditor, stranger] = ['ada', 'reg', 'aud', 'eve'].map(
  (name) => new Browser(() => server, name),
) as [Browser, Browser, Browser, Browser]

beforeAll(async () => {
  await box.open()
  server = await stage(scene, {
    ...{ workers: 0, database: true },
    mail: { url: box.url, from: FROM, perMinute: 60 },
  })
  await owner.first(server.parts.officials.first ?? '')
  await owner.invite(registrar, 'registrar')
  await owner.invite(auditor, 'auditor')
  await owner.propose(await owner.naming(), 'officials')
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await box.close()
})
// Nobody on the list, no mail under way, a day later.
beforeEach(async () => {
  await server.parts.database.orm.delete(voter)
  box.received.length = 0
  box.answers.clear()
  await aDayLater()
})
/** Sessions do not last so long. */
async function aDayLater(): Promise<void> {
  server.clock.now += DAY
  for (const who of [owner, registrar, auditor]) await who.signIn()
}

const importing = (csv: string, to = MEMBERS) => owner.importVoters(csv, to)
const invite = () => owner.post<{ queued: number }>('/mail/invitations', MEMBERS)
const remind = () => owner.post<{ queued: number }>('/mail/reminders', MEMBERS)
const readdress = (row: string, address: string | null) =>
  owner.post('/mail/address', { ...MEMBERS, row, address })
const overview = () => owner.get<MailOverview>('/mail?process=city&roll=members')
const voters = async (delivery: Delivery, after = '') => {
  const query = new URLSearchParams({ ...MEMBERS, delivery, after }).toString()
  return (await owner.get<{ voters: VoterMailView[] }>(`/mail/voters?${query}`)).voters
}
const step = () => server.parts.postman?.step()
/** Lets the postman go on until it would wait longer than the rate asks for; that wait in milliseconds. */
async function deliver(): Promise<number> {
  for (;;) {
    const wait = (await step()) ?? 0
    if (wait > 1000) return wait
    server.clock.now += wait
  }
}
let secrets = 0n
/** Registers a credential that nobody had before. */
const register = (code: string) => {
  secrets += 1n
  return server.app.request('/api/registrations', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, commitment: toHex(bigintToBytes(commitment(secrets), 32)) }),
  })
}
const isValid = (code: string) =>
  registration(server.parts.database, { code }).then(
    () => true,
    () => false,
  )
/** Imports Ada with her address; the code that the import gave. */
async function importAda(): Promise<string> {
  const answer = await importing(`ada,1,${ADA},en\n`)
  expect(answer.status).toBe(200)
  return (await answer.text()).trim().split(',')[1] ?? ''
}

describe('an invitation', () => {
  test('comes by mail with a link that registers, in the language of its reader', async () => {
    await importing(`ada,1,${ADA},en\n"Möttönen, Eino",1,eino@members.example,fi\nben,1\n`)
    expect(await invite()).toEqual({ queued: 2 })
    await deliver()
    const [ada, eino, ...more] = box.received
    expect(more).toEqual([])
    expect(ada?.header).toMatch(/^From: Sailing Club <votes@club.example>$/m)
    expect(ada?.header).toMatch(/^To: ada@members.example$/m)
    expect(ada?.header).toMatch(/^Subject: Invitation to vote: Board 2027$/m)
    expect(ada?.text).toContain('City invites you to vote: Board 2027.')
    expect(eino?.text).toContain('City kutsuu sinut äänestämään: Board 2027.')
    expect(ada?.text).toContain(`${scene.state.founded?.genesis.webOrigins[0]}/join#`)
    if (ada === undefined) throw new Error('no mail')
    expect((await register(codeIn(ada))).status).toBe(201)
    const { deliveries } = await overview()
    expect(deliveries).toMatchObject({ sent: { all: 2, registered: 1 }, 'no-address': { all: 1 } })
    expect(await voters('sent')).toMatchObject([
      { row: 'Möttönen, Eino', registered: false, kind: 'invitation', reason: null },
      { row: 'ada', registered: true, kind: 'invitation', attemptedAt: expect.any(Number) as number },
    ])
  })

  test('is sent once, and to those only who can use it', async () => {
    const code = await importAda()
    await importing('ben,1,ben@members.example\ncem,1,cem@members.example\n')
    expect(await invite()).toEqual({ queued: 3 })
    expect(await invite()).toEqual({ queued: 0 })
    // Ada has a letter too and is faster than the mail.
    await register(code)
    await deliver()
    expect(box.received.map(({ to }) => to)).toEqual(['ben@members.example', 'cem@members.example'])
    await importing('dan,1,dan@members.example\n')
    expect(await invite()).toEqual({ queued: 1 })
  })

  test('leaves the code of the import valid', async () => {
    const code = await importAda()
    await invite()
    await deliver()
    expect(await isValid(code)).toBe(true)
  })

  test('is not for a frozen roll', async () => {
    const answer = await owner.send('POST', '/api/officials/mail/invitations', {
      ...{ process: PROCESS, roll: 'residents' },
    })
    expect(await refusal(answer)).toEqual([409, 'roll-frozen'])
  })
})

describe('a mail server', () => {
  test('that puts a mail off gets it again, later each time, and no code is lost by it', async () => {
    const code = await importAda()
    box.answers.set(ADA, [450, 'Greylisted'])
    await invite()
    for (const minutes of [1, 2, 4, 8]) {
      await step()
      expect(await voters('failed')).toMatchObject([{ row: 'ada', reason: '450 Greylisted' }])
      server.clock.now += minutes * MINUTE - 1
      expect(await step()).toBe(1)
      server.clock.now += 1
    }
    box.answers.clear()
    await step()
    const [mail] = box.received
    expect(box.received).toHaveLength(1)
    if (mail === undefined) throw new Error('no mail')
    expect([await isValid(code), await isValid(codeIn(mail))]).toEqual([true, true])
    expect((await overview()).deliveries).toMatchObject({ sent: { all: 1 }, failed: { all: 0 } })
  })

  test('that puts a mail off for most of a day has refused it', async () => {
    await importAda()
    box.answers.set(ADA, [451, 'Not now'])
    await invite()
    for (let attempt = 1; attempt <= 12; attempt++) {
      await step()
      await aDayLater()
    }
    expect(await voters('bounced')).toMatchObject([{ row: 'ada', reason: '451 Not now' }])
  })

  test('that refuses a mail is not asked again, until the address is another', async () => {
    await importAda()
    box.answers.set(ADA, [550, 'No such user'])
    await invite()
    await deliver()
    await aDayLater()
    await deliver()
    expect(box.received).toEqual([])
    expect(await voters('bounced')).toMatchObject([{ row: 'ada', reason: '550 No such user' }])
    await readdress('ada', 'lovelace@members.example')
    expect(await voters('waiting')).toMatchObject([{ row: 'ada', reason: null }])
    await deliver()
    expect(box.received.map(({ to }) => to)).toEqual(['lovelace@members.example'])
  })

  test('that is away is waited for, and codes do not pile up meanwhile', async () => {
    const code = await importAda()
    await invite()
    await box.close()
    expect(await step()).toBe(MINUTE)
    server.clock.now += MINUTE
    expect(await step()).toBe(2 * MINUTE)
    expect(await overview()).toMatchObject({
      trouble: expect.stringContaining('ECONNREFUSED') as string,
      deliveries: { failed: { all: 1 } },
    })
    expect(await server.parts.database.orm.select().from(issued)).toHaveLength(1)
    await box.open()
    server.clock.now += 2 * MINUTE
    await step()
    expect(box.received).toHaveLength(1)
    expect(await overview()).toMatchObject({ trouble: null, deliveries: { sent: { all: 1 } } })
    expect(await isValid(code)).toBe(true)
  })

  test('that hangs up before it answers may have sent the mail: its code stays, and it is sent again', async () => {
    await importAda()
    box.answers.set(ADA, 'lost')
    await invite()
    expect(await step()).toBe(MINUTE)
    box.answers.clear()
    server.clock.now += MINUTE
    await step()
    const codes = box.received.map(codeIn)
    expect(await Promise.all(codes.map(isValid))).toEqual([true, true])
  })

  test('that takes nothing from our sender bounces nobody', async () => {
    await importing(`ada,1,${ADA}\nben,1,ben@members.example\n`)
    box.answers.set('', [553, 'Sender refused'])
    await invite()
    expect(await step()).toBe(MINUTE)
    expect(await overview()).toMatchObject({
      trouble: '553 Sender refused',
      deliveries: { bounced: { all: 0 } },
    })
    box.answers.clear()
    server.clock.now += MINUTE
    await deliver()
    expect(box.received).toHaveLength(2)
  })

  test('gets no more mails than it bears', async () => {
    await importing('a,1,a@members.example\nb,1,b@members.example\nc,1,c@members.example\n')
    await invite()
    expect(await step()).toBe(1000)
    server.clock.now += 999
    expect(await step()).toBe(1)
    expect(box.received).toHaveLength(1)
    server.clock.now += 1
    expect(await step()).toBe(1000)
    expect(box.received).toHaveLength(2)
  })
})

describe('a reminder', () => {
  test('comes a day later at the earliest, to those who have not registered; the earlier link still works', async () => {
    await importing(`ada,1,${ADA}\nben,1,ben@members.example\n`)
    await invite()
    await deliver()
    const [first, second] = box.received.map(codeIn)
    expect(await remind()).toEqual({ queued: 0 })
    await register(second ?? '')
    await aDayLater()
    expect(await remind()).toEqual({ queued: 1 })
    await deliver()
    const reminder = box.received.at(-1)
    expect(reminder).toMatchObject({
      to: ADA,
      header: expect.stringContaining('Subject: Reminder') as string,
    })
    expect(await remind()).toEqual({ queued: 0 })
    expect(await isValid(first ?? '')).toBe(true)
    expect((await register(first ?? '')).status).toBe(201)
  })
})

describe('addresses and codes', () => {
  test('are in no log and on no ledger, and an address can be erased', async () => {
    const code = await importAda()
    box.answers.set(ADA, [550, `<${ADA}> is unknown`])
    await invite()
    await deliver()
    box.answers.clear()
    await readdress('ada', 'lovelace@members.example')
    await deliver()
    const [mail] = box.received
    if (mail === undefined) throw new Error('no mail')
    await register(codeIn(mail))
    await readdress('ada', null)
    const { ledger, parts } = server
    const entries: Uint8Array[] = []
    for await (const entry of ledger.entries(0, ledger.size)) entries.push(entry)
    const written = `${Buffer.concat(entries).toString('latin1')} ${server.journal()}`
    for (const secret of ['members.example', code, codeIn(mail)]) expect(written).not.toContain(secret)
    const rows = JSON.stringify([
      (await parts.database.orm.select().from(voter)).map(({ address, language }) => [address, language]),
      await parts.database.orm.select().from(queued),
    ])
    expect(rows).toBe('[[[null,null]],[]]')
    const { deeds } = await owner.get<{ deeds: { what: string; detail: string }[] }>('/deeds')
    expect(JSON.stringify(deeds)).not.toContain('example')
  })

  test('a query that fails does not take them to the log', async () => {
    await importAda()
    const { database, journal } = server.parts
    const failed = database.orm.execute(sql`SELECT ${ADA}::text || 1 / 0`)
    journal.error({ err: await failed.catch((error: unknown) => error) }, 'failed')
    expect(server.journal()).toMatch(/division by zero/)
    expect(server.journal()).not.toContain(ADA)
  })

  test('are corrected for those who are there', async () => {
    const send = (row: string, address: string) =>
      owner.send('POST', '/api/officials/mail/address', { ...MEMBERS, row, address })
    expect(await refusal(await send('nobody', ADA))).toEqual([404, 'row-unknown'])
    await importAda()
    expect(await refusal(await send('ada', 'a b@c'))).toEqual([422, 'address-invalid'])
  })
})

describe('officials', () => {
  const SENDING = ['invitations', 'reminders'].map((path) => [path, MEMBERS] as const)
  const TEST = { ...MEMBERS, kind: 'reminder', language: 'en', address: 'me@club.example' } as const
  const ACTS = [
    ...SENDING,
    ['address', { ...MEMBERS, row: 'ada', address: ADA }] as const,
    ['test', TEST] as const,
  ]

  test('who register send; it is written down, and everybody among them sees it', async () => {
    await importAda()
    expect(await registrar.post<object>('/mail/invitations', MEMBERS)).toEqual({ queued: 1 })
    const { deeds } = await auditor.get<{ deeds: unknown[] }>('/deeds')
    expect(deeds[0]).toMatchObject({ official: 'reg', what: 'mailed', detail: 'city/members invitation 1' })
    expect(await auditor.get('/mail?process=city&roll=members')).toMatchObject({
      ...{ from: FROM, deliveries: { waiting: { all: 1 } } },
    })
  })

  test.each(ACTS)('who look do not: %s', async (path, body) => {
    const as = async (who: Browser) => refusal(await who.send('POST', `/api/officials/mail/${path}`, body))
    expect(await as(auditor)).toEqual([403, 'forbidden'])
    expect(await as(stranger)).toEqual([401, 'unauthorized'])
  })

  test('try a mail on themselves, with a code that is none', async () => {
    const query = new URLSearchParams({ ...MEMBERS, kind: 'reminder', language: 'en' }).toString()
    const { subject, text } = await owner.get<LetterView>(`/mail/letter?${query}`)
    expect(await owner.post<object>('/mail/test', TEST)).toEqual({ reason: null })
    const [mail] = box.received
    expect(mail).toMatchObject({
      to: 'me@club.example',
      text: expect.stringContaining(text.trim()) as string,
    })
    expect(mail?.header).toContain(`Subject: ${subject}`)
    expect((await register(codeIn(mail ?? { to: '', header: '', text }))).status).toBe(403)
    box.answers.set('me@club.example', [550, 'No such user'])
    expect(await owner.post<object>('/mail/test', TEST)).toEqual({ reason: '550 No such user' })
  })
})

test('without a mail server there are addresses, and no mails', async () => {
  const without = { ...server, app: makeApp({ ...server.parts, postman: undefined }) }
  const clerk = new Browser(() => without, 'clerk')
  clerk.cookie = owner.cookie
  await importAda()
  expect(await clerk.get<MailOverview>('/mail?process=city&roll=members')).toMatchObject({
    ...{ from: null, deliveries: { 'not-invited': { all: 1 } } },
  })
  const answer = await clerk.send('POST', '/api/officials/mail/invitations', MEMBERS)
  expect(await refusal(answer)).toEqual([409, 'mail-not-set-up'])
})
