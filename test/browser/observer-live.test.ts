// A verification that goes on while votes come in, in real Chromium: it takes what the log has more, and says at once when
// that is not what it should be.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { actEntry, ballotEntry } from '../server/stage.ts'
import { ELECTION, PROCESS, Scene } from '../tally/scene.ts'
import { audit, openBrowser, visit } from './app.ts'
import { serveScene } from './observer-stage.ts'

let scene: Scene
let server: Awaited<ReturnType<typeof serveScene>>
let browser: Browser

beforeAll(async () => {
  scene = new Scene({ weights: Array.from({ length: 10 }, () => 1n) })
  scene.prepare()
  scene.keygen()
  scene.open()
  scene.cast(0, [1n, 0n])
  ;[server, browser] = await Promise.all([serveScene(scene), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

const cast = async (voter: number) => {
  const answer = await server.staged.post(ballotEntry(scene.ballot(voter, [0n, 1n]).ballot))
  expect(answer.status).toBe(201)
}
const ballots = (page: Page, count: number) =>
  page.getByText(new RegExp(`entries with ${count} ballots of`)).waitFor()

test('takes in what is cast meanwhile, until it is stopped', async () => {
  await using visitor = await visit(browser, server.url)
  const { page, complaints } = visitor
  await page.goto(`/elections/${PROCESS}/${ELECTION}/verify`)
  await page.getByRole('button', { name: 'Check now' }).click()
  await page.getByText('New entries are checked as they come in.').waitFor()
  await ballots(page, 1)
  const asked: string[] = []
  page.context().on('request', (request) => asked.push(new URL(request.url()).pathname))
  await cast(1)
  await ballots(page, 2)
  await Promise.all([cast(2), cast(3)])
  await ballots(page, 4)
  await page.getByRole('heading', { name: 'The record is sound' }).waitFor()
  expect(asked.filter((path) => path === '/api/record')).toEqual([])
  expect(await audit(page)).toEqual([])
  await page.getByRole('button', { name: 'Stop checking' }).click()
  await page.getByText('New entries are checked as they come in.').waitFor({ state: 'detached' })
  await cast(4)
  await page.getByRole('button', { name: 'Check again' }).click()
  await ballots(page, 5)
  expect(complaints).toEqual([])
})

test('says so when what comes is not what the log has signed', async () => {
  await using visitor = await visit(browser, server.url)
  const { page } = visitor
  await page.goto(`/elections/${PROCESS}/${ELECTION}/verify`)
  await page.getByRole('button', { name: 'Check now' }).click()
  await page.getByText('New entries are checked as they come in.').waitFor()
  await ballots(page, 5)
  await page.context().route(/\/log\/entries\/\d+$/, async (route) => {
    const body = await (await route.fetch()).body()
    body[body.length - 1] = (body.at(-1) ?? 0) ^ 1
    await route.fulfill({ body })
  })
  await cast(5)
  await page.getByRole('heading', { name: 'The record is NOT sound' }).waitFor()
  expect(await page.locator('main ol > li', { hasText: 'FAILED' }).allInnerTexts()).not.toEqual([])
  expect(await audit(page)).toEqual([])
})

test('a server that is away for a while is waited for', async () => {
  await using visitor = await visit(browser, server.url)
  const { page } = visitor
  await page.goto(`/elections/${PROCESS}/${ELECTION}/verify`)
  await page.getByRole('button', { name: 'Check now' }).click()
  await ballots(page, 6)
  let lost = 0
  await page.context().route('**/log/checkpoint', (route) => (lost++ < 2 ? route.abort() : route.continue()))
  await cast(6)
  await expect.poll(() => lost).toBe(2)
  await cast(7)
  await ballots(page, 8)
  await page.getByRole('heading', { name: 'The record is sound' }).waitFor()
})

test('the closing is taken in, with ballots read again by the bundle, and again where that failed', async () => {
  await using visitor = await visit(browser, server.url)
  const { page } = visitor
  await page.goto(`/elections/${PROCESS}/${ELECTION}/verify`)
  await page.getByRole('button', { name: 'Check now' }).click()
  await ballots(page, 8)
  await cast(8)
  await ballots(page, 9)
  await cast(9)
  await ballots(page, 10)
  const { staged } = server
  const asked: string[] = []
  let lost = 0
  page.context().on('request', (request) => asked.push(new URL(request.url()).pathname))
  // Each is asked for twice before it counts as lost.
  await page
    .context()
    .route('**/log/tile/entries/**', (route) => (lost++ < 2 ? route.abort() : route.continue()))
  const before = staged.ledger.size
  staged.clock.now = scene.election.closesAt
  const closing = actEntry(scene, staged, { type: 'close-election', election: ELECTION })
  expect((await staged.post(closing)).status).toBe(201)
  await page.getByText(`${staged.ledger.size} entries with 10 ballots of`).waitFor()
  await page.getByRole('heading', { name: 'The record is sound' }).waitFor()
  expect(lost).toBeGreaterThanOrEqual(3)
  const single = asked.flatMap((path) => /^\/log\/entries\/(\d+)$/.exec(path)?.[1] ?? [])
  expect(single.filter((index) => Number(index) < before)).toEqual([])
})
