// Rows of the register as people who sign in are found on them (SPEC 4.4).
import type { Database } from './database.ts'
import { eq, isNotNull } from './drizzle.ts'
import { foldIdentity } from './register.ts'
import { voter } from './schema.ts'

/** A row, without its person. */
export interface IdentifiedRow {
  readonly id: bigint
  readonly process: string
  readonly roll: string
  readonly registered: boolean
}

/** All rows of this identity, one a roll at most, the oldest first. */
export async function rowsOfIdentity(db: Database, identity: string): Promise<IdentifiedRow[]> {
  const folded = foldIdentity(identity)
  if (folded === undefined) return []
  const { id, process, roll, commitment } = voter
  const rows = await db.orm
    .select({ id, process, roll, commitment })
    .from(voter)
    .where(eq(voter.identity, folded))
    .orderBy(id)
  return rows.map(({ commitment, ...row }) => ({ ...row, registered: commitment !== null }))
}

/** Whether anybody could be found so, registered or not. */
export async function anyIdentified(db: Database): Promise<boolean> {
  const known = isNotNull(voter.identity)
  return (await db.orm.select({ id: voter.id }).from(voter).where(known).limit(1)).length > 0
}
