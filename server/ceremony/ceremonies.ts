// Ceremonies of the proof system that officials lead (SPEC 10.2). Each key that was acknowledged is a file on disk and a
// row that names it, written in this order, so that a crash at any point loses nothing. One contributor at a time:
// whoever comes holds the ceremony for a while.
import { createHash, randomBytes } from 'node:crypto'
import type { Artifact, Artifacts } from '#circuits/build/artifacts.ts'
import type { CircuitId } from '#circuits/sizes.ts'
import { BEACON_NAME, formatTranscript, isName, parseTranscript } from '#circuits/transcript.ts'
import { transcriptOf } from '#circuits/zkey.ts'
import { EncodingError, equalBytes, fromHex, toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import type { Attachments } from '#server/attachments.ts'
import type { Database } from '#server/data/database.ts'
import { and, asc, eq, isNotNull } from '#server/data/drizzle.ts'
import { ceremony, contributor, zkey } from '#server/data/schema.ts'
import type { Journal } from '#server/journal.ts'
import { Problem } from '#server/problem.ts'
import type { Setups } from '#server/setups.ts'
import { type Job, JobRefused, type Made, run } from './job.ts'
import type { CeremonyView, Turn } from './shapes.ts'

/** How long a contributor who has come may take for the next step, in milliseconds. */
const LEASE = 20 * 60_000

/** Whoever has the code of a link. */
export type Contributor = Pick<typeof contributor.$inferSelect, 'ceremonyId' | 'name'>

interface Surroundings {
  readonly database: Database
  readonly setups: Pick<Setups, 'adopt'>
  readonly journal: Journal
  readonly clock: () => number
  readonly circuits: Artifacts['circuits']
  /** Where keys and phase 1 are kept. */
  readonly files: Attachments
}

type Query = Pick<Database['orm'], 'select' | 'update' | 'insert'>
type Row = typeof ceremony.$inferSelect
type Key = typeof zkey.$inferSelect

export class Ceremonies {
  readonly #server: Surroundings

  constructor(server: Surroundings) {
    this.#server = server
  }

  /** Has elections use what ceremonies have ended with, the newest before all others. */
  async start(): Promise<void> {
    const ended = await this.#db
      .select()
      .from(ceremony)
      .where(isNotNull(ceremony.endedAt))
      .orderBy(asc(ceremony.endedAt))
    for (const { id } of ended) await this.#adopt(id)
  }

  /** All of them, the oldest first. */
  async list(): Promise<CeremonyView[]> {
    const rows = await this.#db.select().from(ceremony).orderBy(asc(ceremony.id))
    const views: CeremonyView[] = []
    for (const row of rows) views.push(await this.#view(this.#db, row))
    return views
  }

  /** The file of a key. */
  async key(hash: string): Promise<Artifact | undefined> {
    const [known] = await this.#db
      .select()
      .from(zkey)
      .where(eq(zkey.sha256, fromHex(hash)))
      .limit(1)
    const path = known && this.#server.files.path(hash)
    return path === undefined ? undefined : { path, sha256: hash }
  }

  /** Keeps a file of phase 1 that is known by its hash; its SHA-256. Throws `Problem`. */
  async keepPowers(file: Uint8Array): Promise<string> {
    const { knownPowers } = await import('#circuits/build/powers.ts')
    const blake2b = createHash('blake2b512').update(file).digest('hex')
    if (knownPowers(blake2b) === undefined)
      throw new Problem('powers-unknown', `Nobody here knows this file: BLAKE2b-512 ${blake2b}.`)
    return this.#server.files.put(file)
  }

  /** Makes the first keys; the ceremony's number. Throws `Problem`.
   *  @param beacon which public value will end it
   *  @param powers SHA-256 of a file that was kept; without one phase 1 is the development setup's */
  async begin(circuits: readonly CircuitId[], beacon: string, powers: string | null): Promise<number> {
    const { files } = this.#server
    const path = powers === null ? undefined : files.path(powers)
    if (powers !== null && path === undefined) throw new Problem('powers-unknown', 'There is no such file.')
    const begun: Omit<Key, 'ceremonyId' | 'at'>[] = []
    let phase1 = ''
    for (const circuit of circuits) {
      const made = await this.#run('powers-unknown', { kind: 'begin', circuit, powers: path })
      phase1 = made.phase1
      const r1cs = fromHex(this.#server.circuits[circuit].r1cs.sha256)
      const sha256 = fromHex(await files.put(made.zkey))
      begun.push({ circuit, position: 0, sha256, r1cs, name: null, hash: null })
    }
    return this.#db.transaction(async (orm) => {
      const at = this.#now()
      const [row] = await orm
        .insert(ceremony)
        .values({ phase1, powers: powers === null ? null : fromHex(powers), beacon, beganAt: at })
        .returning()
      if (row === undefined) throw new Error('a row that was inserted comes back')
      await orm.insert(zkey).values(begun.map((key) => ({ ...key, ceremonyId: row.id, at })))
      return row.id
    })
  }

  /** The code of a new contributor's link, shown once. Throws `Problem`. */
  async invite(id: number, name: string): Promise<string> {
    if (!isName(name) || name === BEACON_NAME) throw new Problem('malformed', 'No name for a transcript.')
    const secret = randomBytes(20)
    await this.#change(id, async (orm) => {
      const added = await orm
        .insert(contributor)
        .values({ hash: sha256(secret), ceremonyId: id, name, invitedAt: this.#now() })
        .onConflictDoNothing()
        .returning()
      if (added.length === 0) throw new Problem('ceremony-state', 'Somebody of this name is invited already.')
    })
    return secret.toString('base64url')
  }

  /** Waits for somebody no longer; the reason is public. Throws `Problem`. */
  async skip(id: number, name: string, reason: string): Promise<void> {
    await this.#change(id, async (orm, row) => {
      const { contributors } = await this.#view(orm, row)
      if (contributors.find((one) => one.name === name)?.state !== 'invited')
        throw new Problem('ceremony-state', 'Nobody waits for them, or they are contributing now.')
      await orm
        .update(contributor)
        .set({ skippedAt: this.#now(), reason })
        .where(and(eq(contributor.ceremonyId, id), eq(contributor.name, name)))
    })
  }

  /** Closes a ceremony with the value that was announced; elections use its keys from now on. Throws `Problem`. */
  async end(id: number, value: Uint8Array): Promise<void> {
    const powers = await this.#change(id, async (orm, row) => {
      await this.#checkAllDone(orm, row)
      return this.#powersOf(row)
    })
    const ended: Key[] = []
    for (const key of await this.#last(this.#db, id)) {
      const job = {
        kind: 'end',
        circuit: key.circuit,
        powers,
        zkey: await this.#content(key),
        value,
      } as const
      ended.push(await this.#keep(key, await run(job)))
    }
    await this.#change(id, async (orm, row) => {
      await this.#checkAllDone(orm, row)
      await orm.insert(zkey).values(ended)
      await orm.update(ceremony).set({ endedAt: this.#now(), value }).where(eq(ceremony.id, id))
    })
    await this.#adopt(id)
  }

  /** Whose code an Authorization header carries. */
  async of(authorization = ''): Promise<Contributor | undefined> {
    const [, code] = /^Bearer ([\w-]{27})$/.exec(authorization) ?? []
    if (code === undefined) return undefined
    const hash = sha256(Buffer.from(code, 'base64url'))
    const [found] = await this.#db.select().from(contributor).where(eq(contributor.hash, hash))
    return found
  }

  /** How things stand for a contributor. */
  async turn({ ceremonyId, name }: Contributor, orm: Query = this.#db): Promise<Turn> {
    const [row] = await orm.select().from(ceremony).where(eq(ceremony.id, ceremonyId))
    if (row === undefined) throw new Error('a contributor is of a ceremony')
    const view = await this.#view(orm, row)
    const circuit = pendingOf(view, name)
    const last = view.keys.findLast((key) => key.circuit === circuit)
    return { name, ceremony: view, next: last ? { circuit: last.circuit, sha256: last.sha256 } : null }
  }

  /** Holds the ceremony for a contributor who has come. Throws `Problem`. */
  async take(who: Contributor): Promise<Turn> {
    return this.#change(who.ceremonyId, async (orm, row) => {
      await this.#hold(orm, row, who)
      return this.turn(who, orm)
    })
  }

  /** Takes a contributor's key for a circuit if it is the present one with their contribution and nothing else; the
   *  contribution's hash is on disk when this resolves. Throws `Problem`. */
  async contribute(who: Contributor, circuit: CircuitId, file: Uint8Array): Promise<string> {
    const { before, powers } = await this.#change(who.ceremonyId, async (orm, row) => {
      await this.#hold(orm, row, who)
      return { before: await this.#pending(orm, who, circuit), powers: this.#powersOf(row) }
    })
    checkExtends(await this.#content(before), file, who.name)
    const made = await this.#run('contribution-refused', { kind: 'check', circuit, powers, zkey: file })
    const key = await this.#keep(before, made)
    await this.#change(who.ceremonyId, async (orm, row) => {
      await this.#hold(orm, row, who)
      const now = await this.#pending(orm, who, circuit)
      if (now.position !== before.position) throw new Problem('not-your-turn', 'Another one came first.')
      await orm.insert(zkey).values(key)
      if ((await this.turn(who, orm)).next === null)
        await orm.update(contributor).set({ heldUntil: null }).where(isOf(who))
    })
    return toHex(key.hash ?? new Uint8Array())
  }

  /** Runs `work` while nobody else changes this ceremony, which has not ended. Throws `Problem`. */
  #change<T>(id: number, work: (orm: Query, row: Row) => Promise<T>): Promise<T> {
    return this.#db.transaction(async (orm) => {
      const [row] = await orm.select().from(ceremony).where(eq(ceremony.id, id)).for('update')
      if (row === undefined) throw new Problem('not-found', 'There is no such ceremony.')
      if (row.endedAt !== null) throw new Problem('ceremony-state', 'The ceremony has ended.')
      return work(orm, row)
    })
  }

  /** Nobody else may contribute until the lease ends, which begins anew. */
  async #hold(orm: Query, row: Row, who: Contributor): Promise<void> {
    const { contributors } = await this.#view(orm, row)
    const { state } = contributors.find(({ name }) => name === who.name) ?? {}
    if (state !== 'invited' && state !== 'contributing')
      throw new Problem('ceremony-state', 'They have contributed, or were skipped.')
    if (contributors.some(({ name, state }) => state === 'contributing' && name !== who.name))
      throw new Problem('not-your-turn', 'Somebody else is contributing now.', LEASE / 1000)
    const heldUntil = new Date(this.#server.clock() + LEASE)
    await orm.update(contributor).set({ heldUntil }).where(isOf(who))
  }

  /** The key that a contributor is to contribute to. */
  async #pending(orm: Query, { ceremonyId, name }: Contributor, circuit: CircuitId): Promise<Key> {
    const keys = await this.#keys(orm, ceremonyId)
    const last = keys.findLast((key) => key.circuit === circuit)
    if (last === undefined || keys.some((key) => key.circuit === circuit && key.name === name))
      throw new Problem('ceremony-state', 'This circuit waits for no contribution of theirs.')
    return last
  }

  async #checkAllDone(orm: Query, row: Row): Promise<void> {
    const { contributors } = await this.#view(orm, row)
    const waiting = contributors.some(({ state }) => state === 'invited' || state === 'contributing')
    if (waiting || contributors.every(({ state }) => state !== 'done'))
      throw new Problem('ceremony-state', 'Somebody must have contributed, and nobody be waited for.')
  }

  async #view(orm: Query, row: Row): Promise<CeremonyView> {
    const { id, phase1, powers, beacon, beganAt, endedAt, value } = row
    const keys = await this.#keys(orm, id)
    const people = await orm
      .select()
      .from(contributor)
      .where(eq(contributor.ceremonyId, id))
      .orderBy(asc(contributor.invitedAt), asc(contributor.name))
    const circuits = keys.filter(({ position }) => position === 0).map(({ circuit }) => circuit)
    const stateOf = ({ name, skippedAt, heldUntil }: (typeof people)[number]) => {
      if (keys.filter((key) => key.name === name).length === circuits.length) return 'done'
      if (skippedAt !== null) return 'skipped'
      return (heldUntil?.getTime() ?? 0) > this.#server.clock() ? 'contributing' : 'invited'
    }
    return {
      ...{ id, circuits, phase1, beacon },
      development: powers === null,
      beganAt: beganAt.getTime(),
      endedAt: endedAt?.getTime() ?? null,
      value: value && toHex(value),
      contributors: people.map((one) => ({ name: one.name, state: stateOf(one), reason: one.reason })),
      keys: keys.map(({ circuit, position, sha256, name, hash, at }) => ({
        ...{ circuit, position, sha256: toHex(sha256), name },
        ...{ hash: hash && toHex(hash), at: at.getTime() },
      })),
    }
  }

  /** All keys of a ceremony, each circuit's in their order. */
  #keys(orm: Query, id: number): Promise<Key[]> {
    return orm
      .select()
      .from(zkey)
      .where(eq(zkey.ceremonyId, id))
      .orderBy(asc(zkey.circuit), asc(zkey.position))
  }

  async #last(orm: Query, id: number): Promise<Key[]> {
    return [...new Map((await this.#keys(orm, id)).map((key) => [key.circuit, key])).values()]
  }

  async #content({ sha256 }: Key): Promise<Uint8Array> {
    const content = await this.#server.files.get(toHex(sha256))
    if (content === undefined) throw new Error(`the key ${toHex(sha256)} is no longer on disk`)
    return content
  }

  /** Puts what came after a key on disk; the row that names it. */
  async #keep(before: Key, { zkey: file, contributions }: Made): Promise<Key> {
    const added = contributions.at(-1)
    if (added === undefined) throw new Error('a key after another has a contribution')
    const sha256 = fromHex(await this.#server.files.put(file))
    const [position, hash] = [before.position + 1, fromHex(added.hash)]
    return { ...before, position, sha256, name: added.name, hash, at: this.#now() }
  }

  #powersOf({ powers }: Row): string | undefined {
    if (powers === null) return undefined
    const path = this.#server.files.path(toHex(powers))
    if (path === undefined) throw new Error('phase 1 of a ceremony is no longer on disk')
    return path
  }

  /** Elections use what a ceremony has ended with, as far as it is of the circuits of now. */
  async #adopt(id: number): Promise<void> {
    const { circuits, files, journal, setups } = this.#server
    for (const { circuit, sha256, r1cs } of await this.#last(this.#db, id)) {
      const path = files.path(toHex(sha256))
      if (path !== undefined && toHex(r1cs) === circuits[circuit].r1cs.sha256)
        await setups.adopt(circuit, { path, sha256: toHex(sha256) })
      else journal.warn({ ceremony: id, circuit }, 'a ceremony’s key is lost, or of another circuit')
    }
  }

  /** Does a job, in which files that do not serve are refused with this code. */
  async #run(code: Problem['code'], job: Job): Promise<Made> {
    try {
      return await run(job)
    } catch (error) {
      throw error instanceof JobRefused ? new Problem(code, error.message) : error
    }
  }

  get #db(): Database['orm'] {
    return this.#server.database.orm
  }

  #now(): Date {
    return new Date(this.#server.clock())
  }
}

