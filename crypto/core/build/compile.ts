// SPDX-License-Identifier: MIT
// From generated modules and AssemblyScript sources to WebAssembly.
import asc from 'assemblyscript/asc'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { babyjubjubSource } from './babyjubjub.ts'
import { constantsSource } from './constants.ts'
import { dotSource } from './dot.ts'
import { fieldSource } from './field.ts'
import { COORDINATE_FIELD, SCALAR_FIELD } from './moduli.ts'
import { quadraticSource } from './quadratic.ts'

const SOURCES = join(import.meta.dirname, '..', 'source')
/** No runtime, no exceptions, no memory allocator: functions on addresses. */
const OPTIONS = ['-O3', '--runtime', 'stub', '--use', 'abort=', '--lib', '', '--outFile', 'core.wasm']

/** The module's bytes, the same for the same sources. Error with the compiler's words if they do not compile. */
export async function compile(): Promise<Uint8Array> {
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
      return generated.get(name) ?? sourceFile(join(SOURCES, name))
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
