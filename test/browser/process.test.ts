// A process in real Chromium: from an idea to support to the office's answer, on a phone and on a wide screen; what is
// written survives a reload, what was sent a lost connection. Pages are looked at by axe after every step.
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { letThrough, openBrowser, visit } from './app.ts'
import { expectSound, heading, press, voterAt } from './booth-visitor.ts'
import { dumpTables } from '#server/data/dump.ts'
import type { Inventory } from '#web/device/inventory.ts'
import { Mailbox } from '../server/mailbox.ts'
import { HOME, type ProcessStage, serveProcess } from './process-stage.ts'

let browser: Browser
let process: ProcessStage

const box = new Mailbox()
beforeAll(async () => {
  browser = await openBrowser()
  await box.open()
  process = await serveProcess({ url: box.url, from: 'news@city.example', perMinute: 60_000 })
})
afterAll(async () => {
  await browser.close()
  await process[Symbol.asyncDispose]()
  await box.close()
})

const PHONE = { width: 390, height: 844 }

async function propose(page: Page, title: string, more: string): Promise<number> {
  await page.goto(HOME)
  await page.getByRole('link', { name: 'Propose something' }).click()
  await page.getByLabel('In one line').fill(title)
  await page.getByLabel('More about it').fill(more)
  await press(page, 'Publish my proposal')
  await heading(page, title)
  return Number(/\d+$/.exec(page.url())?.[0])
}

test('an idea, its support and the answer, from phone to wide screen', async () => {
  await using author = await voterAt(browser, process.url, 0, PHONE)
  const { page } = author
  await page.goto(HOME)
  await heading(page, 'City')
  await page.getByText('What shall the park become?').waitFor()
  await page.getByText('Nobody has proposed anything yet.').waitFor()
  await page.getByText('Here you are').waitFor()
  const name = await page.locator('.who').first().innerText()
  expect(name).toMatch(/^[A-Z][a-z]{5} [A-Z][a-z]{5}$/)
  await expectSound(page)

  // What is missing is said once it is tried; what is written survives a reload.
  await page.getByRole('link', { name: 'Propose something' }).click()
  await press(page, 'Publish my proposal')
  await page.getByRole('alert').getByText('Say in one line what should happen.').waitFor()
  await expectSound(page)
  await page.getByLabel('In one line').fill('A pond beside the old oak')
  await page
    .getByLabel('More about it')
    .fill('For **frogs** and [children](https://example.org/frogs).\n\n- deep\n- shallow')
  await page.getByText('How it will look').click()
  await page.locator('strong', { hasText: 'frogs' }).waitFor()
  await expectSound(page)
  await page.reload()
  await expect.poll(() => page.getByLabel('In one line').inputValue()).toBe('A pond beside the old oak')
  await press(page, 'Publish my proposal')
  await heading(page, 'A pond beside the old oak')
  const proposal = Number(/\d+$/.exec(page.url())?.[0])
  await page.getByText(name).first().waitFor()
  await page.getByText('(example.org)').waitFor()
  await page.getByText('0 people support this; an answer is owed at 2.').waitFor()
  await expectSound(page)

  // Its author can still put it better.
  await press(page, 'Change the words')
  await page.getByLabel('In one line').fill('A shallow pond beside the old oak')
  await press(page, 'Publish the new words')
  await heading(page, 'A shallow pond beside the old oak')
  await page.getByText('Its earlier words').click()
  await page.getByRole('heading', { name: 'A pond beside the old oak', exact: true }).waitFor()
  await expectSound(page)

  for (const [person, count] of [
    [1, '1 person supports'],
    [2, '2 people support'],
  ] as const) {
    await using supporter = await voterAt(browser, process.url, person)
    await supporter.page.goto(HOME)
    await supporter.page.getByRole('link', { name: 'A shallow pond' }).click()
    await press(supporter.page, 'I support this')
    await supporter.page.getByText('You support this.').waitFor()
    await supporter.page.getByText(`${count} this; an answer is owed at 2.`).waitFor()
    await expectSound(supporter.page)
    expect(supporter.complaints).toEqual([])
  }
  await page.reload()
  await page.getByText('An answer is owed by').waitFor()
  await page.getByText('Somebody supports it, so its words cannot be changed any more.').waitFor()

  await process.act({
    type: 'answer-proposal',
    proposal,
    office: { en: 'The parks department' },
    decision: 'partly',
    reasons: { en: 'A pond, but with a fence.' },
  })
  await page.reload()
  await page.getByText('The parks department adopts part of this.').waitFor()
  await page.getByText('A pond, but with a fence.').waitFor()
  await expectSound(page)
  expect(author.complaints).toEqual([])
})

