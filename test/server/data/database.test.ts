// Opening the private database: made once, brought up to date, never shared, never without durability.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'
import { sql } from '#server/data/drizzle.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase, type Database } from '#server/data/database.ts'
import { checkDurability, DURABLE_START, DurableFS } from '#server/data/durable-fs.ts'
import { voter } from '#server/data/schema.ts'
import { ENGINES, temporaryFolder } from './engines.ts'
import { startPostgres, type Cluster } from './postgres.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const MIGRATIONS = 'server/data/migrations'
const refused = (reason: string) => expect.objectContaining({ name: 'DatabaseRefused', reason }) as Error
const row = { process: 'city', roll: 'north', row: 'x', salt: new Uint8Array(32), weight: 1n }
const folder = temporaryFolder()

let cluster: Cluster
beforeAll(async () => (cluster = await startPostgres()))
afterAll(() => cluster.stop())

describe.each(ENGINES)('%s', (engine) => {
  let place: { folder: string; url: string | undefined }
  let db: Database

  beforeAll(async () => {
    place = {
      folder: join(folder, engine),
      url: engine === 'postgresql' ? await cluster.createDatabase() : undefined,
    }
    db = await openDatabase(place)
  })
  afterAll(() => db.close())

  test('keeps what it was given when closed and opened again', async () => {
    expect(db.engine).toBe(engine)
    await db.orm.insert(voter).values(row)
    await db.close()
    db = await openDatabase(place)
    const [found] = await db.orm.select().from(voter)
    expect(found).toMatchObject(row)
    // The salt is plain bytes, the weight a bigint, on both engines.
    expect(found?.salt.constructor).toBe(Uint8Array)
  })

  test('a transaction that fails leaves nothing, and those beside it are not drawn into it', async () => {
    const failing = db.orm.transaction(async (tx) => {
      await tx.insert(voter).values({ ...row, row: 'rolled back' })
      await Promise.resolve()
      throw new Error('changed my mind')
    })
    const beside = db.orm.insert(voter).values({ ...row, row: 'beside' })
    await expect(failing).rejects.toThrow('changed my mind')
    await beside
    const rows = (await db.orm.select({ row: voter.row }).from(voter)).map((found) => found.row)
    expect(rows).toContain('beside')
    expect(rows).not.toContain('rolled back')
  })

  test('an answer of several megabytes arrives whole', async () => {
    const [found] = await db.orm.execute<{ text: string }>(sql`select repeat('comitia', 1000000) as text`)
    expect(found?.text).toHaveLength(7_000_000)
    const long = 'x'.repeat(5_000_000)
    const [sent] = await db.orm.execute<{ size: number }>(sql`select length(${long}) as size`)
    expect(sent?.size).toBe(5_000_000)
  })

  test('the event loop runs on during a long query', async () => {
    let ticks = 0
    const ticking = setInterval(() => ticks++, 5)
    await db.orm.execute(sql`select count(*) from generate_series(1, 3000000)`)
    clearInterval(ticking)
    expect(ticks).toBeGreaterThan(5)
  })

  test('tables of a newer version are refused, and left alone', async () => {
    await db.orm.execute(
      sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 9999999999999)`,
    )
    await db.close()
    await expect(openDatabase(place)).rejects.toThrow(refused('newer'))
    // A refused start has let go of the folder: the next one says the same, not `in use`.
    await expect(openDatabase(place)).rejects.toThrow(refused('newer'))
  })
})

describe('embedded', () => {
  test('a second opening of the folder is refused', async () => {
    const place = { folder: join(folder, 'twice') }
    const db = await openDatabase(place)
    await expect(openDatabase(place)).rejects.toThrow(refused('in use'))
    await db.close()
    await (await openDatabase(place)).close()
  })

  test('what a crash in the middle of the first start has left is made anew', async () => {
    const place = { folder: join(folder, 'half') }
    mkdirSync(join(place.folder, 'database.new'), { recursive: true })
    writeFileSync(join(place.folder, 'database.new', 'PG_VERSION'), '18\n')
    const db = await openDatabase(place)
    expect(await db.orm.$count(voter)).toBe(0)
    await db.close()
    expect(existsSync(join(place.folder, 'database.new'))).toBe(false)
  })

  test('the self-test refuses PGlite as shipped and accepts it with the durable file system', async () => {
    const fail = (reason: string): never => {
      throw new Error(reason)
    }
    const stock = await PGlite.create({ fs: new NodeFS(join(folder, 'stock')) })
    await expect(checkDurability(stock, () => 0)).rejects.toThrow(refused('not durable'))
    await stock.close()
    // With the hook but PGlite's own parameters, fsync is off: the hook alone does not help.
    const half = new DurableFS(join(folder, 'stock'), fail)
    const hooked = await PGlite.create({ fs: half })
    await expect(checkDurability(hooked, () => half.syncs)).rejects.toThrow(refused('not durable'))
    await hooked.close()
    const whole = new DurableFS(join(folder, 'stock'), fail)
    const durable = await PGlite.create({ fs: whole, startParams: DURABLE_START })
    await checkDurability(durable, () => whole.syncs)
    await durable.close()
  })
})

describe('postgresql', () => {
  test('five servers that start on an empty database at once agree on its tables', async () => {
    const url = await cluster.createDatabase()
    const opened = await Promise.all(Array.from({ length: 5 }, () => openDatabase({ folder, url })))
    const [count] = await Promise.all(
      opened.map((db) => db.orm.execute(sql`select count(*)::int as n from drizzle.__drizzle_migrations`)),
    )
    expect(count?.[0]).toEqual({ n: readdirSync(join(root, MIGRATIONS)).length - 1 })
    await Promise.all(opened.map((db) => db.close()))
  })

  test.each(['fsync', 'full_page_writes', 'synchronous_commit'])(
    'a server with %s off is refused',
    async (name) => {
      const careless = await startPostgres([`${name}=off`])
      try {
        const url = await careless.createDatabase()
        await expect(openDatabase({ folder, url })).rejects.toThrow(refused('not durable'))
      } finally {
        await careless.stop()
      }
    },
  )
})

describe('migrations', () => {
  /** Files that drizzle-kit would add to a copy of the committed migrations, for this text of schema.ts. */
  function generate(schema: string, name: string): string[] {
    // In the repository, so that the schema finds its packages.
    const copy = mkdtempSync(join(root, 'node_modules', `.comitia-${name}-`))
    try {
      cpSync(join(root, MIGRATIONS), copy, { recursive: true })
      cpSync(join(root, 'server/data/drizzle.ts'), join(copy, 'drizzle.ts'))
      const before = readdirSync(copy)
      writeFileSync(join(copy, 'schema.ts'), schema)
      const path = relative(root, copy)
      const options = ['--dialect', 'postgresql', '--schema', join(path, 'schema.ts'), '--out', path]
      const program = join(root, 'node_modules', '.bin', 'drizzle-kit')
      const { status, stderr } = spawnSync(program, ['generate', ...options], { cwd: root, encoding: 'utf8' })
      expect([status, stderr]).toEqual([0, ''])
      return readdirSync(copy).filter((file) => ![...before, 'schema.ts'].includes(file))
    } finally {
      rmSync(copy, { recursive: true })
    }
  }

  test('say what the schema says, and a change of the schema asks for another', () => {
    const schema = readFileSync(join(root, 'server/data/schema.ts'), 'utf8')
    expect(generate(schema, 'same')).toEqual([])
    expect(generate(schema.replace('between 1 and 65535', 'between 1 and 9'), 'changed')).toHaveLength(1)
  })
})
