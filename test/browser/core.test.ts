// The core's tests in Chromium, under the Content-Security-Policy that pages have: the same files that Vitest runs in
// Node, bundled with a stand-in for Vitest.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { build } from 'vite'
import { filesIn, ROOT } from '#circuits/build/cache.ts'
import { openBrowser, PATIENCE } from './app.ts'

const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"
const SUITE = join(ROOT, 'test/browser/suite.ts')

test('the core is right in Chromium too', async () => {
  const files = await bundle()
  const server = createServer(({ url = '/' }, response) => {
    response.setHeader('content-type', url === '/' ? 'text/html' : 'text/javascript')
    response.setHeader('content-security-policy', POLICY)
    response.end(
      url === '/' ? '<!doctype html><script type="module" src="/page.js"></script>' : files.get(url),
    )
  })
  await new Promise<void>((listening) => server.listen(0, 'localhost', listening))
  const browser = await openBrowser()
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(PATIENCE)
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
    const ready = () => page.evaluate(() => 'runSuite' in globalThis)
    await expect.poll(async () => complaints.length > 0 || (await ready()), { timeout: PATIENCE }).toBe(true)
    expect(complaints).toEqual([])
    const { tests, failures } = await page.evaluate<{ tests: number; failures: string[] }>('runSuite()')
    expect(complaints).toEqual([])
    expect(failures).toEqual([])
    expect(tests).toBeGreaterThan(60)
  } finally {
    await browser.close()
    server.close()
  }
})

/** The page's script and the core, by their paths. */
async function bundle(): Promise<ReadonlyMap<string, Buffer>> {
  const folder = mkdtempSync(join(tmpdir(), 'comitia-core-'))
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      root: ROOT,
      resolve: {
        alias: { vitest: SUITE, 'node:crypto': SUITE, 'node:fs': join(ROOT, 'test/browser/vectors.ts') },
      },
      build: {
        outDir: folder,
        target: 'es2023',
        chunkSizeWarningLimit: 4000,
        rolldownOptions: {
          input: join(ROOT, 'test/browser/core-stage.ts'),
          output: { entryFileNames: 'page.js' },
        },
      },
    })
    const names = await filesIn(folder)
    return new Map(names.map((name) => [`/${name}`, readFileSync(join(folder, name))]))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
