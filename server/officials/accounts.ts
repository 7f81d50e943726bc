// Accounts of officials: who was invited by whom, who has joined with which passkeys, and what they did beside the
// ledger. Whose signature counts is said by the ledger alone (SPEC 7.8).
import { randomBytes } from 'node:crypto'
import { sha256 } from '#crypto/hash.ts'
import { type Official, signingRole } from '#protocol/official.ts'
import type { Database } from '#server/data/database.ts'
import { and, asc, desc, eq, gt, isNotNull, isNull, lt, ne } from '#server/data/drizzle.ts'
import { foldIdentity } from '#server/data/register.ts'
import { deed, invitation, official, passkey, session } from '#server/data/schema.ts'
import { Problem } from '#server/problem.ts'
import type { KnownPasskey, MadePasskey } from './passkeys.ts'
import type { AccountRole } from './sessions.ts'

/** How long an invitation can be accepted. */
const INVITED_FOR = 7 * 24 * 3_600_000

export interface Newcomer {
  readonly id: string
  readonly name: string
  readonly role: AccountRole
}

export interface Account extends Newcomer {
  /** Milliseconds since 1970; null while the invitation is not accepted. */
  readonly joinedAt: number | null
  readonly removedAt: number | null
  /** How an identity provider knows them. */
  readonly identity: string | null
}

/** The two passkeys of an official. */
export interface Pair {
  readonly login: MadePasskey
  readonly acts: MadePasskey
}

export interface Deed {
  readonly at: number
  readonly official: string
  readonly what: (typeof deed.$inferSelect)['what']
  readonly detail: string
}

type Transaction = Parameters<Parameters<Database['orm']['transaction']>[0]>[0]

export class Accounts {
  readonly #db: Database
  readonly #clock: () => number
  readonly #reserved: readonly string[]

  /** @param reserved ids that no official can have: those of the signers of genesis (SPEC 7.8) */
  constructor(db: Database, clock: () => number, reserved: readonly string[]) {
    this.#db = db
    this.#clock = clock
    this.#reserved = reserved
  }

  /** All accounts, the oldest first. */
  async list(): Promise<Account[]> {
    const rows = await this.#db.orm.select().from(official).orderBy(asc(official.createdAt), asc(official.id))
    return rows.map(({ id, name, role, joinedAt, removedAt, identity }) => ({
      ...{ id, name, role, identity },
      joinedAt: joinedAt?.getTime() ?? null,
      removedAt: removedAt?.getTime() ?? null,
    }))
  }

  /** Whether somebody has an account already. */
  async any(): Promise<boolean> {
    const found = await this.#db.orm.select({ id: official.id }).from(official).limit(1)
    return found.length > 0
  }

