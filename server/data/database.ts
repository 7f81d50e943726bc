// The application's private data: drizzle on PostgreSQL's dialect. Embedded (PGlite) unless DATABASE_URL names a server.
// Nothing in it is the truth about an election: that is the ledger.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import postgres, { type Options, type Sql } from 'postgres'
import { drizzle, type PostgresJsDatabase } from './drizzle.ts'
import { startEmbedded } from './embedded.ts'
import { lockFile } from '#ledger/store/lock.ts'
import { bringUpToDate } from './migrate.ts'
import { DatabaseRefused } from './refused.ts'
import * as schema from './schema.ts'

/** An open database whose tables are up to date. */
export interface Database {
  readonly engine: 'embedded' | 'postgresql'
  /**
   * Queries and transactions. The embedded engine has one connection: inside `orm.transaction` use only the
   * transaction it gives, and wait for nothing but the database, for all others wait.
   */
  readonly orm: PostgresJsDatabase<typeof schema>
  /** Resolves when the embedded database has failed for good: every query rejects, the process must stop. */
  readonly failed: Promise<Error>
  /** Waits for the queries under way, then lets go of everything. */
  close(): Promise<void>
}

/** Where the data is: a data folder for the embedded engine, or a PostgreSQL server if `url` is given. */
export interface Place {
  readonly folder: string
  readonly url?: string | undefined
}

// Quiet about "table exists, skipping".
const OPTIONS: Options<Record<string, never>> = { onnotice: () => undefined }

/** Opens the database, made on first use. When a query resolves, what it wrote is on disk. Throws DatabaseRefused. */
export async function openDatabase({ folder, url }: Place): Promise<Database> {
  return url === undefined ? openEmbedded(folder) : openServer(url)
}

async function openEmbedded(folder: string): Promise<Database> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  using starting = new DisposableStack()
  const lock = lockFile(join(folder, 'database.lock'))
  if (lock === undefined)
    throw new DatabaseRefused('in use', `${folder} is in use: another server runs on this folder`)
  starting.use(lock)
  const embedded = await startEmbedded(join(folder, 'database'))
  const connect = { socket: () => embedded.connect(), user: 'postgres', database: 'postgres' }
  const client = postgres({ ...OPTIONS, ...connect, max: 1, max_lifetime: null })
  const close = async () => {
    await client.end()
    await embedded.close()
  }
  try {
    await bringUpToDate(client)
  } catch (error) {
    await close()
    throw error
  }
  const held = starting.move()
  return {
    engine: 'embedded',
    orm: drizzle(client, { schema }),
    failed: embedded.failed,
    async close() {
      await close()
      held.dispose()
    },
  }
}

async function openServer(url: string): Promise<Database> {
  const first = postgres(url, { ...OPTIONS, max: 1 })
  try {
    await refuseVolatile(first)
    await bringUpToDate(first)
  } finally {
    await first.end()
  }
  const client = postgres(url, OPTIONS)
  return {
    engine: 'postgresql',
    orm: drizzle(client, { schema }),
    // A lost connection is not the end: the driver opens another.
    failed: new Promise(() => undefined),
    close: () => client.end(),
  }
}

/** A server that forgets in a power cut is refused. */
async function refuseVolatile(client: Sql): Promise<void> {
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    const [row] = await client`SELECT current_setting(${setting}) AS value`
    if (row?.['value'] !== 'off') continue
    throw new DatabaseRefused(
      'not durable',
      `The PostgreSQL server runs with ${setting} = off: switch it on.`,
    )
  }
}
