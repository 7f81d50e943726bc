// SPDX-License-Identifier: MIT
// What the built core depends on, as a hash. Plain JavaScript with built-ins of Node 20 only, because bootstrap.mjs
// asks for it before anything else can run.

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..', '..')

/** The built module's place, in base64 and as it is. */
export const MODULE = join(root, '.cache', 'core', 'module.ts')
export const WASM = join(root, '.cache', 'core', 'core.wasm')

/** SHA-256 over the generator, the sources and the pinned packages, in hexadecimal. */
export function fingerprint() {
  const hash = createHash('sha256')
  const add = (path) => {
    const text = readFileSync(join(root, path))
    hash.update(`${path}:${text.length}:`).update(text)
  }
  for (const folder of ['crypto/core/build', 'crypto/core/source'])
    for (const name of readdirSync(join(root, folder)).sort()) add(`${folder}/${name}`)
  add('package-lock.json')
  return hash.digest('hex')
}

/** Whether both were built from just these sources. */
export function isBuilt() {
  try {
    return existsSync(WASM) && readFileSync(MODULE, 'utf8').split('\n')[1] === `// ${fingerprint()}`
  } catch {
    return false
  }
}