test('what nobody answers in time is overdue, in every language of the reader', async () => {
  await using author = await voterAt(browser, process.url, 3, { width: 1280, height: 900 })
  const { page } = author
  const index = await propose(page, 'Benches', 'Many.')
  await press(page, 'I support this')
  await page.getByText('1 person supports this').waitFor()
  await using other = await voterAt(browser, process.url, 4)
  await other.page.goto(`${HOME}/proposals/${index}`)
  await press(other.page, 'I support this')
  await other.page.getByText('An answer is owed by').waitFor()
  const later = Date.now() + 2 * 86_400_000
  await page.clock.setFixedTime(later)
  await page.goto(HOME)
  await page.getByText('The answer is overdue since').waitFor()
  await expectSound(page)
})

test('support is taken back, and a proposal joined to another', async () => {
  await using author = await voterAt(browser, process.url, 5)
  const { page } = author
  const other = await propose(page, 'Water for the park', '')
  await propose(page, 'A fountain', '')
  await press(page, 'I support this')
  await press(page, 'Take my support back')
  await page.getByText('0 people support this').waitFor()
  await press(page, 'Withdraw it')
  await page.getByText('It will stay readable as withdrawn').waitFor()
  await page.getByLabel('Is it part of another proposal now?').selectOption('Water for the park')
  await page.getByText('Support does not move along').waitFor()
  await expectSound(page)
  await press(page, 'Withdraw it for good')
  await page.getByText('Its author has withdrawn it.').waitFor()
  await expectSound(page)
  await page.getByRole('link', { name: `entry ${other}`, exact: true }).click()
  await page.getByRole('heading', { name: 'Water for the park' }).waitFor()
  await page.getByText('Joined to this one:').waitFor()
  await expectSound(page)
  expect(author.complaints).toEqual([])
})

test('a lost answer leaves one way on, and nothing is said twice', async () => {
  await using author = await voterAt(browser, process.url, 6)
  const { page, context } = author
  await context.route('**/api/signals', async (route) => {
    await route.fetch()
    await route.abort('connectionreset')
  })
  await page.goto(`${HOME}/propose`)
  await page.getByLabel('In one line').fill('Lost and found')
  await press(page, 'Publish my proposal')
  await page.getByText('The server does not answer.').waitFor()
  await page.reload()
  await page.getByText('Something that you did may not have arrived.').waitFor()
  await expectSound(page)
  await letThrough(context)
  await press(page, 'Send it again')
  await page.getByRole('link', { name: 'Lost and found' }).waitFor()
  expect(await page.getByRole('link', { name: 'Lost and found' }).count()).toBe(1)
})

test('a stranger reads everything and is told what it takes to take part', async () => {
  await using stranger = await visit(browser, process.url)
  const { page } = stranger
  await page.goto('/')
  await page.getByRole('link', { name: 'City' }).click()
  await page.getByText('To take part you need a credential').waitFor()
  await page.getByRole('link', { name: 'Propose something' }).waitFor()
  await expectSound(page)
  expect(stranger.complaints).toEqual([])
})

