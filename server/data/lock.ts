// One process per folder. PGlite has no lock of its own, and two of them on one folder destroy it. The lock is
// SQLite's exclusive file lock, which the system drops with the process: a killed server blocks nobody.
import { DatabaseSync } from 'node:sqlite'
import { DatabaseRefused } from './refused.ts'

const SQLITE_BUSY = 5

/** Holds the file `path` (made if need be) until `Symbol.dispose`; DatabaseRefused `in use` if somebody else does. */
export function lockFile(path: string): Disposable {
  const file = new DatabaseSync(path, { timeout: 0 })
  try {
    file.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    file.close()
    // The low byte is SQLite's primary result code.
    const busy =
      error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY
    if (busy) throw new DatabaseRefused('in use', `${path} is in use: another server runs on this folder`)
    throw error
  }
  return { [Symbol.dispose]: () => file.close() }
}
