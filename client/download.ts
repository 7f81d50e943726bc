// Where a record lies while it is read: in memory, as a blob of the platform, or wherever a program has room for it.
import type { ByteSource } from '#tally/record.ts'
import { Unusable } from './failure.ts'

/** Takes an answer's body in and runs `use` on its bytes. Throws `Unusable` if the body breaks off. */
export type Hold = <T>(response: Response, use: (source: ByteSource) => Promise<T>) => Promise<T>

/** A file that was chosen or dropped, or any other blob, as bytes to be read here and there. */
export function blobSource(blob: Blob): ByteSource {
  return {
    size: blob.size,
    async read(offset, length) {
      return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer())
    },
  }
}

/** Holds the body as a blob, which browsers keep on disk where it is large. */
export const holdInMemory: Hold = async (response, use) => {
  const blob = await response.blob().catch((error: unknown) => {
    const detail = error instanceof Error ? error.message : ''
    throw new Unusable('unreachable', { server: response.url, detail })
  })
  return use(blobSource(blob))
}
