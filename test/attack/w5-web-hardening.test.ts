// W5: path traversal, bodies without limit, compressed bombs, foreign pages reading answers, secrets in logs; and slow or
// greedy clients. Everything over a real socket.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { bodyHash } from '#protocol/ballot.ts'
import { MAX_ENTRY_BYTES } from '#protocol/entry.ts'
import { listen } from '#server/listen.ts'
import { SCRIPT, writeSite } from '../server/site.ts'
import { ballotEntry, refusal, stage, type Stage } from '../server/stage.ts'
import { Scene } from '../tally/scene.ts'

const folder = mkdtempSync(join(tmpdir(), 'comitia-w5-'))
let scene: Scene
let server: Stage
let listening: { port: number; close: () => Promise<void> }
let url: string

beforeAll(async () => {
  scene = new Scene()
  scene.prepare()
  scene.keygen()
  scene.open()
  writeSite(join(folder, 'site'))
  server = await stage(scene, { site: join(folder, 'site') })
  listening = await listen(server.app, {
    port: 0,
    host: '127.0.0.1',
    headersTimeout: 400,
    requestTimeout: 800,
  })
  url = `http://127.0.0.1:${listening.port}`
})
afterAll(async () => {
  await listening.close()
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

/** A path as it is, without what `fetch` makes of it. */
function raw(path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: listening.port, path }, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    sent.on('error', reject).end()
  })
}

describe('path traversal', () => {
  const SECRET = 'the secret of this test'
  const UPS = [
    '../',
    '..%2f',
    '%2e%2e/',
    '%2e%2e%2f',
    '....//',
    '..\\',
    '%252e%252e%252f',
    '..%c0%af',
    '/',
    '%00',
  ]
  const ROUTES = [
    '/log/tile/',
    '/log/entries/',
    '/api/attachments/',
    '/api/artifacts/',
    '/api/rolls/',
    '/api/receipts/',
    '/_app/immutable/',
    '/',
  ]
  test.each(ROUTES)('%s', async (route) => {
    for (const name of ['secret', 'operator.key', 'operator.token']) {
      const secret = name === 'secret' ? SECRET : undefined
      for (const place of [server.folder, folder])
        if (secret !== undefined) writeFileSync(join(place, 'secret'), secret)
      for (const up of UPS) {
        for (const path of [
          up.repeat(3) + name,
          up.repeat(8) + server.folder.slice(1) + '/' + name,
          `x/${up}${name}`,
          up + name,
        ]) {
          const { status, body } = await raw(route + path)
          expect([400, 404]).toContain(status)
          expect(body).not.toContain(SECRET)
          expect(body).not.toContain(server.token)
        }
      }
    }
  })
  test('what is there by its right name is answered', async () => {
    const [setup] = server.parts.setups.own
    if (setup === undefined) throw new Error('no setup')
    expect((await raw(`/api/attachments/${toHex(setup.transcript)}`)).status).toBe(200)
    expect((await raw('/log/tile/0/000.p/1')).status).toBe(200)
    expect((await raw('/_app/immutable/start.a1b2.js')).body).toBe(SCRIPT)
  })
})

