// One process per folder. The lock is SQLite's exclusive file lock, which the system drops with the process: a killed
// program blocks nobody.
import { DatabaseSync } from 'node:sqlite'

const SQLITE_BUSY = 5

/** Holds the file `path` (made if need be) until disposed of; undefined if another process does. */
export function lockFile(path: string): Disposable | undefined {
  const file = new DatabaseSync(path, { timeout: 0 })
  try {
    file.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    file.close()
    // The low byte is SQLite's primary result code.
    const busy =
      error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY
    if (busy) return undefined
    throw error
  }
  return { [Symbol.dispose]: () => file.close() }
}
