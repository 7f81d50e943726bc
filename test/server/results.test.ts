// What the server hands out of an announced result, and that it hands out nothing before.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CountReport } from '#server/results/report.ts'
import { parsePb } from '#tally/formats/pabulib.ts'
import { CHECKS } from '#tally/verify/finding.ts'
import { naming } from '../tally/passkey.ts'
import { contest, Scene } from '../tally/scene.ts'
import { readPdf } from './reading.ts'
import { refusal, stage, type Stage } from './stage.ts'

const RESULTS = '/api/elections/city/budget/results'
const VOTES = [[[1n, 0n], [0n, 1n, 0n]], [[0n, 1n], [0n, 1n, 1n]], [[0n, 1n], [1n, 0n, 0n]]] // prettier-ignore

const texts = (en: string, fi = en) => ({ en, fi })
const options = [
  { id: 'a', title: texts('A'), cost: 5n },
  { id: 'b', title: texts('B', 'Bé – Ł'), cost: 7n },
]
const makeScene = () =>
  new Scene({
    officials: ['ada', 'ben'],
    contests: [
      contest({ title: texts('Who?', 'Kuka?'), options }),
      contest({
        ...{ title: texts('What for?', 'Mihin?'), options, blank: true, currency: 'EUR' },
        ...{ rule: { type: 'knapsack', budget: 12n }, count: { name: 'greedy', budget: 10n } },
      }),
    ],
    manifest: {
      ...{
        title: texts('Budget', 'Budjetti'),
        description: texts('What shall we build?', 'Mitä rakennetaan?'),
      },
      languages: ['en', 'fi'],
    },
  })

const scene = makeScene()
let server: Stage
const get = async (path: string) => server.app.request(`${RESULTS}/${path}`)
const textOf = async (path: string) => {
  const response = await get(path)
  expect(response.status).toBe(200)
  return response.text()
}

const folder = mkdtempSync(join(tmpdir(), 'comitia-results-'))

