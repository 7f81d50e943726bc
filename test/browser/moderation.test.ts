// Moderation in the open in real Chromium: a comment is reported and hidden, its author appeals, another official restores it,
// and everybody can read how it went.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { ProcessView } from '#server/participation/views.ts'
import { freePort, openBrowser, PATIENCE, type Server, startApp, visit } from './app.ts'
import { expectSound, heading } from './booth-visitor.ts'
import { fill, fine, invite, official, press, row } from './officials-room.ts'
import { enrol } from './voting.ts'

let server: Server
let browser: Browser

beforeAll(async () => {
  server = await startApp({ port: await freePort(), played: 1 })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

/** Registers in a demo election and opens it; the process beside it. */
async function takePart(page: Page): Promise<string> {
  await enrol(page)
  const planned = async () => {
    const answer = await fetch(new URL('/api/processes', server.url))
    const { processes } = (await answer.json()) as { processes: ProcessView[] }
    return processes.find(({ plan }) => plan !== null)?.process
  }
  return vi.waitUntil(planned, { timeout: PATIENCE, interval: 200 })
}

async function moderate(page: Page, note: string, decision: string, reason?: string): Promise<void> {
  await page.getByLabel('Decision').selectOption(decision)
  if (reason !== undefined) await page.getByLabel('Reason', { exact: true }).selectOption(reason)
  for (const field of await page.getByLabel(/^A sentence to everybody/).all()) await field.fill(note)
  await press(page, 'Decide and sign with my passkey')
}

test('a comment is hidden, its author appeals, another official restores it', async () => {
  await using author = await visit(browser, server.url, { width: 390, height: 844 })
  const { page } = author
  const process = await takePart(page)
  await page.goto(`/processes/${process}/propose`)
  await page.getByLabel('In one line').fill('A swing for two')
  await press(page, 'Publish my proposal')
  await heading(page, 'A swing for two')
  const proposal = page.url()
  await press(page, 'Say something')
  await page.getByLabel('Your comment').fill('Only fools are against it.')
  await press(page, 'Publish my comment')
  await page.getByText('Only fools are against it.').waitFor()
  const link = await page.locator('article a[href^="/record/"]').first().getAttribute('href')
  const comment = /\d+$/.exec(link ?? '')?.[0] ?? ''

  await using ada = await official(browser, server.url, { width: 1280, height: 900 })
  await ada.page.goto(server.firstOfficial ?? '')
  await fill(ada.page, { Name: 'Ada Lovelace', Short: 'ada' })
  await press(ada.page, 'Make both passkeys')
  await row(ada.page, 'Ada Lovelace', 'On the record')
  await using ben = await official(browser, server.url)
  await ben.page.goto(await invite(ada.page, 'Ben Okri', 'ben', 'owner'))
  await press(ben.page, 'Make both passkeys')
  await ben.page.getByText('The public record does not name you yet').waitFor()
  await ada.page.reload()
  await press(ada.page, 'Propose to name all who have joined')
  await row(ada.page, 'Ben Okri', 'On the record')

  await ada.page.getByRole('link', { name: 'Moderation', exact: true }).click()
  await ada.page.getByText('Nothing waits for a decision.').waitFor()
  await ada.page.getByLabel('Number of its entry').fill(comment)
  await press(ada.page, 'Look up an entry')
  await ada.page.getByText('Only fools are against it.').waitFor()
  await fine(ada)
  await moderate(ada.page, 'Please be kind.', 'hide', 'insult')
  await ada.page.getByText('Nothing waits for a decision.').waitFor()

  await page.reload()
  await page.getByText('Hidden by officials: Insult.').waitFor()
  await page.getByText('Please be kind.').waitFor()
  expect(await page.content()).not.toContain('Only fools')
  await expectSound(page)
  await press(page, 'Appeal against it')
  await page.getByLabel('Your reasons').fill('I meant myself.')
  await expectSound(page)
  await press(page, 'Send my appeal')
  await page.getByText('The author has appealed').waitFor()

  await ada.page.reload()
  await ada.page.getByText('You decided this before').waitFor()
  await fine(ada)
  await ben.page.goto('/officials/moderation')
  await ben.page.getByText('The author has appealed: I meant myself.').waitFor()
  await fine(ben)
  await moderate(ben.page, 'It is no insult.', 'restore')
  await ben.page.getByText('Nothing waits for a decision.').waitFor()

  await page.reload()
  await page.getByText('Only fools are against it.').waitFor()
  await using reader = await visit(browser, server.url)
  await reader.page.goto(`/processes/${process}`)
  await reader.page.getByRole('link', { name: 'What was hidden, and by whom' }).click()
  await reader.page.getByText('Signed by Ben Okri.').waitFor()
  await reader.page.getByText('Signed by Ada Lovelace.').waitFor()
  await expectSound(reader.page)
  expect(await reader.page.locator('.tag').allInnerTexts()).toEqual(['Restored', 'Appealed', 'Hidden'])
  await reader.page.goto(proposal)
  await reader.page.getByText('Only fools are against it.').waitFor()
  for (const { complaints } of [author, reader]) expect(complaints).toEqual([])
})
