// SPEC 8.1: from an official's file to a defined election, with the pictures that the file names; and a published budget
// as a contest.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { Server } from '#client/server.ts'
import { election } from '#cli/election.ts'
import { setupsOf } from '#cli/official.ts'
import { contestOf } from '#cli/pb-contest.ts'
import { toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { checkManifest } from '#protocol/contest.ts'
import { listen } from '#server/listen.ts'
import { parsePb } from '#tally/formats/pabulib.ts'
import { Scene } from '../tally/scene.ts'
import { stage, type Stage } from '../server/stage.ts'

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
const scene = new Scene()
let server: Stage
let listening: { port: number; close: () => Promise<void> }
let url: string
let folder: string
let out: string
let err: string
beforeAll(async () => {
  scene.prepare()
  server = await stage(scene)
  server.clock.now = Date.now()
  listening = await listen(server.app, { port: 0, host: '127.0.0.1' })
  url = `http://127.0.0.1:${listening.port}`
  folder = mkdtempSync(join(tmpdir(), 'comitia-election-'))
  writeFileSync(join(folder, 'bench.png'), PNG)
})
afterAll(async () => {
  await listening.close()
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})
afterEach(() => vi.restoreAllMocks())

/** The file of an election, with what is said of its first option. */
function file(name: string, option: string): string {
  const path = join(folder, `${name}.yaml`)
  writeFileSync(
    path,
    `
process: city
election: ${name}
title: Budget
description: { en: What shall we build?, fi: Mitä rakennamme? }
languages: [en, fi]
organiser: City
opensAt: 2030-01-01T09:00:00+01:00
closesAt: 2030-01-08T18:00:00+01:00
guardians: [{ name: Ada, key: ${'b4'.repeat(32)} }]
threshold: 1
contests:
  - title: { en: Which?, fi: Mikä? }
    description: One of two.
    roll: residents
    order: rotated
    options:
      - { id: a, title: A, ${option} }
      - { id: b, title: B }
    rule: { type: plurality }
    count: { name: plurality, seats: 1 }
`,
  )
  return path
}

function create(path: string): Promise<number> {
  ;[out, err] = ['', '']
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true))
  return election(['create', path, '--server', url, '--data', server.folder, '--json'])
}
const defined = (name: string) =>
  server.parts.board.state.processes.get('city')?.elections.get(name)?.manifest.contests[0]

describe('comitia election create', () => {
  test('brings pictures to the server, then defines the election with all that its file says', async () => {
    const path = file(
      'shown',
      'description: A long bench., picture: { file: bench.png, alt: A bench }, point: { lat: 50.243182, lon: -0.0000001 }',
    )
    expect([await create(path), err]).toEqual([0, ''])
    const hash = sha256(PNG)
    expect(JSON.parse(out)).toEqual({ entry: server.ledger.size - 1 })
    expect(defined('shown')).toMatchObject({
      order: 'rotated',
      description: { en: 'One of two.', fi: 'One of two.' },
      options: [
        {
          id: 'a',
          description: { en: 'A long bench.', fi: 'A long bench.' },
          picture: { hash, alt: { en: 'A bench', fi: 'A bench' } },
          point: { lat: 50_243_182, lon: 0 },
        },
        { id: 'b', title: { en: 'B', fi: 'B' } },
      ],
    })
    const handed = await fetch(`${url}/api/attachments/${toHex(hash)}`)
    expect(new Uint8Array(await handed.arrayBuffer())).toEqual(PNG)
  })
  test.each([
    ['a picture that is not there', 'picture: { file: none.png, alt: A bench }', /Cannot read .*none\.png/],
    ['a picture that is none', 'picture: { file: none.yaml, alt: A bench }', /neither PNG nor JPEG/],
    ['a picture without words', 'picture: { file: bench.png }', /options\.0\.picture\.alt/],
    ['a place that is none', 'point: { lat: 91, lon: 0 }', /options\.0\.point\.lat/],
    ['an unknown field', 'colour: red', /options\.0/],
  ])('%s: told, and nothing is defined', async (_, option, reason) => {
    expect(await create(file('none', option))).toBe(2)
    expect(err).toMatch(reason)
    expect(defined('none')).toBeUndefined()
  })
})

test('an opening names the setups that the server has', async () => {
  const circuit = (a: { circuit: string }, b: { circuit: string }) => a.circuit.localeCompare(b.circuit)
  expect((await setupsOf(new Server(url))).sort(circuit)).toEqual([...server.parts.setups.own].sort(circuit))
})

describe('a published budget', () => {
  const read = (name: string) =>
    readFileSync(join(import.meta.dirname, `../data/pb/Poland_${name}.pb`), 'utf8')
  const katowice = read('Katowice_2020_Janow-Nikiszowiec')
  const optionsOf = (text: string) => contestOf(parsePb(text), 'residents').options

  test('has its places on the map', () => {
    const [first, ...others] = optionsOf(katowice)
    expect(first?.point).toEqual({ lat: 50_243_182, lon: 19_083_918 })
    expect(others.every(({ point }) => point !== undefined)).toBe(true)
    const wesola = optionsOf(read('Warszawa_2026_Wesola'))
    expect(wesola.filter(({ point }) => point === undefined).length).toBeGreaterThan(0)
    expect(wesola.find(({ id }) => id === '684')).not.toHaveProperty('point')
    expect(optionsOf(read('Krakow_2020_Wzgorza_Krzeslawickie')).every((o) => o.point === undefined)).toBe(
      true,
    )
  })
  test.each(['N50', '', '50,2', '1e1'])('a latitude of "%s" is no place', (latitude) => {
    expect(optionsOf(katowice.replace(';50.243182;', `;${latitude};`))[0]).not.toHaveProperty('point')
  })
  test('has the descriptions of its projects, where they are there', () => {
    const described = katowice
      .replace('longitude\n', 'longitude;description\n')
      .replace(/^(L16\/\d+\/VII;.*)$/gm, '$1;')
      .replace(';19.083918;', ';19.083918;New changing rooms')
    const [first, second] = optionsOf(described)
    expect(first?.description).toEqual({ en: 'New changing rooms' })
    expect(second).not.toHaveProperty('description')
  })
  test('makes a manifest that the gate takes', () => {
    for (const name of ['Katowice_2020_Janow-Nikiszowiec', 'Warszawa_2026_Wesola']) {
      const contests = [contestOf(parsePb(read(name)), 'residents')]
      expect(checkManifest({ ...scene.manifest, contests })).toEqual([])
    }
  })
})
