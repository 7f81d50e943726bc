// Officials and a process in real Chromium: its plan is changed, a proposal assessed, put to a vote and answered, its outcome
// stated, for everybody to see.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProposalView } from '#server/participation/views.ts'
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

test('a plan is changed, a proposal assessed, put to a vote and answered, and the process ended', async () => {
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

  await press(page, 'Say whether it can be done')
  await page.getByLabel('Can it be done?').selectOption('Not feasible')
  await page.getByLabel('Reasons, for everybody to read').waitFor()
  await page.getByLabel('Can it be done?').selectOption('Feasible')
  await fill(page, {
    ...{ 'Who decides: the office': 'The council', 'What the project is': 'Shade' },
    ...{ 'The project, as': 'Ten trees.', 'What it costs': '12000' },
  })
  await fine(ada)
  const assessing = page.locator('form').first()
  await assessing.getByLabel('Why', { exact: true }).fill('The gardeners have looked.')
  await assessing.getByRole('button', { name: /^Propose/ }).click()
  await expect.poll(async () => (await standing(page)).assessments.length).toBe(1)

  await page.goto('/officials/setup')
  await press(page, 'Spend a budget')
  await page.getByLabel('Proposals found feasible').selectOption(ideas.process)
  await press(page, 'Take them as options')
  await page.getByText('Projects taken: 1.').waitFor()
  expect(await page.getByLabel('Cost of option 1').inputValue()).toBe('12000')
  await fine(ada)
  await define(page)
  await page.getByLabel('Why', { exact: true }).fill('The council decided so.')
  await press(page, 'Propose and sign with my passkey')
  await page.waitForURL(/officials$/)
  await page.goto('/officials/processes')
  await page.getByLabel('Which process').selectOption(ideas.process)
  expect(await page.getByRole('button', { name: 'Say whether it can be done' }).count()).toBe(0)

  await press(page, 'Answer it')
  await page.getByLabel('Decision').selectOption('adopted')
  await page.getByLabel('Who decides: the office').fill('The council')
  await page.getByLabel('Reasons, for everybody to read').fill('The people will decide.')
  await fine(ada)
  const answer = page.locator('form').first()
  await answer.getByLabel('Why', { exact: true }).fill('As decided on Monday')
  await answer.getByRole('button', { name: /^Propose/ }).click()
  await expect.poll(async () => (await standing(page)).answer).not.toBeNull()

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
  await reader.page.getByText('The council adopts this.').waitFor()
  await reader.page.getByText('The people will decide.').waitFor()
  await reader.page.getByText('Feasible at €12,000').waitFor()
  await reader.page.getByText('Ten trees.').waitFor()
  await fine(reader)
  await reader.page.getByRole('link', { name: 'Project 1 of the vote “Which projects?”' }).click()
  await reader.page.getByText('Details: Shade').click()
  await reader.page.getByRole('link', { name: 'The proposal that it came from' }).click()
  await reader.page.getByText('There is no result yet.').waitFor()
  const statementsPath = `/api/processes/${ideas.process}/statements?before=newest`
  await expect
    .poll(async () => (await reader.page.request.get(statementsPath)).text())
    .toMatch(/Fewer cars[^]*More trees|More trees[^]*Fewer cars/)

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

/** The proposal as the server shows it. */
async function standing(page: Page): Promise<ProposalView> {
  const path = `/api/processes/${ideas.process}/proposals/${ideas.proposal}`
  return (await (await page.request.get(path)).json()) as ProposalView
}

/** The rest of an election, of which nothing more happens here. */
async function define(page: Page): Promise<void> {
  const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16)
  await fill(page, {
    ...{ 'Name of the whole process': 'Budget', 'Title of the election': 'Budget 2027' },
    ...{ 'Who holds the election': 'City', 'The question': 'Which projects?' },
    ...{ 'Voting opens': at(1), 'Voting closes': at(9) },
  })
  await page.getByLabel('What voters should know').first().fill('There is money.')
  for (const number of ['1', '2', '3'])
    await fill(page, {
      [`Name of guardian ${number}`]: `Guardian ${number}`,
      [`Public key of guardian ${number}`]: number.repeat(64),
    })
}
