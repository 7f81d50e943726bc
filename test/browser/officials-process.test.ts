// Officials and a process in real Chromium: its plan is changed, and a proposal answered, for everybody to see.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort, openBrowser, type Server, startApp, visit } from './app.ts'
import { demoWithIdea, type Ideas } from './ideas.ts'
import { fill, fine, official, press, row } from './officials-room.ts'

let server: Server
let browser: Browser
let ideas: Ideas['ideas']

beforeAll(async () => {
  server = await startApp({ port: await freePort(), played: 1 })
  browser = await openBrowser()
  ;({ ideas } = await demoWithIdea(server))
}, 300_000)
afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

test('a plan is changed, and a proposal answered', async () => {
  await using ada = await official(browser, server.url)
  const { page } = ada
  await page.goto(server.firstOfficial ?? '')
  await fill(page, { Name: 'Ada Lovelace', Short: 'ada' })
  await press(page, 'Make both passkeys')
  await row(page, 'Ada Lovelace', 'On the record')
  await page.getByRole('link', { name: 'Processes', exact: true }).click()
  await page.getByLabel('Which process').selectOption(ideas.process)
  await expect.poll(() => page.getByLabel('Support at which an answer is owed').inputValue()).toBe('3')
  await fine(ada)

  await page.getByLabel('Support at which an answer is owed').fill('2')
  await press(page, 'Add a phase')
  for (const language of ['Suomi', 'Svenska', 'Deutsch', 'Français', 'Español', 'Gàidhlig'])
    await page.getByRole('checkbox', { name: language }).uncheck()
  await page.getByLabel('What it is called').last().fill('Decision')
  await page.getByLabel('Begins').last().fill('2100-01-01T00:00')
  await page.getByLabel('Ends').last().fill('2100-02-01T00:00')
  await fine(ada)
  const plan = page.getByRole('form', { name: 'The plan' })
  await plan.getByLabel('Why', { exact: true }).fill('Two are enough')
  await plan.getByRole('button', { name: /^Propose/ }).click()
  await page.getByText('Signed and sent.').waitFor()

  await press(page, 'Answer it')
  await page.getByLabel('Decision').selectOption('declined')
  await page.getByLabel('Who decides: the office').fill('The council')
  await page.getByLabel('Reasons, for everybody to read').fill('There is no money for it.')
  await fine(ada)
  const answer = page.locator('form').first()
  await answer.getByLabel('Why', { exact: true }).fill('As decided on Monday')
  await answer.getByRole('button', { name: /^Propose/ }).click()
  await expect.poll(() => page.getByText('Signed and sent.').count()).toBeGreaterThan(0)

  const seeds = page.getByRole('form', { name: 'Statements to begin with' })
  const head = 'timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body'
  const statements = ['More trees', 'Fewer cars'].map((body, i) => `1,x,${i},0,0,0,1,${body}`)
  await seeds.getByLabel('Take them from a file of Polis').setInputFiles({
    ...{ name: 'comments.csv', mimeType: 'text/csv' },
    buffer: Buffer.from([head, ...statements].join('\n')),
  })
  const texts = await seeds.getByLabel(/^Statements, one a line/).all()
  await expect.poll(() => texts[0]?.inputValue()).toBe('More trees\nFewer cars')
  for (const one of texts.slice(1)) await one.fill('Only one')
  await seeds.getByLabel('Why', { exact: true }).fill('To begin with')
  if (texts.length > 1) {
    await seeds.getByRole('button', { name: /^Propose/ }).click()
    await seeds.getByText('Write as many lines in each language').waitFor()
  }
  await fine(ada)
  for (const one of texts.slice(1)) await one.fill('One\nTwo')
  await seeds.getByRole('button', { name: /^Propose/ }).click()

  await using reader = await visit(browser, server.url)
  await reader.page.goto(`/processes/${ideas.process}`)
  await reader.page.getByText('that 2 people support').waitFor()
  await reader.page.getByText('The plan was changed once').waitFor()
  await reader.page.getByRole('heading', { name: 'Decision' }).waitFor()
  await reader.page.goto(`/processes/${ideas.process}/proposals/${ideas.proposal}`)
  await reader.page.getByText('The council declines this.').waitFor()
  await reader.page.getByText('There is no money for it.').waitFor()
  await reader.page.goto(`/processes/${ideas.process}/opinions`)
  await reader.page
    .getByRole('row', { name: /^Fewer cars|^More trees/ })
    .first()
    .waitFor()
  expect(reader.complaints).toEqual([])
})
