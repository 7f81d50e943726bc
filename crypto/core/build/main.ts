// SPDX-License-Identifier: MIT
// Builds the core where it is missing: generated fields and AssemblyScript sources to one WebAssembly module, kept as it
// is for browsers and as base64 in a TypeScript module for Node. Run by bootstrap.mjs; the same sources give the same bytes.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { compile } from './compile.ts'
import { fingerprint, isBuilt, MODULE, WASM } from './fingerprint.mjs'
import { checkRanges } from './ranges.ts'

if (!isBuilt()) await build()

async function build(): Promise<void> {
  checkRanges()
  const bytes = await compile()
  const text = [
    '// Built by crypto/core/build/main.ts from the sources with this fingerprint.',
    `// ${fingerprint()}`,
    '/** The core as a WebAssembly module, in base64. */',
    `export const MODULE = '${Buffer.from(bytes).toString('base64')}'`,
    '',
  ].join('\n')
  await mkdir(dirname(MODULE), { recursive: true })
  // The one that says that all is built comes last.
  await put(WASM, bytes)
  await put(MODULE, text)
  process.stderr.write(`Built the core: ${bytes.length} bytes.\n`)
}

async function put(file: string, content: string | Uint8Array): Promise<void> {
  const unfinished = `${file}.${process.pid}`
  await writeFile(unfinished, content)
  await rename(unfinished, file)
}