test('what somebody writes is never more than words', async () => {
  await using author = await voterAt(browser, process.url, 7)
  const { page, context } = author
  const bomb = '>'.repeat(2000)
  const text = `<img src=x onerror="document.title='owned'"> <script>document.title='owned'</script> [here](javascript:alert(1)) ![pixel](https://example.org/p.png) ${bomb}`
  await propose(page, '<b>Bold</b>', text)
  await page.getByText('<img src=x').first().waitFor()
  expect(await page.locator('main img, main script, main a[href^="javascript"]').count()).toBe(0)
  expect(await page.title()).not.toContain('owned')
  expect(author.complaints).toEqual([])

  // Other words than were recorded are not shown, as a server's that it says somebody wrote.
  await context.route(/\/api\/processes\/(?!.*speakers)/, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: (await response.text()).replaceAll('Bold', 'Mean') })
  })
  await page.reload()
  await page.getByText('The server shows other words here than the record commits to.').first().waitFor()
  expect(await page.getByText('Mean').count()).toBe(0)
})

test('a comment is answered, put better, and erased for good', async () => {
  await using author = await voterAt(browser, process.url, 8, PHONE)
  const { page } = author
  const index = await propose(page, 'A swing', 'For two.')
  await page.getByText('Nobody has said anything yet.').waitFor()
  await press(page, 'Say something')
  await expectSound(page)
  await press(page, 'Publish my comment')
  await page.getByRole('alert').getByText('Write something first.').waitFor()
  await page.getByLabel('A question').check()
  await page.getByLabel('Your comment').fill('Who pays for *that*?')
  await press(page, 'Publish my comment')
  await page.locator('em', { hasText: 'that' }).waitFor()
  await expectSound(page)

  await using other = await voterAt(browser, process.url, 9, { width: 1280, height: 900 })
  await other.page.goto(`${HOME}/proposals/${index}`)
  await press(other.page, 'Answer this')
  await press(other.page, 'Answer this')
  await other.page.getByLabel('Your comment').fill('The city, as always.')
  await press(other.page, 'Publish my comment')
  await other.page.getByText('The city, as always.').waitFor()
  await expectSound(other.page)
  expect(await other.page.getByRole('button', { name: 'Change my words' }).count()).toBe(1)

  await page.reload()
  await page.getByText('2 comments in all').waitFor()
  await press(page, 'Change my words')
  await page.getByLabel('Your comment').fill('Who pays for all that?')
  await press(page, 'Publish the new words')
  await page.getByText('Who pays for all that?').waitFor()
  await press(page, 'Changed; show the earlier words')
  await page.locator('em', { hasText: 'that' }).waitFor()
  await page.locator('article').getByRole('button', { name: 'Erase my words' }).click()
  await expectSound(page)
  await press(page, 'Erase them for good')
  await page.getByText('These words were erased').waitFor()
  await page.reload()
  await page.getByText('These words were erased').waitFor()
  await press(page, 'Show 1 answer')
  await page.getByText('The city, as always.').waitFor()
  expect(await page.content()).not.toContain('Who pays')
  await expectSound(page)
  expect(author.complaints).toEqual([])
  expect(other.complaints).toEqual([])
})