function isOf({ ceremonyId, name }: Contributor) {
  return and(eq(contributor.ceremonyId, ceremonyId), eq(contributor.name, name))
}

/** The first circuit that has no contribution of this name. */
function pendingOf({ circuits, keys }: CeremonyView, name: string): CircuitId | undefined {
  return circuits.find((circuit) => !keys.some((key) => key.circuit === circuit && key.name === name))
}

/** What can be seen at once, before the key is worth the work of verifying it. Throws `Problem`. */
function checkExtends(before: Uint8Array, after: Uint8Array, name: string): void {
  const refused = (detail: string) => new Problem('contribution-refused', `The key ${detail}.`)
  const earlier = parseTranscript(transcriptOf(before))
  try {
    const { circuit, contributions } = parseTranscript(transcriptOf(after))
    const rest = formatTranscript({ circuit, contributions: contributions.slice(0, -1) })
    if (contributions.length === 0 || !equalBytes(rest, formatTranscript(earlier)))
      throw refused('does not come after the present one')
    const [last] = contributions.slice(-1)
    if (last?.name !== name || last.beacon !== undefined)
      throw refused('has a contribution that is not under your name')
  } catch (error) {
    throw error instanceof EncodingError ? refused(`cannot be read: ${error.message}`) : error
  }
}
