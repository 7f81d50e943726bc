// Mails to voters through kill -9: the process dies while the mail server has a mail and has not answered, or just after.
// No voter is left out, nobody gets more than one mail too many for a kill, and every code that was sent is valid.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '#server/data/database.ts'
import { registration } from '#server/data/register.ts'
import { MailQueue } from '#server/mail/queue.ts'
import { temporaryFolder } from '../server/data/engines.ts'
import { codeIn, Mailbox } from '../server/mailbox.ts'

const PROGRAM = fileURLToPath(new URL('./mailing.ts', import.meta.url))
const VOTERS = 40
/** Mails after which the process is killed, counted from the first of all; odd ones before they are answered. */
const KILLS = [5, 12, 21, 30]
const folder = temporaryFolder()

test(`${KILLS.length} times kill -9 while mails go out`, { timeout: 240_000 }, async () => {
  await using box = new Mailbox()
  await box.open()
  const start = (): ChildProcess => {
    const command = [PROGRAM, folder, box.url, String(VOTERS)]
    const child = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    return child
  }
  for (const count of KILLS) {
    const child = start()
    box.onMail = () => {
      if (box.received.length < count) return
      box.onMail = () => undefined
      if (count % 2 === 1) child.kill('SIGKILL')
      else setImmediate(() => child.kill('SIGKILL'))
    }
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
  }
  const all = new Promise<void>((resolve) => {
    box.onMail = () => {
      if (new Set(box.received.map(({ to }) => to)).size === VOTERS) resolve()
    }
  })
  const last = start()
  await all
  last.kill('SIGTERM')
  expect(await once(last, 'exit')).toEqual([0, null])

  expect(box.received.length).toBeLessThanOrEqual(VOTERS + KILLS.length)
  const db = await openDatabase({ folder })
  const { sent } = await new MailQueue(db, Date.now).counts({ process: 'city', roll: 'north' })
  expect(sent.all, 'stopped cleanly: what was under way is noted').toBe(VOTERS)
  for (const mail of box.received)
    expect((await registration(db, { code: codeIn(mail) })).row).toBe(mail.to.split('@')[0])
  await db.close()
})
