// Voters as the help desk finds them, and who was found by whom and why. A search and its trace are one transaction: nobody
// is shown of whom nothing is written down.
import { DELIVERY, type Delivery, type MailKind } from '#server/mail/queue.ts'
import type { Database } from './database.ts'
import { and, asc, desc, eq, type SQL, sql } from './drizzle.ts'
import type { RollName } from './register.ts'
import * as schema from './schema.ts'

const { voter, mail, lookup, official } = schema

/** Found at a time; of more nothing is said but that there are. */
const MOST = 5
/** Fewer characters than this have to be the whole of what is looked for. */
const LEAST = 3

/** What the help desk sees of a voter: how far they are with registering, and nothing of voting, which nobody knows. */
export interface DeskVoter extends RollName {
  readonly row: string
  readonly address: string | null
  /** Milliseconds since 1970, as all times here. */
  readonly registeredAt: number | null
  readonly delivery: Delivery
  readonly kind: MailKind | null
  readonly attempts: number
  readonly attemptedAt: number | null
  readonly refused: string | null
}

export interface Found {
  readonly voters: readonly DeskVoter[]
  /** Whether others begin alike. */
  readonly more: boolean
}

/** Why somebody was looked up, by whom, when. */
export interface Lookup extends RollName {
  readonly at: number
  readonly official: string
  readonly row: string
  readonly reason: string | null
}

/** Who is looking, when, and why. */
export interface Looking {
  readonly official: string
  readonly at: Date
  readonly reason: string | null
}

/** Voters of all rolls whose row or address is this, or else begins so; each one is noted. */
export async function lookUp(db: Database, text: string, looking: Looking): Promise<Found> {
  const wanted = text.trim().normalize('NFC').toLowerCase()
  return db.orm.transaction(async (tx) => {
    const find = (condition: SQL) =>
      tx
        .select({ voter, mail, delivery: DELIVERY })
        .from(voter)
        .leftJoin(mail, eq(mail.voterId, voter.id))
        .where(condition)
        .orderBy(asc(voter.row), asc(voter.process), asc(voter.roll))
        .limit(MOST + 1)
    const exact = await find(sql`lower(${voter.row}) = ${wanted} or lower(${voter.address}) = ${wanted}`)
    const beginning = sql`starts_with(lower(${voter.row}), ${wanted}) or starts_with(lower(${voter.address}), ${wanted})`
    const found = exact.length > 0 || wanted.length < LEAST ? exact : await find(beginning)
    const shown = found.slice(0, MOST)
    if (shown.length > 0) await tx.insert(lookup).values(shown.map((one) => traceOf(one.voter, looking)))
    return {
      voters: shown.map((one) => ({
        ...{ process: one.voter.process, roll: one.voter.roll, row: one.voter.row },
        ...{ address: one.voter.address, delivery: one.delivery },
        registeredAt: one.voter.registeredAt?.getTime() ?? null,
        ...{ kind: one.mail?.kind ?? null, attempts: one.mail?.attempts ?? 0 },
        attemptedAt: one.mail?.attemptedAt?.getTime() ?? null,
        refused: one.mail?.reason ?? null,
      })),
      more: found.length > MOST,
    }
  })
}

/** Notes that a voter was found in another way. */
export async function noteLookup(
  db: Database,
  found: RollName & { row: string },
  looking: Looking,
): Promise<void> {
  await db.orm.insert(lookup).values(traceOf(found, looking))
}

/** Who has looked up this row, the newest first. */
export function lookupsOf(
  db: Database,
  { process, roll, row }: RollName & { row: string },
): Promise<Lookup[]> {
  return lookups(db, and(eq(lookup.process, process), eq(lookup.roll, roll), eq(lookup.row, row)))
}

/** All look-ups, the newest first. */
export function allLookups(db: Database): Promise<Lookup[]> {
  return lookups(db)
}

async function lookups(db: Database, condition?: SQL): Promise<Lookup[]> {
  const rows = await db.orm
    .select({ lookup, name: official.name })
    .from(lookup)
    .innerJoin(official, eq(official.id, lookup.officialId))
    .where(condition)
    .orderBy(desc(lookup.id))
  return rows.map(({ name, lookup: { at, process, roll, row, reason } }) => ({
    ...{ process, roll, row, reason, official: name },
    at: at.getTime(),
  }))
}

function traceOf(
  { process, roll, row }: RollName & { row: string },
  { official, at, reason }: Looking,
): typeof lookup.$inferInsert {
  return { process, roll, row, at, officialId: official, reason }
}
