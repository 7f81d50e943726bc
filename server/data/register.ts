// The electoral register beside the ledger (SPEC 4.4): who may register, with which code, and what they have claimed.
// The ledger stays the truth. A claim is first pending here, then appended there, then confirmed here; after a crash
// the server appends what `pending` lists, unless the replayed ledger holds it already.
import { randomBytes } from 'node:crypto'
import { setImmediate as immediate } from 'node:timers/promises'
import { concat, equalBytes, toHex } from '#crypto/encoding.ts'
import { hashToBytes } from '#crypto/hash.ts'
import { parseCode } from '#protocol/registration-code.ts'
import { hashCode, makeCode } from './code.ts'
import type { Database } from './database.ts'
import { and, count, desc, eq, inArray, isNotNull, isNull, or, sql, type SQL } from './drizzle.ts'
import * as schema from './schema.ts'

const { voter } = schema
// Rows of an import that are taken in one go, between which the event loop gets its turn.
const BATCH = 500
const MAX_WEIGHT = 65_535n
/** Most rows of one import: a roll of 12 levels holds no more (SPEC 4.2). */
const MAX_ROWS = 4 ** 12

/** A line of the register: its own identifier of the row, how much the vote weighs, 1 to 65,535, where its person gets
 *  mail in which language, and how they are known where they sign in. */
export interface RegisterRow {
  readonly row: string
  readonly weight: bigint
  readonly address?: string | undefined
  readonly language?: Language | undefined
  /** What an identity provider says of its person, and of nobody else. */
  readonly identity?: string | undefined
}

export type Language = (typeof schema.LANGUAGES)[number]

/** A code and whom it is for. Shown once; only a hash is kept. */
export interface IssuedCode {
  readonly row: string
  readonly code: string
}

/** What the holder of a code may see of their row. */
export interface Registration {
  readonly id: bigint
  readonly process: string
  readonly roll: string
  readonly row: string
  readonly weight: bigint
  /** With `row` it opens `rowHash` (32 bytes). */
  readonly salt: Uint8Array
  /** The row on the ledger: 32 bytes. */
  readonly rowHash: Uint8Array
  /** The claimed commitment, if any, and the index of the ledger entry that holds it, if any does yet. */
  readonly commitment: Uint8Array | undefined
  readonly entryIndex: bigint | undefined
}

/** A registration whose row has been claimed. */
export interface Claim extends Registration {
  readonly commitment: Uint8Array
}

/** What entitles somebody to register for a row: a code for it, or to have signed in as its person. */
export type Entitlement = { readonly code: string } | { readonly id: bigint }

/** Why the register refuses. An unknown code and a malformed one are told apart by nobody. */
export type RegisterRefusalCode =
  | 'row-malformed'
  | 'row-duplicate'
  | 'weight-invalid'
  | 'address-invalid'
  | 'language-unknown'
  | 'too-many-rows'
  | 'row-unknown'
  | 'row-registered'
  | 'code-unknown'
  | 'code-used'
  | 'commitment-taken'
  | 'identity-taken'
  | 'identity-unknown'
  | 'identity-registered'

/** A roll and its process. */
export interface RollName {
  readonly process: string
  readonly roll: string
}

/** Their fault, not ours. `line` counts the rows of an import from 1. */
export class RegisterRefusal extends Error {
  override readonly name = 'RegisterRefusal'
  readonly code: RegisterRefusalCode
  readonly line: number | undefined

  constructor(code: RegisterRefusalCode, line?: number) {
    super(line === undefined ? code : `${code} in row ${line}`)
    this.code = code
    this.line = line
  }
}

/** Whether a code was guessed, or mistyped beyond what its check digits mend. */
export function isUnknownCode(error: unknown): boolean {
  return error instanceof RegisterRefusal && error.code === 'code-unknown'
}

