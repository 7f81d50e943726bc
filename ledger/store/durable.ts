// Small files that survive a power cut (SPEC 7.5): either the old content or the new, never a part.
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Replaces the file; when it returns, the new content is on disk under that name. `mode` as in chmod. */
export function writeDurably(path: string, text: string, mode: number): void {
  const next = `${path}.new`
  const file = openSync(next, 'w', mode)
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(next, path)
  syncPath(dirname(path))
}

/** Waits until a file's content, or a folder's list of names, is on disk. */
export function syncPath(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** The file's text (UTF-8), or undefined if there is no such file. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
