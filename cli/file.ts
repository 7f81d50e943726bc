// Files from the disk: as bytes to be read here and there, as a text with one meaning.
import { open, readFile } from 'node:fs/promises'
import { EncodingError } from '#crypto/encoding.ts'
import type { ByteSource } from '#tally/record.ts'
import { Unusable } from './command.ts'

/** Runs `use` with the bytes of a file. Throws `Unusable` if it cannot be opened. */
export async function withBytes<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const file = await open(path).catch((error: unknown) => {
    throw new Unusable(`Cannot open ${path}: ${error instanceof Error ? error.message : ''}`)
  })
  try {
    const { size } = await file.stat()
    return await use({
      size,
      async read(offset, length) {
        const bytes = new Uint8Array(length)
        const { bytesRead } = await file.read(bytes, 0, length, offset)
        if (bytesRead !== length) throw new EncodingError('the record breaks off')
        return bytes
      },
    })
  } finally {
    await file.close()
  }
}

/** What a text file means. Throws `Unusable` if it cannot be read, is not UTF-8, or `parse` throws. */
export async function readParsed<T>(path: string, parse: (text: string) => T): Promise<T> {
  try {
    return parse(new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path)))
  } catch (error) {
    throw new Unusable(`Cannot use ${path}: ${error instanceof Error ? error.message : ''}`)
  }
}
