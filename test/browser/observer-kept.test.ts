// What a device keeps of a record that it has verified, in real Chromium: it need not come again, and is not believed.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ELECTION, PROCESS, Scene } from '../tally/scene.ts'
import { openBrowser, visit } from './app.ts'
import { serveScene } from './observer-stage.ts'

let server: Awaited<ReturnType<typeof serveScene>>
let browser: Browser

beforeAll(async () => {
  const scene = new Scene()
  scene.prepare()
  scene.keygen()
  scene.open()
  scene.cast(0, [1n, 0n])
  // Three bundles, the last of which is not full.
  while (scene.entries.length < 600) scene.offer(['time', scene.state.time + 1000])
  scene.cast(1, [0n, 1n])
  ;[server, browser] = await Promise.all([serveScene(scene), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

const FULL = ['/log/tile/entries/000', '/log/tile/entries/001']

/** The parts of the record that a sound verification asks the server for. */
async function asked(page: Page): Promise<string[]> {
  const paths: string[] = []
  const note = (request: { url(): string }) => paths.push(new URL(request.url()).pathname)
  page.context().on('request', note)
  await page.goto(`/elections/${PROCESS}/${ELECTION}/verify`)
  await page.getByRole('button', { name: 'Check now' }).click()
  await page.getByText(/entries with 2 ballots of/).waitFor()
  await page.getByRole('heading', { name: 'The record is sound' }).waitFor()
  page.context().off('request', note)
  return paths.filter((path) => path === '/api/record' || path.startsWith('/log/tile/entries/'))
}

test('a second verification fetches what is new; entries kept of another ledger are let go', async () => {
  await using visitor = await visit(browser, server.url)
  const { page, complaints } = visitor
  const first = await asked(page)
  expect(first).toEqual([...FULL, expect.stringMatching(/^\/log\/tile\/entries\/002\.p\/\d+$/)])
  expect(await asked(page)).toEqual(first.slice(2))
  await page.evaluate(async (path) => {
    const cache = await caches.open('comitia-entries')
    const kept = await cache.match(path)
    const bytes = new Uint8Array((await kept?.arrayBuffer()) ?? new ArrayBuffer())
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    await cache.put(path, new Response(bytes))
  }, FULL[1] ?? '')
  expect((await asked(page)).filter((path) => FULL.includes(path))).toEqual(FULL)
  expect(await asked(page)).toEqual(first.slice(2))
  expect(complaints).toEqual([])
})
