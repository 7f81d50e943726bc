// The queue of mails on both engines: who is invited and reminded, what is taken next, what officials are told. W6.
import { beforeEach, describe, expect, test } from 'vitest'
import { importVoters } from '#server/data/register.ts'
import { voter } from '#server/data/schema.ts'
import { MailQueue } from '#server/mail/queue.ts'
import { ENGINES, useDatabase } from './data/engines.ts'

const PLACE = { process: 'city', roll: 'north' }
const DAY = 24 * 3_600_000

const PEOPLE = [
  { row: 'ada', weight: 1n, address: 'ada@members.example' },
  { row: 'ben', weight: 1n, address: 'ben@members.example' },
  { row: 'cem', weight: 1n },
]

describe.each(ENGINES)('on %s', (engine) => {
  const opened = useDatabase(engine)
  const clock = { now: Date.UTC(2026, 0, 1) }
  let queue: MailQueue
  const taken = async () => {
    const mail = await queue.take()
    if (mail === undefined) throw new Error('nothing to take')
    return mail
  }

  beforeEach(async () => {
    await opened.db.orm.delete(voter)
    await importVoters(opened.db, { ...PLACE, rows: PEOPLE })
    queue = new MailQueue(opened.db, () => clock.now)
  })

  test('each with an address is invited once, in order, and reminded a day later', async () => {
    expect(await queue.nextDue()).toBeUndefined()
    expect([await queue.invite(PLACE), await queue.invite(PLACE)]).toEqual([2, 0])
    expect(await queue.nextDue()).toBe(clock.now)
    const ada = await taken()
    expect(ada).toMatchObject({ ...PLACE, row: 'ada', kind: 'invitation', language: 'en', attempts: 1 })
    await queue.settle(ada, { state: 'sent' })
    await queue.settle(await taken(), { state: 'bounced', reason: '550' })
    expect([await queue.take(), await queue.remind(PLACE)]).toEqual([undefined, 0])
    clock.now += DAY
    expect(await queue.remind(PLACE)).toBe(1)
    expect(await taken()).toMatchObject({ row: 'ada', kind: 'reminder', attempts: 1 })
  })

  test('what failed is due later, and what a crash left in the middle at once', async () => {
    await queue.invite(PLACE)
    await queue.settle(await taken(), { state: 'failed', reason: '450', dueAt: new Date(clock.now + DAY) })
    expect((await taken()).row).toBe('ben')
    expect(await queue.nextDue()).toBe(clock.now + DAY)
    await queue.recover()
    expect(await taken()).toMatchObject({ row: 'ben', attempts: 2 })
  })

  test('a new address while a mail is being sent has it sent again', async () => {
    await queue.invite(PLACE)
    const ada = await taken()
    await queue.readdress(PLACE, 'ada', 'lovelace@members.example')
    await queue.settle(ada, { state: 'sent' })
    const { waiting, sent } = await queue.counts(PLACE)
    expect([waiting.all, sent.all]).toEqual([2, 0])
    await queue.readdress(PLACE, 'ada', null)
    expect((await queue.counts(PLACE))['no-address'].all).toBe(2)
  })

  test('voters are listed by their rows, a page at a time', async () => {
    const rows = async (after: string, most: number) =>
      (await queue.voters(PLACE, 'not-invited', after, most)).map(({ row }) => row)
    expect([await rows('', 1), await rows('ada', 5), await rows('ben', 5)]).toEqual([['ada'], ['ben'], []])
  })
})