describe('bodies', () => {
  const CBOR = { 'content-type': 'application/cbor' }
  const send = (body: BodyInit, headers: Record<string, string> = CBOR) =>
    fetch(`${url}/api/entries`, { method: 'POST', body, headers, duplex: 'half' } as RequestInit)
  const chunks = (bytes: number) => {
    let left = bytes
    return new ReadableStream({
      pull(controller) {
        if (left > 0) controller.enqueue(new Uint8Array(Math.min(left, 16_384)))
        else controller.close()
        left -= 16_384
      },
    })
  }
  test('one byte too many', async () => {
    expect(await refusal(await send(new Uint8Array(MAX_ENTRY_BYTES + 1)))).toEqual([413, 'too-large'])
    expect(await refusal(await send(new Uint8Array(MAX_ENTRY_BYTES)))).toEqual([400, 'malformed'])
  })
  test('chunked without a length', async () => {
    expect(await refusal(await send(chunks(MAX_ENTRY_BYTES + 1)))).toEqual([413, 'too-large'])
    expect(await refusal(await send(chunks(1000)))).toEqual([400, 'malformed'])
  })
  test('a compressed bomb is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000))
    expect(await refusal(await send(bomb, { ...CBOR, 'content-encoding': 'gzip' }))).toEqual([
      415,
      'unsupported-type',
    ])
  })
  test('deep CBOR', async () => {
    const deep = new Uint8Array(60_000).fill(0x81)
    expect(await refusal(await send(deep))).toEqual([400, 'malformed'])
  })
  test('of another type, as a foreign form would send it', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', '']) {
      const response = await send(new Uint8Array(5), { 'content-type': type })
      expect(await refusal(response)).toEqual([415, 'unsupported-type'])
    }
  })
  test('to the register and to the operator', async () => {
    const large = JSON.stringify({ code: 'x'.repeat(2000), commitment: '0'.repeat(64) })
    const json = { 'content-type': 'application/json' }
    const response = await fetch(`${url}/api/registrations`, { method: 'POST', body: large, headers: json })
    expect(await refusal(response)).toEqual([413, 'too-large'])
    for (const body of ['{', '[]', '{"code":1,"commitment":"0"}', '{"__proto__":{"code":"x"}}']) {
      const bad = await fetch(`${url}/api/registrations`, { method: 'POST', body, headers: json })
      expect(await refusal(bad)).toEqual([400, 'malformed'])
    }
    const csv = { method: 'POST', body: 'a,1', headers: { 'content-type': 'text/csv' } }
    const operator = await fetch(`${url}/api/operator/voters?process=city&roll=residents`, csv)
    expect(await refusal(operator)).toEqual([401, 'unauthorized'])
  })
})

describe('slow and greedy clients', () => {
  const open = (): Promise<Socket> =>
    new Promise((resolve) => {
      const socket = connect(listening.port, '127.0.0.1', () => resolve(socket))
    })
  const answered = (socket: Socket): Promise<string> =>
    new Promise((resolve) => {
      let text = ''
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
      socket.on('error', () => resolve(text))
      socket.on('close', () => resolve(text))
    })
  test('headers that never end are given up', async () => {
    const socket = await open()
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n')
    expect(await answered(socket)).toMatch(/^HTTP\/1.1 408/)
  })
  test('a body that never comes is given up', async () => {
    const socket = await open()
    socket.write(
      'POST /api/entries HTTP/1.1\r\nHost: x\r\nContent-Type: application/cbor\r\nContent-Length: 100\r\n\r\nx',
    )
    expect(await answered(socket)).toMatch(/^(HTTP\/1.1 4|$)/)
  })
  test('huge headers are refused', async () => {
    const socket = await open()
    socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)
    expect(await answered(socket)).toMatch(/^HTTP\/1.1 431/)
  })
  test('a thousand idle connections hold nobody up', async () => {
    const idle = await Promise.all(Array.from({ length: 1000 }, open))
    expect((await fetch(`${url}/health`)).status).toBe(200)
    for (const socket of idle) socket.destroy()
  })
})

describe('browsers', () => {
  test('no foreign page may read an answer, frame it or run a script in it', async () => {
    const origin = { origin: 'https://evil.example' }
    for (const path of ['/', '/api/elections', '/log/checkpoint', '/nothing']) {
      const { headers } = await fetch(url + path, { headers: origin })
      for (const [name] of headers) expect(name).not.toMatch(/^access-control-/)
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-powered-by')).toBeNull()
    }
    const preflight = await fetch(`${url}/api/entries`, {
      method: 'OPTIONS',
      headers: { ...origin, 'access-control-request-method': 'POST' },
    })
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
  })
})

test('the log names neither ballots, codes, tokens nor addresses', async () => {
  const { ballot } = scene.ballot(0, [1n, 0n])
  const hash = toHex(bodyHash(ballot.body))
  expect((await server.post(ballotEntry(ballot))).status).toBe(201)
  const headers = { authorization: 'Bearer hunter2-token', 'x-forwarded-for': '203.0.113.9' }
  await fetch(`${url}/api/ballots/${hash}?code=ABCD-EFGH`, { headers })
  const journal = server.journal()
  expect(journal).toContain('/api/ballots/:hash')
  for (const secret of [hash, 'ABCD-EFGH', 'hunter2', '203.0.113.9', '127.0.0.1', server.token]) {
    expect(journal).not.toContain(secret)
  }
})
