// The web app as files, built from web/ and everything below it when its sources have changed, kept in .cache/site.
import { spawn } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cached, fileHash, filesIn, ROOT } from '#circuits/build/cache.ts'
import { FILE_LIST, PRELOADS_FILE, writeFileList } from '#protocol/application.ts'
import { hashOfSources } from './sources.ts'
import { ensureWords, PROJECT } from './words.ts'

/** Folders whose files the app is made of. */
const SOURCES = ['web', 'client', 'tally', 'protocol', 'ledger', 'circuits', 'crypto']
const SETTINGS = [
  ...['package-lock.json', 'package.json', 'svelte.config.js', 'vite.config.ts', 'cli/words.ts'],
  `${PROJECT}/settings.json`,
]

/** Of the files that SvelteKit writes for servers, what is read here. */
interface Manifest {
  readonly _: {
    readonly client: Needs
    readonly nodes: readonly (() => Promise<Needs>)[]
    readonly routes: readonly {
      readonly pattern: RegExp
      readonly page: Readonly<Record<'layouts' | 'errors', readonly (number | undefined)[]>> & {
        readonly leaf: number
      }
    }[]
  }
}
interface Needs {
  readonly imports: readonly string[]
  /** The file with its `load`. */
  readonly universal_id?: string
}
type Chunks = Readonly<Record<string, { readonly file: string; readonly imports?: readonly string[] }>>

/** The folder of the built app, built first (half a minute) where it is missing for the present sources. Rejects with
 *  what the build printed if it fails. */
export async function ensureSite(progress: (step: string) => void): Promise<string> {
  const sources = await hashOfSources(SETTINGS, SOURCES, PROJECT)
  return cached(join(ROOT, '.cache/site'), 'site', [sources], async (folder) => {
    progress('building the web app')
    await ensureWords(false)
    await build(folder, sources)
    await writeFile(join(folder, PRELOADS_FILE), JSON.stringify(await preloadsOf(`${folder}.work/output`)))
    await rm(`${folder}.work`, { recursive: true, force: true })
    await writeFile(join(folder, FILE_LIST), await listOf(folder))
  })
}

/** The list of a built app's files (SPEC 7.7), without their compressed copies. */
async function listOf(folder: string): Promise<Uint8Array> {
  const names = (await filesIn(folder)).filter((name) => !/\.(br|gz)$/.test(name))
  const hashes = await Promise.all(names.map((name) => fileHash(join(folder, name))))
  return writeFileList(new Map(names.map((name, i) => [name.replaceAll('\\', '/'), hashes[i] ?? ''])))
}

/** The scripts that each page needs at once, as SvelteKit knows it of the pages and Vite of the texts. */
async function preloadsOf(output: string): Promise<object> {
  const { manifest } = (await import(join(output, 'server/manifest-full.js'))) as { manifest: Manifest }
  const base = new Set(manifest._.client.imports)
  const pages = manifest._.routes.map(async ({ pattern, page: { layouts, errors, leaf } }) => {
    const nodes = [...layouts, ...errors, leaf].flatMap((number) => manifest._.nodes[number ?? -1] ?? [])
    const loaded = await Promise.all(nodes.map((load) => load()))
    const files = new Set(loaded.flatMap(({ imports }) => imports))
    return {
      pattern: pattern.source,
      files: [...files].filter((file) => !base.has(file)).map((file) => `/${file}`),
      texts: (await Promise.all(loaded.map(textsOf))).flat(),
    }
  })
  const chunks = JSON.parse(await readFile(join(output, 'client/.vite/manifest.json'), 'utf8')) as Chunks
  const words = Object.entries(chunks).flatMap(([source, { file, imports = [] }]) => {
    const [, language, area = ''] = /\/words\/messages\/(\w+)\.js(\?\w+)?$/.exec(source) ?? []
    const files = [file, ...imports.flatMap((name) => chunks[name]?.file ?? [])]
    return language === undefined ? [] : [[language + area, files.map((name) => `/${name}`)] as const]
  })
  return { words: Object.fromEntries(words), pages: await Promise.all(pages) }
}

/** The texts that a page or layout has beside those of all pages, as its `load` names them (web/words/messages.ts). */
async function textsOf({ universal_id: file }: Needs): Promise<string[]> {
  const source = file === undefined ? '' : await readFile(join(ROOT, file), 'utf8')
  const [, areas = ''] = /= pageWords\((.*)\)/.exec(source) ?? []
  return Array.from(areas.matchAll(/\w+/g), ([area]) => area)
}

function build(folder: string, version: string): Promise<void> {
  return new Promise((done, failed) => {
    const vite = join(ROOT, 'node_modules/vite/bin/vite.js')
    const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
      cwd: ROOT,
      // Whoever asks for it, a test too, gets what visitors get.
      env: { ...process.env, NODE_ENV: 'production', COMITIA_SITE: folder, COMITIA_VERSION: version },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let printed = ''
    const keep = (chunk: Buffer) => (printed += chunk.toString())
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', failed)
    child.on('close', (code) => {
      if (code === 0) done()
      else failed(new Error(`the web app cannot be built:\n${printed}`))
    })
  })
}
