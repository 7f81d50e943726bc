// The built web app as the server hands it out, over real HTTP: files, pages for every route, caching, and the policies
// that say what may run.
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listen } from '#server/listen.ts'
import { Site } from '#server/site.ts'
import { Scene } from '../tally/scene.ts'
import { PAGE, SCRIPT, writeSite } from './site.ts'
import { refusal, stage, type Stage } from './stage.ts'

const START = '/_app/immutable/start.a1b2.js'
const folder = mkdtempSync(join(tmpdir(), 'comitia-site-'))
let server: Stage
let url: string
let stop: () => Promise<void>

beforeAll(async () => {
  writeSite(join(folder, 'site'))
  const scene = new Scene()
  scene.prepare()
  server = await stage(scene, { site: join(folder, 'site') })
  const listening = await listen(server.app, { port: 0, host: '127.0.0.1' })
  url = `http://127.0.0.1:${listening.port}`
  stop = listening.close
})
afterAll(async () => {
  await stop()
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(url + path, { headers, method })

/** As a browser that opens a link. */
const open = (path: string) => get(path, { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' })

/** Bytes and headers as they came over the wire, not unpacked. */
function raw(path: string, headers: Record<string, string>) {
  return new Promise<{ encoding: string | undefined; length: string | undefined; tag: string; body: Buffer }>(
    (resolve, reject) => {
      const sent = request(url + path, { headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            encoding: response.headers['content-encoding'],
            length: response.headers['content-length'],
            tag: response.headers.etag ?? '',
            body: Buffer.concat(chunks),
          }),
        )
      })
      sent.on('error', reject).end()
    },
  )
}

describe('pages', () => {
  test('every path that somebody opens is the one page', async () => {
    for (const path of ['/', '/votes', '/elections/city/budget', '/receipt?x=1', '/a.b/c']) {
      const response = await open(path)
      expect([response.status, response.headers.get('content-type')]).toEqual([
        200,
        'text/html; charset=utf-8',
      ])
      expect(await response.text()).toBe(PAGE)
      expect(response.headers.get('cache-control')).toBe('no-cache')
      expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(response.headers.get('permissions-policy')).toContain('publickey-credentials-get=(self)')
    }
    expect(await (await get('/')).text()).toBe(PAGE)
  })

  test('what no page can be is refused: a script, data, a file of an older build', async () => {
    expect(await refusal(await get('/votes/data'))).toEqual([404, 'not-found'])
    for (const path of ['/api/nothing', '/api', '/log/nothing', '/_app/immutable/older.js']) {
      expect(await refusal(await open(path))).toEqual([404, 'not-found'])
    }
    expect(await refusal(await get('/votes', {}, 'POST'))).toEqual([404, 'not-found'])
    expect(await refusal(await open('/api/entries'))).toEqual([405, 'wrong-method'])
    expect((await open('/health')).headers.get('content-type')).toContain('application/json')
  })

  test('name what they need at once, with the texts of the language that is read', async () => {
    const links = async (path: string, languages: string) =>
      (await get(path, { accept: 'text/html', 'accept-language': languages })).headers.get('link')
    expect(await links('/', 'fi-FI,fi;q=0.9,en;q=0.8')).toBe(
      '</nodes/3.js>; rel=modulepreload, </chunks/a.js>; rel=modulepreload, ' +
        '</words/fi.js>; rel=modulepreload, </words/plural.js>; rel=modulepreload',
    )
    const english = '</words/en.js>; rel=modulepreload'
    expect(await links('/elections/city', 'tlh, *;q=0.1')).toBe(
      `</nodes/7.js>; rel=modulepreload, ${english}, </words/en-booth.js>; rel=modulepreload`,
    )
    expect(await links('/elections/city', 'fi')).toBe(
      ['nodes/7', 'words/fi', 'words/plural', 'words/fi-booth']
        .map((name) => `</${name}.js>; rel=modulepreload`)
        .join(', '),
    )
    expect(await links('/elsewhere', 'en;q=0.5, fi;q=0')).toBe(english)
    expect(await links('/icon.svg', 'en')).toBeNull()
    expect((await open('/')).headers.get('vary')).toContain('Accept-Language')
  })

  test('the policy lets run what was built and nothing else', async () => {
    const policy = (await open('/')).headers.get('content-security-policy') ?? ''
    const directives = new Map(policy.split('; ').map((d) => [d.split(' ')[0], d.split(' ').slice(1)]))
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
    const [first = '', second = ''] = [...PAGE.matchAll(/<script(?: type="module")?>([^]*?)<\/script>/g)].map(
      (found) => found[1] ?? '',
    )
    expect(directives.get('script-src')).toEqual(["'self'", "'wasm-unsafe-eval'", hash(first), hash(second)])
    expect(directives.get('style-src')).toEqual(["'self'", hash('body { color: black }')])
    expect(directives.get('default-src')).toEqual(["'none'"])
    expect(directives.get('frame-ancestors')).toEqual(["'none'"])
    expect(directives.get('require-trusted-types-for')).toEqual(["'script'"])
    expect(policy).not.toMatch(/'unsafe-(inline|eval)'|https?:|\*/)
  })
})

describe('files', () => {
  test('have their types, also those that browsers insist on', async () => {
    const types: Record<string, string> = {
      [START]: 'text/javascript; charset=utf-8',
      '/_app/immutable/core.wasm': 'application/wasm',
      '/app.webmanifest': 'application/manifest+json',
      '/icon.svg': 'image/svg+xml; charset=utf-8',
    }
    for (const [path, type] of Object.entries(types)) {
      const response = await get(path)
      expect([path, response.status, response.headers.get('content-type')]).toEqual([path, 200, type])
      const always = path.startsWith('/_app/immutable/')
      expect(response.headers.get('cache-control')).toBe(
        always ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
    }
  })

  test('scripts carry the policy of workers, which may start blobs; nothing else may run anything', async () => {
    const policy = async (path: string) => (await get(path)).headers.get('content-security-policy')
    expect(await policy(START)).toContain("script-src 'self' 'wasm-unsafe-eval' blob:")
    expect(await policy(START)).toContain("connect-src 'self'")
    expect(await policy('/icon.svg')).not.toContain('script-src')
    expect(await policy('/icon.svg')).toMatch(/^default-src 'none'; .*; sandbox$/)
  })

  test('come compressed to those who can read that', async () => {
    const brotli = await raw(START, { 'accept-encoding': 'gzip, deflate, br' })
    expect(brotli.encoding).toBe('br')
    expect(brotliDecompressSync(brotli.body).toString()).toBe(SCRIPT)
    const gzip = await raw(START, { 'accept-encoding': 'gzip, br;q=0' })
    expect(gzip.encoding).toBe('gzip')
    expect(gunzipSync(gzip.body).toString()).toBe(SCRIPT)
    const plain = await raw(START, {})
    expect([plain.encoding, plain.body.toString()]).toEqual([undefined, SCRIPT])
    expect(new Set([brotli, gzip, plain].map(({ tag }) => tag)).size).toBe(3)
    for (const { length, body } of [brotli, gzip, plain]) expect(length).toBe(String(body.length))
    // The copies are no files of their own.
    expect((await get(`${START}.br`)).status).toBe(404)
  })

  test('are not sent again to those who have them', async () => {
    const tag = (await get('/icon.svg')).headers.get('etag') ?? ''
    for (const header of [tag, `W/${tag}`, `"x", ${tag}`]) {
      const response = await get('/icon.svg', { 'if-none-match': header })
      expect([response.status, await response.text()]).toEqual([304, ''])
    }
    expect((await get('/icon.svg', { 'if-none-match': '"x"' })).status).toBe(200)
  })

  test('tell about themselves without a body', async () => {
    const response = await get(START, { 'accept-encoding': 'identity' }, 'HEAD')
    expect([response.status, response.headers.get('content-length')]).toEqual([200, String(SCRIPT.length)])
    expect(await response.text()).toBe('')
  })
})

test('a folder without a built app is refused at the start', async () => {
  await expect(Site.read(join(folder, 'site/_app'))).rejects.toThrow('holds no built web app')
})
