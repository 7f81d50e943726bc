// The house rules hold for this repository, and each rule fails on an invented breach.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  brokenLinks,
  browserReady,
  clockFree,
  drawerNames,
  fileLength,
  folderTree,
  freeVerifier,
  headComments,
  importCycles,
  importDirection,
  importSpelling,
  parseModule,
  trapdoorImports,
  wordsIn,
} from './house.ts'
import { neededPackages } from './system.ts'

// Generated or tabulated constants, which are read as data. Each entry needs a reason beside it.
const TABLES: string[] = []

// Split, so that this file does not name what it forbids.
const FOREIGN_WORDS = [
  ['/wo', 'rk/'],
  ['/ho', 'me/'],
  ['/ro', 'ot/'],
  ['.lib', 'rary'],
  ['sub', 'agent'],
  ['sub-', 'agent'],
  ['claude', ' code'],
  ['anth', 'ropic'],
  ['/tmp/', 'plan'],
].map((parts) => parts.join(''))

// As .gitignore has them.
const IGNORED = [
  ...['.git', 'node_modules', '.cache', 'data'],
  ...['cache', '.lix', '.gitignore', '.meta.json', 'README.md'].map(
    (name) => `web/words/project.inlang/${name}`,
  ),
]

const root = join(import.meta.dirname, '..')
const paths = walk('')
const files = paths
  .filter((path) => !path.startsWith('test/data/') && path !== 'package-lock.json')
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
const sources = files.filter(
  ({ path }) => /\.(ts|mjs|js|svelte|css|circom|sh)$/.test(path) && !path.startsWith('test/vectors/'),
)
const modules = sources
  .filter(({ path }) => /\.(ts|mjs|svelte)$/.test(path))
  .map(({ path, text }) => parseModule(path, text))
const folders = [...new Set(paths.flatMap(parents))].sort()

describe('this repository', () => {
  test('has its modules in view', () => {
    expect(modules.map((module) => module.path)).toContain('test/house.test.ts')
    expect(modules.flatMap((module) => module.imports).length).toBeGreaterThan(20)
  })
  test('imports run down the floors', () => expect(importDirection(modules)).toEqual([]))
  test('imports name their layer', () => expect(importSpelling(modules)).toEqual([]))
  test('imports have no circles', () => expect(importCycles(modules)).toEqual([]))
  test('libraries run in a browser', () => expect(browserReady(modules)).toEqual([]))
  test('the fold knows no clock and no network', () => expect(clockFree(modules)).toEqual([]))
  test('the trapdoor stays in circuits/build and test', () => expect(trapdoorImports(modules)).toEqual([]))
  test('a verifier loads no GPL, and the core is whole', () => expect(freeVerifier(modules)).toEqual([]))
  test('files have at most 400 lines', () => expect(fileLength(sources, TABLES)).toEqual([]))
  test('no drawers', () => expect(drawerNames(paths)).toEqual([]))
  test('each file says what it is', () => expect(headComments(sources)).toEqual([]))
  test("README's tree is the disk", () => {
    const readme = files.find(({ path }) => path === 'README.md')?.text ?? ''
    expect(folderTree(readme, folders)).toEqual([])
  })
  test('links lead somewhere', () => expect(brokenLinks(files, paths)).toEqual([]))
  test('no tool or machine is named', () => expect(wordsIn(files, FOREIGN_WORDS)).toEqual([]))
  test('.ci/run installs the packages that tests need', () => {
    const script = readFileSync(join(root, '.ci/run'), 'utf8')
    const packages = /packages=\((.*)\)/.exec(script)?.[1]?.split(' ') ?? []
    expect(packages.sort()).toEqual(neededPackages().sort())
  })
})

