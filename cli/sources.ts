// What a program is made of, as one hash over its sources.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { filesIn, ROOT } from '#circuits/build/cache.ts'

/** SHA-256 (hexadecimal) over these files, and all in these folders but those under `without`; paths from the root. */
export async function hashOfSources(
  files: readonly string[],
  folders: readonly string[],
  without?: string,
): Promise<string> {
  const hash = createHash('sha256')
  const inFolders = await Promise.all(
    folders.map(async (folder) => (await filesIn(join(ROOT, folder))).map((file) => join(folder, file))),
  )
  const sources = inFolders.flat().filter((path) => without === undefined || !path.startsWith(without))
  for (const path of [...files, ...sources]) {
    const bytes = await readFile(join(ROOT, path))
    hash.update(`${path}:${bytes.length}:`).update(bytes)
  }
  return hash.digest('hex')
}
