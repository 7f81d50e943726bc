// A mail server that takes the connection and never says a word.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { openJournal } from '#server/journal.ts'
import { importVoters } from '#server/data/register.ts'
import { Postman } from '#server/mail/postman.ts'
import { MailQueue } from '#server/mail/queue.ts'
import { Scene } from '../tally/scene.ts'
import { useDatabase } from './data/engines.ts'

const MEMBERS = { process: 'city', roll: 'members' }
const scene = new Scene()
scene.found()
const opened = useDatabase('embedded')

test('holds up nobody when our server stops, and no mail is lost by it', async () => {
  await using silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const connected = once(silent, 'connection') as Promise<[Socket]>
  const queue = new MailQueue(opened.db, Date.now)
  await importVoters(opened.db, {
    ...MEMBERS,
    rows: [{ row: 'ada', weight: 1n, address: 'ada@members.example' }],
  })
  await queue.invite(MEMBERS)
  const { port } = silent.address() as AddressInfo
  const postman = new Postman(
    { board: scene, database: opened.db, journal: openJournal(), clock: Date.now },
    { url: `smtp://127.0.0.1:${port}`, from: 'votes@club.example', perMinute: 60 },
  )
  await postman.start()
  const [socket] = await connected
  onTestFinished(() => void socket.destroy())
  const ended = once(socket.resume(), 'end')
  await postman[Symbol.asyncDispose]()
  await ended
  expect(postman.trouble).toBeUndefined()
  expect((await queue.counts(MEMBERS)).waiting.all).toBe(1)
}, 10_000)
