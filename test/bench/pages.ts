// Pages as a phone on slow 4G and on 4G meets them for the first time (Lighthouse's simulation), and the script that they
// ship.
import type { Browser } from 'playwright-core'
import { openBrowser, startApp, weighScript } from '../browser/app.ts'
import { type Category, contestPath, openProfile, type Profile, scored } from '../browser/lighthouse.ts'
import { type Bench, type Figures, median, type OnProgress, rounded } from './bench.ts'

const TIMES = 5
const CATEGORIES: readonly Category[] = ['performance', 'accessibility', 'best-practices']
/** Where people come before they open the booth; `*` stands for an election. */
const BEFORE_THE_BOOTH = [
  ...['/', '/join', '/votes', '/credential', '/elections/*', '/record', '/help', '/demo'],
  ...['/receipt', '/check', '/verify', '/guardian'],
]

export const pages: Bench = {
  name: 'pages',
  what: 'Lighthouse of the landing page and a contest page on a phone: scores, largest paint; gzipped script by page',
  async run(onProgress) {
    onProgress('starting the demonstration')
    // Its other voters would make their proofs on the processors that draw the pages.
    await using server = await startApp({ played: 1 })
    await using profile = await openProfile(server.url)
    const landing = await look(profile, 'landing', '/', onProgress)
    onProgress('registering')
    const contest = await contestPath(profile)
    const election = contest.slice('/elections/'.length).replace(/\/vote.*$/, '')
    const browser = await openBrowser()
    try {
      const script: Figures = {}
      for (const page of BEFORE_THE_BOOTH) {
        onProgress(`script of ${page}`)
        const bytes = await scriptBytes(browser, server.url, page.replace('*', election))
        script[`scriptGzipKilobytes ${page}`] = rounded(bytes / 1000)
      }
      return {
        ...landing,
        ...(await look(profile, 'contest', contest, onProgress)),
        mostScriptGzipKilobytes: Math.max(...Object.values(script).map(Number)),
        ...script,
        repeats: TIMES,
        chromium: browser.version(),
      }
    } finally {
      await browser.close()
    }
  },
}

/** Medians of several looks at a page. */
async function look(profile: Profile, name: string, path: string, onProgress: OnProgress): Promise<Figures> {
  const figures: Record<string, number[]> = {}
  for (let i = 1; i <= TIMES; i++) {
    onProgress(`${name}: ${i} of ${TIMES}`)
    const result = await profile.look(path, CATEGORIES)
    const seconds = (audit: string, of = result) => (of.audits[audit]?.numericValue ?? NaN) / 1000
    const faster = await profile.look(path, ['performance'], '4G')
    const now = {
      performance: scored(result, 'performance').score,
      accessibility: scored(result, 'accessibility').score,
      bestPractices: scored(result, 'best-practices').score,
      largestPaintSeconds: seconds('largest-contentful-paint'),
      largestPaintSecondsOn4G: seconds('largest-contentful-paint', faster),
      firstPaintSeconds: seconds('first-contentful-paint'),
      blockingSeconds: seconds('total-blocking-time'),
      layoutShift: result.audits['cumulative-layout-shift']?.numericValue ?? NaN,
    }
    for (const [figure, value] of Object.entries(now)) (figures[figure] ??= []).push(value)
  }
  return Object.fromEntries(
    Object.entries(figures).map(([figure, values]) => [`${name}.${figure}`, rounded(median(values))]),
  )
}

/** Bytes of all script that a page and its workers load until nothing more comes. */
async function scriptBytes(browser: Browser, url: string, path: string): Promise<number> {
  const context = await browser.newContext({ baseURL: url, serviceWorkers: 'block' })
  try {
    const weight = weighScript(context)
    const page = await context.newPage()
    await page.goto(path, { waitUntil: 'networkidle' })
    return await weight()
  } finally {
    await context.close()
  }
}
