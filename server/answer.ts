// Bytes and streams as answers.
import { Readable } from 'node:stream'

/** An answer that never changes. */
export function immutable(response: Response, type: string): Response {
  response.headers.set('Cache-Control', 'public, max-age=31536000, immutable')
  response.headers.set('Content-Type', type)
  return response
}

/** Bytes as the platform's responses take them. */
export function bufferOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes)
}

/** A stream of these pieces, made as the client takes them; its end, early or not, ends the iteration. */
export function streamOf(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): ReadableStream {
  return Readable.toWeb(Readable.from(pieces)) as ReadableStream
}
