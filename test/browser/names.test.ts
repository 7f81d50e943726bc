// Speaking under one's verified name in real Chromium: somebody asks for it on a phone, an official compares it on a wide screen, and
// everybody reads a comment under the name, beside one under the pseudonym, until the name is erased.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { ProcessView } from '#server/participation/views.ts'
import { freePort, openBrowser, overflow, PATIENCE, type Server, startApp, visit } from './app.ts'
import { expectSound, heading } from './booth-visitor.ts'
import { fill, fine, official, press, row } from './officials-room.ts'
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

async function comment(page: Page, text: string, voice: RegExp): Promise<void> {
  await press(page, 'Say something')
  await page.getByLabel('Your comment').fill(text)
  expect(await page.getByRole('radio', { name: /^Under my pseudonym/ }).isChecked()).toBe(true)
  await page.getByRole('radio', { name: voice }).check()
  await expectSound(page)
  await press(page, 'Publish my comment')
  await page.getByText(text).waitFor()
}

test('a name is asked for, compared, spoken under, and erased', async () => {
  await using author = await visit(browser, server.url, { width: 390, height: 844 })
  const { page } = author
  const process = await takePart(page)
  await page.goto(`/processes/${process}`)
  await page.getByRole('link', { name: 'Speak under your own name' }).click()
  await heading(page, 'Speak under your own name')
  await page.getByText('What stays hidden').waitFor()
  await page.getByLabel('Your name, as in the list of voters').fill('J\u0430ne Doe')
  await press(page, 'Have my name compared')
  await page.getByText('A name cannot be like this.').waitFor()
  await expectSound(page)
  await page.getByLabel('Your name, as in the list of voters').fill('Jane Doe')
  await press(page, 'Have my name compared')
  await page.getByText('Your name waits for officials').waitFor()
  await expectSound(page)
  expect(await overflow(page)).toBe(0)

  await using ada = await official(browser, server.url, { width: 1280, height: 900 })
  await ada.page.goto(server.firstOfficial ?? '')
  await fill(ada.page, { Name: 'Ada Lovelace', Short: 'ada' })
  await press(ada.page, 'Make both passkeys')
  await row(ada.page, 'Ada Lovelace', 'On the record')
  await ada.page.getByRole('link', { name: 'Names', exact: true }).click()
  await ada.page.getByText('Jane Doe').waitFor()
  await ada.page.getByText('The register here does not say this name.').waitFor()
  await fine(ada)
  await ada.page.getByRole('radio', { name: 'Yes, it is theirs' }).check()
  await ada.page.getByLabel('How you know').fill('They showed a passport.')
  await press(ada.page, 'Decide and sign with my passkey')
  await ada.page.getByText('Nothing waits for a decision.').waitFor()

  await page.reload()
  await page.getByText('You can speak here as Jane Doe.').waitFor()
  await page.goto(`/processes/${process}/propose`)
  await page.getByLabel('In one line').fill('A swing for two')
  await expectSound(page)
  await press(page, 'Publish my proposal')
  await heading(page, 'A swing for two')
  await comment(page, 'I would sit on it myself.', /^Under my verified name, Jane Doe/)
  await comment(page, 'Somebody would.', /^Under my pseudonym/)
  expect(await page.locator('article .verified').count()).toBe(1)

  await using reader = await visit(browser, server.url, { width: 1280, height: 900 })
  await reader.page.goto(page.url())
  const named = reader.page.locator('article').filter({ hasText: 'I would sit on it myself.' })
  await named.getByText('Jane Doe').waitFor()
  await named.getByText('Verified name').waitFor()
  await expectSound(reader.page)

  await page.goto(`/processes/${process}/name`)
  await press(page, 'Erase my name')
  await expectSound(page)
  await press(page, 'Erase them for good')
  await page.getByText('Your name was erased.').waitFor()
  await reader.page.reload()
  await named.getByText('Name erased').waitFor()
  expect(await reader.page.content()).not.toContain('Jane Doe')
  for (const { complaints } of [author, reader]) expect(complaints).toEqual([])
})
