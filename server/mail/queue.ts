// Mails to voters, in the database: who gets one next, what became of each. At most one a voter, whose state is what
// officials see; neither text nor code is kept.
import type { Database } from '#server/data/database.ts'
import { and, asc, eq, gt, inArray, isNull, lte, type SQL, sql } from '#server/data/drizzle.ts'
import { isAddress, type Language, RegisterRefusal, type RollName } from '#server/data/register.ts'
import { mail, voter } from '#server/data/schema.ts'

export type MailKind = (typeof mail.$inferSelect)['kind']

/** How far the invitation of a voter is; the last five are states of a mail. */
export const DELIVERIES = ['no-address', 'not-invited', 'waiting', 'failed', 'bounced', 'sent'] as const
export type Delivery = (typeof DELIVERIES)[number]

/** A mail that is to be sent now, and whom it is for. */
export interface DueMail extends RollName {
  readonly voterId: bigint
  readonly kind: MailKind
  readonly row: string
  readonly address: string
  readonly language: Language
  /** This one included. */
  readonly attempts: number
}

/** What officials see of a voter's mail. */
export interface VoterMail {
  readonly row: string
  readonly registered: boolean
  readonly kind: MailKind | null
  /** Milliseconds since 1970. */
  readonly attemptedAt: number | null
  readonly reason: string | null
}

/** Nobody is reminded again before, in milliseconds. */
const REMINDED_AFTER = 24 * 3_600_000
const FRESH = { attempts: 0, state: 'waiting', reason: null } as const

export class MailQueue {
  readonly #db: Database
  readonly #clock: () => number

  constructor(db: Database, clock: () => number) {
    this.#db = db
    this.#clock = clock
  }