  /** The first account, with its passkeys. Throws `Problem` if there is one already. */
  async found(first: Newcomer, pair: Pair): Promise<void> {
    this.#checkFree(first.id)
    await this.#db.orm.transaction(async (orm) => {
      const now = this.#now()
      const others = await orm.select({ id: official.id }).from(official).limit(1)
      if (others.length > 0) throw new Problem('unauthorized', 'There is an official already.')
      await orm.insert(official).values({ ...first, createdAt: now, joinedAt: now })
      await this.#keep(orm, first.id, pair)
    })
  }

  /** A one-time code with which somebody new can join. Throws `Problem` if the id is taken. */
  async invite(by: string, { id, name, role }: Newcomer): Promise<string> {
    this.#checkFree(id)
    const secret = randomBytes(20)
    const now = this.#now()
    return this.#db.orm.transaction(async (orm) => {
      await orm.delete(invitation).where(lt(invitation.expiresAt, now))
      const [taken] = await orm.select().from(official).where(eq(official.id, id))
      if (taken !== undefined && (taken.joinedAt !== null || taken.removedAt !== null))
        throw new Problem('malformed', 'Somebody has this short name already.')
      // An invitation may be given again, and then only the newest holds.
      await orm.delete(invitation).where(eq(invitation.officialId, id))
      await orm
        .insert(official)
        .values({ id, name, role, createdAt: now })
        .onConflictDoUpdate({ target: official.id, set: { name, role } })
      const expiresAt = new Date(now.getTime() + INVITED_FOR)
      await orm.insert(invitation).values({ hash: sha256(secret), officialId: id, expiresAt })
      await orm.insert(deed).values({ at: now, officialId: by, what: 'invited', detail: id })
      return secret.toString('base64url')
    })
  }

  /** Who was invited with this code. Throws `Problem`, the same for whatever is wrong with it. */
  async invited(code: string): Promise<Newcomer> {
    const [found] = await this.#db.orm
      .select()
      .from(invitation)
      .innerJoin(official, eq(official.id, invitation.officialId))
      .where(
        and(
          eq(invitation.hash, sha256(Buffer.from(code, 'base64url'))),
          gt(invitation.expiresAt, this.#now()),
          isNull(official.joinedAt),
          isNull(official.removedAt),
        ),
      )
    if (found === undefined) throw new Problem('not-found', 'The invitation was used, or is no longer valid.')
    const { id, name, role } = found.official
    return { id, name, role }
  }

  /** Accepts an invitation. Throws `Problem`. */
  async join(code: string, pair: Pair): Promise<Newcomer> {
    const newcomer = await this.invited(code)
    await this.#db.orm.transaction(async (orm) => {
      const joined = await orm
        .update(official)
        .set({ joinedAt: this.#now() })
        .where(and(eq(official.id, newcomer.id), isNull(official.joinedAt)))
        .returning()
      if (joined.length === 0) throw new Problem('not-found', 'The invitation was used.')
      await orm.delete(invitation).where(eq(invitation.officialId, newcomer.id))
      await this.#keep(orm, newcomer.id, pair)
    })
    return newcomer
  }

  /** Shuts an account for good, with its invitation and its sessions. Throws `Problem` if there is none. */
  async remove(by: string, id: string): Promise<void> {
    await this.#db.orm.transaction(async (orm) => {
      const now = this.#now()
      const removed = await orm
        .update(official)
        .set({ removedAt: now, identity: null })
        .where(and(eq(official.id, id), isNull(official.removedAt)))
        .returning()
      if (removed.length === 0) throw new Problem('not-found', 'There is no such account.')
      await orm.delete(invitation).where(eq(invitation.officialId, id))
      await orm.delete(session).where(eq(session.officialId, id))
      await orm.insert(deed).values({ at: now, officialId: by, what: 'removed', detail: id })
    })
  }

  /** Lets somebody sign in as whom an identity provider knows by this, or no longer; who is signed in as them does so anew.
   *  Throws `Problem`. */
  async identify(by: string, id: string, identity: string | null): Promise<void> {
    const folded = identity === null ? null : foldIdentity(identity)
    if (folded === undefined) throw new Problem('malformed', 'Not as it must be: identity.')
    await this.#db.orm.transaction(async (orm) => {
      const own = and(eq(official.id, id), isNull(official.removedAt))
      if (folded !== null) {
        const taken = await orm
          .select({ id: official.id })
          .from(official)
          .where(and(eq(official.identity, folded), ne(official.id, id)))
        if (taken.length > 0) throw new Problem('identity-taken', 'Another account has this identity.')
      }
      const changed = await orm.update(official).set({ identity: folded }).where(own).returning()
      if (changed.length === 0) throw new Problem('not-found', 'There is no such account.')
      await orm.delete(session).where(eq(session.officialId, id))
      await orm.insert(deed).values({ at: this.#now(), officialId: by, what: 'identified', detail: id })
    })
  }

  /** Who has joined and is known by this to the identity provider. */
  async identified(identity: string): Promise<string | undefined> {
    const folded = foldIdentity(identity)
    if (folded === undefined) return undefined
    const [found] = await this.#db.orm
      .select({ id: official.id })
      .from(official)
      .where(and(eq(official.identity, folded), isNotNull(official.joinedAt), isNull(official.removedAt)))
    return found?.id
  }

  /** Whether anybody could sign in so. */
  async anyIdentified(): Promise<boolean> {
    const known = isNotNull(official.identity)
    return (await this.#db.orm.select({ id: official.id }).from(official).where(known).limit(1)).length > 0
  }

  /** The passkey with this id that signs somebody in. */
  async loginPasskey(id: string): Promise<KnownPasskey | undefined> {
    const [found] = await this.#db.orm
      .select()
      .from(passkey)
      .innerJoin(official, eq(official.id, passkey.officialId))
      .where(and(eq(passkey.id, id), eq(passkey.use, 'login'), isNull(official.removedAt)))
    return found?.passkey
  }

  async counted(id: string, counter: number): Promise<void> {
    await this.#db.orm.update(passkey).set({ counter }).where(eq(passkey.id, id))
  }

  /** The credential id of somebody's passkey for acts. */
  async actsPasskey(officialId: string): Promise<string | undefined> {
    const [found] = await this.#db.orm
      .select()
      .from(passkey)
      .where(and(eq(passkey.officialId, officialId), eq(passkey.use, 'acts')))
    return found?.id
  }

  /** Whom the ledger should name: those who have joined and were not removed, but for those who sign nothing. */
  async signers(): Promise<Official[]> {
    const rows = await this.#db.orm
      .select()
      .from(official)
      .innerJoin(passkey, and(eq(passkey.officialId, official.id), eq(passkey.use, 'acts')))
      .where(and(isNotNull(official.joinedAt), isNull(official.removedAt)))
      .orderBy(asc(official.createdAt), asc(official.id))
    return rows.flatMap(({ official: { id, name, role }, passkey: { key } }) => {
      const signs = signingRole(role)
      return signs === undefined ? [] : [{ id, name, role: signs, key }]
    })
  }

  async note(officialId: string, what: Deed['what'], detail = ''): Promise<void> {
    await this.#db.orm.insert(deed).values({ at: this.#now(), officialId, what, detail })
  }

  /** What was done last, the newest first. */
  async deeds(most: number): Promise<Deed[]> {
    const rows = await this.#db.orm.select().from(deed).orderBy(desc(deed.id)).limit(most)
    return rows.map(({ at, officialId, what, detail }) => ({
      at: at.getTime(),
      official: officialId,
      ...{ what, detail },
    }))
  }

  #checkFree(id: string): void {
    if (this.#reserved.includes(id)) throw new Problem('malformed', 'This short name is a server’s own.')
  }

  async #keep(orm: Transaction, officialId: string, { login, acts }: Pair): Promise<void> {
    const createdAt = this.#now()
    if (login.id === acts.id) throw new Problem('malformed', 'Two different passkeys are needed.')
    for (const [use, made] of [
      ['login', login],
      ['acts', acts],
    ] as const)
      await orm.insert(passkey).values({ ...made, use, officialId, createdAt })
    await orm.insert(deed).values({ at: createdAt, officialId, what: 'joined', detail: '' })
  }

  #now(): Date {
    return new Date(this.#clock())
  }
}
