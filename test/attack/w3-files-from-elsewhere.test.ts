// W3: the app, its proving keys or its witness code come from somewhere else at run time (Semaphore #804). Everything is
// of one origin, each file that proves a ballot is the one that the opening names, and what was loaded once is enough up
// to casting, with the line cut and the page loaded again.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { filesIn } from '#circuits/build/cache.ts'
import { ensureSite } from '#cli/site.ts'
import { letThrough, openBrowser } from '../browser/app.ts'
import { type BoothStage, serveBooth } from '../browser/booth-stage.ts'
import {
  expectSound,
  heading,
  markOne,
  ONE,
  press,
  sealOne,
  trackerOn,
  voterAt,
} from '../browser/booth-visitor.ts'
import { Line } from '../browser/line.ts'

/** Names that are never asked for: of XML's vocabularies, in texts of errors, and a base for relative addresses. */
const NAMED = [
  ...['http://www.w3.org', 'https://svelte.dev', 'https://paraglidejs.com', 'https://simplewebauthn.dev'],
  ...['http://dummy.com', 'https://github.com'],
]
/** Chromium itself asks there what form fields mean; the app cannot, as the control shows. */
const AUTOFILL = 'https://content-autofill.googleapis.com:443/'
const READY = 'Everything that is needed for casting is on this device.'

let site: string
let browser: Browser
let booth: BoothStage

beforeAll(async () => {
  site = await ensureSite(() => undefined)
  browser = await openBrowser()
  booth = await serveBooth()
})
afterAll(async () => {
  await browser.close()
  await booth[Symbol.asyncDispose]()
})

test('a whole vote asks one origin only, in pages, workers and service worker', async () => {
  await using line = await Line.open()
  await using visitor = await voterAt(browser, booth.url, 0, { proxy: line.url })
  const { page } = visitor
  await kept(page)
  await sealOne(page)
  await press(page, 'Cast my vote')
  await heading(page, 'Your vote is in')
  await page.goto('/receipt')
  await press(page, 'Check: Name of the square')
  await page.getByText('It is the newest ballot of its voter').waitFor()
  for (const part of [
    '/service-worker.js',
    '/_app/immutable/',
    '/log/policy',
    '/api/artifacts/',
    '/api/entries',
  ])
    expect(
      line.heard.some((address) => address.includes(part)),
      part,
    ).toBe(true)
  const { origin } = new URL(booth.url)
  const elsewhere = line.heard.filter((address) => new URL(address).origin !== origin)
  expect(elsewhere.filter((address) => address !== AUTOFILL)).toEqual([])
  expect(visitor.complaints).toEqual([])

  // Control: what goes elsewhere is heard; from within the app nothing can.
  const foreign = 'http://elsewhere.example/'
  expect(await page.evaluate((url) => fetch(url).then(String, String), foreign)).toContain('Failed to fetch')
  expect(line.heard).not.toContain(foreign)
  await page.goto(foreign).catch(() => undefined)
  expect(line.heard).toContain(foreign)
})

test('no file of the built app names another origin to load from', async () => {
  const found = new Set<string>()
  const names = (await filesIn(site)).filter((name) => /\.(js|css|html|json|svg)$/.test(name))
  expect(names.length).toBeGreaterThan(20)
  for (const name of names) {
    const text = await readFile(join(site, name), 'utf8')
    for (const [, scheme = '', host = ''] of text.matchAll(
      /(https?:|wss?:|["'`(])\/\/([\w-]+(?:\.[\w-]+)+)/g,
    ))
      found.add(`${scheme}//${host}`)
  }
  expect([...found].filter((origin) => !NAMED.includes(origin))).toEqual([])
})

test.each(['witness code', 'proving key'])('another %s than the opening names is not used', async (file) => {
  await using visitor = await voterAt(browser, booth.url, file === 'proving key' ? 1 : 2)
  const { page, context } = visitor
  const before = booth.stage.parts.board.state.bodies.size
  const altered = new Set<string>()
  await context.route('**/api/artifacts/*', async (route) => {
    const response = await route.fetch()
    const body = await response.body()
    // The code begins with WebAssembly's sign.
    const isCode = body.subarray(1, 4).toString() === 'asm'
    if (isCode === (file === 'witness code')) {
      body.writeUInt8(body.readUInt8(body.length - 1) ^ 1, body.length - 1)
      altered.add(route.request().url())
    }
    await route.fulfill({ response, body })
  })
  const tracker = await sealOne(page)
  await press(page, 'Cast my vote')
  await page.getByText('The server sent a damaged file for proving your ballot.').waitFor()
  await page.getByText('Nothing was cast.').waitFor()
  expect(booth.stage.parts.board.state.bodies.size).toBe(before)
  const taken = await page.evaluate(async () => {
    const cache = await caches.open('comitia-artifacts')
    return (await cache.keys()).map(({ url }) => url)
  })
  expect(altered.size).toBe(1)
  expect(taken.filter((url) => altered.has(url))).toEqual([])
  await letThrough(context)
  await press(page, 'Try again')
  await heading(page, 'Your vote is in')
  expect(await trackerOn(page)).toBe(tracker)
})

test('with the line cut: the app opens again, says what is missing, and goes on up to casting', async () => {
  await using line = await Line.open()
  await using visitor = await voterAt(browser, booth.url, 3, { proxy: line.url })
  const { page } = visitor
  await kept(page)
  // What is no page of the app comes from the server, whoever has kept the app.
  for (const path of ['/openapi.json', '/health', '/metrics', '/files.txt'])
    expect([path, (await page.goto(path))?.fromServiceWorker()]).toEqual([path, false])
  await markOne(page)
  await page.getByText(READY).waitFor()
  line.cut()

  // Every page of the app is there; what only the server knows is said to be missing.
  await page.reload()
  await page.getByRole('alert').filter({ hasText: 'The server does not answer.' }).waitFor()
  await page.getByRole('link', { name: 'Help', exact: true }).click()
  await page.getByRole('heading', { level: 1 }).waitFor()
  for (const path of ['/', '/receipt', '/check', '/credential', '/votes']) {
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await expectSound(page)
  }

  // Back in the booth, the marks are still there; from here on no network is needed.
  line.mend()
  await page.goto(`${ONE}/review`)
  await heading(page, 'Your ballot')
  await page.getByText('Market Square').waitFor()
  await page.getByText(READY).waitFor()
  line.cut()
  const asked = line.heard.length
  await press(page, 'Encrypt my ballot')
  await heading(page, 'Your ballot is encrypted')
  const tracker = await trackerOn(page)
  // A credential that came from a backup may have voted elsewhere: that alone is asked, and done without. Chromium looks
  // by itself whether the service worker has changed, some time after a page has loaded.
  const own = (address: string): boolean =>
    address === AUTOFILL || address.includes('/api/voters/') || address.endsWith('/service-worker.js')
  expect(line.heard.slice(asked).filter((address) => !own(address))).toEqual([])
  await press(page, 'Cast my vote')
  await page.getByText('it is not known yet whether your ballot is in').waitFor()
  line.mend()
  await heading(page, 'Your vote is in')
  expect(await trackerOn(page)).toBe(tracker)
})

/** Waits until the service worker has kept the whole app and answers for it. */
async function kept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
    if (navigator.serviceWorker.controller === null)
      await new Promise((resolve) =>
        navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
      )
  })
}
