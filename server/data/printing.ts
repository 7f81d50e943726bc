// Codes for letters: drawn for many voters at a time, in the order of their rows, while the letters are printed. Only their
// hashes stay.
import { toHex } from '#crypto/encoding.ts'
import { hashCode, makeCode } from './code.ts'
import type { Database } from './database.ts'
import { and, asc, eq, gt, isNull, sql } from './drizzle.ts'
import type { Language } from './register.ts'
import { voter } from './schema.ts'

/** Voters whose codes are drawn in one transaction. */
const BATCH = 200

/** A voter's new code, and the language in which they are written to, if one is known. */
export interface PrintedCode {
  readonly row: string
  readonly language: Language | null
  readonly code: string
}

/** A new code for each voter of a roll who has not registered, its hash on disk before it is given. The one before it stays
 *  valid, as with `issueCode`; older ones end. Whoever stops taking leaves the others' codes as they were. */
export async function* drawCodes(
  db: Database,
  { process, roll }: { process: string; roll: string },
): AsyncGenerator<PrintedCode> {
  for (let after = ''; ;) {
    const batch = await drawBatch(db, process, roll, after)
    yield* batch
    const last = batch.at(-1)
    if (last === undefined) return
    after = last.row
  }
}

async function drawBatch(db: Database, process: string, roll: string, after: string): Promise<PrintedCode[]> {
  return db.orm.transaction(async (tx) => {
    const voters = await tx
      .select({ id: voter.id, row: voter.row, language: voter.language })
      .from(voter)
      .where(
        and(
          ...[eq(voter.process, process), eq(voter.roll, roll)],
          ...[isNull(voter.commitment), gt(voter.row, after)],
        ),
      )
      .orderBy(asc(voter.row))
      .limit(BATCH)
      .for('update')
    const drawn = voters.map(({ row, language }) => ({ row, language, code: makeCode() }))
    const ids = sql.param(voters.map(({ id }) => String(id)))
    await tx.execute(sql`
      DELETE FROM code AS old USING code AS newer
      WHERE old.voter_id = ANY(${ids}::bigint[]) AND newer.voter_id = old.voter_id AND newer.id > old.id`)
    await tx.execute(sql`
      INSERT INTO code (voter_id, hash)
      SELECT voter_id, decode(hash, 'hex') FROM unnest(
        ${ids}::bigint[],
        ${sql.param(drawn.map(({ code }) => toHex(hashCode(code))))}::text[]
      ) AS input (voter_id, hash)`)
    return drawn
  })
}
