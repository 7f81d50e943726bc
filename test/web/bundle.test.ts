// How much script a page loads before the booth is opened: entry, layouts and the page itself with all that they import
// at once, and the longest of the languages, gzipped. What a browser loads beside that when a page is opened, workers and
// what is imported on demand, is weighed where every page is opened (test/browser/routes.test.ts).
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync } from 'vite'
import { beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '#circuits/build/cache.ts'
import { ensureSite } from '#cli/site.ts'

const LOCALES = ['en', 'fi', 'sv', 'de', 'fr', 'es', 'gd']
const BUDGET = 150_000
/** Pages of the booth, which may load more. */
const BOOTH = '/elections/[process]/[election]/vote'
/** One of the texts that only pages under an address load: its file and key. */
const APART = [
  ['/officials/setup', 'booth', 'booth_advice_score'],
  ['/officials', 'observer', 'observer_organiser'],
  ['/officials', 'record', 'record_lead'],
  ['/record', 'record', 'record_lead'],
  ['/record', 'observer', 'observer_organiser'],
  ['/verify', 'observer', 'observer_organiser'],
  ['/verify', 'record', 'record_lead'],
  ['/elections', 'observer', 'observer_organiser'],
  ['/check', 'booth', 'booth_advice_score'],
  ['/receipt', 'booth', 'booth_advice_score'],
  ['/officials', 'setup', 'officials_setup_lead'],
  ['/officials/accountability', 'accountability', 'accountability_none'],
  ['/processes/[process]/results', 'accountability', 'accountability_none'],
  ['/guardian', 'guardian', 'guardian_restore_file_missing'],
  ['/guardian', 'findings', 'finding_check_v1_what'],
  ['/help', 'help', 'help_voting_mark'],
  ['/processes', 'process', 'process_unplanned'],
] as const

let immutable: string

beforeAll(async () => {
  immutable = join(await ensureSite(() => undefined), '_app/immutable')
})

describe('scripts of each page', () => {
  test('are within the budget', () => {
    const routes = routesOf(entry('app'))
    const everywhere = LOCALES.map((locale) => wordsOf(locale, 'app', 'app_landing_title'))
    const apart = APART.map(
      ([under, area, key]) => [under, LOCALES.map((locale) => wordsOf(locale, area, key))] as const,
    )
    expect(Object.keys(routes).length).toBeGreaterThan(10)
    const heavy = Object.entries(routes)
      .filter(([route]) => !route.startsWith(BOOTH))
      .map(([route, nodes]) => {
        const words = [
          everywhere,
          ...apart.filter(([under]) => route.startsWith(under)).map(([, files]) => files),
        ]
        const own = [entry('start'), entry('app'), ...nodes]
        // Texts import what everything has, which is loaded once.
        const bytes = LOCALES.map((_, locale) =>
          weight([...own, ...words.map((files) => files[locale] ?? '')]),
        )
        expect(Math.min(...bytes) - weight(own)).toBeGreaterThan(8_000)
        return [route, Math.max(...bytes)] as const
      })
      .filter(([, bytes]) => bytes > BUDGET)
    expect(heavy).toEqual([])
  })

  test('are found with all that they import', () => {
    // What a page loads when it is opened includes what every page has, and the page itself.
    const common = weight([entry('start'), entry('app')])
    const [first] = Object.values(routesOf(entry('app')))
    expect(common).toBeGreaterThan(10_000)
    expect(weight([entry('start'), entry('app'), ...(first ?? [])])).toBeGreaterThan(common)
  })
})

/** The file with a text of a language. */
function wordsOf(locale: string, area: string, key: string): string {
  const path = area === 'findings' ? `client/words/${locale}.json` : `web/words/${locale}/${area}.json`
  const title = (JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Record<string, string>)[key] ?? ''
  const chunks = join(immutable, 'chunks')
  const file = readdirSync(chunks).find(
    (name) => name.endsWith('.js') && readFileSync(join(chunks, name), 'utf8').includes(title),
  )
  if (file === undefined) throw new Error(`no file has the texts of ${locale}`)
  return join(chunks, file)
}

function entry(name: string): string {
  const file = readdirSync(join(immutable, 'entry')).find((each) =>
    new RegExp(`^${name}\\..*\\.js$`).test(each),
  )
  if (file === undefined) throw new Error(`the app has no entry ${name}`)
  return join(immutable, 'entry', file)
}

/** Files of the layouts and the page of each route, as SvelteKit's entry lists them. */
function routesOf(app: string): Record<string, string[]> {
  const text = readFileSync(app, 'utf8')
  const nodes = new Map<number, string>()
  for (const [, path = '', number] of text.matchAll(/import\([`"'](\.\.\/nodes\/(\d+)\.[^`"']+)[`"']\)/g))
    nodes.set(Number(number), join(dirname(app), path))
  const routes: Record<string, string[]> = {}
  for (const [, route = '', page, layouts = ''] of text.matchAll(
    /[`"'](\/[^`"']*)[`"']:\[(\d+)(?:,\[([\d,]*)\])?/g,
  )) {
    // The root layout belongs to every page.
    const numbers = [0, ...layouts.split(',').filter(Boolean).map(Number), Number(page)]
    routes[route] = numbers.map((number) => {
      const file = nodes.get(number)
      if (file === undefined) throw new Error(`${route} has no node ${number}`)
      return file
    })
  }
  return routes
}

/** Bytes of these files and everything that they import at once, each once, gzipped as it is served. */
function weight(files: readonly string[]): number {
  const seen = new Set<string>()
  const waiting = [...files]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    waiting.push(...importsOf(file))
  }
  return [...seen].reduce((sum, file) => sum + statSync(`${file}.gz`).size, 0)
}

const imports = new Map<string, string[]>()

/** Files that a file imports at once. */
function importsOf(file: string): string[] {
  const known = imports.get(file)
  if (known !== undefined) return known
  const found = parseSync(file, readFileSync(file, 'utf8')).program.body.flatMap((statement) =>
    'source' in statement && statement.source !== null ? [join(dirname(file), statement.source.value)] : [],
  )
  imports.set(file, found)
  return found
}
