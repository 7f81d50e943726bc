// The real server ends between a ballot or a registration and its answer, and is started again on what it left on the
// disk. The page resolves a ballot by itself: one on the ledger, under the tracker that was shown before.
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { audit, openBrowser, type Server, startApp, visit } from './app.ts'
import { begin, enrol, mark, seal, take, trackers } from './voting.ts'

const MOMENTS = ['after it was recorded', 'as it arrives'] as const

let server: Server
let browser: Browser

beforeAll(async () => {
  server = await startApp({ played: 1 })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

test.each(MOMENTS)('a ballot: the server ends %s', async (moment) => {
  await using visitor = await visit(browser, server.url)
  const { page, context } = visitor
  await enrol(page)
  await take(page, 'Vote')
  await mark(page)
  const sealed = await seal(page)

  await endAt(context, '/api/entries', moment)
  await page.getByRole('button', { name: 'Cast my vote' }).click()
  await page.getByText('it is not known yet whether your ballot is in').waitFor()
  expect(await audit(page)).toEqual([])
  await server.restart()
  await page.getByRole('heading', { level: 1, name: 'Your vote is in' }).waitFor()
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

test.each(MOMENTS)('a registration: the server ends %s, and the page is loaded again', async (moment) => {
  await using visitor = await visit(browser, server.url)
  const { page, context } = visitor
  await begin(page)
  const register = page.getByRole('button', { name: 'Register', exact: true })
  await register.waitFor()
  await endAt(context, '/api/registrations', moment)
  await register.click()
  await page.getByRole('alert').filter({ hasText: 'The server does not answer.' }).waitFor()
  expect(await audit(page)).toEqual([])
  await server.restart()
  await page.reload()
  await register.click()
  await page.getByText('Your code was accepted').waitFor()
  expect(await audit(page)).toEqual([])
})

/** Kills the server once, at this moment of the first request to the path, whose answer is lost. */
async function endAt(context: BrowserContext, path: string, moment: (typeof MOMENTS)[number]): Promise<void> {
  let ended: Promise<void> | undefined
  await context.route(`**${path}`, async (route) => {
    if (ended !== undefined) return route.continue()
    const sent = route.fetch().catch(() => undefined)
    if (moment === 'after it was recorded') await sent
    ended = server.kill()
    await Promise.all([ended, sent])
    await route.abort('connectionreset')
  })
}
