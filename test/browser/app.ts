// The whole product for browser tests: `comitia start` as a process of its own, and real Chromium before it. What a page
// complains of (console, exceptions, policy breaches, failed requests) is collected, so that each test can ask for none.
import { AxeBuilder } from '@axe-core/playwright'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { ROOT } from '#circuits/build/cache.ts'
import { requireProgram } from '../system.ts'

const MAIN = join(ROOT, 'cli/main.ts')
const PATIENCE = 60_000

export interface Server extends AsyncDisposable {
  readonly url: string
  /** Its data folder. */
  readonly data: string
  /** Kills it and starts it again on the same data and port. */
  restart(signal?: NodeJS.Signals): Promise<void>
  /** Ends the process and nothing else, as a crash would. */
  kill(signal?: NodeJS.Signals): Promise<void>
}

/** A server on a free port with a data folder of its own, removed when disposed of. */
export async function startApp({ demo = true, args = [] as string[] } = {}): Promise<Server> {
  const data = mkdtempSync(join(tmpdir(), 'comitia-browser-'))
  const all = [...(demo ? ['--demo'] : []), ...args]
  let { child, url } = await start(data, 0, all)
  const kill = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
    const ended = new Promise((resolve) => child.once('close', resolve))
    if (child.exitCode === null && child.signalCode === null && child.kill(signal)) await ended
  }
  return {
    get url() {
      return url
    },
    data,
    kill,
    async restart(signal) {
      await kill(signal)
      ;({ child, url } = await start(data, Number(new URL(url).port), all))
    },
    async [Symbol.asyncDispose]() {
      await kill('SIGTERM')
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** Chromium, from Debian. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: requireProgram('chromium'), args: ['--no-sandbox'] })
}

export interface Visitor extends AsyncDisposable {
  readonly page: Page
  readonly context: BrowserContext
  /** What pages complained of so far. */
  readonly complaints: string[]
}

export interface Look {
  readonly width?: number
  readonly height?: number
  readonly scheme?: 'light' | 'dark'
  readonly locale?: string
  /** Address of a proxy that all of it goes through. */
  readonly proxy?: string
}

/** A person with a browser profile of their own. Requests to any other origin than the server's are complaints too. */
export async function visit(
  browser: Browser,
  url: string,
  { width = 390, height = 844, scheme = 'light', locale = 'en-GB', proxy }: Look = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height },
    colorScheme: scheme,
    locale,
    timezoneId: 'Europe/Helsinki',
    ...(proxy !== undefined && { proxy: { server: proxy, bypass: '<-loopback>' } }),
  })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE)
  return {
    page,
    context,
    complaints: complaintsOf(context, url),
    [Symbol.asyncDispose]: () => context.close(),
  }
}

/** What axe finds against WCAG 2.2 AA on the page as it is now: rule, and the elements that break it. */
export async function audit(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
}

/** Pixels by which the page can be scrolled sideways: none are allowed. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

function complaintsOf(context: BrowserContext, url: string): string[] {
  const complaints: string[] = []
  const { origin } = new URL(url)
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  context.on('weberror', (error) => complaints.push(String(error.error())))
  context.on('request', (request) => {
    const to = new URL(request.url())
    if (/^https?:$/.test(to.protocol) && to.origin !== origin) complaints.push(`asks ${request.url()}`)
  })
  return complaints
}

async function start(
  data: string,
  port: number,
  args: readonly string[],
): Promise<{ child: ChildProcess; url: string }> {
  const all = [MAIN, 'start', '--port', String(port), '--data', data, '--json', ...args]
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'] })
  const journal: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => journal.push(line))
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) =>
      resolve((JSON.parse(line) as { url: string }).url),
    )
    child.once('close', () => reject(new Error(`the server did not start:\n${journal.join('\n')}`)))
  })
  return { child, url }
}
