// Tables of the application's private data, the same on PGlite and PostgreSQL. After a change:
// `npx drizzle-kit generate --dialect postgresql --schema server/data/schema.ts --out server/data/migrations`
import { sql } from 'drizzle-orm'
import { bigint, check, customType, index, pgTable, text, timestamp, unique } from 'drizzle-orm/pg-core'

const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  fromDriver: (value) => new Uint8Array(value),
  toDriver: (value) => Buffer.from(value),
})

/** One row of an electoral register, and the credential its person has registered. */
export const voter = pgTable(
  'voter',
  {
    id: bigint({ mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    /** Names of the process and of its roll, as on the ledger. */
    process: text().notNull(),
    roll: text().notNull(),
    /** The register's own identifier of the row. Private: only its salted hash goes to the ledger. */
    row: text().notNull(),
    /** 32 random bytes; makes the row's hash on the ledger unguessable. */
    salt: bytes().notNull(),
    /** 1 to 65,535. */
    weight: bigint({ mode: 'bigint' }).notNull(),
    /** The credential's commitment (SPEC 4.1), 32 bytes, from the moment its person claims the row. */
    commitment: bytes(),
    registeredAt: timestamp('registered_at', { withTimezone: true }),
    /** Index of the ledger entry that holds the commitment; null while that is pending. */
    entryIndex: bigint('entry_index', { mode: 'bigint' }),
  },
  (table) => [
    unique('voter_row').on(table.process, table.roll, table.row),
    unique('voter_commitment').on(table.process, table.roll, table.commitment),
    index('voter_pending')
      .on(table.id)
      .where(sql`${table.commitment} is not null and ${table.entryIndex} is null`),
    check('voter_salt', sql`octet_length(${table.salt}) = 32`),
    check('voter_weight', sql`${table.weight} between 1 and 65535`),
    check('voter_commitment_length', sql`octet_length(${table.commitment}) = 32`),
    check('voter_registered', sql`(${table.commitment} is null) = (${table.registeredAt} is null)`),
    check('voter_entry', sql`${table.entryIndex} is null or ${table.commitment} is not null`),
  ],
)

/** A one-time registration code that was issued for a row: its hash only. At most two for a row. */
export const code = pgTable(
  'code',
  {
    id: bigint({ mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    voterId: bigint('voter_id', { mode: 'bigint' })
      .notNull()
      .references(() => voter.id, { onDelete: 'cascade' }),
    hash: bytes().notNull(),
    issuedAt: timestamp('issued_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    unique('code_hash').on(table.hash),
    index('code_voter').on(table.voterId),
    check('code_hash_length', sql`octet_length(${table.hash}) = 32`),
  ],
)
