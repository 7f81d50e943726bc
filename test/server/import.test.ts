// Lists of voters as a hostile or careless spreadsheet makes them, through the interface.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Scene } from '../tally/scene.ts'
import { Browser } from './official-browser.ts'
import { refusal, stage, type Stage } from './stage.ts'

const MEBIBYTE = 2 ** 20
const scene = new Scene()
let server: Stage
const ada = new Browser(() => server, 'ada')

beforeAll(async () => {
  scene.found()
  scene.act({ type: 'create-process', title: 'City' })
  server = await stage(scene, { workers: 0, database: true })
  await ada.first(server.parts.officials.first ?? '')
})
afterAll(() => server[Symbol.asyncDispose]())

const bring = (csv: string | Uint8Array, roll = 'guests') => ada.importVoters(csv, { roll })
const rowsIn = async (answer: Response) => (await answer.text()).split('\r\n').slice(0, -1)

test('a mark of byte order is no part of the first name', async () => {
  const answer = await bring('\uFEFFÅke,1\n', 'marked')
  expect((await rowsIn(answer)).map((line) => line.split(',')[0])).toEqual(['Åke'])
})

test.each([
  ['UTF-16', Buffer.from('\uFEFFÅke,1\n', 'utf16le')],
  ['Latin-1', Buffer.from('Åke,1\n', 'latin1')],
])('what is not UTF-8 is refused, not guessed: %s', async (_, bytes) => {
  expect(await refusal(await bring(bytes))).toEqual([400, 'malformed'])
})

test.each([
  ['twice', 'Åke,1\nÅke,1\n', 409, 'row-duplicate'],
  ['in another spelling of the same letters', 'Åke,1\nA\u030Ake,1\n', 422, 'row-malformed'],
  ['with something invisible', 'Åke,1\nÅ\u200Bke,1\n', 422, 'row-malformed'],
  ['with a space behind', 'Åke,1\n"Åke ",1\n', 422, 'row-malformed'],
])('nobody is on a list again %s', async (_, csv, status, code) => {
  expect(await refusal(await bring(csv))).toEqual([status, code])
})

test('one endless line is one row that is too long', async () => {
  for (const line of ['a'.repeat(30 * MEBIBYTE), `"${'a'.repeat(30 * MEBIBYTE)}`, ','.repeat(30 * MEBIBYTE)])
    expect(await refusal(await bring(`Åke,1\n${line}`))).toEqual([422, 'row-malformed'])
})

test('what is larger than any list is not read at all', async () => {
  let sent = 0
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1
      controller.enqueue(new Uint8Array(MEBIBYTE).fill(0x61))
    },
  })
  const answer = await server.app.request('/api/officials/lists?process=city&roll=guests', {
    method: 'POST',
    headers: { 'content-type': 'text/csv', cookie: ada.cookie },
    body: endless,
    duplex: 'half',
  } as RequestInit)
  expect(await refusal(answer)).toEqual([413, 'too-large'])
  expect(sent).toBeLessThan(40)
})