  /** An invitation for each who has an address, no mail so far and not registered; how many that are. */
  async invite({ process, roll }: RollName): Promise<number> {
    const added = await this.#db.orm.execute(sql`
      INSERT INTO mail (voter_id, kind, state, attempts, due_at)
      SELECT id, 'invitation', 'waiting', 0, ${this.#now().toISOString()}::timestamptz FROM voter
      WHERE process = ${process} AND roll = ${roll} AND address IS NOT NULL AND commitment IS NULL
      ON CONFLICT DO NOTHING`)
    return added.count
  }

  /** A reminder for each who got a mail a day ago or earlier and has not registered; how many that are. */
  async remind({ process, roll }: RollName): Promise<number> {
    const dueAt = this.#now()
    const silent = this.#db.orm
      .select({ id: voter.id })
      .from(voter)
      .where(and(eq(voter.process, process), eq(voter.roll, roll), isNull(voter.commitment)))
    const reminded = await this.#db.orm
      .update(mail)
      .set({ ...FRESH, kind: 'reminder', dueAt })
      .where(
        and(
          eq(mail.state, 'sent'),
          lte(mail.attemptedAt, new Date(dueAt.getTime() - REMINDED_AFTER)),
          inArray(mail.voterId, silent),
        ),
      )
      .returning({ id: mail.voterId })
    return reminded.length
  }

  /** Gives a voter another address, or none: then what is known of mails to them goes too. Whoever has had a mail gets
   *  it again at the new address. RegisterRefusal `row-unknown`, `address-invalid`. */
  async readdress({ process, roll }: RollName, row: string, address: string | null): Promise<void> {
    if (address !== null && !isAddress(address)) throw new RegisterRefusal('address-invalid')
    await this.#db.orm.transaction(async (tx) => {
      const [found] = await tx
        .update(voter)
        .set({ address, ...(address === null && { language: null }) })
        .where(and(eq(voter.process, process), eq(voter.roll, roll), eq(voter.row, row)))
        .returning({ id: voter.id })
      if (found === undefined) throw new RegisterRefusal('row-unknown')
      const own = eq(mail.voterId, found.id)
      if (address === null) await tx.delete(mail).where(own)
      else
        await tx
          .update(mail)
          .set({ ...FRESH, dueAt: this.#now() })
          .where(own)
    })
  }

  /** What a crash left in the middle waits again: it was sent or not, and two mails are better than none. */
  async recover(): Promise<void> {
    await this.#db.orm.update(mail).set({ state: 'waiting' }).where(eq(mail.state, 'sending'))
  }

  /** When the next mail may be sent, in milliseconds since 1970; undefined where there is none. */
  async nextDue(): Promise<number | undefined> {
    const [next] = await this.#next()
    return next?.mail.dueAt.getTime()
  }

  /** The mail that has been due longest, from now on marked as being sent. */
  async take(): Promise<DueMail | undefined> {
    const [next] = await this.#next()
    if (next === undefined) return undefined
    const { voterId, kind } = next.mail
    const { process, roll, row, address, language } = next.voter
    if (address === null) throw new Error('a mail without an address')
    const attempts = next.mail.attempts + 1
    await this.#db.orm
      .update(mail)
      .set({ state: 'sending', attempts, attemptedAt: this.#now() })
      .where(eq(mail.voterId, voterId))
    return { process, roll, row, address, voterId, kind, attempts, language: language ?? 'en' }
  }

  /** Says what became of a mail that was taken, unless it was given another address meanwhile. */
  async settle(
    { voterId }: DueMail,
    outcome:
      | { state: 'sent' }
      | { state: 'bounced'; reason: string }
      | { state: 'failed'; reason: string; dueAt: Date },
  ): Promise<void> {
    await this.#db.orm
      .update(mail)
      .set({ reason: null, ...outcome })
      .where(and(eq(mail.voterId, voterId), eq(mail.state, 'sending')))
  }

  /** Takes a mail away that nobody needs any more. */
  async drop({ voterId }: DueMail): Promise<void> {
    await this.#db.orm.delete(mail).where(eq(mail.voterId, voterId))
  }

  /** How many voters of a roll are how far, and of those how many have registered. */
  async counts({ process, roll }: RollName): Promise<Record<Delivery, { all: number; registered: number }>> {
    const rows = await this.#db.orm
      .select({
        delivery: DELIVERY,
        all: sql<number>`count(*)::int`,
        registered: sql<number>`count(${voter.commitment})::int`,
      })
      .from(voter)
      .leftJoin(mail, eq(mail.voterId, voter.id))
      .where(and(eq(voter.process, process), eq(voter.roll, roll)))
      .groupBy(DELIVERY)
    const found = new Map(rows.map(({ delivery, all, registered }) => [delivery, { all, registered }]))
    const each = DELIVERIES.map((one) => [one, found.get(one) ?? { all: 0, registered: 0 }] as const)
    return Object.fromEntries(each) as Record<Delivery, { all: number; registered: number }>
  }

  /** Voters of a roll whose invitation is so far, by their rows, after one of them. */
  async voters(
    { process, roll }: RollName,
    delivery: Delivery,
    after: string,
    most: number,
  ): Promise<VoterMail[]> {
    const rows = await this.#db.orm
      .select({ voter, mail })
      .from(voter)
      .leftJoin(mail, eq(mail.voterId, voter.id))
      .where(
        and(
          eq(voter.process, process),
          eq(voter.roll, roll),
          sql`${DELIVERY} = ${delivery}`,
          gt(voter.row, after),
        ),
      )
      .orderBy(asc(voter.row))
      .limit(most)
    return rows.map(({ voter: { row, commitment }, mail: sent }) => ({
      row,
      registered: commitment !== null,
      kind: sent?.kind ?? null,
      attemptedAt: sent?.attemptedAt?.getTime() ?? null,
      reason: sent?.reason ?? null,
    }))
  }

  #next() {
    return this.#db.orm
      .select({ mail, voter })
      .from(mail)
      .innerJoin(voter, eq(voter.id, mail.voterId))
      .where(inArray(mail.state, ['waiting', 'failed']))
      .orderBy(asc(mail.dueAt), asc(mail.voterId))
      .limit(1)
  }

  #now(): Date {
    return new Date(this.#clock())
  }
}

/** One that is being sent counts as waiting. */
export const DELIVERY: SQL<Delivery> = sql`CASE
  WHEN ${voter.address} IS NULL THEN 'no-address'
  WHEN ${mail.state} IS NULL THEN 'not-invited'
  WHEN ${mail.state} = 'sending' THEN 'waiting'
  ELSE ${mail.state} END`
