// Every page of the app, taken from what the app is built from, in every language, light and dark, on a small phone, a
// phone and a desk: nothing scrolls sideways, nothing complains, axe finds nothing; and before the booth no page loads more
// script than it may, that of the workers which it starts included.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { filesIn, ROOT } from '#circuits/build/cache.ts'
import { audit, openBrowser, overflow, type Server, startApp, visit, weighScript } from './app.ts'
import { DeviceStage } from './device-stage.ts'
import { demoWithIdea, type Ideas } from './ideas.ts'

const WIDTHS = [320, 390, 1280]
const SCHEMES = ['light', 'dark'] as const
const { locales } = JSON.parse(
  readFileSync(join(ROOT, 'web/words/project.inlang/settings.json'), 'utf8'),
) as { locales: string[] }
const routes = (await filesIn(join(ROOT, 'web/routes')))
  .filter((file) => file.endsWith('+page.svelte'))
  .map((file) => `/${file.replace(/\/?\+page\.svelte$/, '')}`)

let server: Server
let browser: Browser
let place: Ideas['place']
let ideas: Ideas['ideas']

beforeAll(async () => {
  server = await startApp({ played: 1 })
  browser = await openBrowser()
  ;({ place, ideas } = await demoWithIdea(server))
}, 300_000)
afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

test('there are routes, and languages', () => {
  expect(routes.length).toBeGreaterThan(10)
  expect(locales).toHaveLength(7)
})

test('axe finds what is wrong', async () => {
  await using visitor = await visit(browser, server.url)
  await visitor.page.goto('/')
  await visitor.page.locator('h1').waitFor()
  await visitor.page.locator('main progress').waitFor({ state: 'detached' })
  expect(await audit(visitor.page)).toEqual([])
  await visitor.page.locator('main').evaluate((main) => main.append(document.createElement('button')))
  expect(await audit(visitor.page)).toEqual([expect.stringMatching(/^button-name: /)])
})

/** The longest of the languages. */
const LONGEST = 'gd'
/** Gzipped bytes of script, outside the booth. */
const MOST_SCRIPT = 150_000
const BOOTH = '/elections/[process]/[election]/vote'

test.each([...routes, '/nowhere'])('%s', async (route) => {
  await using visitor = await visit(browser, server.url, { locale: LONGEST })
  const { page, context, complaints } = visitor
  const script = weighScript(context)
  await page.goto(pathOf(route))
  await page.locator('h1').waitFor()
  await page.locator('main progress').waitFor({ state: 'detached' })
  if (!route.startsWith(BOOTH)) {
    await page.waitForLoadState('networkidle')
    const bytes = await script()
    expect(bytes).toBeGreaterThan(50_000)
    expect(bytes).toBeLessThan(MOST_SCRIPT)
  }
  const found: string[] = []
  const look = async (locale: string, width: number, schemes: readonly (typeof SCHEMES)[number][]) => {
    await page.setViewportSize({ width, height: 800 })
    const sideways = await overflow(page)
    if (sideways > 0) found.push(`${locale} ${width}: scrolls sideways by ${sideways}`)
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme })
      found.push(...(await audit(page)).map((breach) => `${locale} ${width} ${colorScheme}: ${breach}`))
    }
  }
  for (const locale of locales) {
    await page.locator('footer select').selectOption(locale)
    await page.locator(`html[lang="${locale}"]`).waitFor()
    // What axe looks at changes with the language only in its words: once each, and every look in the first.
    for (const width of WIDTHS)
      await look(locale, width, locale === locales[0] ? SCHEMES : width === 320 ? ['light'] : [])
  }
  expect(found).toEqual([])
  expect(complaints).toEqual([])
})

test('pages of the voter’s own stay light with a credential that is on a frozen roll', async () => {
  const words = JSON.parse(readFileSync(join(ROOT, `web/words/${LONGEST}/device.json`), 'utf8')) as Record<
    'device_join_register' | 'device_join_done_title' | 'device_roll_certain',
    string
  >
  await using stage = await DeviceStage.open(1)
  await using visitor = await visit(browser, stage.url, { locale: LONGEST })
  const { page, context } = visitor
  await page.goto(`/join#${stage.code()}`)
  await page.getByRole('button', { name: words.device_join_register, exact: true }).click()
  await page.getByText(words.device_join_done_title).waitFor()
  await stage.freeze()
  const shown = {
    '/votes': page.getByText(words.device_roll_certain),
    '/credential': page.locator('dd code'),
  }
  for (const [path, last] of Object.entries(shown)) {
    // Nothing of the page before is under way any more.
    await page.waitForLoadState('networkidle')
    const script = weighScript(context)
    await page.goto(path)
    await last.waitFor()
    await page.waitForLoadState('networkidle')
    const bytes = await script()
    // With the worker that looks after the credential.
    expect(bytes, path).toBeGreaterThan(100_000)
    expect(bytes, path).toBeLessThan(MOST_SCRIPT)
  }
})

function pathOf(route: string): string {
  return route
    .replace('[process]', route.startsWith('/processes') ? ideas.process : place.process)
    .replace('[election]', place.election)
    .replace('[proposal]', ideas.proposal)
    .replace('[index]', '0')
}
