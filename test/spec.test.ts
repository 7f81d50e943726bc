// Specification, code, tests and threat model answer for each other, and each rule fails on an invented breach.

import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  CHECKS,
  citations,
  missingChecks,
  ROWS,
  sections,
  type Section,
  threatTable,
  uncitedSections,
  unknownSections,
} from './spec.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '')
// These two hold invented citations.
const own = ['test/spec.ts', 'test/spec.test.ts']
const files = globSync(
  '{crypto,circuits,ledger,protocol,tally,server,cli,web,test}/**/*.{ts,circom,svelte}',
  { cwd: root },
)
  .filter((path) => !own.includes(path))
  .sort()
  .map((path) => ({ path, text: read(path) }))
const specification = read('docs/protocol.md')

describe('this repository', () => {
  const known = sections(specification)
  test('the specification has sections 1 to 13', () => {
    const top = known.filter(({ number }) => !number.includes('.')).map(({ number }) => number)
    expect(top).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13'])
    expect(known.some(({ normative }) => normative)).toBe(true)
  })
  test('every cited section exists', () => expect(unknownSections(known, files)).toEqual([]))
  test('code and tests cite every normative section', () => expect(uncitedSections(known, files)).toEqual([]))
  test('V1 to V19 are specified, implemented and tested', () =>
    expect(missingChecks(specification, files)).toEqual([]))
  test('the threat model answers for every known attack', () => {
    const tests = files.map(({ path }) => path).filter((path) => path.endsWith('.test.ts'))
    expect(threatTable(read('docs/threat-model.md'), [...tests, ...own])).toEqual([])
  })
})

describe('each rule can fail', () => {
  const section = (number: string, normative = true): Section => ({ number, title: 'T', normative })

  test('sections: own text only, fences left out', () => {
    const text =
      '# P\n## 6 Ballot\nYou may.\n```\n## 7 No\nMUST\n```\n### 6.3 Sealing\nIt MUST.\n## Appendix\nMUST\n'
    expect(sections(text)).toEqual([
      { number: '6', title: 'Ballot', normative: false },
      { number: '6.3', title: 'Sealing', normative: true },
    ])
  })
  test('citations', () => {
    expect(citations('// SPEC 6.3, 6.5 and 9: see SPEC 10.2. SPECS 4, SPEC x')).toEqual([
      '6.3',
      '6.5',
      '9',
      '10.2',
    ])
  })
  test('a cited section that does not exist', () => {
    const text = [{ path: 'crypto/a.ts', text: '// SPEC 2.6' }]
    expect(unknownSections([section('2'), section('2.5'), section('2.5'), section('3.1')], text)).toEqual([
      'two sections 2.5',
      'section 3.1 has no parent',
      'crypto/a.ts cites SPEC 2.6, which does not exist',
    ])
  })
  test('a normative section that nobody cites', () => {
    const text = [
      { path: 'crypto/a.ts', text: '// SPEC 2.1' },
      { path: 'test/crypto/a.test.ts', text: '// SPEC 2.2' },
    ]
    expect(uncitedSections([section('2', false), section('2.1'), section('2.2')], text)).toEqual([
      'no test cites SPEC 2.1 T',
      'no code cites SPEC 2.2 T',
    ])
  })
  test('a check that somebody forgot', () => {
    const all = CHECKS.join(' ')
    const text = [
      { path: 'tally/verify.ts', text: all.replace('V1 ', '') },
      { path: 'test/tally/verify.test.ts', text: all.replace('V17', '') },
    ]
    expect(missingChecks(all.replace('V4', ''), text)).toEqual([
      'V1 is not in tally/',
      'V4 is not in docs/protocol.md',
      'V17 is not in tests',
    ])
  })
  test('the table', () => {
    const row = (id: string, answer: string) => `| ${id} | what | ${answer} |\n`
    const good = ROWS.map((id) => row(id, `\`test/attack/${id.toLowerCase()}-x.test.ts\``)).join('')
    const paths = ROWS.map((id) => `test/attack/${id.toLowerCase()}-x.test.ts`)
    expect(ROWS).toHaveLength(78)
    expect(threatTable(good, paths)).toEqual([])
    const spare = paths.filter((path) => !path.includes('/g1-'))
    const g1 = row('G1', '`test/attack/g1-x.test.ts`')
    expect(threatTable(good, spare)).toEqual(['G1 names test/attack/g1-x.test.ts, which does not exist'])
    expect(threatTable(good.replace(g1, ''), spare)).toEqual(['G1 stands in the table 0 times'])
    expect(threatTable(good + g1, paths)).toEqual(['G1 stands in the table 2 times'])
    expect(threatTable(good.replace(g1, row('G1', 'tested')), spare)).toEqual([
      'G1 is answered by neither a test nor a reason: tested',
    ])
    expect(threatTable(good.replace(g1, row('G1', 'not applicable because')), spare)).toHaveLength(1)
    expect(threatTable(good.replace(g1, row('G1', 'not applicable because nobody votes')), spare)).toEqual([])
    expect(threatTable(good.replace(g1, row('G1', 'not yet tested: comes later')), spare)).toEqual([])
    expect(threatTable(good.replace(g1, row('G1', 'not yet tested: comes later')), paths)).toEqual([
      'test/attack/g1-x.test.ts is not in row G1',
    ])
    expect(threatTable(good + row('G22', 'not yet tested: no'), paths)).toEqual(['G22 is no row'])
    expect(threatTable(good, [...paths, 'test/attack/x.test.ts'])).toEqual([
      'test/attack/x.test.ts is not named for a row',
    ])
  })
})
