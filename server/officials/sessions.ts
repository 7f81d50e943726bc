// Who is signed in: a random secret in a cookie of this host alone, of which only the hash is kept.
import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { sha256 } from '#crypto/hash.ts'
import type { Database } from '#server/data/database.ts'
import { and, desc, eq, lt, ne, or } from '#server/data/drizzle.ts'
import { official, session } from '#server/data/schema.ts'

/** Signed in for so long at most, and without asking for anything. */
const LONGEST = 12 * 3_600_000
const IDLE = 3_600_000
/** How exactly the last request is remembered. */
const STEP = 60_000

export type AccountRole = (typeof official.$inferSelect)['role']

/** The official behind a request. */
export interface SignedIn {
  readonly id: string
  readonly name: string
  readonly role: AccountRole
}

/** A browser in which somebody is signed in. */
export interface OpenSession {
  /** Names the session without giving it away. */
  readonly id: string
  readonly agent: string
  readonly startedAt: number
  readonly seenAt: number
  readonly current: boolean
}

export class Sessions {
  readonly #db: Database
  readonly #clock: () => number

  constructor(db: Database, clock: () => number) {
    this.#db = db
    this.#clock = clock
  }

  /** Signs in; a session that the browser had before ends, so that nobody goes on in one that somebody else has set. */
  async start(c: Context, officialId: string): Promise<void> {
    await this.#forget(c)
    const secret = randomBytes(32)
    const now = new Date(this.#clock())
    const agent = (c.req.header('user-agent') ?? '').slice(0, 200)
    await this.#db.orm.delete(session).where(this.#over())
    await this.#db.orm
      .insert(session)
      .values({ hash: sha256(secret), officialId, startedAt: now, seenAt: now, agent })
    setCookie(c, SESSION_COOKIE, secret.toString('base64url'), { ...COOKIE, maxAge: LONGEST / 1000 })
  }

  /** Who asks, if anybody is signed in who still has an account. */
  async of(c: Context): Promise<SignedIn | undefined> {
    const hash = hashIn(c)
    if (hash === undefined) return undefined
    const [found] = await this.#db.orm
      .select()
      .from(session)
      .innerJoin(official, eq(official.id, session.officialId))
      .where(eq(session.hash, hash))
    const now = this.#clock()
    if (found?.official.removedAt !== null || this.#isOver(found.session)) return undefined
    if (now - found.session.seenAt.getTime() >= STEP)
      await this.#db.orm
        .update(session)
        .set({ seenAt: new Date(now) })
        .where(eq(session.hash, hash))
    const { id, name, role } = found.official
    return { id, name, role }
  }

  /** Ends the session of this browser. */
  async end(c: Context): Promise<void> {
    await this.#forget(c)
    setCookie(c, SESSION_COOKIE, '', { ...COOKIE, maxAge: 0 })
  }

  async #forget(c: Context): Promise<void> {
    const hash = hashIn(c)
    if (hash !== undefined) await this.#db.orm.delete(session).where(eq(session.hash, hash))
  }

  /** Ends all other sessions of whoever asks. */
  async endOthers(c: Context, officialId: string): Promise<void> {
    const own = hashIn(c) ?? new Uint8Array()
    await this.#db.orm.delete(session).where(and(eq(session.officialId, officialId), ne(session.hash, own)))
  }

  /** Ends one session of an official, by its id; whether there was one. */
  async endOne(officialId: string, id: string): Promise<boolean> {
    const one = (await this.#all(officialId)).find(({ hash }) => idOf(hash) === id)
    if (one === undefined) return false
    await this.#db.orm.delete(session).where(eq(session.hash, one.hash))
    return true
  }

  /** Where an official is signed in, the newest first. */
  async list(c: Context, officialId: string): Promise<OpenSession[]> {
    const own = hashIn(c)
    return (await this.#all(officialId))
      .filter((one) => !this.#isOver(one))
      .map(({ hash, agent, startedAt, seenAt }) => ({
        id: idOf(hash),
        ...{ agent, startedAt: startedAt.getTime(), seenAt: seenAt.getTime() },
        current: own !== undefined && Buffer.compare(hash, own) === 0,
      }))
  }

  #all(officialId: string) {
    return this.#db.orm
      .select()
      .from(session)
      .where(eq(session.officialId, officialId))
      .orderBy(desc(session.startedAt))
  }

  #isOver({ startedAt, seenAt }: { startedAt: Date; seenAt: Date }): boolean {
    const now = this.#clock()
    return now - startedAt.getTime() >= LONGEST || now - seenAt.getTime() >= IDLE
  }

  #over() {
    const now = this.#clock()
    return or(lt(session.startedAt, new Date(now - LONGEST)), lt(session.seenAt, new Date(now - IDLE)))
  }
}

/** Its prefix binds it to this host, the whole of it, and to TLS (RFC 6265bis 4.1.3.2). */
export const SESSION_COOKIE = '__Host-comitia'
const COOKIE = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' } as const

/** The beginning of the hash: of no use to who does not know what was hashed. */
function idOf(hash: Uint8Array): string {
  return Buffer.from(hash.subarray(0, 8)).toString('hex')
}

function hashIn(c: Context): Uint8Array | undefined {
  const value = getCookie(c, SESSION_COOKIE)
  if (value === undefined || !/^[\w-]{43}$/.test(value)) return undefined
  return sha256(Buffer.from(value, 'base64url'))
}
