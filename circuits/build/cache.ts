// What is built once and kept: folders in .cache/circuits named by a hash of everything that goes in. A folder appears
// whole or not at all, so a crash or a second process building the same leaves nothing half made.
import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's own cache; tests bring others. */
export const CACHE = fileURLToPath(new URL('../../.cache/circuits', import.meta.url))

/** The repository's root, where circom runs. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** SHA-256 of each file by its name, and the seconds it took to make them. */
export interface Inventory {
  files: Record<string, string>
  seconds: number
}

/**
 * The folder with what `build` makes of `inputs` (everything the result depends on). It is built at most once: `build`
 * fills an empty folder, which is renamed into place after every file is on disk. Of two processes that build at once
 * the later one takes the earlier one's result. Without `build` it must be there already; Error otherwise.
 */
export async function cached(
  cache: string,
  name: string,
  inputs: readonly (string | Uint8Array)[],
  build?: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(cache, `${name}-${hashOf(inputs).slice(0, 32)}`)
  if (existsSync(folder)) return folder
  if (build === undefined) throw new Error(`${name} is not built for these sources; run \`npm run circuits\``)
  const unfinished = join(cache, `unfinished-${process.pid}-${randomBytes(6).toString('hex')}`)
  await mkdir(unfinished, { recursive: true })
  try {
    const start = performance.now()
    await build(unfinished)
    const files = await inventory(unfinished)
    const seconds = Math.round((performance.now() - start) / 100) / 10
    await writeFile(
      join(unfinished, INVENTORY),
      JSON.stringify({ files, seconds } satisfies Inventory, null, 1),
    )
    for (const file of await filesIn(unfinished)) await flush(join(unfinished, file))
    await rename(unfinished, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return folder
}

/** The inventory of a folder of `cached`, after comparing every file with it (pitfall G18). Error on any difference. */
export async function readInventory(folder: string): Promise<Inventory> {
  const stated = JSON.parse(await readFile(join(folder, INVENTORY), 'utf8')) as Inventory
  const found = await inventory(folder)
  for (const name of new Set([...Object.keys(stated.files), ...Object.keys(found)])) {
    if (stated.files[name] === undefined || stated.files[name] !== found[name]) {
      throw new Error(
        `${join(folder, name)} is not the file that was built; delete ${folder} and build again`,
      )
    }
  }
  return stated
}

/** SHA-256 of a file, in hexadecimal. */
export async function fileHash(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}

async function inventory(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const name of await filesIn(folder)) {
    if (name !== INVENTORY) files[name] = await fileHash(join(folder, name))
  }
  return files
}

/** Paths of all files below a folder, relative to it, sorted. */
export async function filesIn(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found
    .filter((item) => item.isFile())
    .map((item) => relative(folder, join(item.parentPath, item.name)))
    .sort()
}

/** SHA-256 over the parts, each after its length. */
function hashOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) {
    const bytes = typeof part === 'string' ? new TextEncoder().encode(part) : part
    hash.update(`${bytes.length}:`).update(bytes)
  }
  return hash.digest('hex')
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+')
  await file.sync()
  await file.close()
}

const INVENTORY = 'inventory.json'