/**
 * Adds the rows to a roll's register, all or none, and returns a code for each, in order. Goes through them twice, and has
 * checked all before the database sees the first. RegisterRefusal with the line: `row-malformed` (not 1
 * to 200 printable characters in NFC without blanks at the ends), `row-duplicate`, `identity-taken`, `weight-invalid`,
 * `address-invalid`, `too-many-rows`.
 * @param list `allowed` throws where the list may no longer be brought in, when all its rows are
 */
export async function importVoters(
  db: Database,
  { process, roll, rows, allowed }: RollName & { rows: Iterable<RegisterRow>; allowed?: () => void },
): Promise<IssuedCode[]> {
  await checkRows(rows)
  const issued: IssuedCode[] = []
  await db.orm.transaction(async (tx) => {
    for (const batch of batchesOf(rows)) {
      const inserted = await tx.execute<{ row: string }>(insertion(process, roll, batch))
      if (inserted.length === batch.length) {
        for (const { row, code } of batch) issued.push({ row, code })
        continue
      }
      const added = new Set(inserted.map(({ row }) => row))
      const at = batch.findIndex(({ row }) => !added.has(row))
      const own = and(eq(voter.process, process), eq(voter.roll, roll), eq(voter.row, batch[at]?.row ?? ''))
      const [known] = await tx.select({ id: voter.id }).from(voter).where(own)
      throw new RegisterRefusal(
        known === undefined ? 'identity-taken' : 'row-duplicate',
        issued.length + 1 + at,
      )
    }
    allowed?.()
  })
  return issued
}

/** How many rows each roll has, and how many of them are claimed. */
export async function countRows(
  db: Database,
): Promise<{ process: string; roll: string; rows: number; registered: number }[]> {
  const { process, roll, commitment } = voter
  return db.orm
    .select({ process, roll, rows: count(), registered: count(commitment) })
    .from(voter)
    .groupBy(process, roll)
    .orderBy(process, roll)
}

/**
 * Another code for a row whose person has not registered. The one before it stays valid, so that a letter or mail that
 * arrives late still serves; older ones end. RegisterRefusal `row-unknown`, `row-registered`.
 */
export async function issueCode(
  db: Database,
  { process, roll, row }: { process: string; roll: string; row: string },
): Promise<string> {
  const code = makeCode()
  await db.orm.transaction(async (tx) => {
    const [found] = await tx
      .select({ id: voter.id, commitment: voter.commitment })
      .from(voter)
      .where(and(eq(voter.process, process), eq(voter.roll, roll), eq(voter.row, row)))
      .for('update')
    if (!found) throw new RegisterRefusal('row-unknown')
    if (found.commitment) throw new RegisterRefusal('row-registered')
    const older = await tx
      .select({ id: schema.code.id })
      .from(schema.code)
      .where(eq(schema.code.voterId, found.id))
      .orderBy(desc(schema.code.id))
      .offset(1)
    const ids = older.map(({ id }) => id)
    if (ids.length > 0) await tx.delete(schema.code).where(inArray(schema.code.id, ids))
    await tx.insert(schema.code).values({ voterId: found.id, hash: hashCode(code) })
  })
  return code
}

/** Ends a code, because nobody can have got it. */
export async function withdrawCode(db: Database, code: string): Promise<void> {
  await db.orm.delete(schema.code).where(eq(schema.code.hash, hashCode(code)))
}

/** The row that a code is for, however the code was typed, or that somebody has signed in for. RegisterRefusal
 *  `code-unknown`, `identity-unknown`. */
export async function registration(db: Database, by: Entitlement): Promise<Registration> {
  return registrationOf(db, by, rowFor(by))
}

/**
 * Binds the commitment (32 bytes) to the row, once and for all; durable when it resolves. The same commitment again,
 * with any code of the row, gives the same answer. RegisterRefusal `code-unknown`, `identity-unknown`, `code-used` and
 * `identity-registered` (the row has another commitment), `commitment-taken` (another row of the roll has this one).
 */
