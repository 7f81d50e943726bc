// The real server ends between a ballot and its answer, and is started again on what it left on the disk: the page resolves
// it by itself, with one ballot on the ledger and the tracker that was shown before.
import type { Browser, Route } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit, openBrowser, type Server, startApp, visit } from './app.ts'
import { enrol, mark, seal, take, trackers } from './voting.ts'

let server: Server
let browser: Browser

beforeAll(async () => {
  server = await startApp()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

test.each(['after the ballot was recorded', 'as the ballot arrives'])('ended %s', async (moment) => {
  await using visitor = await visit(browser, server.url)
  const { page, context } = visitor
  await enrol(page)
  await take(page, 'Vote')
  await mark(page)
  const sealed = await seal(page)

  let ended: Promise<void> | undefined
  await context.route('**/api/entries', async (route: Route) => {
    if (ended !== undefined) return route.continue()
    const sent = route.fetch().catch(() => undefined)
    if (moment === 'after the ballot was recorded') await sent
    ended = server.kill()
    await Promise.all([ended, sent])
    await route.abort('connectionreset')
  })
  await page.getByRole('button', { name: 'Cast my vote' }).click()
  await page.getByText('it is not known yet whether your ballot is in').waitFor()
  expect(await audit(page)).toEqual([])
  await server.restart()
  await page.getByRole('heading', { level: 1, name: 'Your vote is in' }).waitFor({ timeout: 120_000 })
  expect(await trackers(page)).toEqual(sealed)

  for (const tracker of sealed) {
    const found = await fetch(new URL(`/api/trackers/${tracker}`, server.url))
    expect(found.status).toBe(200)
  }
  const answer = await fetch(new URL('/api/elections', server.url))
  const { elections } = (await answer.json()) as {
    elections: { contests: { turnout: { voters: number; ballots: number } }[] }[]
  }
  // Nobody has two ballots in any contest.
  for (const { contests } of elections)
    for (const { turnout } of contests) expect(turnout.ballots).toBe(turnout.voters)

  // The receipts hold for the log that the server has now.
  await page.goto('/votes')
  await page.getByText('Counts', { exact: true }).nth(1).waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
})
