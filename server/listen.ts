// The HTTP server under the application, with limits on what a slow or greedy client may hold.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'

/** Where to listen, and how long a client may take, in milliseconds. */
export interface Listening {
  readonly port: number
  readonly host: string
  /** For all headers of a request. */
  readonly headersTimeout?: number
  /** For a whole request, its body included. */
  readonly requestTimeout?: number
}

const HEADERS_TIMEOUT = 10_000
const REQUEST_TIMEOUT = 60_000
const KEEP_ALIVE_TIMEOUT = 15_000
const MAX_CONNECTIONS = 20_000

/** Listens; resolves with the port and what stops it. Rejects if the port is taken. */
export async function listen(
  app: Hono,
  { port, host, headersTimeout = HEADERS_TIMEOUT, requestTimeout = REQUEST_TIMEOUT }: Listening,
): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createAdaptorServer({
    fetch: (request, bindings) => app.fetch(request, bindings),
    overrideGlobalObjects: false,
    createServer,
    serverOptions: {
      headersTimeout,
      requestTimeout,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
      connectionsCheckingInterval: Math.min(headersTimeout / 2, 5000),
      maxHeaderSize: 8192,
    },
  }) as ReturnType<typeof createServer>
  server.maxHeadersCount = 64
  server.maxConnections = MAX_CONNECTIONS
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => {
          if (error === undefined) resolve()
          else reject(error)
        })
        server.closeIdleConnections()
      }),
  }
}