export async function claim(
  db: Database,
  { commitment, ...by }: Entitlement & { readonly commitment: Uint8Array },
): Promise<Claim> {
  if (commitment.length !== 32) throw new Error('a commitment is 32 bytes')
  const own = rowFor(by)
  try {
    // One statement: of parallel claims on a row the first sets it, the others find it set.
    await db.orm
      .update(voter)
      .set({ commitment, registeredAt: sql`now()` })
      .where(and(own, isNull(voter.commitment)))
  } catch (error) {
    if (violates(error, 'voter_commitment')) throw new RegisterRefusal('commitment-taken')
    throw error
  }
  const found = await registrationOf(db, by, own)
  if (found.commitment === undefined) throw new Error('a claim was neither stored nor refused')
  if (!equalBytes(found.commitment, commitment))
    throw new RegisterRefusal('code' in by ? 'code-used' : 'identity-registered')
  return { ...found, commitment: found.commitment }
}

/**
 * Notes that the ledger entry at `entryIndex` holds these claims (ids of at most 10,000 rows). All or none; again with
 * the same index changes nothing. An Error if a row is not claimed or another entry holds it: that is our fault.
 */
export async function confirm(db: Database, ids: readonly bigint[], entryIndex: bigint): Promise<void> {
  if (ids.length === 0) return
  await db.orm.transaction(async (tx) => {
    const confirmed = await tx
      .update(voter)
      .set({ entryIndex })
      .where(
        and(
          inArray(voter.id, [...ids]),
          isNotNull(voter.commitment),
          or(isNull(voter.entryIndex), eq(voter.entryIndex, entryIndex)),
        ),
      )
      .returning({ id: voter.id })
    if (confirmed.length !== new Set(ids).size) {
      throw new Error(`entry ${entryIndex.toString()} cannot hold all of these claims`)
    }
  })
}

/** Claims that no ledger entry is known to hold, oldest row first, at most `limit`. */
export async function pending(db: Database, limit = 10_000): Promise<Claim[]> {
  const rows = await db.orm
    .select()
    .from(voter)
    .where(and(isNotNull(voter.commitment), isNull(voter.entryIndex)))
    .orderBy(voter.id)
    .limit(limit)
  return rows.map((row) => {
    const shown = show(row)
    if (shown.commitment === undefined) throw new Error('a pending claim without a commitment')
    return { ...shown, commitment: shown.commitment }
  })
}

/** A row on the ledger (SPEC 4.4): hash of its salt (32 bytes) and its identifier in UTF-8; 32 bytes. */
export function hashRow(salt: Uint8Array, row: string): Uint8Array {
  return hashToBytes('register-row', concat(salt, new TextEncoder().encode(row)), 32)
}

/** An identity as it is compared, for which case in mail addresses makes no difference; undefined if it is none (as a row). */
export function foldIdentity(text: string): string | undefined {
  if (!isIdentifier(text)) return undefined
  return isAddress(text) ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text
}

/** How many rows there are, of which nothing is stored. RegisterRefusal as of an import, but for what the register has. */
export async function checkRows(rows: Iterable<RegisterRow>): Promise<number> {
  const seen = new Set<string>()
  const identities = new Set<string>()
  for (const { row, weight, address, identity: said } of rows) {
    const line = seen.size + 1
    if (line > MAX_ROWS) throw new RegisterRefusal('too-many-rows', line)
    if (!isIdentifier(row)) throw new RegisterRefusal('row-malformed', line)
    if (weight < 1n || weight > MAX_WEIGHT) throw new RegisterRefusal('weight-invalid', line)
    if (address !== undefined && !isAddress(address)) throw new RegisterRefusal('address-invalid', line)
    if (seen.has(row)) throw new RegisterRefusal('row-duplicate', line)
    const identity = said === undefined ? undefined : foldIdentity(said)
    if (identity === undefined && said !== undefined) throw new RegisterRefusal('row-malformed', line)
    if (identity !== undefined && identities.has(identity)) throw new RegisterRefusal('identity-taken', line)
    if (line % BATCH === 0) await immediate()
    seen.add(row)
    if (identity !== undefined) identities.add(identity)
  }
  return seen.size
}

