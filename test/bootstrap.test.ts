// bootstrap.mjs in a folder of its own, with a stand-in for npm: installs once per lock file, refuses any Node but the
// pinned one and says how to mend it, passes exit codes and signals on.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'comitia-bootstrap-'))
  for (const file of ['bootstrap.mjs', 'package.json', 'package-lock.json'])
    copyFileSync(join(root, file), join(folder, file))
  program('exit', 'process.exit(Number(process.argv[2]))')
  core(true)
})
afterEach(() => rmSync(folder, { recursive: true }))

test('installs once per lock file, then passes arguments and the exit code on', () => {
  npm(`mkdir -p node_modules/.bin && ln -s ${process.execPath} node_modules/.bin/node`)
  expect(run('exit.mjs', '7')).toMatchObject({ status: 7 })
  expect(run('exit.mjs', '0')).toMatchObject({ status: 0, stderr: '' })
  expect(npmCalls()).toBe(1)
  npm('true')
  writeFileSync(join(folder, 'package-lock.json'), '{}')
  expect(run('exit.mjs', '0')).toMatchObject({ status: 0 })
  expect(npmCalls()).toBe(2)
})

test('a failed install ends with 2 and is repeated the next time', () => {
  npm('mkdir -p node_modules && exit 5')
  expect(run('exit.mjs', '0').stderr).toContain('npm ci failed with exit code 5')
  expect(run('exit.mjs', '0').status).toBe(2)
  expect(npmCalls()).toBe(2)
})

test('a missing or another Node ends with 2 and says how to mend it', () => {
  npm('mkdir -p node_modules/.bin')
  const missing = run('exit.mjs', '0')
  expect(missing.status).toBe(2)
  expect(missing.stderr).toContain('found nothing')
  const other = join(folder, 'node_modules/.bin/node')
  writeFileSync(other, '#!/bin/sh\necho v20.20.2\n')
  chmodSync(other, 0o755)
  const old = run('exit.mjs', '0')
  expect(old.status).toBe(2)
  expect(old.stderr).toContain('found v20.20.2')
  expect(old.stderr).toContain('npm rebuild node')
})

test('builds the core where it is missing, and ends with 2 if that fails', () => {
  npm(`mkdir -p node_modules/.bin && ln -s ${process.execPath} node_modules/.bin/node`)
  core(false)
  expect(run('exit.mjs', '7')).toMatchObject({ status: 7, stdout: 'built\n' })
  writeFileSync(join(folder, 'crypto/core/build/main.ts'), 'process.exit(1)')
  expect(run('exit.mjs', '7').status).toBe(2)
})

test('passes signals on and ends as the program ends', async () => {
  npm(`mkdir -p node_modules/.bin && ln -s ${process.execPath} node_modules/.bin/node`)
  program(
    'wait',
    "process.on('SIGTERM', () => process.exit(9)); console.log('ready'); setInterval(() => {}, 1000)",
  )
  const child = spawn(process.execPath, ['bootstrap.mjs', 'wait.mjs'], { cwd: folder, env: environment() })
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect(await once(child, 'close')).toEqual([9, null])
})

test('without a program: usage, exit code 2', () => {
  expect(run()).toMatchObject({ status: 2, stderr: 'usage: node bootstrap.mjs <program> [arguments]\n' })
})

test('the command finds its folder through a link and keeps the working folder', () => {
  npm(`mkdir -p node_modules/.bin && ln -s ${process.execPath} node_modules/.bin/node`)
  copyFileSync(join(root, 'comitia'), join(folder, 'comitia'))
  mkdirSync(join(folder, 'cli'))
  writeFileSync(
    join(folder, 'cli/main.ts'),
    'console.log(process.cwd(), process.argv.slice(2).join() as string)',
  )
  mkdirSync(join(folder, 'elsewhere'))
  symlinkSync('../comitia', join(folder, 'elsewhere/vote'))
  const cwd = join(folder, 'elsewhere')
  const { stdout } = spawnSync(join(cwd, 'vote'), ['verify', 'a b'], {
    cwd,
    env: environment(),
    encoding: 'utf8',
  })
  expect(stdout).toBe(`${cwd} verify,a b\n`)
})

function run(...parameters: string[]) {
  return spawnSync(process.execPath, ['bootstrap.mjs', ...parameters], {
    cwd: folder,
    env: environment(),
    encoding: 'utf8',
  })
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: folder + delimiter + (process.env['PATH'] ?? '') }
}

/** A stand-in for the core's builder. */
function core(built: boolean): void {
  const build = join(folder, 'crypto/core/build')
  mkdirSync(build, { recursive: true })
  writeFileSync(join(build, 'fingerprint.mjs'), `export const isBuilt = () => ${built}`)
  writeFileSync(join(build, 'main.ts'), "console.log('built')")
}

// Writes the stand-in for npm, which notes each call and then does what the script says.
function npm(script: string): void {
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\necho "$@" >> calls\n${script}\n`)
  chmodSync(join(folder, 'npm'), 0o755)
}

function npmCalls(): number {
  const file = join(folder, 'calls')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0
}

function program(name: string, text: string): void {
  writeFileSync(join(folder, `${name}.mjs`), `${text}\n`)
}
