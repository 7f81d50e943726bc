// Lighthouse before the built app: a phone on slow 4G or 4G (simulated, as Lighthouse does by default), in a browser
// profile that keeps a visitor's data. Lighthouse clears caches and service workers first, so every look is a first visit.
import lighthouse, { type Result } from 'lighthouse'
import { throttling } from 'lighthouse/core/config/constants.js'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { requireProgram } from '../system.ts'
import { PATIENCE } from './app.ts'
import { enrol } from './voting.ts'

export type Category = 'accessibility' | 'best-practices' | 'performance'

/** Lighthouse's own networks of these names, 150 ms and 1.6 Mbit/s, 40 ms and 10 Mbit/s; its phone is four times slower. */
const NETWORKS = {
  'slow 4G': throttling.mobileSlow4G,
  '4G': {
    ...throttling.desktopDense4G,
    cpuSlowdownMultiplier: throttling.mobileSlow4G.cpuSlowdownMultiplier,
  },
}

export interface Profile extends AsyncDisposable {
  readonly page: Page
  /** Looks at a page in a tab of its own. */
  look(path: string, categories: readonly Category[], network?: keyof typeof NETWORKS): Promise<Result>
}

/** A phone's browser whose tabs share their storage with `page`. */
export async function openProfile(url: string): Promise<Profile> {
  const folder = await mkdtemp(join(tmpdir(), 'comitia-profile-'))
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: requireProgram('chromium'),
    args: ['--no-sandbox', '--remote-debugging-port=0'],
    baseURL: url,
    locale: 'en-GB',
    viewport: { width: 390, height: 844 },
  })
  const [port] = (await readFile(join(folder, 'DevToolsActivePort'), 'utf8')).split('\n')
  const page = context.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(PATIENCE)
  return {
    page,
    async look(path, categories, network = 'slow 4G') {
      const flags = { port: Number(port), onlyCategories: [...categories], throttling: NETWORKS[network] }
      const ran = await lighthouse(new URL(path, url).href, flags)
      if (ran === undefined || ran.lhr.runtimeError !== undefined)
        throw new Error(`Lighthouse failed: ${ran?.lhr.runtimeError?.message ?? 'no result'}`)
      return ran.lhr
    },
    async [Symbol.asyncDispose]() {
      await context.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Registers for a demonstration's election and opens it; the path of its first contest. No tab stays in the booth. */
export async function contestPath({ page }: Profile): Promise<string> {
  await enrol(page)
  await page.getByRole('link', { name: 'Go to the ballot' }).click()
  await page.getByRole('link', { name: 'Start voting' }).click()
  await page.getByText('Contest 1 of').waitFor()
  const { pathname, search } = new URL(page.url())
  await page.goto('about:blank')
  return pathname + search
}

/** Score of a category, from 0 to 100, and the audits that keep it from 100: name and where. */
export function scored({ categories, audits }: Result, name: Category): { score: number; short: string[] } {
  const category = categories[name]
  if (typeof category?.score !== 'number') throw new Error(`Lighthouse gave no score for ${name}`)
  const short = category.auditRefs.flatMap(({ id, weight }) => {
    const audit = audits[id]
    if (weight === 0 || typeof audit?.score !== 'number' || audit.score === 1) return []
    return `${id} (${audit.displayValue ?? audit.title}): ${JSON.stringify(audit.details ?? {})}`
  })
  return { score: Math.round(category.score * 100), short }
}
