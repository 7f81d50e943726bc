// How the command line reaches a server: records are held in a temporary file, proving keys kept from one run to the next.
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pid } from 'node:process'
import { pipeline } from 'node:stream/promises'
import type { Hold } from '#client/download.ts'
import { Unusable } from '#client/failure.ts'
import { type FileCache, Server } from '#client/server.ts'
import type { Policy } from '#ledger/policy.ts'
import { withBytes } from './file.ts'

/** The server at a URL. Without a policy its own is believed. */
export function connect(url: string, policy?: Policy): Server {
  return new Server(url, { policy, files, hold })
}

/** Writes an answer's body into a file. Throws if it breaks off. */
export async function download(response: Response, path: string): Promise<void> {
  try {
    if (response.body === null) throw new Error('nothing came')
    await pipeline(response.body, createWriteStream(path))
  } catch (error) {
    const detail = error instanceof Error ? error.message : ''
    throw new Unusable('unreachable', { server: response.url, detail })
  }
}

const hold: Hold = async (response, use) => {
  const folder = await mkdtemp(join(tmpdir(), 'comitia-'))
  try {
    const path = join(folder, 'record')
    await download(response, path)
    return await withBytes(path, use)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const folder = join(tmpdir(), 'comitia-artifacts')

const files: FileCache = {
  get: (hash) => readFile(join(folder, hash)).catch(() => undefined),
  async put(hash, file) {
    await mkdir(folder, { recursive: true })
    const part = join(folder, `${hash}.${pid}`)
    await writeFile(part, file)
    await rename(part, join(folder, hash))
  },
}
