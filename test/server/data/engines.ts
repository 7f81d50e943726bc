// Both engines for tests that must hold on either: fresh databases on PGlite and on a real PostgreSQL.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openDatabase, type Database } from '#server/data/database.ts'
import { startPostgres, type Cluster } from './postgres.ts'

/** The engines by name, for `describe.each`. */
export const ENGINES = ['embedded', 'postgresql'] as const

/** A database of this engine for all tests of a `describe`, gone afterwards. Read it inside tests only. */
export function useDatabase(engine: Database['engine']): { readonly db: Database } {
  let db: Database | undefined
  let cluster: Cluster | undefined
  const folder = temporaryFolder()
  beforeAll(async () => {
    if (engine === 'postgresql') cluster = await startPostgres()
    db = await openDatabase({ folder, url: await cluster?.createDatabase() })
  })
  afterAll(async () => {
    await db?.close()
    await cluster?.stop()
  })
  return {
    get db() {
      if (!db) throw new Error('the database is not open yet')
      return db
    },
  }
}

/** A new folder that is removed after the tests of this `describe`. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'comitia-data-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
