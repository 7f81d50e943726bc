// Files in the browser's cache, by their names. Whoever takes one out checks it again.
import type { FileCache } from '#client/server.ts'

/** A cache, or what remains of it where the browser keeps none: nothing is found, nothing is kept.
 *  @param folder where on the server the files are */
export function fileCache(cacheName: string, folder: string) {
  return {
    async get(name) {
      const found = await ifKept(async () => (await caches.open(cacheName)).match(folder + name))
      return found === undefined ? undefined : new Uint8Array(await found.arrayBuffer())
    },
    async put(name, file) {
      const kept = new Response(new Uint8Array(file))
      await ifKept(async () => (await caches.open(cacheName)).put(folder + name, kept))
    },
    /** Forgets all of them; whether there were any. */
    drop: async () => (await ifKept(() => caches.delete(cacheName))) === true,
  } satisfies FileCache & { drop(): Promise<boolean> }
}

async function ifKept<T>(use: () => Promise<T>): Promise<T | undefined> {
  try {
    return await use()
  } catch {
    // Private windows and full disks: the file is fetched again when it is needed again.
    return undefined
  }
}
