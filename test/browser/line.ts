// The line between one visitor and the network: a proxy that hears every request of the browser, those of workers and
// service workers too, and that can be cut and made slow.
import { createServer, type IncomingMessage, request as ask, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Kilobits a second, and milliseconds before each request goes out. */
export interface Speed {
  readonly rate: number
  readonly latency: number
}

const FULL: Speed = { rate: Infinity, latency: 0 }
/** Bytes that are handed on at once. */
const PIECE = 4096

export class Line implements AsyncDisposable {
  /** What was asked for, as `http://host/path`; of encrypted connections only the host. */
  readonly heard: string[] = []
  speed = FULL
  #cut = false
  /** When the last byte so far is through. */
  #free = 0
  readonly #server = createServer((request, response) => {
    this.heard.push(request.url ?? '')
    this.#carry(request, response).catch(() => response.destroy())
  })

  static async open(): Promise<Line> {
    const line = new Line()
    line.#server.on('connect', ({ url }, socket) => {
      line.heard.push(`https://${url ?? ''}/`)
      socket.destroy()
    })
    await new Promise<void>((resolve) => line.#server.listen(0, 'localhost', resolve))
    return line
  }

  /** Address of the proxy. */
  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`
  }

  /** Nothing gets through any more; what is on its way is lost. */
  cut(): void {
    this.#cut = true
    this.#server.closeAllConnections()
  }

  mend(): void {
    this.#cut = false
    this.speed = FULL
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #carry(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#cut) throw new Error('the line is cut')
    await passed(this.speed.latency)
    const { method, headers, url = '' } = request
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const asking = ask(url, { method, headers }, resolve).on('error', reject)
      response.on('close', () => asking.destroy())
      request.pipe(asking)
    })
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    response.flushHeaders()
    for await (const part of answer as AsyncIterable<Buffer>)
      for (let at = 0; at < part.length; at += PIECE) {
        const piece = part.subarray(at, at + PIECE)
        const now = performance.now()
        this.#free = Math.max(now, this.#free) + (piece.length * 8) / this.speed.rate
        await passed(this.#free - now)
        if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve))
      }
    response.end()
  }
}

async function passed(time: number): Promise<void> {
  if (time >= 1) await new Promise((resolve) => setTimeout(resolve, time))
}
