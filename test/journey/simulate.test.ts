// Whole elections on published votes with real proofs: every party its own process, then verified by a stranger with
// the network denied. SPEC 8.2, 9.6, 11.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { requireProgram } from '../system.ts'

const MAIN = join(import.meta.dirname, '../../cli/main.ts')
const BUDGETS = join(import.meta.dirname, '../data/pb')

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'comitia-journey-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('Katowice, 20 voters: counted as published, verified offline, and not when a byte is changed', async () => {
  const record = join(folder, 'katowice.record')
  const { report } = await simulate(
    'Poland_Katowice_2020_Janow-Nikiszowiec.pb',
    '--voters',
    '20',
    '--out',
    record,
  )
  expect(report).toMatchObject({ voters: 20, asExpected: true, verified: true })

  const offline = await verifyOffline(record, '--policy', `${record}.policy`)
  expect(offline.code, offline.stderr).toBe(0)
  const { findings } = JSON.parse(offline.stdout) as {
    findings: { check: string; status: string; code: string; fields: object; sentence: string }[]
  }
  expect(findings.filter((f) => f.status === 'failed')).toEqual([])
  expect(findings.find((f) => f.check === 'V8')).toMatchObject({
    ...{ code: 'ballots-proven', fields: { ballots: 20 } },
    sentence: 'All 20 ballots carry sound encryption and proof.',
  })
  expect(findings.find((f) => f.check === 'V5' && f.status === 'not-rechecked')?.sentence).toContain(
    'DEVELOPMENT SETUP',
  )

  // The proofs of a second run are those of the first.
  const remember = ['--remember', join(folder, 'remembered.json')]
  for (const earlier of [false, true]) {
    const again = await verifyOffline(record, ...remember)
    expect(again.code, again.stderr).toBe(0)
    expect(again.stdout.includes('were checked in an earlier run')).toBe(earlier)
  }
  await writeFile(join(folder, 'remembered.json'), '{}')
  expect((await verifyOffline(record, ...remember)).code).toBe(2)

  const altered = await readFile(record)
  const at = Math.floor(altered.length / 2)
  altered[at] = (altered[at] ?? 0) ^ 1
  await writeFile(record, altered)
  expect((await verifyOffline(record, '--policy', `${record}.policy`)).code).not.toBe(0)
  await truncate(record, at)
  expect((await verifyOffline(record)).code).toBe(2)
})

test('Warszawa, 49 projects in the large circuit, 3 of 5 guardians with 4 intents', async () => {
  const record = join(folder, 'warszawa.record')
  const { report } = await simulate(
    'Poland_Warszawa_2026_Wesola.pb',
    ...['--voters', '4', '--guardians', '5', '--threshold', '3', '--out', record],
  )
  expect(report).toMatchObject({ voters: 4, asExpected: true, verified: true })
})

test('a budget whose rule we do not count by cannot be simulated', async () => {
  const ended = await comitia(
    'simulate',
    '--data',
    join(BUDGETS, 'Poland_Wieliczka_2023_Green_Budget.pb'),
    '--voters',
    '3',
  )
  expect(ended.code).toBe(2)
  expect(ended.stderr).toContain('equalshares')
})

async function simulate(file: string, ...args: string[]) {
  const ended = await comitia('simulate', '--data', join(BUDGETS, file), '--json', ...args)
  expect(ended.code, ended.stderr).toBe(0)
  return { report: JSON.parse(ended.stdout) as Record<string, unknown> }
}

/** `comitia verify` in a network namespace of its own, in which there is no network. */
function verifyOffline(...args: string[]): Promise<Ended> {
  return run(
    requireProgram('unshare'),
    '--net',
    '--map-root-user',
    process.execPath,
    MAIN,
    'verify',
    '--json',
    ...args,
  )
}

function comitia(...args: string[]): Promise<Ended> {
  return run(process.execPath, MAIN, ...args)
}

function run(program: string, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, args, { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr })
    })
  })
}
