// Rows of the register whose credentials leave a roll (SPEC 4.4): found for officials, and settled once the ledger says so.
// Each step can be taken again, so that a crash between ledger and register loses nothing.
import type { Database } from './database.ts'
import { and, eq, inArray, isNotNull, isNull, type SQL, sql } from './drizzle.ts'
import { RegisterRefusal, type RollName } from './register.ts'
import * as schema from './schema.ts'

const { voter } = schema

export interface FoundVoter {
  readonly id: bigint
  readonly row: string
  /** 32 bytes, from the moment the row is claimed. */
  readonly commitment: Uint8Array | null
  readonly address: string | null
}

/** The row of this name. RegisterRefusal `row-unknown`. */
export async function findVoter(
  db: Database,
  { row, ...of }: RollName & { row: string },
): Promise<FoundVoter> {
  const [found] = await db.orm
    .select({ id: voter.id, row: voter.row, commitment: voter.commitment, address: voter.address })
    .from(voter)
    .where(and(within(of), eq(voter.row, row)))
  if (found === undefined) throw new RegisterRefusal('row-unknown')
  return found
}

/** Names of the rows that hold these commitments (32 bytes each). */
export async function rowsOf(
  db: Database,
  of: RollName,
  commitments: readonly Uint8Array[],
): Promise<string[]> {
  const rows = await db.orm
    .select({ row: voter.row })
    .from(voter)
    .where(holding(of, commitments))
    .orderBy(voter.row)
  return rows.map(({ row }) => row)
}

/** Frees the rows of lost credentials: no code for them is valid any more, they can be given new ones, and who has an
 *  address is invited anew at `now`. */
export async function releaseRows(
  db: Database,
  of: RollName,
  commitments: readonly Uint8Array[],
  now: Date,
): Promise<void> {
  await db.orm.transaction(async (tx) => {
    const freed = await tx
      .update(voter)
      .set({ commitment: null, registeredAt: null, entryIndex: null })
      .where(holding(of, commitments))
      .returning({ id: voter.id, address: voter.address })
    if (freed.length === 0) return
    const ids = freed.map(({ id }) => id)
    await tx.delete(schema.code).where(inArray(schema.code.voterId, ids))
    const invited = freed.flatMap(({ id, address }) => (address === null ? [] : [id]))
    if (invited.length === 0) return
    const fresh = { kind: 'invitation', state: 'waiting', attempts: 0, dueAt: now, reason: null } as const
    await tx
      .insert(schema.mail)
      .values(invited.map((voterId) => ({ voterId, ...fresh })))
      .onConflictDoUpdate({ target: schema.mail.voterId, set: fresh })
  })
}

/** Takes rows out of the register, with codes, address and mails. */
export async function deleteRows(
  db: Database,
  of: RollName,
  commitments: readonly Uint8Array[],
): Promise<void> {
  await db.orm.delete(voter).where(holding(of, commitments))
}

/** The same for a row that nobody has claimed, of which nothing is on the ledger. */
export async function deleteUnclaimed(db: Database, id: bigint): Promise<void> {
  await db.orm.delete(voter).where(and(eq(voter.id, id), isNull(voter.commitment)))
}

/** RegisterRefusal `row-registered`. */
export async function checkUnclaimed(db: Database, id: bigint): Promise<void> {
  const own = and(eq(voter.id, id), isNotNull(voter.commitment))
  const claimed = await db.orm.select({ id: voter.id }).from(voter).where(own)
  if (claimed.length > 0) throw new RegisterRefusal('row-registered')
}

/** The name of a row; undefined where it is gone. */
export async function rowOf(db: Database, id: bigint): Promise<string | undefined> {
  const [found] = await db.orm.select({ row: voter.row }).from(voter).where(eq(voter.id, id))
  return found?.row
}

function within({ process, roll }: RollName): SQL {
  return sql`${voter.process} = ${process} and ${voter.roll} = ${roll}`
}

function holding(of: RollName, commitments: readonly Uint8Array[]): SQL | undefined {
  return and(within(of), inArray(voter.commitment, [...commitments]))
}
