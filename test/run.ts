// `npm test [-- <vitest filter>]`: packages of the system, the checks of `npm run check`, the circuits' artifacts, the
// web app, all tests; with a filter only the artifacts, the app and the tests it names. Last line: `N passed, N failed`;
// exit code 0 or 1.

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { JsonTestResults } from 'vitest/node'
import { ensureSite } from '#cli/site.ts'
import { countTests } from './count.ts'
import { aptGet, missingPackages } from './system.ts'

const root = join(import.meta.dirname, '..')
const bin = join(root, 'node_modules', '.bin')
const filter = process.argv.slice(2)
const subset = filter.length > 0

let passed = 0
let failed = 0
const failures: string[] = []

if (!subset) {
  const missing = missingPackages()
  step('system packages', missing.length === 0, `missing: ${aptGet(missing)}`)
  const words = check('node', ['cli/words.ts'], 'messages').then(() => check('svelte-kit', ['sync']))
  // The longest check keeps one core busy; on the other is built what tests need, and everything else checked.
  await Promise.all([words.then(() => check('eslint', ['.'])), others(words)])
} else {
  await circuits()
  await site()
}
await vitest()

for (const failure of failures) console.log(`FAILED ${failure}`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** Runs a program, first of all one of node_modules/.bin, as a check: exit code 0 or a failure. What it prints comes
 *  together, for others may run at the same time. */
async function check(program: string, parameters: string[], name = program): Promise<void> {
  const started = Date.now()
  let printed = ''
  const code = await run(program, parameters, (text) => (printed += text))
  console.log(`\n== ${name}\n${printed.trimEnd()}`)
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  step(name, code === 0, `${program} ${parameters.join(' ')} ended with exit code ${code}`, `${seconds} s`)
}

/** Builds what tests need, and checks what has no lane of its own. */
async function others(words: Promise<void>): Promise<void> {
  await circuits()
  await words
  await site()
  await check('svelte-check', ['--tsconfig', 'web/tsconfig.json'])
  await check('tsc', ['--noEmit'])
  await check('prettier', ['--check', '--log-level', 'warn', '.'])
  await check('knip', ['--no-progress'])
}

/** Builds the circuits' artifacts, which takes minutes the first time and says how far it is. */
async function circuits(): Promise<void> {
  console.log('\n== circuits')
  const code = await run('node', ['circuits/build/main.ts'])
  step('circuits', code === 0, `circuits/build/main.ts ended with exit code ${code}`)
}

/** Builds the web app, which browser tests open and `comitia start` hands out. */
async function site(): Promise<void> {
  console.log('\n== web app')
  const problem = await ensureSite(console.log).then(
    () => '',
    (error: unknown) => String(error),
  )
  step('web app', problem === '', problem)
}

async function vitest(): Promise<void> {
  console.log('\n== tests')
  const folder = mkdtempSync(join(tmpdir(), 'comitia-test-'))
  const file = join(folder, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const code = await run('vitest', ['run', ...reporters, ...filter])
    const count = countTests(readReport(file), code, subset)
    passed += count.passed
    failed += count.failed
    failures.push(...count.reasons)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function readReport(file: string): JsonTestResults | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JsonTestResults
  } catch {
    return undefined
  }
}

function step(name: string, ok: boolean, problem: string, time = ''): void {
  if (ok) passed++
  else {
    failed++
    failures.push(`${name}: ${problem}`)
  }
  console.log(`${ok ? 'ok' : 'FAILED'} ${name} ${ok ? time : problem}`)
}

// The pinned Node comes first in PATH, so that every program and its children run on it.
function run(program: string, parameters: string[], print?: (text: string) => void): Promise<number> {
  return new Promise((done, failed) => {
    const env = { ...process.env, PATH: bin + delimiter + (process.env['PATH'] ?? '') }
    const child = spawn(program, parameters, {
      cwd: root,
      env,
      stdio: print === undefined ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => print?.(chunk.toString()))
    child.on('error', failed)
    child.on('close', (code) => done(code ?? 1))
  })
}
