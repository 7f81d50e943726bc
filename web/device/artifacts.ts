// Proving keys and witness code in the browser's cache, by their SHA-256. Whoever takes one out checks it again.
import type { FileCache } from '#client/server.ts'

const NAME = 'comitia-artifacts'

/** The cache, or what remains of it where the browser keeps none: nothing is found, nothing is kept. */
export const artifacts: FileCache = {
  async get(hash) {
    const found = await open((cache) => cache.match(pathOf(hash)))
    return found === undefined ? undefined : new Uint8Array(await found.arrayBuffer())
  },
  async put(hash, file) {
    await open((cache) => cache.put(pathOf(hash), new Response(new Uint8Array(file))))
  },
}

function pathOf(hash: string): string {
  return `/api/artifacts/${hash}`
}

async function open<T>(use: (cache: Cache) => Promise<T>): Promise<T | undefined> {
  try {
    return await use(await caches.open(NAME))
  } catch {
    // Private windows and full disks: the file is fetched again when it is needed again.
    return undefined
  }
}
