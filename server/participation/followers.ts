// Addresses to which news of processes or of single promises go, in the database: who asked, who confirmed that the address is theirs, and what they
// have been told. Kept apart from all else that is known of people; ended, an address is gone.
import { randomBytes } from 'node:crypto'
import type { Database } from '#server/data/database.ts'
import { and, asc, eq, isNotNull, isNull, lt, sql } from '#server/data/drizzle.ts'
import type { Language } from '#server/data/register.ts'
import { follower } from '#server/data/schema.ts'

type Row = typeof follower.$inferSelect
export type Rhythm = Row['every']

/** What somebody asks for. */
export interface Wish {
  readonly process: string
  /** Of which alone news are wanted; none for the whole process. */
  readonly promise?: number | undefined
  readonly address: string
  readonly language: Language
  readonly every: Rhythm
}

/** A mail that is due: one that asks for confirmation, or news. */
export type DueFollower = Row

/** Milliseconds between two mails with news. */
const PERIOD: Readonly<Record<Rhythm, number>> = { day: 86_400_000, week: 7 * 86_400_000 }
/** How long an address waits to be confirmed before it is forgotten, and how long until it is asked again, in milliseconds. */
const UNCONFIRMED = 3 * 86_400_000
const ASKED_AGAIN_AFTER = 3_600_000
/** Processes and promises for which an address can wait at a time: nobody's mailbox is filled by somebody else. */
const MOST_ASKED = 5

export class Followers {
  readonly #db: Database
  readonly #clock: () => number

  constructor(db: Database, clock: () => number) {
    this.#db = db
    this.#clock = clock
  }

  /** Has the address be asked, whether it is known or not, unless it was asked a moment ago.
   *  @param told the newest entry now */
  async ask({ process, promise, address, language, every }: Wish, told: number): Promise<void> {
    const now = this.#clock()
    const asked = { language, every, askedAt: new Date(now), dueAt: new Date(now), attempts: 0, told }
    await this.#db.orm.transaction(async (tx) => {
      const waiting = await tx
        .select()
        .from(follower)
        .where(and(isNull(follower.confirmedAt), sql`lower(${follower.address}) = lower(${address})`))
      const known = waiting.find((row) => row.process === process && row.promise === (promise ?? null))
      if (known === undefined && waiting.length >= MOST_ASKED) return
      if (known !== undefined && known.askedAt.getTime() > now - ASKED_AGAIN_AFTER) return
      const fresh = { process, promise, address, secret: new Uint8Array(randomBytes(32)), ...asked }
      if (known === undefined) await tx.insert(follower).values(fresh).onConflictDoNothing()
      else await tx.update(follower).set(asked).where(eq(follower.id, known.id))
    })
  }

  /** What was asked for under this secret holds from now on; undefined where nothing was. Again it changes nothing. */
  async confirm(
    secret: Uint8Array,
  ): Promise<Pick<Row, 'process' | 'promise' | 'language' | 'every'> | undefined> {
    const now = this.#clock()
    return this.#db.orm.transaction(async (tx) => {
      const [own] = await tx.select().from(follower).where(eq(follower.secret, secret))
      if (own === undefined || own.confirmedAt !== null) return own
      const { process, promise, address, language, every } = own
      const dueAt = new Date(now + PERIOD[every])
      // Links of earlier mails go on ending it.
      const [earlier] = await tx
        .update(follower)
        .set({ language, every, dueAt })
        .where(
          and(
            eq(follower.process, process),
            promise === null ? isNull(follower.promise) : eq(follower.promise, promise),
            isNotNull(follower.confirmedAt),
            sql`lower(${follower.address}) = lower(${address})`,
          ),
        )
        .returning()
      if (earlier !== undefined) await tx.delete(follower).where(eq(follower.id, own.id))
      else
        await tx
          .update(follower)
          .set({ confirmedAt: new Date(now), dueAt, attempts: 0 })
          .where(eq(follower.id, own.id))
      return own
    })
  }

  /** Deletes the address; the same where it is gone already. */
  async end(secret: Uint8Array): Promise<void> {
    await this.#db.orm.delete(follower).where(eq(follower.secret, secret))
  }

  /** Deletes addresses that nobody has confirmed. */
  async forget(): Promise<void> {
    const before = new Date(this.#clock() - UNCONFIRMED)
    await this.#db.orm.delete(follower).where(and(isNull(follower.confirmedAt), lt(follower.askedAt, before)))
  }

  /** The mail that has been due longest, or that will be next. */
  async next(): Promise<DueFollower | undefined> {
    const [next] = await this.#db.orm
      .select()
      .from(follower)
      .where(isNotNull(follower.dueAt))
      .orderBy(asc(follower.dueAt), asc(follower.id))
      .limit(1)
    return next
  }

  /** Notes that a mail has left, or that there was nothing to be told. */
  async settle({ id, every, confirmedAt, told }: DueFollower, newest = told): Promise<void> {
    const dueAt = confirmedAt === null ? null : new Date(this.#clock() + PERIOD[every])
    await this.#change(id, { dueAt, told: newest, attempts: 0 })
  }

  /** Has the mail sent later. */
  async putOff({ id, attempts }: DueFollower, dueAt: Date): Promise<void> {
    await this.#change(id, { dueAt, attempts: attempts + 1 })
  }

  async #change(id: number, changes: Partial<Row>): Promise<void> {
    await this.#db.orm.update(follower).set(changes).where(eq(follower.id, id))
  }
}
