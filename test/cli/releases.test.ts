// SPEC 13.2 on the command line: a publisher's document is checked, published under the operator's key and exported equal.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { releases } from '#cli/releases.ts'
import { listen } from '#server/listen.ts'
import { ocdsText } from '../tally/promises.ts'
import { PROCESS, Scene } from '../tally/scene.ts'
import { stage, type Stage } from '../server/stage.ts'

const scene = new Scene()
let server: Stage
let listening: { port: number; close: () => Promise<void> }
let folder: string
let out: string
let err: string
beforeAll(async () => {
  scene.enrol()
  server = await stage(scene)
  server.clock.now = Date.now()
  listening = await listen(server.app, { port: 0, host: '127.0.0.1' })
  folder = mkdtempSync(join(tmpdir(), 'comitia-releases-'))
})
afterAll(async () => {
  await listening.close()
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})
afterEach(() => vi.restoreAllMocks())

function run(...args: string[]): Promise<number> {
  ;[out, err] = ['', '']
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true))
  const own = [
    '--server',
    `http://127.0.0.1:${listening.port}`,
    '--data',
    server.folder,
    '--process',
    PROCESS,
  ]
  return releases([...args, ...own])
}
function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

test('a sound document is published once, and comes out as it went in', async () => {
  const text = ocdsText('portland-record')
  const path = file('portland.json', text)
  expect(await run('check', path, '--json')).toBe(0)
  const said = JSON.parse(out) as { releases: { ocid: string }[] }
  expect(said.releases.map(({ ocid }) => ocid)).toEqual(['ocds-ptecst-118001'])
  expect(await run('publish', path)).toBe(0)
  expect(out).toMatch(/^Published 1 releases \(entry \d+\)$/m)
  expect(await run('publish', path)).toBe(1)
  expect(err).toMatch(/^Refused: already-exists/)
  const exported = join(folder, 'out.json')
  expect(await run('export', 'ocds-ptecst-118001', '--out', exported)).toBe(0)
  const { releases } = JSON.parse(readFileSync(exported, 'utf8')) as { releases: unknown }
  expect(releases).toEqual((JSON.parse(text) as { releases: unknown }).releases)
})

test('an unsound one is told why, by path, and not published', async () => {
  const path = file(
    'broken.json',
    ocdsText('portland-record').replace('"amount": 487280.0', '"amount": "much"'),
  )
  expect(await run('check', path)).toBe(1)
  expect(out).toContain('/releases/0/contracts/0/value/amount must be number,null')
  const before = server.ledger.size
  expect(await run('publish', path)).toBe(2)
  expect(server.ledger.size).toBe(before)
})

test('a promise that is not there', async () => {
  const path = file('fictional.json', ocdsText('fictional-record-package'))
  expect(await run('publish', path, '--promise', '3')).toBe(1)
  expect(err).toMatch(/^Refused: unknown-promise/)
})