beforeAll(async () => {
  await scene.run(VOTES)
  server = await stage(scene, { folder })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

test('nothing is there before a result is announced', async () => {
  const early = makeScene()
  early.prepare()
  await using defined = await stage(early)
  for (const path of ['nist.json', 'en/result.csv', 'en/2/budget.pb'])
    expect(await refusal(await defined.app.request(`${RESULTS}/${path}`))).toEqual([404, 'not-found'])
})

describe('open data', () => {
  test('NIST SP 1500-100 names the frozen roll and the sums', async () => {
    const report = JSON.parse(await textOf('nist.json')) as {
      GeneratedDate: string
      GpUnit: { VotersRegistered?: number }[]
      Election: { Contest: { ContestSelection: { VoteCounts: { Count: number }[] }[] }[] }[]
    }
    expect(report.GpUnit[1]?.VotersRegistered).toBe(3)
    expect(report.GeneratedDate).toBe('2026-01-01T02:00:00Z')
    const [plurality] = report.Election[0]?.Contest ?? []
    expect(plurality?.ContestSelection.map((s) => s.VoteCounts[0]?.Count)).toEqual([1, 2])
  })

  test('CSV in the language that is asked for, and .pb for budgets alone', async () => {
    expect(await textOf('fi/result.csv')).toContain('\r\n1,Kuka?,3,0,1,b,Bé – Ł,2,elected')
    expect(parsePb(await textOf('en/2/budget.pb')).projects.map(({ row }) => row.get('score'))).toEqual([
      '2',
      '1',
    ])
    expect(await refusal(await get('en/1/budget.pb'))).toEqual([404, 'not-found'])
    expect(await refusal(await get('xx/result.csv'))).toEqual([400, 'malformed'])
  })
})

describe('the protocol of the count', () => {
  const pdf = async () => new Uint8Array(await (await get('fi/report.pdf')).arrayBuffer())

  test('says who, what and when, with what a verification finds', async () => {
    const report = JSON.parse(await textOf('report.json')) as CountReport
    expect(report).toMatchObject({
      announced: { at: '2026-01-01T02:00:00.000Z', by: ['ada', 'ben'] },
      checkpoint: { origin: 'example.org/comitia', size: scene.entries.length },
      election: { guardians: [{ number: 1, name: 'Guardian 1' }, {}, {}], definition: { index: 6 } },
    })
    expect(report.election.contests[1]?.result).toMatchObject({ winners: ['a'], blank: '1' })
    expect(new Set(report.findings.map(({ check }) => check)).size).toBe(CHECKS.length)
    expect(report.findings.filter(({ status }) => status === 'failed')).toEqual([])
  })

  test('is a tagged PDF in the language that is asked for', async () => {
    const { title, language, tagged, pages, roles } = await readPdf(await pdf())
    expect([title, language, tagged]).toEqual(['Laskentapöytäkirja: Budjetti', 'fi', true])
    const text = pages.join(' ')
    expect(text).toContain('Bé – Ł')
    expect(text).toContain('Ei rahoiteta: hinta on 7 EUR, jäljellä oli 5 EUR')
    expect(text).toContain('Sivu 1/2')
    expect(text.replaceAll(/\s+/g, ' ')).toContain('Ilmoitettu tulos on se, minkä pöytäkirja antaa.')
    expect([...roles]).toEqual(
      expect.arrayContaining(['Document', 'Sect', 'H1', 'H2', 'P', 'Table', 'TH', 'TD']),
    )
  })

  test('stays the same, byte for byte, however far the log grows and however often the server starts', async () => {
    const [report, before] = [await textOf('report.json'), await pdf()]
    const further = { ...scene.manifest, closesAt: scene.state.time + 3_600_000 }
    const { officials, approvals } = naming(['ada', 'ben'])
    const renamed = officials.map((one) => ({ ...one, name: `${one.name} Lovelace` }))
    // What comes after the announcement: another election, other names, another guardian, words to voters.
    scene.act({ type: 'define-election', election: 'other', manifest: further })
    scene.act({ type: 'change-officials', officials: renamed, approvals })
    scene.intend(3)
    scene.decrypt(3)
    scene.act({ type: 'tell-voters', election: 'budget', message: texts('Thank you', 'Kiitos') })
    for (const entry of scene.entries.slice(server.ledger.size))
      expect((await server.post(entry)).status).toBe(201)
    await server[Symbol.asyncDispose]()
    server = await stage(scene, { folder })
    expect(await textOf('report.json')).toBe(report)
    expect(await pdf()).toEqual(before)
  })
})

describe('the evidence pack', () => {
  const pack = async () => new Uint8Array(await (await get('fi/evidence.zip')).arrayBuffer())
  /** Runs the program that README.txt names, in a process of its own; its exit code and what it says. */
  const verify = (...args: string[]): Promise<[code: number | null, said: string]> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, ['cli/main.ts', 'verify', '--threads', '1', ...args])
      let said = ''
      child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
      child.on('close', (code) => resolve([code, said]))
    })

  test('holds everything, the same whenever it is taken', async () => {
    const bytes = await pack()
    expect(await pack()).toEqual(bytes)
    const files = unzipSync(bytes)
    expect(Object.keys(files)).toEqual([
      ...['README.txt', 'record.comitia', 'policy.txt', 'report.json', 'report.pdf'],
      ...['results/result.csv', 'results/nist.json', 'results/contest-2.pb'],
    ])
    const inside = (name: string) => new TextDecoder().decode(files[name])
    expect(inside('README.txt')).toContain('Todisteet äänestyksestä: Budjetti')
    expect(inside('report.json')).toBe(await textOf('report.json'))
    expect(inside('results/nist.json')).toBe(await textOf('nist.json'))
  })

  test('is checked as its README says, and one flipped bit is found', { timeout: 120_000 }, async () => {
    const { 'record.comitia': record = new Uint8Array(), 'policy.txt': policy = '' } = unzipSync(await pack())
    const [sound, spoilt, trusted] = ['record.comitia', 'spoilt.comitia', 'policy.txt'].map((n) =>
      join(folder, n),
    )
    writeFileSync(trusted ?? '', policy)
    writeFileSync(sound ?? '', record)
    // Inside the title of the process, whose entry stays canonical.
    const at = Buffer.from(record).indexOf('City')
    writeFileSync(spoilt ?? '', record.with(at, (record[at] ?? 0) ^ 1))
    const [[code, said], [bad, found]] = [
      await verify('--policy', trusted ?? '', sound ?? ''),
      await verify('--policy', trusted ?? '', spoilt ?? ''),
    ]
    expect([code, said]).toEqual([0, expect.stringContaining('ok     V2')])
    expect([bad, found]).toEqual([1, expect.stringContaining('FAILED V1')])
  })
})
