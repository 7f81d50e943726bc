// All that the private tables hold of the person of one row: the row itself and the mail to them. Look-ups are in lookups.ts.
import type { Database } from './database.ts'
import { eq } from './drizzle.ts'
import type { Language } from './register.ts'
import { introduction, mail, voter, writing } from './schema.ts'

export interface RowHeld {
  readonly process: string
  readonly roll: string
  readonly row: string
  readonly weight: number
  readonly address: string | null
  readonly language: Language | null
  readonly identity: string | null
  /** Under which they speak in the process, or want to. */
  readonly name: string | null
  /** Milliseconds since 1970, as all times here, and the entry with the credential. */
  readonly registeredAt: number | null
  readonly entry: number | null
  readonly mail: {
    readonly kind: (typeof mail.$inferSelect)['kind']
    readonly state: (typeof mail.$inferSelect)['state']
    readonly attempts: number
    readonly attemptedAt: number | null
    readonly reason: string | null
  } | null
}

/** What is held under this row, which must be there. */
export async function heldOf(db: Database, id: bigint): Promise<RowHeld> {
  const [found] = await db.orm
    .select({ voter, mail, name: writing.text })
    .from(voter)
    .leftJoin(mail, eq(mail.voterId, voter.id))
    .leftJoin(introduction, eq(introduction.voterId, voter.id))
    .leftJoin(writing, eq(writing.commitment, introduction.commitment))
    .where(eq(voter.id, id))
  if (found === undefined) throw new Error('a code is of a row')
  const { process, roll, row, weight, address, language, identity, registeredAt, entryIndex } = found.voter
  return {
    ...{ process, roll, row, weight: Number(weight), address, language, identity, name: found.name },
    registeredAt: registeredAt?.getTime() ?? null,
    entry: entryIndex === null ? null : Number(entryIndex),
    mail: found.mail && {
      ...{ kind: found.mail.kind, state: found.mail.state, attempts: found.mail.attempts },
      ...{ attemptedAt: found.mail.attemptedAt?.getTime() ?? null, reason: found.mail.reason },
    },
  }
}
