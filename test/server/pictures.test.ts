// SPEC 8.1: how pictures of options come in and out, and that no election is defined without them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { concat, toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { contest, Scene } from '../tally/scene.ts'
import { actEntry, refusal, stage, type Stage } from './stage.ts'

const ascii = (text: string) => new TextEncoder().encode(text)
/** One file of each kind: how it begins, then anything. */
const PICTURES: Record<string, Uint8Array> = {
  'image/png': concat(Uint8Array.of(0x89), ascii('PNG\r\n\x1a\n rest')),
  'image/jpeg': concat(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), ascii('JFIF')),
  'image/webp': concat(ascii('RIFF'), Uint8Array.of(4, 0, 0, 0), ascii('WEBPVP8 ')),
  'image/avif': concat(Uint8Array.of(0, 0, 0, 28), ascii('ftypavif')),
}
const [PNG = new Uint8Array()] = Object.values(PICTURES)

const scene = new Scene()
let server: Stage
beforeAll(async () => {
  scene.prepare()
  server = await stage(scene)
})
afterAll(() => server[Symbol.asyncDispose]())

const bring = (body: Uint8Array, headers: Record<string, string> = {}) =>
  server.app.request('/api/operator/attachments', {
    method: 'POST',
    headers: {
      'content-type': 'application/octet-stream',
      authorization: `Bearer ${server.token}`,
      ...headers,
    },
    body: new Uint8Array(body),
  })
const get = (hash: string) => server.app.request(`/api/attachments/${hash}`)

describe('pictures', () => {
  test.each(Object.entries(PICTURES))('%s goes in and out', async (type, picture) => {
    const hash = toHex(sha256(picture))
    expect(await refusal(await get(hash))).toEqual([404, 'not-found'])
    for (let times = 0; times < 2; times++) {
      const answer = await bring(picture)
      expect(answer.status).toBe(201)
      expect(await answer.json()).toEqual({ hash })
    }
    const handed = await get(hash)
    expect(new Uint8Array(await handed.arrayBuffer())).toEqual(picture)
    const said = Object.fromEntries(handed.headers)
    expect(said).toMatchObject({
      'content-type': type,
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/^default-src 'none'; .*; sandbox$/) as string,
      'cache-control': 'public, max-age=31536000, immutable',
    })
  })
  test('an attachment that is no picture is never handed out as one', async () => {
    const [setup] = server.parts.setups.own
    const handed = await get(toHex(setup?.transcript ?? new Uint8Array()))
    expect(handed.headers.get('content-type')).toBe('application/octet-stream')
  })
  test('exactly 512 kB', async () => {
    const largest = concat(PNG, new Uint8Array(512 * 1024 - PNG.length))
    expect((await bring(largest)).status).toBe(201)
    expect(await refusal(await bring(concat(largest, Uint8Array.of(0))))).toEqual([413, 'too-large'])
  })
})

describe('refused', () => {
  test.each([
    ['nothing', ''],
    ['text', 'a bench'],
    ['an SVG, which may hold a program', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['a GIF', 'GIF89a'],
    ['half a signature', '\x89PN'],
    ['a RIFF that is no WebP', 'RIFF\x04\0\0\0WAVEfmt '],
    ['another ISO media file', '\0\0\0\x1cftypmp42'],
  ])('%s', async (_, text) => {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
    expect(await refusal(await bring(bytes))).toEqual([415, 'unsupported-type'])
    expect((await get(toHex(sha256(bytes)))).status).toBe(404)
  })
  test.each([{ authorization: '' }, { authorization: `Bearer ${'0'.repeat(64)}` }])(
    'from anybody else than the operator: %o',
    async (headers) => {
      const other = concat(PNG, ascii('of somebody'))
      expect(await refusal(await bring(other, headers))).toEqual([401, 'unauthorized'])
      expect((await get(toHex(sha256(other)))).status).toBe(404)
    },
  )
  test('under another media type', async () => {
    expect(await refusal(await bring(PNG, { 'content-type': 'image/png' }))).toEqual([
      415,
      'unsupported-type',
    ])
  })
})

test('an election is defined once all its pictures are there', async () => {
  const pictures = ['one', 'two'].map((text) => concat(PNG, ascii(text)))
  const options = contest().options.map((option, i) => ({
    ...option,
    picture: { hash: sha256(pictures[i] ?? PNG), alt: { en: 'A picture' } },
  }))
  const manifest = { ...scene.manifest, contests: [contest({ options })] }
  const entry = () => actEntry(scene, server, { type: 'define-election', election: 'shown', manifest })
  for (const picture of pictures) {
    expect(await refusal(await server.post(entry()))).toEqual([422, 'attachment-missing'])
    expect(server.parts.board.state.processes.get('city')?.elections.has('shown')).toBe(false)
    await bring(picture)
  }
  expect((await server.post(entry())).status).toBe(201)
})
