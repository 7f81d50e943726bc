// All tables as lines of JSON and back, the same on both engines: what a backup keeps beside the ledger. The lines say
// of which layout the tables are, and only tables of that layout take them.
import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import * as z from 'zod/mini'
import type { Database } from './database.ts'
import { type SQL, sql } from './drizzle.ts'
import type * as schema from './schema.ts'

/** In an order in which each row's references are there before it. */
export const TABLES = [
  ...(['voter', 'code', 'mail', 'official', 'invitation', 'passkey', 'session'] as const),
  ...(['proposal', 'approval', 'deed', 'lookup', 'ceremony', 'contributor', 'zkey', 'writing'] as const),
  ...(['follower', 'introduction'] as const),
] satisfies readonly (keyof typeof schema)[]

/** Those whose rows name entries. */
const MIRRORS: readonly (typeof TABLES)[number][] = ['voter', 'proposal']

/** Rows that are held in memory at a time. */
const BATCH = 500

const firstLine = z.strictObject({ layout: z.string() })
const tableLine = z.strictObject({ table: z.enum(TABLES), rows: z.int().check(z.gte(0)) })

/**
 * Why such a file cannot be brought into a database. `not-empty`: there are rows in it. `other-layout`: another version of this
 * program wrote them. `damaged`: they are not whole, or name entries that the ledger does not have.
 */
export type LoadRefusal = 'not-empty' | 'other-layout' | 'damaged'

/** Nothing was loaded. */
export class LoadRefused extends Error {
  override readonly name = 'LoadRefused'
  readonly reason: LoadRefusal

  constructor(reason: LoadRefusal, message: string) {
    super(message)
    this.reason = reason
  }
}

type Transaction = Pick<PostgresJsDatabase<typeof schema>, 'execute'>

/**
 * Writes all rows, as they are at one moment, into a new file: a line for the layout, then for each table a line and its
 * rows. Before it runs `besides`, and until it resolves nobody writes to the tables that mirror the ledger: a copy of the
 * ledger that `besides` makes is of the same moment.
 */
export async function dumpTables(db: Database, path: string, besides: () => Promise<void>): Promise<void> {
  const dump = async (tx: Transaction) => {
    // Before anything is read: PostgreSQL fixes what a transaction sees by its first query, which this is not.
    await tx.execute(sql`LOCK TABLE ${named(MIRRORS)} IN SHARE MODE`)
    await besides()
    await writeFile(path, linesOf(tx), { flag: 'wx', mode: 0o600, flush: true })
  }
  await db.orm.transaction(dump, { isolationLevel: 'repeatable read' })
}

/** Lines with their ends, some at a time. */
async function* linesOf(tx: Transaction): AsyncGenerator<string> {
  yield `${JSON.stringify({ layout: await layoutOf(tx) } satisfies z.output<typeof firstLine>)}\n`
  for (const table of TABLES) {
    yield `${JSON.stringify({ table, rows: await countOf(tx, table) } satisfies z.output<typeof tableLine>)}\n`
    await tx.execute(
      sql`DECLARE dump NO SCROLL CURSOR FOR SELECT to_jsonb(t)::text AS line FROM ${named([table])} AS t`,
    )
    for (;;) {
      const rows = await tx.execute<{ line: string }>(sql.raw(`FETCH ${BATCH} FROM dump`))
      yield rows.map(({ line }) => `${line}\n`).join('')
      if (rows.length < BATCH) break
    }
    await tx.execute(sql`CLOSE dump`)
  }
}

/**
 * Brings the rows of such a file into a database without rows, all or nothing; their number by table. Throws LoadRefused.
 * @param entries size of the ledger that belongs to them
 */
