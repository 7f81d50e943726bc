// SPDX-License-Identifier: MIT
// Builds the core where it is missing: generated fields and AssemblyScript sources to one WebAssembly module, kept as
// base64 in a TypeScript module so that Node, Vite and Vitest import the same bytes. Run by bootstrap.mjs; the same
// sources give the same bytes.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { compile } from './compile.ts'
import { fingerprint, isBuilt, MODULE } from './fingerprint.mjs'
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
  const unfinished = `${MODULE}.${process.pid}`
  await writeFile(unfinished, text)
  await rename(unfinished, MODULE)
  process.stderr.write(`Built the core: ${bytes.length} bytes.\n`)
}
