// Keeps the app of one version whole on the device, so that receipts are checked, records verified and an opened booth
// goes on without a network. Answers of the server are never kept: only the app itself is.
import { build, files, version } from '$service-worker'

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface Asking extends Lasting {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
interface Scope {
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void
  addEventListener(type: 'fetch', listener: (event: Asking) => void): void
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
}

const scope = self as unknown as Scope
const PREFIX = 'comitia-app-'
const cacheName = `${PREFIX}${version}`
/** The one page of all routes. */
const PAGE = '/'
/** The server's answers vary by what a request accepts; what is kept is the same for all. */
const ANY: CacheQueryOptions = { ignoreVary: true }
const kept = new Set([...build, ...files])
/** Where the server itself answers, in an address bar too: no page of the app has a name like a file's. */
const SERVERS = /^\/(api|log)\/|^\/(health|metrics)$|\.\w+$/

scope.addEventListener('install', (event) => event.waitUntil(keep()))
scope.addEventListener('activate', (event) => event.waitUntil(takeOver()))
scope.addEventListener('message', ({ data }) => {
  if (data === 'take-over') void scope.skipWaiting()
})
scope.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  // Who wants no stored copy asks the server itself, as a verification does.
  if (request.method !== 'GET' || origin !== location.origin || request.cache === 'no-store') return
  if (pathname.startsWith('/_app/') || kept.has(pathname)) event.respondWith(answer(request))
  else if (request.mode === 'navigate' && !SERVERS.test(pathname)) event.respondWith(answer(PAGE))
})

/** Fetches everything before this version may answer anything. */
async function keep(): Promise<void> {
  const cache = await caches.open(cacheName)
  await cache.addAll([...kept])
  const page = await fetch(PAGE, { cache: 'no-store', headers: { accept: 'text/html' } })
  const text = await page.clone().text()
  // A server that was updated meanwhile gives the next version's page: then that version's worker is to be installed.
  const start = build.find((path) => path.includes('/entry/start.'))
  if (!page.ok || start === undefined || !text.includes(start))
    throw new Error('the page is of another version')
  await cache.put(PAGE, page)
}

/** The version before this one stays: pages of it may still be open, and load parts of it. Older ones go. */
async function takeOver(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== cacheName)
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)))
  await scope.clients.claim()
}

/** From this version, else from the one before it (names tell contents apart), else from the server. */
async function answer(request: Request | string): Promise<Response> {
  const own = await (await caches.open(cacheName)).match(request, ANY)
  return own ?? (await caches.match(request, ANY)) ?? fetch(request)
}
