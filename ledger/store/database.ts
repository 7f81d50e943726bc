// The entries on disk (SPEC 7.5): one SQLite table, written ahead and synced at every commit. Its exclusive lock is
// the lock of the data folder: the system drops it with the process, so that a killed server blocks nobody. Nothing
// else in this process may open the file: closing a second descriptor would drop the lock (POSIX).
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { StartRefused } from '#ledger/engine.ts'

/** One stored entry: its index and its bytes. */
export interface Row {
  readonly seq: number
  readonly bytes: Uint8Array
}

// Shows in the file's header that it is ours ("ComL"), and which layout it has.
const APPLICATION_ID = 0x436f6d4c
const LAYOUT = 1
const SQLITE_BUSY = 5

/** The open database. Every method throws what SQLite reports; after that its state is known to nobody. */
export class Database {
  readonly #database: DatabaseSync
  readonly #insert: StatementSync
  readonly #select: StatementSync

  /** Opens or creates the file and locks it until closed; StartRefused `in use` or `damaged`. */
  constructor(path: string) {
    let database: DatabaseSync | undefined
    try {
      database = new DatabaseSync(path, { timeout: 0 })
      this.#database = database
      this.#database.exec('PRAGMA locking_mode = EXCLUSIVE')
      const journal = this.#database.prepare('PRAGMA journal_mode = WAL').get()
      if (journal?.['journal_mode'] !== 'wal') throw new Error('SQLite cannot write ahead here')
      this.#database.exec(
        'PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF',
      )
      this.#prepareLayout()
      this.#insert = this.#database.prepare('INSERT INTO entry (seq, bytes) VALUES (?, ?)')
      this.#select = this.#database.prepare(
        'SELECT seq, bytes FROM entry WHERE seq >= ? AND seq < ? ORDER BY seq',
      )
    } catch (error) {
      database?.close()
      throw refusalOf(error, path)
    }
  }

  /** Stores the entries from index `first` on, all or none; when it returns they are on disk. */
  append(first: number, entries: readonly Uint8Array[]): void {
    this.#database.exec('BEGIN IMMEDIATE')
    entries.forEach((bytes, i) => this.#insert.run(first + i, bytes))
    this.#database.exec('COMMIT')
  }

  /** The rows with from <= seq < to that are there, in order. */
  *rows(from: number, to: number): Generator<Row> {
    for (const { seq, bytes } of this.#select.iterate(from, to)) {
      if (typeof seq !== 'number' || !(bytes instanceof Uint8Array)) throw new Error('not a stored entry')
      yield { seq, bytes }
    }
  }

  /** Writes a copy into a new file. */
  copyTo(path: string): void {
    this.#database.prepare('VACUUM INTO ?').run(path)
  }

  /** Folds the write-ahead file into the database and unlocks it. */
  close(): void {
    this.#database.close()
  }

  /** Creates the table in a new file; in an old one checks that it is ours. Takes the lock in either case. */
  #prepareLayout(): void {
    this.#database.exec('BEGIN EXCLUSIVE')
    const application = this.#database.prepare('PRAGMA application_id').get()?.['application_id']
    const layout = this.#database.prepare('PRAGMA user_version').get()?.['user_version']
    const tables = this.#database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n']
    if (tables === 0) {
      this.#database.exec(
        `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${LAYOUT};
         CREATE TABLE entry (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT`,
      )
    } else if (application !== APPLICATION_ID || layout !== LAYOUT) {
      throw new Error(`not a ledger of layout ${LAYOUT}`)
    }
    this.#database.exec('COMMIT')
  }
}

/** What an error at start means to the person who starts. */
export function refusalOf(error: unknown, path: string): StartRefused {
  if (error instanceof StartRefused) return error
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined
  return code === SQLITE_BUSY
    ? new StartRefused('in use', `${path} is in use: another server runs on this data folder`)
    : new StartRefused('damaged', `${path} cannot be read: ${message}`)
}
