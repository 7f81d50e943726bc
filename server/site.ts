// The web app as it was built: its files, held in memory and found by name only, under a content security policy that
// names each inline script by its hash. What is no file is the app's one page, which finds its own way.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { Context } from 'hono'
import { getMimeType } from 'hono/utils/mime'
import { sha256 } from '#crypto/hash.ts'
import { FILE_LIST, PAGE_FILE, PRELOADS_FILE } from '#protocol/application.ts'
import { bufferOf, reads } from './answer.ts'
import { linkHeader, type Preloads, readPreloads } from './preloads.ts'

/** The page for every path that is none of the files. */
const FALLBACK = `/${PAGE_FILE}`
/** Files whose names change with their content. */
const IMMUTABLE = '/_app/immutable/'
/** Where a path that does not exist is an error, not a page. */
const NO_PAGES = /^\/(_app|api|log)(\/|$)/

/** Compressed copies beside the files, best first. */
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

/** Trusted Types policies of Svelte and of web/worker/. */
const TRUSTED_TYPES = 'svelte-trusted-html comitia-worker'
/** The one style attribute of the app: it hides the region by which SvelteKit speaks of a new page. */
const ANNOUNCER_STYLE = "'unsafe-hashes' 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='"
const DEVICES =
  'camera=(), geolocation=(), microphone=(), publickey-credentials-create=(self), publickey-credentials-get=(self)'
/** A worker has its own policy. That of ballots starts snarkjs's, which are blobs. */
const WORKER_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval' blob:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
].join('; ')

interface Variant {
  /** Name of the content coding; undefined for the file itself. */
  readonly encoding: string | undefined
  readonly tag: string
  readonly content: Uint8Array<ArrayBuffer>
}

interface SiteFile {
  /** Best first; the file itself is last. */
  readonly variants: readonly Variant[]
  /** What is the same in every answer with this file. */
  readonly headers: Readonly<Record<string, string>>
}

export class Site {
  /** SHA-256 of the list of its files; undefined if it has none. SPEC 7.7. */
  readonly list: Uint8Array | undefined
  readonly #files: ReadonlyMap<string, SiteFile>
  readonly #page: SiteFile
  readonly #preloads: Preloads | undefined

  private constructor(files: ReadonlyMap<string, SiteFile>, page: SiteFile) {
    this.#files = files
    this.#page = page
    const preloads = files.get(`/${PRELOADS_FILE}`)?.variants.at(-1)
    this.#preloads = preloads && readPreloads(new TextDecoder().decode(preloads.content))
    const list = files.get(`/${FILE_LIST}`)?.variants.at(-1)
    this.list = list && sha256(list.content)
  }

  /** Reads a built app. Error if the folder has none. */
  static async read(folder: string): Promise<Site> {
    const files = new Map<string, SiteFile>()
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    const present = new Set(paths)
    for (const path of paths) {
      if (ENCODINGS.some(([, ending]) => path.endsWith(ending) && present.has(path.slice(0, -ending.length))))
        continue
      const compressed = ENCODINGS.filter(([, ending]) => present.has(path + ending))
      const name = `/${relative(folder, path).split(sep).join('/')}`
      files.set(name, await readSiteFile(path, name, compressed))
    }
    const page = files.get(FALLBACK)
    if (page === undefined) throw new Error(`${folder} holds no built web app: there is no ${FALLBACK}`)
    return new Site(files, page)
  }

  /** The answer to a GET or HEAD; undefined where there is neither a file nor a page. */
  answer(c: Context): Response | undefined {
    const { path } = c.req
    const navigates = c.req.header('accept')?.includes('text/html') === true && !NO_PAGES.test(path)
    const file = this.#files.get(path) ?? (path === '/' || navigates ? this.#page : undefined)
    if (file === undefined) return undefined
    const { encoding, tag, content } = chosen(file, c.req.header('accept-encoding'))
    for (const [name, value] of Object.entries(file.headers)) c.header(name, value)
    if (file === this.#page && this.#preloads !== undefined) {
      c.header('Link', linkHeader(this.#preloads, path, c.req.header('accept-language')))
      c.header('Vary', 'Accept-Language', { append: true })
    }
    c.header('ETag', tag)
    if (encoding !== undefined) c.header('Content-Encoding', encoding)
    if (holds(c.req.header('if-none-match'), tag)) return c.body(null, 304)
    c.header('Content-Length', String(content.length))
    return c.body(content)
  }
}

async function readSiteFile(
  path: string,
  name: string,
  compressed: readonly (typeof ENCODINGS)[number][],
): Promise<SiteFile> {
  const content = await readFile(path)
  const type = getMimeType(name) ?? 'application/octet-stream'
  const hash = createHash('sha256').update(content).digest('base64url')
  const variants: Variant[] = []
  for (const [encoding, ending] of compressed) {
    const packed = bufferOf(await readFile(path + ending))
    variants.push({ encoding, tag: `"${hash}-${encoding}"`, content: packed })
  }
  variants.push({ encoding: undefined, tag: `"${hash}"`, content: bufferOf(content) })
  return {
    variants,
    headers: {
      'Content-Type': type,
      'Cache-Control': name.startsWith(IMMUTABLE) ? 'public, max-age=31536000, immutable' : 'no-cache',
      Vary: 'Accept, Accept-Encoding',
      ...(type.startsWith('text/html') && {
        'Content-Security-Policy': pagePolicy(content.toString('utf8')),
        'Permissions-Policy': DEVICES,
      }),
      ...(type.startsWith('text/javascript') && { 'Content-Security-Policy': WORKER_POLICY }),
    },
  }
}

/** The policy of a page, which runs and shows nothing but the app's own files and the inline parts that it was built with. */
function pagePolicy(html: string): string {
  return [
    "default-src 'none'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...hashesOf(html, 'script')].join(' '),
    ["style-src 'self'", ...hashesOf(html, 'style')].join(' '),
    `style-src-attr ${ANNOUNCER_STYLE}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${TRUSTED_TYPES}`,
  ].join('; ')
}

/** Sources that allow the inline elements of a page, by their SHA-256. */
function hashesOf(html: string, element: 'script' | 'style'): string[] {
  const inline = html.matchAll(new RegExp(`<${element}(?<attributes>[^>]*)>(?<text>.*?)</${element}>`, 'gis'))
  return [...inline].flatMap(({ groups }) => {
    if (/\ssrc\s*=/i.test(groups?.attributes ?? '')) return []
    // The browser hashes the text as its parser sees it, which knows one kind of line end only.
    const text = (groups?.text ?? '').replaceAll(/\r\n?/g, '\n')
    return [`'sha256-${createHash('sha256').update(text).digest('base64')}'`]
  })
}

/** The best variant that the client can read. */
function chosen({ variants }: SiteFile, accept: string | undefined): Variant {
  const readable = variants.find(({ encoding }) => encoding === undefined || reads(accept, encoding))
  if (readable === undefined) throw new Error('the file itself is a variant')
  return readable
}

/** Whether an If-None-Match header names this tag, weak or not. */
function holds(header: string | undefined, tag: string): boolean {
  const tags = header?.split(',').map((one) => one.trim().replace(/^W\//, ''))
  return tags?.some((one) => one === tag || one === '*') === true
}
