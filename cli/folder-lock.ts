// One program per folder of secrets. The lock is SQLite's exclusive file lock, which the system drops with the process:
// a killed program blocks nobody.
import { DatabaseSync } from 'node:sqlite'
import { Unusable } from './command.ts'

const SQLITE_BUSY = 5

/** Holds the file `path` (made if need be) until disposed of. Throws `Unusable` if another program does. */
export function lockFolder(path: string): Disposable {
  const file = new DatabaseSync(path, { timeout: 0 })
  try {
    file.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    file.close()
    // The low byte is SQLite's primary result code.
    const busy =
      error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY
    if (busy) throw new Unusable(`Another program works on this folder (${path} is locked).`)
    throw error
  }
  return { [Symbol.dispose]: () => file.close() }
}