interface ImportEntry extends RegisterRow {
  readonly code: string
}

/** Rows that were checked, each with a fresh code. */
function* batchesOf(rows: Iterable<RegisterRow>): Generator<ImportEntry[]> {
  let batch: ImportEntry[] = []
  for (const { identity, ...row } of rows) {
    batch.push({ ...row, identity: identity && foldIdentity(identity), code: makeCode() })
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** Whether mail can be sent there, as far as its form says. */
export function isAddress(text: string): boolean {
  return (
    text.length <= 254 &&
    /^[^\s\p{C}"(),:;<>@[\\\]]{1,64}@[\p{L}\p{N}]([\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u.test(text)
  )
}

/** Inserts rows with their codes, and returns the rows that were not there. Arrays cost a tenth of as many parameters. */
function insertion(process: string, roll: string, batch: readonly ImportEntry[]): SQL {
  const list = (item: (entry: ImportEntry) => string | null) => sql.param(batch.map(item))
  return sql`
    WITH input AS (
      SELECT * FROM unnest(
        ${list(({ row }) => row)}::text[],
        ${list(({ weight }) => weight.toString())}::bigint[],
        ${list(() => randomBytes(32).toString('hex'))}::text[],
        ${list(({ code }) => toHex(hashCode(code)))}::text[],
        ${list(({ address }) => address ?? null)}::text[],
        ${list(({ language }) => language ?? null)}::text[],
        ${list(({ identity }) => identity ?? null)}::text[]
      ) AS input ("row", weight, salt, hash, address, language, identity)
    ), inserted AS (
      INSERT INTO voter (process, roll, "row", weight, salt, address, language, identity)
      SELECT ${process}, ${roll}, "row", weight, decode(salt, 'hex'), address, language, identity FROM input
      ON CONFLICT DO NOTHING
      RETURNING id, "row"
    ), issued AS (
      INSERT INTO code (voter_id, hash)
      SELECT id, decode(hash, 'hex') FROM inserted JOIN input USING ("row")
    )
    SELECT "row" FROM inserted`
}

// One spelling only, so that no person is in the register twice by an invisible difference.
function isIdentifier(row: string): boolean {
  return /^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u.test(row) && row === row.trim() && row === row.normalize('NFC')
}

/** A malformed code is looked up too, under a hash that nothing has: it takes as long and answers the same. */
function storedHash(code: string): Uint8Array {
  return hashCode(parseCode(code) ?? makeCode())
}

/** Which row somebody is entitled to. */
function rowFor(by: Entitlement): SQL {
  const { code } = schema
  return 'id' in by
    ? eq(voter.id, by.id)
    : sql`${voter.id} = (SELECT ${code.voterId} FROM ${code} WHERE ${eq(code.hash, storedHash(by.code))})`
}

async function registrationOf(db: Database, by: Entitlement, own: SQL): Promise<Registration> {
  const [found] = await db.orm.select().from(voter).where(own)
  if (!found) throw new RegisterRefusal('code' in by ? 'code-unknown' : 'identity-unknown')
  return show(found)
}

function show(found: typeof voter.$inferSelect): Registration {
  const { id, process, roll, row, weight, salt } = found
  const rowHash = hashRow(salt, row)
  const commitment = found.commitment ?? undefined
  return {
    id,
    process,
    roll,
    row,
    weight,
    salt,
    rowHash,
    commitment,
    entryIndex: found.entryIndex ?? undefined,
  }
}

/** Whether PostgreSQL has refused a query because of this unique constraint (SQLSTATE 23505). */
function violates(error: unknown, constraint: string): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  if (!(cause instanceof Error) || !('code' in cause) || !('constraint_name' in cause)) return false
  return cause.code === '23505' && cause.constraint_name === constraint
}
