// Run by mail.test.ts as a process of its own: `mailing.ts <data folder> <SMTP url> <voters>`. Imports and invites so many
// voters unless they are there, then sends mails until it is killed, or told by SIGTERM to stop cleanly.
import { openDatabase } from '#server/data/database.ts'
import { importVoters } from '#server/data/register.ts'
import { openJournal } from '#server/journal.ts'
import { Postman } from '#server/mail/postman.ts'
import { MailQueue } from '#server/mail/queue.ts'
import { Scene } from '../tally/scene.ts'

const [folder = '', url = '', voters = '0'] = process.argv.slice(2)
const place = { process: 'city', roll: 'north' }
const database = await openDatabase({ folder })
const queue = new MailQueue(database, Date.now)
if ((await queue.nextDue()) === undefined) {
  const row = (_: unknown, i: number) => ({ row: String(i), weight: 1n, address: `${i}@members.example` })
  await importVoters(database, { ...place, rows: Array.from({ length: Number(voters) }, row) })
  await queue.invite(place)
}
// Letters say where the ledger's pages are.
const board = new Scene()
board.found()
const postman = new Postman(
  { database, board, journal: openJournal(), clock: Date.now },
  { url, from: 'votes@club.example', perMinute: 60_000 },
)
process.once('SIGTERM', () => {
  void (async () => {
    await postman[Symbol.asyncDispose]()
    await database.close()
    process.exit()
  })()
})
await postman.start()
