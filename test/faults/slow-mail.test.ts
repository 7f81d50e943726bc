// A mail server that takes a mail and says nothing for a long time: nothing else waits for it, neither the register nor
// officials nor the end of the server, and the queue goes on where it stood.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { registration } from '#server/data/register.ts'
import type { MailOverview } from '#server/mail/operations.ts'
import { contest, PROCESS, Scene } from '../tally/scene.ts'
import { codeIn, Mailbox, type Received } from '../server/mailbox.ts'
import { Browser } from '../server/official-browser.ts'
import { stage, type Stage } from '../server/stage.ts'

const MEMBERS = { process: PROCESS, roll: 'members' }
const scene = new Scene()
scene.enrol()
scene.act({
  ...{ type: 'define-election', election: 'board' },
  manifest: { ...scene.manifest, contests: [contest({ roll: 'members' })] },
})

let folder: string
let box: Mailbox
let server: Stage
const ada = new Browser(() => server, 'ada')
const open = () =>
  stage(scene, {
    ...{ folder, workers: 0, database: true },
    mail: { url: box.url, from: 'votes@club.example', perMinute: 60 },
  })

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'comitia-slow-mail-'))
  box = new Mailbox()
  await box.open()
  server = await open()
  await ada.first(server.parts.officials.first ?? '')
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  await box.close()
  rmSync(folder, { recursive: true })
})

/** The next mail, and what lets the mail server acknowledge it. */
function slowly(): { came: Promise<Received>; answer: () => void } {
  const { promise: answered, resolve: answer } = Promise.withResolvers<undefined>()
  const { promise: came, resolve } = Promise.withResolvers<Received>()
  box.onMail = (mail) => {
    box.onMail = () => undefined
    resolve(mail)
    return answered
  }
  return { came, answer: () => answer(undefined) }
}
async function inviteTwo(): Promise<string[]> {
  const answer = await ada.importVoters(
    'ada,1,ada@members.example,en\nben,1,ben@members.example,en\n',
    MEMBERS,
  )
  await ada.post('/mail/invitations', MEMBERS)
  return (await answer.text())
    .trim()
    .split('\r\n')
    .map((line) => line.split(',')[1] ?? '')
}
const deliveries = async () => (await ada.get<MailOverview>('/mail?process=city&roll=members')).deliveries
const register = (code: string, commitment: Uint8Array) =>
  server.app.request('/api/registrations', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, commitment: toHex(commitment) }),
  })

test('a mail under way for half a minute holds up nobody, and is sent once', async () => {
  const [, code = ''] = await inviteTwo()
  const { came, answer } = slowly()
  const step = server.parts.postman?.step()
  expect((await came).to).toBe('ada@members.example')
  expect(await deliveries()).toMatchObject({ waiting: { all: 2 } })
  expect((await register(code, new Uint8Array(32).fill(1, 31))).status).toBe(201)
  // What an official sends and waits for goes its own way.
  const sample = { ...MEMBERS, kind: 'invitation', language: 'en', address: 'me@club.example' }
  expect(await ada.post<object>('/mail/test', sample)).toEqual({ reason: null })
  server.clock.now += 30_000
  answer()
  expect(await step).toBe(1000)
  server.clock.now += 1000
  // Ben has registered meanwhile, and gets none.
  await server.parts.postman?.step()
  expect(box.received.map(({ to }) => to)).toEqual(['ada@members.example', 'me@club.example'])
  expect(await deliveries()).toMatchObject({ sent: { all: 1 }, waiting: { all: 0 } })
})

test('the server ends without an answer; the mail goes out again, and the link of each is valid', async () => {
  await inviteTwo()
  const { came, answer } = slowly()
  await server.parts.postman?.start()
  const first = await came
  await server[Symbol.asyncDispose]()
  answer()
  server = await open()
  await ada.signIn()
  expect(await deliveries()).toMatchObject({ sent: { all: 0 }, bounced: { all: 0 } })
  server.clock.now += 60_000
  for (let wait = 0; wait <= 1000; server.clock.now += wait) wait = (await server.parts.postman?.step()) ?? 0
  expect(box.received.map(({ to }) => to).sort()).toEqual([
    'ada@members.example',
    'ada@members.example',
    'ben@members.example',
  ])
  for (const mail of [first, ...box.received])
    expect((await registration(server.parts.database, { code: codeIn(mail) })).row).toBe(
      mail.to.split('@')[0],
    )
})
