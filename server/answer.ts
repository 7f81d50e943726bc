// Bytes and streams as answers.
import { Readable } from 'node:stream'
import { parseAccept } from 'hono/utils/accept'

/** An answer that never changes. */
export function immutable(response: Response, type: string): Response {
  response.headers.set('Cache-Control', 'public, max-age=31536000, immutable')
  response.headers.set('Content-Type', type)
  return response
}

/** Whether a client that sent this Accept-Encoding reads a content coding. */
export function reads(accept: string | undefined, coding: string): boolean {
  return parseAccept(accept ?? '').some(({ type, q }) => type === coding && q > 0)
}

/** Bytes as the platform's responses take them. */
export function bufferOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes)
}

/** A stream of these pieces, made as the client takes them; its end, early or not, ends the iteration. */
export function streamOf(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): ReadableStream {
  return Readable.toWeb(Readable.from(pieces)) as ReadableStream
}