describe('each rule can fail', () => {
  const graph = (source: Record<string, string>) =>
    Object.entries(source).map(([path, text]) => parseModule(path, text))

  test.each([
    ['crypto/a.ts', "import { x } from '#protocol/b.ts'", 'upwards or sideways: #protocol/b.ts'],
    ['protocol/a.ts', "import type { X } from '#tally/b.ts'", 'upwards or sideways: #tally/b.ts'],
    ['ledger/a.ts', "export { x } from '#circuits/b.ts'", 'upwards or sideways: #circuits/b.ts'],
    ['tally/a.ts', "const x = await import('#server/b.ts')", 'upwards or sideways: #server/b.ts'],
    ['tally/a.ts', "let x: import('#server/b.ts').X", 'upwards or sideways: #server/b.ts'],
    [
      'tally/a.ts',
      "new Worker(new URL('../server/b.ts', import.meta.url))",
      'upwards or sideways: ../server/b.ts',
    ],
    ['cli/verify.ts', "import { x } from '#server/b.ts'", 'another program: #server/b.ts'],
    ['cli/verify.ts', "import { type X } from '#server/b.ts'", 'another program: #server/b.ts'],
    ['server/a.ts', "import { x } from '#cli/start.ts'", 'another program: #cli/start.ts'],
  ])('direction: %s with %s', (path, text, problem) => {
    expect(importDirection(graph({ [path]: text }))).toEqual([`${path} imports ${problem}`])
  })
  test.each([
    ['cli/start.ts', "import { x } from '#server/b.ts'"],
    ['cli/restore.ts', "import { x } from '#server/b.ts'"],
    ['web/a.ts', "import type { Api } from '#server/b.ts'"],
    ['tally/a.ts', "import { x } from '#crypto/b.ts'\nimport z from 'zod'\nimport { y } from './c.ts'"],
    ['test/a.test.ts', "import { x } from '#server/b.ts'"],
  ])('direction allows %s with %s', (path, text) =>
    expect(importDirection(graph({ [path]: text }))).toEqual([]),
  )

  test('spelling', () => {
    const text = "import a from '../protocol/a.ts'\nimport b from '../b.ts'\nimport c from '#tally/c.ts'\n"
    expect(importSpelling(graph({ 'tally/count/x.ts': text }))).toEqual([
      'tally/count/x.ts climbs by a path: ../protocol/a.ts',
      'tally/count/x.ts climbs by a path: ../b.ts',
    ])
    expect(importSpelling(graph({ 'tally/x.ts': "import a from '../protocol/a.ts'" }))).toEqual([
      'tally/x.ts leaves its folder by a path: ../protocol/a.ts',
    ])
    expect(importSpelling(graph({ 'server/x.ts': "import a from '../test/a.ts'" }))).toEqual([
      'server/x.ts imports a test: ../test/a.ts',
    ])
    expect(importSpelling(graph({ 'test/tally/x.ts': "import a from '../support/a.ts'" }))).toEqual([])
    const worker = "new Worker(new URL('../store/a.ts', import.meta.url))"
    expect(importSpelling(graph({ 'ledger/engines/x.ts': worker }))).toEqual([])
  })
  test('Svelte components, and files that Vite is asked for', () => {
    const text =
      '<!-- x -->\n<script lang="ts">\n  import url from \'#server/a.ts?worker&url\'\n</script>\n<p>{url}</p>'
    expect(importDirection(graph({ 'web/a.svelte': text }))).toEqual([
      'web/a.svelte imports another program: #server/a.ts?worker&url',
    ])
  })
  test('circles, one through another folder and one of types', () => {
    const long = {
      'tally/a.ts': "import '#crypto/b.ts'",
      'crypto/b.ts': "import './c.ts'",
      'crypto/c.ts': "import '#tally/a.ts'",
    }
    expect(importCycles(graph(long))).toEqual([
      'circle of imports: tally/a.ts > crypto/b.ts > crypto/c.ts > tally/a.ts',
    ])
    const own = { 'crypto/a.ts': "import type { A } from './a.ts'" }
    expect(importCycles(graph(own))).toEqual(['circle of imports: crypto/a.ts > crypto/a.ts'])
    const started = {
      'cli/main.ts': "await import('./simulate.ts')",
      'cli/simulate.ts': "spawn(new URL('./main.ts', import.meta.url))",
    }
    expect(importCycles(graph(started))).toEqual([])
  })
  test('a browser lacks Node', () => {
    const text =
      "import fs from 'node:fs'\nimport path from 'path'\nconst x = Buffer.from('')\nprocess.exit()"
    const names = ['node:fs', 'path', 'Buffer', 'process']
    expect(browserReady(graph({ 'crypto/a.ts': text }))).toEqual(
      names.map((name) => `crypto/a.ts needs Node: ${name}`),
    )
    expect(browserReady(graph({ 'circuits/a.ts': "import 'node:fs'" }))).toHaveLength(1)
    expect(
      browserReady(graph({ 'circuits/build/a.ts': text, 'ledger/store/a.ts': text, 'cli/a.ts': text })),
    ).toEqual([])
    const local =
      'const act = { process: 1 }\nconst { process } = act\nexport const x = [process, act.process]'
    expect(browserReady(graph({ 'protocol/a.ts': local }))).toEqual([])
  })
  test('a clock and a network', () => {
    const text = 'export const now = () => Date.now()\nawait fetch(url)'
    expect(clockFree(graph({ 'tally/a.ts': text, 'server/a.ts': text }))).toEqual([
      'tally/a.ts uses Date',
      'tally/a.ts uses fetch',
    ])
  })
  test('the trapdoor', () => {
    const text = "import { tau } from '#circuits/build/development.ts'"
    const sample = { 'cli/a.ts': text, 'test/a.ts': text, 'circuits/a.ts': "import './build/development.ts'" }
    expect(trapdoorImports(graph({ ...sample, 'circuits/build/a.ts': "import './development.ts'" }))).toEqual(
      ['cli/a.ts imports the trapdoor', 'circuits/a.ts imports the trapdoor'],
    )
  })
  test('a free verifier', () => {
    const sample = {
      'tally/a.ts': "import '#circuits/b.ts'",
      'circuits/b.ts': "import '#poseidon'\nawait import('snarkjs')",
      'circuits/c.ts': "import 'circomlibjs'",
      'crypto/core/poseidon.ts': "import '@noble/curves/misc.js'\nimport '#core/module.ts'",
      'crypto/core/d.ts': "import '#crypto/hash.ts'",
    }
    expect(freeVerifier(graph(sample))).toEqual([
      'a verifier loads snarkjs: tally/a.ts > circuits/b.ts',
      'crypto/core/d.ts needs more than the core: #crypto/hash.ts',
    ])
  })
  test('length', () => {
    const lines = (count: number) => 'x\n'.repeat(count)
    const sample = [
      { path: 'a.ts', text: lines(400) },
      { path: 'b.ts', text: lines(401) },
      { path: 'c.ts', text: lines(999) },
    ]
    expect(fileLength(sample, ['c.ts', 'a.ts'])).toEqual([
      'b.ts has more than 400 lines',
      'a.ts is no long table',
    ])
  })
  test('drawers', () => {
    const bad = ['crypto/utils.ts', 'server/services/mail.ts', 'protocol/types.ts', 'test/helpers.test.ts']
    expect(drawerNames([...bad, 'tally/commonality.ts', 'protocol/typestate.ts'])).toEqual(bad)
  })
  test('head comments', () => {
    const sample = [
      { path: 'a.ts', text: "import 'x'\n// late" },
      { path: 'b.mjs', text: '#!/usr/bin/env node\n// on time' },
      { path: 'c.ts', text: '/** on time */' },
      { path: 'd.svelte', text: '<!-- on time -->' },
    ]
    expect(headComments(sample)).toEqual(['a.ts has no head comment'])
  })
  test('the tree', () => {
    const readme =
      '# X\n\n## Folders\n\n```text\ncrypto/   the group\nledger/   the log\n  store/  SQLite\n```\n'
    expect(folderTree(readme, ['crypto', 'ledger', 'ledger/store'])).toEqual([])
    expect(folderTree(readme, ['crypto', 'ledger', 'tally'])).toEqual([
      'README.md lacks tally/',
      'README.md tells of ledger/store/',
    ])
    expect(folderTree('# X', [])).toEqual(['README.md has no tree under "## Folders"'])
  })
  test('links', () => {
    const text = '[a](b.md#c) [d](../e/) [f](https://g.h/i) ![j](k.svg) [l](#m)'
    expect(brokenLinks([{ path: 'docs/a.md', text }], ['docs/b.md', 'e/x.ts'])).toEqual([
      'docs/a.md links to docs/k.svg, which does not exist',
    ])
  })
  test('words', () => {
    expect(wordsIn([{ path: 'a.md', text: 'See /Opt/Tool.' }], ['/opt/'])).toEqual(['a.md names /opt/'])
  })
})

/** All files of the repository, without what .gitignore and version control keep out. */
function walk(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (IGNORED.includes(path) || /\.log$|\.sqlite/.test(path)) return []
    return entry.isDirectory() ? walk(path) : [path]
  })
}

// The folders above a file; what lies under test/data, test/vectors, and the app's routes and languages is not told in
// the README.
function parents(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  const kept = /^(test\/(data|vectors)|web\/(routes|words))\//.test(path) ? parts.slice(0, 2) : parts
  return kept.map((_, index) => kept.slice(0, index + 1).join('/'))
}
