// Runs a program of this repository under the pinned Node: `node bootstrap.mjs <program> [arguments]`.
// It and the fingerprint it imports must run on whatever Node (20 or newer) the machine has: built-ins only, no types.
// `npm start`, `npm test`, `./comitia` and the other npm scripts all begin here, so a fresh clone needs nothing else.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join, resolve } from 'node:path'
import { isBuilt } from '#crypto/core/build/fingerprint.mjs'

const root = import.meta.dirname ?? fail('Node 20.11 or newer is needed to start. See https://nodejs.org')
const node = join(root, 'node_modules', '.bin', 'node')
const marker = join(root, 'node_modules', '.comitia-lock')
const windows = process.platform === 'win32'

const [program, ...rest] = process.argv.slice(2)
if (program === undefined) fail('usage: node bootstrap.mjs <program> [arguments]')
await install()
await checkNode()
if (!isBuilt() && (await run(node, [join(root, 'crypto/core/build/main.ts')])) !== 0)
  fail('The arithmetic core cannot be built; its message is above.')
process.exitCode = await run(node, [resolve(root, program), ...rest])

/** Runs `npm ci` unless node_modules was installed from this very lock file. Exits 2 if npm fails. */
async function install() {
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(marker) && readFileSync(marker, 'utf8').trim() === hash) return
  console.error('Installing the packages of package-lock.json (npm ci), about a minute the first time.')
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 1000)
  // On a terminal npm draws its own progress; into a file or pipe a line now and then shows that it lives.
  const beat = setInterval(() => {
    if (!process.stderr.isTTY) console.error(`  still installing, ${seconds()} s`)
  }, 10_000)
  const options = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  const code = await run('npm', ['ci', ...options], root)
  clearInterval(beat)
  if (code !== 0) fail(`npm ci failed with exit code ${code}; its message is above.`)
  writeFileSync(marker, `${hash}\n`)
  console.error(`Installed in ${seconds()} s.`)
}

/** Exits 2 with a way to mend it unless node_modules/.bin/node is exactly the version package.json pins. */
async function checkNode() {
  const wanted = `v${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies.node}`
  const found = await new Promise((answer) => {
    let text = ''
    const child = spawn(node, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'], shell: windows })
    child.on('error', () => answer('nothing'))
    child.stdout.on('data', (chunk) => (text += chunk))
    child.on('close', () => answer(text.trim() || 'nothing'))
  })
  if (found === wanted) return
  fail(
    `node_modules/.bin/node should be Node ${wanted}, found ${found}.\n` +
      'The npm package `node` fetches it in its install script; npm may be set to ignore install scripts.\n' +
      'To mend it: npm rebuild node --ignore-scripts=false\n' +
      'If that does not help: remove node_modules and run the command again.',
  )
}

/** Runs a command to its end with our terminal, passes signals on; returns its exit code (128 + n for signal n). */
function run(command, parameters, cwd) {
  return new Promise((done) => {
    // Compiled code is kept from one start to the next, of all programs that are started from here.
    const env = { NODE_COMPILE_CACHE: join(root, '.cache', 'node'), ...process.env }
    const child = spawn(command, parameters, { stdio: 'inherit', cwd, env, shell: windows })
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    const pass = (signal) => {
      // Ctrl-C on a terminal has reached the child already.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    }
    for (const signal of signals) process.on(signal, pass)
    child.on('error', (error) => fail(`cannot run ${command}: ${error.message}`))
    child.on('close', (code, signal) => {
      for (const name of signals) process.off(name, pass)
      done(code ?? 128 + constants.signals[signal])
    })
  })
}

/** Says what is wrong and exits 2: could not run. */
function fail(message) {
  console.error(message)
  process.exit(2)
}
