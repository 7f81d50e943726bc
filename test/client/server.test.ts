// A server that is busy, silent or lying, as a device meets it: what is waited for, what is said, what is never believed.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Server } from '#client/server.ts'
import { sha256 } from '#crypto/hash.ts'
import { encodeEntryBundle, parseTilePath } from '#ledger/tile.ts'
import { Refusal } from '#protocol/refusal.ts'

type Answer = (request: IncomingMessage, response: ServerResponse, times: number) => void

let answer: Answer
let asked: string[]
const http = createServer((request, response) => {
  asked.push(request.url ?? '')
  answer(request, response, asked.length)
})
let server: Server

beforeAll(async () => {
  await new Promise<void>((resolve) => http.listen(0, 'localhost', resolve))
})
beforeEach(() => {
  asked = []
  server = new Server(`http://localhost:${(http.address() as AddressInfo).port}`)
})
afterAll(() => {
  http.closeAllConnections()
  http.close()
})

const problem = (status: number, code: string, headers: Record<string, string> = {}): Answer => {
  return (_, response) => {
    response.writeHead(status, headers)
    response.end(JSON.stringify({ code, message: 'for people' }))
  }
}

test('a busy server is tried again after the time that it names', async () => {
  answer = (request, response, times) =>
    times < 3 ? problem(503, 'busy', { 'retry-after': '1' })(request, response, times) : response.end('now')
  const start = performance.now()
  expect(await server.checkpoint()).toBe('now')
  expect(asked).toHaveLength(3)
  expect(performance.now() - start).toBeGreaterThan(1900)
})

test.each([
  [429, 'too-many-attempts', 'too-many-attempts', { seconds: 300 }],
  [503, 'busy', 'busy', { seconds: 300 }],
  [503, 'unavailable', 'unavailable', {}],
])('nobody waits for minutes: %i %s is said at once', async (status, code, said, fields) => {
  answer = problem(status, code, { 'retry-after': '300' })
  await expect(server.checkpoint()).rejects.toMatchObject({ code: said, fields })
  expect(asked).toHaveLength(1)
})

test.each([
  [404, 'not-found', 'not-found'],
  [403, 'code-unknown', 'code-unknown'],
  [409, 'code-used', 'code-used'],
  [409, 'commitment-taken', 'commitment-taken'],
  [403, 'sign-in-failed', 'sign-in-failed'],
  [403, 'identity-unknown', 'identity-unknown'],
  [409, 'identity-registered', 'identity-registered'],
  [500, 'internal', 'bad-answer'],
  [418, 'something else', 'bad-answer'],
])('%i %s is the failure %s', async (status, code, said) => {
  answer = problem(status, code)
  await expect(server.register('X', 1n)).rejects.toMatchObject({ name: 'Unusable', code: said })
})

test('a code of the gate is a refusal', async () => {
  answer = problem(409, 'ballot-sequence')
  const refused = server.checkpoint()
  await expect(refused).rejects.toBeInstanceOf(Refusal)
  await expect(refused).rejects.toMatchObject({ code: 'ballot-sequence', detail: 'for people' })
})

test('a kept connection that breaks just when it is used again is not the end', async () => {
  answer = (_, response) => response.end('first')
  await server.checkpoint()
  answer = (request, response, times) => (times === 2 ? request.socket.destroy() : response.end('again'))
  await expect(server.register('X', 1n)).rejects.toMatchObject({ code: 'bad-answer' })
  expect(asked).toEqual(['/log/checkpoint', '/api/registrations', '/api/registrations'])
})

test('no answer, and an answer that breaks off, are one failure: unreachable', async () => {
  answer = (request) => request.socket.destroy()
  await expect(server.checkpoint()).rejects.toMatchObject({ code: 'unreachable' })
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('a part')
    setTimeout(() => response.destroy(), 20)
  }
  await expect(server.entry(0)).rejects.toMatchObject({ code: 'unreachable' })
  await expect(server.checkpoint()).rejects.toMatchObject({ code: 'unreachable' })
  await expect(server.record(() => Promise.resolve())).rejects.toMatchObject({ code: 'unreachable' })
})

test('a policy, a record and JSON that are none are said to be so', async () => {
  answer = (_, response) => response.end('hello')
  await expect(server.policy()).rejects.toMatchObject({ code: 'policy-unreadable' })
  await expect(server.record(() => Promise.resolve())).rejects.toMatchObject({ code: 'record-unreadable' })
  await expect(server.register('X', 1n)).rejects.toMatchObject({ code: 'bad-answer' })
})

test('a file comes with its progress, from the cache the next time, and never as another file', async () => {
  const file = new Uint8Array(200_000).fill(3)
  const kept = new Map<string, Uint8Array>()
  const files = {
    get: (hash: string) => Promise.resolve(kept.get(hash)),
    put: (hash: string, content: Uint8Array) => Promise.resolve(void kept.set(hash, content)),
  }
  server = new Server(server.url, { files })
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': String(file.length) })
    response.end(file)
  }
  const steps: [number, number][] = []
  expect(await server.file(sha256(file), (done, total) => void steps.push([done, total]))).toEqual(file)
  expect(steps.at(-1)).toEqual([file.length, file.length])
  expect(await server.file(sha256(file))).toEqual(file)
  expect(asked).toHaveLength(1)
  // Whoever alters the cache only makes it be fetched again.
  for (const hash of kept.keys()) kept.set(hash, file.with(0, 4))
  expect(await server.file(sha256(file))).toEqual(file)
  expect(asked).toHaveLength(2)
  const other = file.with(100_000, 9)
  await expect(server.file(sha256(other))).rejects.toMatchObject({ code: 'file-differs' })
  expect(kept.size).toBe(1)
})

test('entries come by the bundle, a few at the end one by one, each exactly once', async () => {
  const entries = Array.from({ length: 600 }, (_, i) => new TextEncoder().encode(`entry ${i}`))
  answer = ({ url = '' }, response) => {
    if (url.startsWith('/log/entries/')) {
      response.end(entries[Number(url.slice(13))])
      return
    }
    const { index, width } = parseTilePath(url.slice(5))
    response.end(encodeEntryBundle(entries.slice(256 * index, 256 * index + width)))
  }
  const read = async (from: number, to: number): Promise<Uint8Array[]> => {
    asked = []
    const all: Uint8Array[] = []
    for await (const entry of server.entries(from, to)) all.push(entry)
    return all
  }
  expect(await read(0, 600)).toEqual(entries)
  expect(asked).toEqual(['/log/tile/entries/000', '/log/tile/entries/001', '/log/tile/entries/002.p/88'])
  expect(await read(250, 515)).toEqual(entries.slice(250, 515))
  expect(asked.slice(0, 2)).toEqual(['/log/tile/entries/000', '/log/tile/entries/001'])
  expect(asked.slice(2)).toEqual(['/log/entries/512', '/log/entries/513', '/log/entries/514'])
  expect(await read(300, 300)).toEqual([])
})

test('a bundle with too few entries, or cut in one, is no answer', async () => {
  const entries = Array.from({ length: 256 }, (_, i) => Uint8Array.of(i))
  const read = () => server.entries(0, 256).next()
  answer = (_, response) => response.end(encodeEntryBundle(entries.slice(1)))
  await expect(read()).rejects.toMatchObject({ code: 'bad-answer' })
  answer = (_, response) => response.end(encodeEntryBundle(entries).subarray(0, -1))
  await expect(read()).rejects.toMatchObject({ code: 'bad-answer' })
})