export async function loadTables(
  db: Database,
  path: string,
  entries: number,
): Promise<ReadonlyMap<string, number>> {
  return db.orm.transaction(async (tx) => {
    for (const table of TABLES) {
      if ((await countOf(tx, table)) > 0)
        throw new LoadRefused('not-empty', `The database has rows already (table ${table}).`)
    }
    const source = linesIn(path)
    const next = async (): Promise<string> => {
      const item = await source.next()
      if (item.done === true) throw damaged('it breaks off')
      return item.value
    }
    const { layout } = parse(firstLine, await next())
    if (layout !== (await layoutOf(tx)))
      throw new LoadRefused(
        'other-layout',
        'Another version of Comitia made it: restore with that version, then start the newer one on the folder.',
      )
    const loaded = new Map<string, number>()
    for (const expected of TABLES) {
      const { table, rows } = parse(tableLine, await next())
      if (table !== expected) throw damaged(`table ${expected} is missing`)
      for (let at = 0; at < rows; at += BATCH) {
        const batch: string[] = []
        while (batch.length < Math.min(BATCH, rows - at)) batch.push(await next())
        await insert(tx, table, batch)
      }
      if ((await countOf(tx, table)) !== rows) throw damaged(`rows of ${table} are missing`)
      loaded.set(table, rows)
    }
    if ((await source.next()).done !== true) throw damaged('there is more than was announced')
    await continueNumbers(tx)
    await refuseAhead(tx, entries)
    return loaded
  })
}

/** Ends of lines that are no line feed may stand in a text. */
async function* linesIn(path: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(path, 'utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') throw damaged('it breaks off')
}

/** In text, since the driver would encode a JSON parameter once more. A failed query's own words repeat the rows, which are
 *  nobody's to see. */
async function insert(tx: Transaction, table: string, rows: readonly string[]): Promise<void> {
  const name = named([table])
  const query = sql`
    INSERT INTO ${name} OVERRIDING SYSTEM VALUE
    SELECT * FROM jsonb_populate_recordset(NULL::${name}, ${`[${rows.join()}]`}::text::jsonb)`
  try {
    await tx.execute(query)
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    if (cause instanceof Error && 'code' in cause && /^2[23]/.test(String(cause.code)))
      throw damaged(`PostgreSQL refuses rows of ${table} (${String(cause.code)})`)
    throw cause ?? error
  }
}

/** New rows get numbers after the loaded ones. */
async function continueNumbers(tx: Transaction): Promise<void> {
  const columns = await tx.execute<{ table: string; column: string }>(sql`
    SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
    WHERE table_schema = current_schema() AND is_identity = 'YES'`)
  for (const { table, column } of columns) {
    await tx.execute(sql`
      SELECT setval(pg_get_serial_sequence(${table}, ${column}), coalesce(max(${named([column])}), 0) + 1, false)
      FROM ${named([table])}`)
  }
}

/** What says that an entry holds it must have that entry. */
async function refuseAhead(tx: Transaction, entries: number): Promise<void> {
  const [found] = await tx.execute<{ ahead: boolean }>(sql`
    SELECT EXISTS (SELECT FROM voter WHERE entry_index >= ${entries})
        OR EXISTS (SELECT FROM proposal WHERE entry_index >= ${entries}) AS ahead`)
  if (found?.ahead !== false) throw damaged('it is newer than its ledger')
}

/** The migrations that made the tables, by the time of the last. */
async function layoutOf(tx: Transaction): Promise<string> {
  const [last] = await tx.execute<{ time: string }>(
    sql`SELECT max(created_at)::text AS time FROM drizzle.__drizzle_migrations`,
  )
  if (last === undefined) throw new Error('the tables were made by no migration')
  return last.time
}

async function countOf(tx: Transaction, table: string): Promise<number> {
  const [found] = await tx.execute<{ rows: string }>(
    sql`SELECT count(*)::text AS rows FROM ${named([table])}`,
  )
  return Number(found?.rows)
}

function named(names: readonly string[]): SQL {
  return sql.join(
    names.map((name) => sql.identifier(name)),
    sql`, `,
  )
}

function parse<T>(schema: z.ZodMiniType<T>, line: string): T {
  try {
    return schema.parse(JSON.parse(line))
  } catch {
    throw damaged('a line is not what it must be')
  }
}

function damaged(detail: string): LoadRefused {
  return new LoadRefused('damaged', `The copy of the database is damaged: ${detail}.`)
}
