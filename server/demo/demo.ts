// The demonstration (only with `--demo`): practice elections in which the server plays two guardians and some voters, and
// a visitor the rest. What visitors may ask for is bounded, so that nobody fills the ledger.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { nullifier } from '#circuits/credential.ts'
import { drawSeed } from '#client/credential.ts'
import { credentialSecret } from '#client/secret.ts'
import { newIdentity, publicKeyOf } from '#client/guardian/seat.ts'
import { toHex } from '#crypto/encoding.ts'
import { parseVerifierKey } from '#ledger/note.ts'
import { formatLogPolicy } from '#ledger/policy.ts'
import { ensure, Refusal } from '#protocol/refusal.ts'
import type { Board } from '#server/board.ts'
import type { Database } from '#server/data/database.ts'
import { importVoters } from '#server/data/register.ts'
import type { Journal } from '#server/journal.ts'
import type { Official } from '#server/official.ts'
import { Problem } from '#server/problem.ts'
import type { Setups } from '#server/setups.ts'
import type { Site } from '#server/site.ts'
import { ABSENT, Course, PROCESS, type Stage } from './course.ts'
import { Crowds } from './crowds.ts'
import { ideasOf, PROPOSALS, simulatedOpinions } from './ideas.ts'
import { type Kept, KeptFiles } from './kept.ts'
import { demoManifest, simulatedVotes } from './manifest.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Elections of each kind that may begin in a day. */
const A_DAY = 20
/** Codes that visitors get for one election. */
const MAX_CODES = 200
/** How long an election may go on, and how long at least it can still be opened where somebody registers. */
const LIFETIME = 7 * DAY
const LEAST = HOUR
/** How far ahead "close now" lies: a closing time must be ahead of the ledger's time. */
const CLOSING = 1500
/** Shortest and longest timer. */
const MIN_WAIT = 1000
const MAX_WAIT = HOUR
/** Most elections that are listed. */
const LISTED = 50
/** A contest with fewer ballots stays sealed. */
const MIN_BALLOTS = 5

/** A demo election as visitors see it. */
export interface Listed {
  readonly process: string
  readonly election: string
  readonly state: Exclude<Stage, 'made' | 'over'>
}

/** What the demonstration needs of the server. */
interface Surroundings {
  readonly board: Board
  readonly database: Database
  readonly official: Official
  readonly setups: Pick<Setups, 'own'>
  readonly journal: Journal
  readonly clock: () => number
  readonly site: Site | undefined
}

export class Demo implements AsyncDisposable {
  /** Voters whom the server plays in each election. */
  readonly simulated: number
  readonly #server: Surroundings
  readonly #files: KeptFiles
  readonly #course: Course
  readonly #crowds: Crowds
  /** Everything that changes something waits for its turn. */
  #turn: Promise<unknown> = Promise.resolve()
  #due = false
  #timer: ReturnType<typeof setTimeout> | undefined
  #forget: () => void = () => undefined
  #stopped = false

  /** @param data the data folder; what the played guardians and voters know is kept in it */
  constructor(server: Surroundings, data: string, simulated: number) {
    this.#server = server
    this.simulated = simulated
    this.#files = new KeptFiles(join(data, 'demo'))
    const { board, official, setups, site } = server
    const application = site?.list
    this.#course = new Course({ board, official, setups: setups.own, files: this.#files, application })
    this.#crowds = new Crowds(server.journal, () => this.#wake())
  }

  /** Goes on with what was begun, and has an election ready for the first visitor.
   *  @param url where this server listens */
  start(url: string): void {
    this.#course.url = url
    if (this.over) return
    this.#forget = this.#server.board.onGrowth(() => this.#wake())
    this.#wake()
    this.create().catch((error: unknown) =>
      this.#server.journal.warn({ err: error }, 'no demo election is ready'),
    )
  }

  /** Whether officials have come, who alone decide what happens on this ledger. */
  get over(): boolean {
    return this.#server.board.state.officials !== undefined
  }

  /** The newest that visitors can do something with. */
  list(): Listed[] {
    return this.#files
      .all()
      .flatMap((kept) => {
        const state = this.#stageOf(kept)
        if (state === undefined || state === 'made' || state === 'over') return []
        return [{ process: PROCESS, election: kept.election, state }]
      })
      .slice(-LISTED)
  }

