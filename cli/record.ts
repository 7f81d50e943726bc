// Where a record comes from on the command line: a file, or a server whose record is downloaded into one.
import { createWriteStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { EncodingError } from '#crypto/encoding.ts'
import { openRecord, type PublicRecord } from '#tally/record.ts'
import { Unusable } from './command.ts'

/** Runs `use` with the record at a path or URL; a download is removed afterwards. Throws `Unusable` if there is none. */
export async function withRecord<T>(place: string, use: (record: PublicRecord) => Promise<T>): Promise<T> {
  if (!/^https?:\/\//.test(place)) return withFile(place, use)
  const folder = await mkdtemp(join(tmpdir(), 'comitia-'))
  try {
    const path = join(folder, 'record')
    await download(new URL('/api/record', place), path)
    return await withFile(path, use)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function withFile<T>(path: string, use: (record: PublicRecord) => Promise<T>): Promise<T> {
  const file = await open(path).catch((error: unknown) => {
    throw new Unusable(`Cannot open ${path}: ${error instanceof Error ? error.message : ''}`)
  })
  try {
    const { size } = await file.stat()
    const record = await openRecord({
      size,
      async read(offset, length) {
        const bytes = new Uint8Array(length)
        const { bytesRead } = await file.read(bytes, 0, length, offset)
        if (bytesRead !== length) throw new EncodingError('the record breaks off')
        return bytes
      },
    })
    return await use(record)
  } catch (error) {
    if (error instanceof EncodingError) throw new Unusable(`${path} is no Comitia record: ${error.message}`)
    throw error
  } finally {
    await file.close()
  }
}

/** Downloads into a file. Throws `Unusable` if the server does not answer with it. */
export async function download(url: URL, path: string): Promise<void> {
  try {
    const response = await fetch(url)
    if (!response.ok || response.body === null) throw new Error(`the server answered ${response.status}`)
    await pipeline(response.body, createWriteStream(path))
  } catch (error) {
    throw new Unusable(`Cannot fetch ${url.href}: ${error instanceof Error ? error.message : ''}`)
  }
}
