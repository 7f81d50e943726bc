// The tables as lines and back, on both engines and from one to the other: what a backup keeps of the database.
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Database } from '#server/data/database.ts'
import { dumpTables, type LoadRefusal, loadTables, TABLES } from '#server/data/dump.ts'
import { sql } from '#server/data/drizzle.ts'
import { claim, confirm, countRows, importVoters, pending } from '#server/data/register.ts'
import { deed, lookup, official, proposal } from '#server/data/schema.ts'
import { temporaryFolder, useDatabase } from './engines.ts'

/** More than are read or written at a time. */
const ROWS = 1200
/** The last entry that a row of `fill` names. */
const LATEST = 2 ** 52
const folder = temporaryFolder()
const SOUTH = { process: 'city', roll: 'south' }

let files = 0
const newFile = (): string => join(folder, `${++files}.jsonl`)

const linesIn = (path: string): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1)

const linesOf = async (db: Database): Promise<string[]> => {
  const path = newFile()
  await dumpTables(db, path, () => Promise.resolve())
  return linesIn(path)
}

async function fill(db: Database): Promise<void> {
  const rows = Array.from({ length: ROWS }, (_, i) => ({ row: `Ä "${i}"\\`, weight: 1n }))
  const codes = await importVoters(db, { process: 'city', roll: 'north', rows })
  for (const { code } of codes.slice(0, 3)) await claim(db, { code, commitment: randomBytes(32) })
  const [first, second] = await pending(db)
  await confirm(db, [first?.id ?? 0n], 7n)
  await confirm(db, [second?.id ?? 0n], BigInt(LATEST))
  const now = new Date('2026-11-22T06:07:08.123Z')
  await db.orm.insert(official).values({ id: 'ada', name: 'Ada', role: 'owner', createdAt: now })
  await db.orm.insert(proposal).values({
    ...{ process: 'city', stateCounter: 3, expiry: now.getTime(), act: randomBytes(40), proposer: 'ada' },
    ...{ reason: 'line\none\u2028two', createdAt: now },
  })
  await db.orm.insert(deed).values({ at: now, officialId: 'ada', what: 'joined', detail: '' })
  await db.orm
    .insert(lookup)
    .values({ at: now, officialId: 'ada', ...SOUTH, row: '1', reason: 'They asked.' })
}

describe('lines of all tables', () => {
  const [embedded, server] = [useDatabase('embedded'), useDatabase('postgresql')]
  const load = (lines: readonly string[], entries = Number.MAX_SAFE_INTEGER) => {
    const path = newFile()
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''))
    return loadTables(server.db, path, entries)
  }
  let lines: string[]

  test('name every table there is', async () => {
    await fill(embedded.db)
    lines = await linesOf(embedded.db)
    const tables = await embedded.db.orm.execute<{ name: string }>(
      sql`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    )
    expect(tables.map(({ name }) => name).sort()).toEqual([...TABLES].sort())
  })

  test.each<[string, LoadRefusal, () => Promise<unknown>]>([
    ['cut short', 'damaged', () => load(lines.slice(0, -1))],
    ['without their first rows', 'damaged', () => load(lines.toSpliced(2, 1))],
    ['with a line more', 'damaged', () => load([...lines, '{}'])],
    ['ahead of the ledger', 'damaged', () => load(lines, LATEST)],
    ['of other tables', 'other-layout', () => load(['{"layout":"1"}', ...lines.slice(1)])],
  ])('%s are refused (%s), and nothing is loaded', async (_, reason, loading) => {
    await expect(loading()).rejects.toMatchObject({ name: 'LoadRefused', reason })
    expect(await countRows(server.db)).toEqual([])
  })

  test('come back as they were, from PGlite to PostgreSQL, and new rows get new numbers', async () => {
    expect((await load(lines)).get('voter')).toBe(ROWS)
    expect((await linesOf(server.db)).toSorted()).toEqual(lines.toSorted())
    const [more] = await importVoters(server.db, { ...SOUTH, rows: [{ row: 'new', weight: 2n }] })
    await claim(server.db, { code: more?.code ?? '', commitment: randomBytes(32) })
    await expect(load(lines)).rejects.toMatchObject({ name: 'LoadRefused', reason: 'not-empty' })
  })

  test('are of one moment: a claim waits until what belongs to them is copied too', async () => {
    const [issued] = await importVoters(server.db, { ...SOUTH, rows: [{ row: 'late', weight: 1n }] })
    let claimed: Promise<unknown> | undefined
    const path = newFile()
    await dumpTables(server.db, path, async () => {
      let done = false
      claimed = claim(server.db, { code: issued?.code ?? '', commitment: randomBytes(32) })
      void claimed.then(() => (done = true))
      const waits = sql`SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted`
      await expect
        .poll(async () => [done, (await server.db.orm.execute(waits))[0]])
        .toEqual([false, { n: 1 }])
    })
    await claimed
    const claims = (all: readonly string[]) => all.filter((line) => /"commitment": "/.test(line)).length
    expect(claims(await linesOf(server.db))).toBe(claims(linesIn(path)) + 1)
  })
})
