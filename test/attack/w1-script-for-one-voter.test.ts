// W1: the server, or somebody in between, changes the scripts for one voter (Helios 2011 and 2016, iVote 2015, France
// 2022). The app is one set of files that does not depend on who asks, under a policy that runs nothing else.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { filesIn } from '#circuits/build/cache.ts'
import { ensureSite } from '#cli/site.ts'
import { Server as Asked } from '#client/server.ts'
import type { FetchFile } from '#tally/verify/application.ts'
import { verify } from '#tally/verify/verify.ts'
import { openBrowser, type Server, startApp, visit } from '../browser/app.ts'

const VOTERS = [
  { 'user-agent': 'Mozilla/5.0 (iPhone)', 'accept-language': 'fi', cookie: 'voter=1' },
  { 'user-agent': 'curl/8', 'accept-language': 'de', referer: 'http://elsewhere.example/' },
]

let site: string
let server: Server
let browser: Browser

beforeAll(async () => {
  site = await ensureSite(() => undefined)
  server = await startApp({ played: 1 })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

test('every file is the one that was built, whoever asks', async () => {
  const names = (await filesIn(site)).filter((name) => !/\.(br|gz)$|^inventory\.json$/.test(name))
  expect(names.length).toBeGreaterThan(20)
  for (const name of names) {
    const built = hash(await readFile(join(site, name)))
    for (const headers of VOTERS) {
      const answer = await fetch(new URL(name, server.url), { headers })
      expect([name, hash(new Uint8Array(await answer.arrayBuffer()))]).toEqual([name, built])
      expect(answer.headers.get('set-cookie')).toBeNull()
    }
  }
})

test('officials name the files on the record; whoever is handed others finds out which', async () => {
  const made = await fetch(new URL('/api/demo/elections', server.url), { method: 'POST' })
  expect(made.ok).toBe(true)
  const honest = new Asked(server.url)
  const webApp = (fetchFile: FetchFile) =>
    honest.record(async (record) => {
      const findings = await verify(record, [], { fetchFile })
      return findings.find(({ check }) => check === 'V17')
    })
  expect(await webApp((path) => honest.page(path))).toMatchObject({ status: 'passed' })
  const list = new TextDecoder().decode(await honest.page('/files.txt'))
  const paths = list.match(/(?<= {2}).+/g) ?? []
  expect(paths.length).toBeGreaterThan(20)
  for (const victim of ['/', `/${paths.find((path) => path.endsWith('.js')) ?? ''}`]) {
    const handed = async (path: string) => {
      const file = await honest.page(path)
      if (path === victim && file !== undefined) file[0] = (file[0] ?? 0) ^ 1
      return file
    }
    expect(await webApp(handed)).toMatchObject({
      status: 'failed',
      fields: { paths: [victim], more: 0 },
    })
  }
})

test('control: the app runs; a script that was not built does not, however it gets in', async () => {
  await using visitor = await visit(browser, server.url)
  const { page, complaints } = visitor
  await page.goto('/')
  await page.locator('h1').waitFor()
  expect(complaints).toEqual([])

  const refused = page.waitForEvent('console', (message) => /Content Security Policy/.test(message.text()))
  await page.evaluate(() => {
    const foreign = document.createElement('link')
    foreign.rel = 'stylesheet'
    foreign.href = 'https://elsewhere.example/a.css'
    document.head.append(foreign)
  })
  await refused
  for (const attempt of [
    'document.body.setAttribute("onclick", "globalThis.ran = 1")',
    'document.body.innerHTML = "<img src=x onerror=alert(1)>"',
    'const s = document.createElement("script"); s.text = "globalThis.ran = 1"; document.body.append(s)',
    'new Worker("data:text/javascript,postMessage(1)")',
  ]) {
    // Trusted Types refuse strings where code could come in.
    await expect(page.evaluate(attempt)).rejects.toThrow(/TrustedHTML|TrustedScript/)
  }
  expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false)
})

test('an altered script is not run: its page is the one whose inline script the policy names', async () => {
  await using visitor = await visit(browser, server.url)
  const { page, complaints } = visitor
  await page.route('/', async (route) => {
    const answer = await route.fetch()
    const body = (await answer.text()).replace('</head>', '<script>globalThis.ran = true</script></head>')
    await route.fulfill({ response: answer, body })
  })
  await page.goto('/')
  await page.locator('h1').waitFor()
  expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false)
  expect(complaints.join(' ')).toMatch(/Content Security Policy/)
})

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