  /** An election in which one can register: the one there is, or a new one. */
  create(): Promise<{ process: string; election: string }> {
    return this.#inTurn(async () => {
      const usable = this.#files.all().findLast((kept) => this.#takesVisitors(kept))
      const { election } = usable ?? (await this.#begin('vote'))
      await this.#course.advance(election)
      this.#in(election, 'registering')
      return { process: PROCESS, election }
    })
  }

  /** A practice election that makes its key with the visitor as third guardian.
   *  @param key the visitor's Ed25519 public key, 32 bytes */
  ceremony(visitor: { name: string; key: Uint8Array }): Promise<{ process: string; election: string }> {
    return this.#inTurn(async () => {
      const { election } = await this.#begin('ceremony', visitor)
      await this.#course.advance(election)
      return { process: PROCESS, election }
    })
  }

  /** A registration code. */
  code(slug: string): Promise<string> {
    return this.#inTurn(async () => {
      const kept = this.#in(slug, 'registering')
      if (kept.codes >= MAX_CODES) throw new Problem('too-many-attempts', 'All codes are given out.')
      const number = kept.codes + 1
      this.#files.save({ ...kept, codes: number })
      const [issued] = await importVoters(this.#server.database, {
        process: PROCESS,
        roll: slug,
        rows: [{ row: `visitor ${number}`, weight: 1n }],
      })
      if (issued === undefined) throw new Error('no code was issued')
      return issued.code
    })
  }

  /** Freezes the roll and opens; the simulated voters then begin. */
  open(slug: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#course.freeze(this.#in(slug, 'registering'))
      await this.#course.advance(slug)
    })
  }

  /** Ends voting now and closes. */
  async close(slug: string): Promise<void> {
    const closesAt = await this.#inTurn(async () => {
      const election = this.#course.election(this.#in(slug, 'open'))
      const { minBallots = 0 } = election?.manifest ?? {}
      const ballots = Math.min(...(election?.contests ?? []).map(({ voters }) => voters.size))
      ensure(ballots >= minBallots, 'too-few-ballots', `each contest needs ${minBallots}`)
      const at = this.#server.board.time + CLOSING
      await this.#course.act(() => ({ type: 'set-closing-time', election: slug, closesAt: at }))
      return at
    })
    while (this.#server.clock() < closesAt) await sleep(closesAt - this.#server.clock())
    await this.#inTurn(() => this.#course.advance(slug))
  }

  /** The absent guardian announces and decrypts after all. */
  stepIn(slug: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#in(slug, 'closed')
      await this.#course.play(slug, ABSENT)
      await this.#course.advance(slug)
    })
  }

  /** The third guardian's backup and its passphrase, until that guardian has announced what it decrypts. */
  seat(slug: string): NonNullable<Kept['seat']> {
    const { seat } = this.#known(slug)
    if (seat === null) throw new Problem('not-found', 'This seat has been taken.')
    return seat
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#forget()
    clearTimeout(this.#timer)
    await this.#crowds.stop()
    await this.#turn
  }

  async #begin(kind: Kept['kind'], visitor?: { name: string; key: Uint8Array }): Promise<Kept> {
    const now = this.#server.board.time
    const recent = this.#files.all().filter((kept) => kept.kind === kind && kept.createdAt > now - DAY)
    const [first] = recent
    if (first !== undefined && recent.length >= A_DAY) {
      const seconds = Math.ceil((first.createdAt + DAY - now) / 1000)
      throw new Problem('too-many-attempts', 'Enough of these have begun today.', seconds)
    }
    const names = ['Played by this server (1)', 'Played by this server (2)']
    if (visitor === undefined) names.push('A visitor')
    const guardians = []
    for (const [i, name] of names.entries()) {
      guardians.push({ number: i + 1, identity: await newIdentity(name) })
    }
    const named = guardians.map(({ identity }) => ({ name: identity.name, key: publicKeyOf(identity) }))
    const election = this.#freeName(kind)
    const kept: Kept = {
      ...{ election, kind, createdAt: now, guardians, codes: 0, seat: null },
      manifest: demoManifest({
        roll: election,
        opensAt: now,
        closesAt: now + LIFETIME,
        guardians: visitor === undefined ? named : [...named, visitor],
        minBallots: Math.min(MIN_BALLOTS, this.simulated),
      }),
      voters: kind === 'vote' ? Array.from({ length: this.simulated }, drawSeed) : [],
    }
    this.#files.save(kept)
    return kept
  }

  #freeName(kind: Kept['kind']): string {
    const elections = this.#server.board.state.processes.get(PROCESS)?.elections
    for (let number = 1; ; number++) {
      const name = `${kind === 'vote' ? 'budget' : 'ceremony'}-${number}`
      if (elections?.has(name) !== true && this.#files.get(name) === undefined) return name
    }
  }

  #known(slug: string): Kept {
    const kept = this.#files.get(slug)
    if (kept === undefined) throw new Refusal('unknown-election', slug)
    // Throws for everything but a practice election of this demonstration.
    this.#course.election(kept)
    return kept
  }

  #in(slug: string, stage: Stage): Kept {
    const kept = this.#known(slug)
    const now = this.#course.stage(kept)
    ensure(now === stage, 'wrong-state', `it is ${now}, not ${stage}`)
    return kept
  }

  #stageOf(kept: Kept): Stage | undefined {
    try {
      return this.#course.stage(kept)
    } catch (error) {
      if (error instanceof Refusal) return undefined
      throw error
    }
  }

  #takesVisitors(kept: Kept): boolean {
    const stage = this.#stageOf(kept)
    if (kept.kind !== 'vote' || kept.codes >= MAX_CODES) return false
    if (kept.manifest.closesAt - this.#server.board.time < LEAST) return false
    return stage === 'registering' || stage === 'made'
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => undefined)
    return done
  }

  /** Looks after all elections once more, soon. */
  #wake(): void {
    if (this.#due || this.#stopped || this.over) return
    this.#due = true
    void this.#inTurn(async () => {
      this.#due = false
      for (const kept of this.#files.all()) {
        if (this.#stopped) return
        if (this.#stageOf(kept) === undefined) continue
        const { election } = kept
        await this.#course.advance(election).catch((error: unknown) => this.#complain(election, error))
      }
      this.#vote()
      this.#schedule()
    })
  }

  /** Lets simulated voters vote and propose where they have not. */
  #vote(): void {
    const { board } = this.#server
    if (this.#crowds.busy) return
    for (const kept of this.#files.all()) {
      if (kept.voters.length === 0) continue
      const contests = this.#course.election(kept)?.contests ?? []
      const isDone = (seed: Uint8Array) =>
        contests.every(({ context, voters }) => voters.has(nullifier(credentialSecret(seed), context.scope)))
      const ideas = ideasOf(kept.election)
      const { participation, plans } = board.state.processes.get(ideas) ?? {}
      const texts = PROPOSALS.slice(0, kept.voters.length)
      const asked = (participation?.statements.size ?? 0) >= simulatedOpinions(0).length
      const toThink = asked ? kept.voters.flatMap((_, i) => simulatedOpinions(i)).length : 0
      const isOver = (plans?.at(-1)?.plan.phases.at(-1)?.closesAt ?? 0) <= this.#server.clock()
      const mayVote = this.#stageOf(kept) === 'open' && !kept.voters.every(isDone)
      const maySay =
        !isOver &&
        participation !== undefined &&
        (participation.proposals.size < texts.length || participation.opinions.length < toThink)
      if (!mayVote && !maySay) continue
      const votes = simulatedVotes(kept.voters.length)
      this.#crowds.start({
        url: this.#course.url,
        policy: formatLogPolicy(parseVerifierKey(board.ledger.verifierKey)),
        process: PROCESS,
        election: kept.election,
        ideas: { process: ideas, texts },
        voters: kept.voters.map((seed, i) => ({
          seed: toHex(seed),
          votes: (votes[i] ?? []).map((values) => values.map(String)),
          opinions: simulatedOpinions(i),
        })),
      })
      return
    }
  }

  /** Wakes up when the next election has to be closed. */
  #schedule(): void {
    clearTimeout(this.#timer)
    const open = this.#files.all().filter((kept) => this.#stageOf(kept) === 'open')
    const next = Math.min(...open.map((kept) => this.#course.election(kept)?.closesAt ?? Infinity))
    if (next === Infinity) return
    const wait = Math.min(Math.max(next - this.#server.clock(), MIN_WAIT), MAX_WAIT)
    this.#timer = setTimeout(() => this.#wake(), wait).unref()
  }

  #complain(election: string, error: unknown): void {
    const { journal } = this.#server
    if (error instanceof Refusal) journal.warn({ election, err: error }, 'a demo election cannot go on')
    else journal.error({ election, err: error }, 'a demo election has failed')
  }
}
