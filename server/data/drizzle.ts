// drizzle-orm by its CommonJS files. Of the others Node 24 parses a package.json of 180 kB once for each of a hundred
// modules, most of a second of every start; here it does not.
import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)
const core = load('drizzle-orm') as typeof import('drizzle-orm')
const tables = load('drizzle-orm/pg-core') as typeof import('drizzle-orm/pg-core')
const engine = load('drizzle-orm/postgres-js') as typeof import('drizzle-orm/postgres-js')
const migrator = load('drizzle-orm/postgres-js/migrator') as typeof import('drizzle-orm/postgres-js/migrator')

export type { SQL } from 'drizzle-orm'
export type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
export const { and, asc, count, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, lte, ne, or, sql } = core
// One of primaryKey's signatures is deprecated.
// eslint-disable-next-line @typescript-eslint/no-deprecated
export const { bigint, boolean, check, customType, index, pgTable, primaryKey, text, timestamp } = tables
export const { unique, uniqueIndex } = tables
export const { drizzle } = engine
export const { migrate } = migrator
