// The whole product for browser tests: `comitia start` as a process of its own, and real Chromium before it. What a page
// complains of (console, exceptions, policy breaches, failed requests) is collected, so that each test can ask for none.
import axe from 'axe-core'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { gzipSync } from 'node:zlib'
import {
  type APIResponse,
  type Browser,
  type BrowserContext,
  chromium,
  type Page,
  type Route,
} from 'playwright-core'
import { ROOT } from '#circuits/build/cache.ts'
import { requireProgram } from '../system.ts'

const MAIN = join(ROOT, 'cli/main.ts')
/** How long a page may take for anything, in ms: far longer than it ever takes where not all processors are busy. */
export const PATIENCE = 300_000

export interface Server extends AsyncDisposable {
  readonly url: string
  /** Where the first official comes in, at the first start. */
  readonly firstOfficial: string | undefined
  /** Its data folder. */
  readonly data: string
  /** Kills it and starts it again on the same data and port. */
  restart(signal?: NodeJS.Signals): Promise<void>
  /** Ends the process and nothing else, as a crash would. */
  kill(signal?: NodeJS.Signals): Promise<void>
}

interface Running {
  readonly demo?: boolean
  /** Voters whom the demonstration plays, if not its own number: each ballot takes two seconds of the processor. */
  readonly played?: number
  readonly args?: readonly string[]
  /** Any, if not given. */
  readonly port?: number
  /** What the operator sets up. */
  readonly env?: NodeJS.ProcessEnv
}

/** A server on a port with a data folder of its own, removed when disposed of. */
export async function startApp({
  demo = true,
  played,
  args = [],
  port = 0,
  env = {},
}: Running = {}): Promise<Server> {
  const data = mkdtempSync(join(tmpdir(), 'comitia-browser-'))
  const voters = played === undefined ? [] : ['--played', String(played)]
  const all = [...(demo ? ['--demo'] : []), ...voters, ...args]
  let { child, url, firstOfficial } = await start(data, port, all, env)
  const kill = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
    const ended = new Promise((resolve) => child.once('close', resolve))
    if (child.exitCode === null && child.signalCode === null && child.kill(signal)) await ended
  }
  return {
    get url() {
      return url
    },
    get firstOfficial() {
      return firstOfficial
    },
    data,
    kill,
    async restart(signal) {
      await kill(signal)
      ;({ child, url, firstOfficial } = await start(data, Number(new URL(url).port), all, env))
    },
    async [Symbol.asyncDispose]() {
      await kill('SIGTERM')
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** A port that nobody uses just now. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, 'localhost', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
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
    async [Symbol.asyncDispose]() {
      await letThrough(context)
      await context.close()
    },
  }
}

/** What the server answers to a request of its own page, which goes on its way from here. */
export function askAsPage(route: Route): Promise<APIResponse> {
  // Browsers say so of themselves, and the server refuses other pages.
  return route.fetch({ headers: { ...route.request().headers(), 'sec-fetch-site': 'same-origin' } })
}

/** Lets all requests pass again. One that a handler still holds passes too, whatever the handler then does with it. */
export function letThrough(context: BrowserContext): Promise<void> {
  return context.unrouteAll({ behavior: 'ignoreErrors' })
}

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds against WCAG 2.2 AA on the page as it is now: rule, and the elements that break it. Our pages have
 *  no frames, so axe runs in the page itself. */
export async function audit(page: Page): Promise<string[]> {
  if (await page.evaluate(() => !('axe' in window))) await page.evaluate(axe.source)
  return page.evaluate(async (values) => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') }
    const { violations } = await axe.run(document, {
      runOnly: { type: 'tag', values },
      resultTypes: ['violations'],
    })
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    )
  }, WCAG)
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
  env: NodeJS.ProcessEnv,
): Promise<{ child: ChildProcess; url: string; firstOfficial: string | undefined }> {
  const all = [MAIN, 'start', '--port', String(port), '--data', data, '--json', ...args]
  const child = spawn(process.execPath, all, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const journal: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => journal.push(line))
  const { url, firstOfficial } = await new Promise<{ url: string; firstOfficial?: string }>(
    (resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', (line) =>
        resolve(JSON.parse(line) as { url: string; firstOfficial?: string }),
      )
      child.once('close', () => reject(new Error(`the server did not start:\n${journal.join('\n')}`)))
    },
  )
  return { child, url, firstOfficial }
}

/** Resolves once the browser keeps all of the app, so that the network may be cut. */
export async function kept(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
}

/** Adds up the script that pages and their workers load from now on: bytes, each file gzipped by itself. What is only kept
 *  for later is none of it. */
export function weighScript(context: BrowserContext): () => Promise<number> {
  const sizes: Promise<number>[] = []
  context.on('response', (response) => {
    if (
      response.request().serviceWorker() === null &&
      /javascript/.test(response.headers()['content-type'] ?? '')
    )
      sizes.push(response.body().then((body) => gzipSync(body).length))
  })
  return async () => (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/** A passkey maker of the page's device that needs nobody's finger; with or without a pseudo-random function. */
export async function authenticator(page: Page, hasPrf = false): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf,
    },
  })
}
