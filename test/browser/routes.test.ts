// Every page of the app, taken from what the app is built from, in every language, light and dark, on a small phone, a
// phone and a desk: nothing scrolls sideways, nothing complains, axe finds nothing.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { filesIn, ROOT } from '#circuits/build/cache.ts'
import { audit, openBrowser, overflow, type Server, startApp, visit } from './app.ts'

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
let place: { process: string; election: string }

beforeAll(async () => {
  server = await startApp()
  browser = await openBrowser()
  const demo = (await (await fetch(new URL('/api/demo', server.url))).json()) as {
    elections: (typeof place)[]
  }
  const [first] = demo.elections
  if (first === undefined) throw new Error('the demo has no election')
  place = first
})
afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

test('there are routes, and languages', () => {
  expect(routes.length).toBeGreaterThan(10)
  expect(locales).toHaveLength(7)
})

test.each([...routes, '/nowhere'])('%s', async (route) => {
  await using visitor = await visit(browser, server.url)
  const { page, complaints } = visitor
  await page.goto(pathOf(route))
  await page.locator('h1').waitFor()
  await page.locator('main progress').waitFor({ state: 'detached' })
  const found: string[] = []
  for (const locale of locales) {
    await page.locator('footer select').selectOption(locale)
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme })
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 })
        const at = `${locale} ${colorScheme} ${width}`
        const sideways = await overflow(page)
        if (sideways > 0) found.push(`${at}: scrolls sideways by ${sideways}`)
        found.push(...(await audit(page)).map((violation) => `${at}: ${violation}`))
      }
    }
  }
  expect(found).toEqual([])
  expect(complaints).toEqual([])
})

function pathOf(route: string): string {
  return route
    .replace('[process]', place.process)
    .replace('[election]', place.election)
    .replace('[index]', '0')
}
