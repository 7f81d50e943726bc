// SPDX-License-Identifier: MIT
// Builds the core where it is missing: generated fields and AssemblyScript sources to one WebAssembly module, kept as
// base64 in a TypeScript module so that Node, Vite and Vitest import the same bytes. Run by bootstrap.mjs; the same
// sources give the same bytes.
import asc from 'assemblyscript/asc'
import { readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { babyjubjubSource } from './babyjubjub.ts'
import { dotSource } from './dot.ts'
import { constantsSource } from './constants.ts'
import { fieldSource } from './field.ts'
import { fingerprint, isBuilt, MODULE } from './fingerprint.mjs'
import { quadraticSource } from './quadratic.ts'
import { checkRanges } from './ranges.ts'
import { COORDINATE_FIELD, SCALAR_FIELD } from './moduli.ts'

/** No runtime, no exceptions, no memory allocator: functions on addresses. */
const OPTIONS = ['-O3', '--runtime', 'stub', '--use', 'abort=', '--lib', '', '--outFile', 'core.wasm']

if (!isBuilt()) await build()

async function build(): Promise<void> {
  checkRanges()
  const bytes = await compile(join(import.meta.dirname, '..', 'source'))
  const text = [
    '// Built by crypto/core/build/main.ts from the sources with this fingerprint.',
    `// ${fingerprint()}`,
    '/** The core as a WebAssembly module, in base64. */',
    `export const MODULE = '${Buffer.from(bytes).toString('base64')}'`,
    '',
  ].join('\n')
  await mkdir(dirname(MODULE), { recursive: true })
  const unfinished = `${MODULE}.${process.pid}`
  await writeFile(unfinished, text)
  await rename(unfinished, MODULE)
  process.stderr.write(`Built the core: ${bytes.length} bytes.\n`)
}

async function compile(folder: string): Promise<Uint8Array> {
  const generated = new Map([
    ['fp.ts', fieldSource(COORDINATE_FIELD)],
    ['fr.ts', fieldSource(SCALAR_FIELD)],
    ['constants.ts', constantsSource()],
    ['quadratic.ts', quadraticSource(COORDINATE_FIELD)],
    ['fr-dot.ts', dotSource(SCALAR_FIELD)],
    ['babyjubjub-constants.ts', babyjubjubSource()],
  ])
  let binary: Uint8Array | undefined
  let diagnosis = ''
  const { error } = await asc.main(['core.ts', ...OPTIONS], {
    readFile(asked) {
      // The compiler adds its own ending to the one that the rest of this repository writes.
      const name = asked.replace(/\.ts\.ts$/, '.ts')
      return generated.get(name) ?? sourceFile(join(folder, name))
    },
    writeFile: (name, contents) => {
      if (name === 'core.wasm' && typeof contents !== 'string') binary = contents
    },
    listFiles: () => [],
    stderr: { write: (text) => void (diagnosis += String(text)) },
  })
  if (error !== null || binary === undefined) throw new Error(`the core does not compile\n${diagnosis}`)
  return binary
}

function sourceFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
