// B15: the counting rule itself is wrong, or a variant passes for another. Through the command: real files must give the
// published winners by the rule that the file names, a rule that is not known must never be replaced by one that is.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { count } from '#cli/count.ts'

const path = (name: string) => fileURLToPath(new URL(`../data/pb/${name}`, import.meta.url))
const KATOWICE = path('Poland_Katowice_2020_Janow-Nikiszowiec.pb')

let out: string
let err: string
let folder: string

beforeEach(() => {
  out = err = ''
  folder = mkdtempSync(join(tmpdir(), 'comitia-count-'))
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true))
})

afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

/** A copy of Katowice's file with one text replaced. */
function altered(find: string | RegExp, replacement: string): string {
  const text = readFileSync(KATOWICE, 'utf8')
  const changed = text.replace(find, replacement)
  expect(changed).not.toBe(text)
  const file = join(folder, 'altered.pb')
  writeFileSync(file, changed)
  return file
}

interface Counted {
  method: string
  parameters: Record<string, number>
  winners: string[]
  rounds: { kind: string; option: string; score: number }[]
}

async function winners(file: string): Promise<string[]> {
  out = ''
  expect(await count([file, '--json'])).toBe(0)
  return (JSON.parse(out) as Counted).winners
}

test.each([
  'Poland_Katowice_2020_Janow-Nikiszowiec',
  'Poland_Krakow_2020_Wzgorza_Krzeslawickie',
  'Poland_Warszawa_2026_Wesola',
])('%s gives the published winners in order', async (name) => {
  const official = JSON.parse(readFileSync(path(`${name}.official.json`), 'utf8')) as {
    official_winners: string[]
    rule: string
  }
  expect(await winners(path(`${name}.pb`))).toEqual(official.official_winners)
  const { method, rounds } = JSON.parse(out) as Counted
  expect(method).toBe(official.rule)
  expect(rounds.filter(({ kind }) => kind === 'funded').map(({ option }) => option)).toEqual(
    official.official_winners,
  )
})

test('each variant is a rule of its own: another name, another threshold, other winners', async () => {
  const official = ['L16/17/VII', 'L16/10/VII', 'L16/06/VII', 'L16/03/VII']
  expect(await winners(KATOWICE)).toEqual(official)
  // 460,361 - 448,000 is left: enough only for the project with 21 points, which the threshold keeps out.
  expect(await winners(altered('rule;greedy-threshold', 'rule;greedy'))).toEqual([...official, 'L16/09/VII'])
  expect(await winners(altered('rule;greedy-threshold', 'rule;greedy-no-skip'))).toEqual(['L16/17/VII'])
  expect(await winners(altered('score_threshold;50', 'score_threshold;21'))).toEqual([
    ...official,
    'L16/09/VII',
  ])
  expect(await winners(altered('score_threshold;50', 'score_threshold;22'))).toEqual(official)
  expect(await winners(altered('score_threshold;50', 'score_threshold;0'))).toEqual([
    ...official,
    'L16/09/VII',
  ])
})

test('scores and winners recorded in the file are not believed', async () => {
  const official = await winners(KATOWICE)
  const forged = altered(
    'L16/09/VII;8000;19;21;Szachy na Skwerze Rybka;0',
    'L16/09/VII;8000;1900;2100;Szachy na Skwerze Rybka;1',
  )
  expect(await winners(forged)).toEqual(official)
})

test.each([
  ['Poland_Wieliczka_2023_Green_Budget.pb', 'equalshares/add1-comparison'],
  ['US_Stanford_Dataset_PB_Cambridge_2015_vote_knapsacks.pb', 'unknown'],
])('%s: a rule that is not known is refused by name', async (name, rule) => {
  expect(await count([path(name), '--json'])).toBe(2)
  expect(out).toBe('')
  expect(err).toContain(`no counting method for the rule "${rule}"`)
})

test.each([
  ['another case', 'rule;Greedy'],
  ['a longer name', 'rule;greedy-thresholds'],
  ['a property of every object', 'rule;constructor'],
])('a name that only looks like a rule is refused: %s', async (_, rule) => {
  expect(await count([altered('rule;greedy-threshold', rule)])).toBe(2)
  expect(err).toContain('no counting method')
})

test('a second vote of one voter, a vote over the limit: the file is refused with its line', async () => {
  expect(await count([altered('1400794671;', '1400794670;')])).toBe(2)
  expect(err).toContain('line 43: voter 1400794670 votes twice')
  expect(
    await count([altered('1400794671;L16/03/VII,L16/08/VII;2,1', '1400794671;L16/03/VII,L16/08/VII;2,100')]),
  ).toBe(2)
  expect(err).toContain('line 43: the vote gives 102 points')
})

test('what cannot be read or asked exits 2 with a reason', async () => {
  expect(await count([join(folder, 'nothing.pb')])).toBe(2)
  expect(err).toContain('ENOENT')
  writeFileSync(join(folder, 'latin1.pb'), Buffer.from('META\nkey;value\nunit;Krak\xf3w\n', 'latin1'))
  expect(await count([join(folder, 'latin1.pb')])).toBe(2)
  expect(err).toContain('latin1.pb')
  expect(await count([])).toBe(2)
  expect(await count([KATOWICE, KATOWICE])).toBe(2)
  expect(await count([KATOWICE, '--jsno'])).toBe(2)
  expect(out).toBe('')
  expect(await count(['--help'])).toBe(0)
  expect(out).toContain('Usage: comitia count')
})

test('the text names method, every project and the winners', async () => {
  expect(await count([KATOWICE])).toBe(0)
  expect(out).toContain('greedy-threshold, budget 460,361: by score from 50 up')
  expect(out.match(/is (not )?funded:/g)).toHaveLength(16)
  expect(out).toContain('Funded, in order of selection (4): L16/17/VII, L16/10/VII, L16/06/VII, L16/03/VII')
})
