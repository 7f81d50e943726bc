// Proofs in Chromium, under the Content-Security-Policy that voters' pages have, from a page on localhost.
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import type { Assignment } from '#circuits/ballot.ts'

const CHROMIUM = '/usr/bin/chromium'
const PAGE = fileURLToPath(new URL('./prove-page.ts', import.meta.url))
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:"
const PATIENCE = 120_000

export interface ChromiumJob {
  /** For the bundle; somebody else removes it. */
  readonly folder: string
  readonly wasm: Uint8Array
  readonly zkey: Uint8Array
  readonly input: Assignment
  readonly times: number
}

/** Milliseconds of each proof in one page, the first of them cold, by snarkjs's workers and without; or why there are
 *  none. */
export async function inChromium(
  job: ChromiumJob,
): Promise<{ version: string; times: number[]; singleThread: number[] } | { because: string }> {
  if (!existsSync(CHROMIUM)) return { because: `${CHROMIUM} is not installed (Debian package chromium)` }
  const server = await servePage(job)
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(PATIENCE)
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
    await page.waitForFunction('typeof proveTimes === "function"')
    const run = (singleThread: boolean) =>
      page.evaluate<number[]>(`proveTimes(${job.times}, ${singleThread})`)
    return { version: browser.version(), times: await run(false), singleThread: await run(true) }
  } finally {
    await browser.close()
    server.close()
  }
}

async function servePage({ folder, wasm, zkey, input }: ChromiumJob): Promise<Server> {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      emptyOutDir: false,
      chunkSizeWarningLimit: 4000,
      lib: { entry: PAGE, formats: ['es'], fileName: () => 'page.js' },
    },
  })
  const files: Record<string, { type: string; body: string | Uint8Array }> = {
    '/': { type: 'text/html', body: '<!doctype html><script type="module" src="/page.js"></script>' },
    '/page.js': { type: 'text/javascript', body: readFileSync(join(folder, 'page.js')) },
    '/wasm': { type: 'application/wasm', body: wasm },
    '/zkey': { type: 'application/octet-stream', body: zkey },
    '/input': {
      type: 'application/json',
      body: JSON.stringify(input, (_, value: unknown) =>
        typeof value === 'bigint' ? value.toString() : value,
      ),
    },
  }
  const server = createServer(({ url = '' }, response) => {
    const file = files[url]
    response.writeHead(file === undefined ? 404 : 200, {
      'content-type': file?.type ?? 'text/plain',
      'content-security-policy': POLICY,
    })
    response.end(file?.body)
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return server
}
