// The benches run and say what they should; how fast they are is asserted nowhere.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { median, percentile } from './bench/bench.ts'
import { reports } from './bench/report.ts'

const MAIN = fileURLToPath(new URL('./bench/main.ts', import.meta.url))

function bench(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' })
}

test('--list names every bench', () => {
  const { status, stdout } = bench('--list')
  expect(status).toBe(0)
  expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual([
    ...['verify', 'single', 'bisect', 'native', 'prove', 'ledger', 'tally', 'dlog', 'record'],
    ...['ingest', 'comments', 'import', 'pages', 'booth', 'observer', 'growth', 'katowice'],
    '',
  ])
})

test('a bench that does not exist is wrong usage', () => {
  const { status, stdout, stderr } = bench('velocity', '--json')
  expect(status).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toContain('Usage: npm run bench')
})

test('--json prints one object of figures and nothing else', () => {
  const { status, stdout, stderr } = bench('single', '--json', '--ballots', '2')
  expect(status, stderr).toBe(0)
  expect(JSON.parse(stdout)).toEqual({
    proofMs: expect.any(Number) as number,
    ratioToSnarkjs: expect.any(Number) as number,
    wholeBallotMs: expect.any(Number) as number,
    snarkjsBareProofMs: expect.any(Number) as number,
    repeats: 2,
  })
  expect(stderr).toContain('single: ')
})

test('docs/performance.md and its plot show the figures that were kept, and no others', async () => {
  const { kept, made } = await reports()
  expect(made).toEqual(kept)
})

test('medians and percentiles', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(percentile([1, 2, 3, 4], 0.5)).toBe(2)
  expect(percentile([5, 1, 9], 0.99)).toBe(9)
  expect(() => median([])).toThrow('nothing')
})
