// Officials and a process in real Chromium: its plan is changed, a proposal answered, and its outcome stated, for everybody to
// see.
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

test('a plan is changed, a proposal answered, and the process ended', async () => {
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

  await using reader = await visit(browser, server.url)
  await reader.page.goto(`/processes/${ideas.process}`)
  await reader.page.getByText('that 2 people support').waitFor()
  await reader.page.getByText('The plan was changed once').waitFor()
  await reader.page.getByRole('heading', { name: 'Decision' }).waitFor()
  await reader.page.goto(`/processes/${ideas.process}/proposals/${ideas.proposal}`)
  await reader.page.getByText('The council declines this.').waitFor()
  await reader.page.getByText('There is no money for it.').waitFor()

  await page.getByText('A process ends with a word on what came of it').waitFor()
  await press(page, 'Remove phase 2')
  await page.getByLabel('Begins').fill('2020-01-01T00:00')
  await page.getByLabel('Ends').fill('2020-02-01T00:00')
  await plan.getByLabel('Why', { exact: true }).fill('All is said')
  await plan.getByRole('button', { name: /^Propose/ }).click()
  const end = page.getByRole('form', { name: 'End the process' })
  await end.getByLabel('What was decided').fill('The park stays as it is.')
  await end.getByLabel('What becomes of what people said').fill('The ideas wait for next year.')
  await end.getByLabel('Why', { exact: true }).fill('The council has decided')
  await fine(ada)
  await end.getByRole('button', { name: /^Propose/ }).click()
  await page.getByText('This process has ended').waitFor()
  await fine(ada)

  await reader.page.goto(`/processes/${ideas.process}`)
  const outcome = reader.page.getByRole('region', { name: 'What came of it' })
  await outcome.getByText('The park stays as it is.').waitFor()
  await outcome.getByText('The ideas wait for next year.').waitFor()
  await fine(reader)
  const feed = await reader.page.request.get(`/api/processes/${ideas.process}/en/feed.atom`)
  expect(await feed.text()).toMatch(/<entry>\s*<title[^>]*>.{0,9}What came of it/)
  expect(reader.complaints).toEqual([])
})
