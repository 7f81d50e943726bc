// Brings the tables up to date at every start, from the SQL files in migrations/; the same files on both engines.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sql } from 'postgres'
import { drizzle, migrate } from './drizzle.ts'
import { DatabaseRefused } from './refused.ts'

const FOLDER = join(import.meta.dirname, 'migrations')
// A number that no other program on the same PostgreSQL uses: the ASCII of "comitia".
const LOCK = '27988538405710177'

interface Journal {
  readonly entries: readonly { readonly when: number }[]
}

/** Applies what is missing. `client` has one connection. Several processes may do it at once: they take turns. */
export async function bringUpToDate(client: Sql): Promise<void> {
  await client`SELECT pg_advisory_lock(${LOCK}::bigint)`
  try {
    await refuseNewer(client)
    await migrate(drizzle(client), { migrationsFolder: FOLDER })
  } finally {
    await client`SELECT pg_advisory_unlock(${LOCK}::bigint)`
  }
}

/** An older program must not write into tables whose rules it does not know. */
async function refuseNewer(client: Sql): Promise<void> {
  const [found] = await client`SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS old`
  if (found?.['old'] !== true) return
  const [last] = await client`SELECT max(created_at) AS time FROM drizzle.__drizzle_migrations`
  const { entries } = JSON.parse(readFileSync(join(FOLDER, 'meta', '_journal.json'), 'utf8')) as Journal
  if (Number(last?.['time'] ?? 0) <= Math.max(...entries.map((entry) => entry.when))) return
  throw new DatabaseRefused('newer', 'The database was made by a newer version of Comitia than this one.')
}