test('news come by mail to who has confirmed an address, until they end it', async () => {
  await using reader = await visit(browser, process.url, { width: 320, height: 700 })
  const { page } = reader
  const linkInLastMail = async (): Promise<string> => {
    await process.stage.parts.postman?.step()
    return /\/following#\S+/.exec(box.received.at(-1)?.text ?? '')?.[0] ?? ''
  }
  await page.goto(HOME)
  await page.getByLabel('E-mail address').fill('reader@citizens.example')
  await page.getByLabel('How often at most').selectOption('Once a day')
  await press(page, 'Send me news')
  await page.getByText('a mail from news@city.example asks you there').waitFor()
  await expectSound(page)
  const question = await linkInLastMail()
  await page.goto(question)
  await page.getByText('Press here, and the news that were asked for come').waitFor()
  await expectSound(page)
  await press(page, 'Yes, send me news')
  await page.getByText('News of “City” come by mail, once a day at most.').waitFor()
  await expectSound(page)

  await using author = await voterAt(browser, process.url, 10)
  await propose(author.page, 'A weather vane', '')
  process.passDays(1)
  const end = await linkInLastMail()
  expect(box.received.at(-1)?.text).toContain('Proposed: A weather vane')
  await page.goto('/')
  await page.goto(end)
  await page.getByText('the address is deleted').waitFor()
  await press(page, 'End it and delete the address')
  await page.getByText('No more mail comes.').waitFor()
  await expectSound(page)
  await page.goto('/')
  await page.goto(question)
  await press(page, 'Yes, send me news')
  await page.getByText('This link does not hold any longer.').waitFor()
  await expectSound(page)
  expect(reader.complaints.filter((said) => !said.includes('404'))).toEqual([])
})

test('my data: what I have said is shown, taken along, and erased from database, backups and ledger', async () => {
  const { stage } = process
  const WORDS = 'I live in Elm Street'
  /** Everything that the server keeps or gives away, as one text. */
  const everything = async (): Promise<string> => {
    const path = join(stage.folder, `${randomUUID()}.jsonl`)
    await dumpTables(stage.parts.database, path, () => Promise.resolve())
    const ledger = join(stage.folder, 'ledger')
    const files = [path, ...readdirSync(ledger).map((name) => join(ledger, name))]
    const record = await (await fetch(new URL('/api/record', process.url))).arrayBuffer()
    const texts = [...files.map((file) => readFileSync(file)), Buffer.from(record)].map((bytes) =>
      bytes.toString('latin1'),
    )
    return [...texts, stage.journal()].join('\n')
  }
  await using author = await voterAt(browser, process.url, 12, PHONE)
  const { page } = author
  const index = await propose(page, 'A lamp', '')
  await page.getByText('Nobody has said anything yet.').waitFor()
  await press(page, 'Say something')
  await page.getByLabel('Your comment').fill(WORDS)
  await press(page, 'Publish my comment')
  await page.getByText(WORDS).waitFor()
  expect(await everything()).toContain(WORDS)

  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await page.getByRole('link', { name: 'My data' }).click()
  await heading(page, 'My data')
  const words = page.getByRole('region', { name: 'Your words' })
  await words.getByText(WORDS).waitFor()
  await words.getByText('A lamp', { exact: true }).waitFor()
  await expectSound(page)
  expect(
    asked.filter((path) => path.startsWith('/api/')),
    'nothing says whose words they are',
  ).toEqual([])
  await press(page, 'Show what the roll holds')
  await page.getByText('This device has no code that a roll knows.').waitFor()
  await expectSound(page)
  const [file] = await Promise.all([page.waitForEvent('download'), press(page, 'Download as JSON')])
  const taken = JSON.parse(readFileSync(await file.path(), 'utf8')) as { device: Inventory; server: [] }
  expect(taken.server).toEqual([])
  expect(taken.device.deeds).toMatchObject([
    {
      said: [
        { kind: 'proposal', index, text: 'A lamp' },
        { kind: 'comment', text: WORDS },
      ],
    },
  ])

  await words.getByRole('button', { name: 'Erase my words' }).last().click()
  await expectSound(page)
  await press(page, 'Erase them for good')
  await words.getByText('The text and its key are deleted.').waitFor()
  await words.getByText('That something stood here stays on the record.').waitFor()
  await expectSound(page)
  const after = await everything()
  expect(after).not.toContain(WORDS)
  expect(after).toContain('A lamp')
  expect(await page.content()).not.toContain(WORDS)
  await words.getByRole('button', { name: 'See it and change it' }).click()
  await heading(page, 'A lamp')
  await page.getByText('These words were erased').waitFor()
  expect(author.complaints).toEqual([])
})
