// The demonstration from its first button to the verified result, as a newcomer does it on a phone, in real Chromium
// against the real server: register, vote, check the receipt, be a guardian, close, decrypt, see the result, verify.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit, openBrowser, type Server, startApp, visit } from './app.ts'
import { Keyboard } from './hands.ts'
import { castTwice, enrol, mark, seal, take, trackers } from './voting.ts'

let server: Server
let browser: Browser

beforeAll(async () => {
  server = await startApp({ played: 5 })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

test('a server in its first moments: the invitation to the demonstration comes by itself', async () => {
  await using visitor = await visit(browser, server.url)
  const { page, complaints } = visitor
  await page.route('**/api/elections', (route) => route.fulfill({ json: { elections: [] } }), { times: 1 })
  await page.goto('/')
  await page.getByRole('link', { name: 'Start the demo' }).waitFor()
  expect(await audit(page)).toEqual([])
  expect(complaints).toEqual([])
})

test('from the invitation to the verified result', async () => {
  await using visitor = await visit(browser, server.url)
  const { page, complaints } = visitor
  await enrol(page)
  await new Keyboard(page).walk()

  await take(page, 'Vote')
  await mark(page)
  expect(await audit(page)).toEqual([])
  const sealed = await seal(page)
  expect(await audit(page)).toEqual([])
  await castTwice(page)
  expect(await trackers(page)).toEqual(sealed)
  expect(await audit(page)).toEqual([])
  const { contests } = await summary(page)
  expect(contests.map(({ turnout }) => turnout.ballots - turnout.voters)).toEqual([0, 0])

  await skip(page, 'Test your device')
  await take(page, 'Check your receipt')
  await page.getByRole('heading', { name: 'Receipts on this device' }).waitFor()
  await page
    .getByRole('button', { name: /^Check/ })
    .first()
    .click()
  await page.getByText('Proven on this device', { exact: false }).first().waitFor()

  await take(page, 'Become a guardian')
  await page.locator('li[aria-current=step]').getByRole('heading', { name: 'End voting' }).waitFor()
  await page.getByRole('button', { name: 'End voting now' }).click()
  await take(page, 'Decrypt the sums')
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: /Check the record/ }).click()
  await page.getByRole('link', { name: 'See the result' }).waitFor()

  await take(page, 'See the result')
  await page.getByRole('heading', { name: 'Which projects should be carried out?' }).first().waitFor()
  expect(await audit(page)).toEqual([])
  await take(page, 'Check all of it yourself')
  await page.getByRole('button', { name: 'Check now' }).click()
  await page.getByText('The record is sound').waitFor()
  expect(await audit(page)).toEqual([])
  expect(complaints).toEqual([])
})

async function skip(page: Parameters<typeof take>[0], step: string): Promise<void> {
  await page.goto('/demo')
  await page.locator('li[aria-current=step]').getByRole('heading', { name: step }).waitFor()
  await page.getByRole('button', { name: 'Skip this step' }).click()
}

async function summary(page: Parameters<typeof take>[0]) {
  const answer = await page.request.get('/api/elections')
  const { elections } = (await answer.json()) as {
    elections: { contests: { turnout: { voters: number; ballots: number } }[] }[]
  }
  const [first] = elections
  if (first === undefined) throw new Error('no election')
  return first
}
