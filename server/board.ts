// The board: the one place where entries are put in order (SPEC 7.1, 7.2). State and ledger move together; what the
// gate refuses never reaches the ledger, and nothing is acknowledged before it is durable.
import { equalBytes, toHex } from '#crypto/encoding.ts'
import { checkCheckpoint, parseCheckpoint } from '#ledger/checkpoint.ts'
import { parseVerifierKey } from '#ledger/note.ts'
import { Busy, type Ledger, LedgerFailure } from '#ledger/engine.ts'
import { leafHash } from '#ledger/merkle.ts'
import type { Setup } from '#protocol/setup.ts'
import type { Act, ActOf } from '#protocol/act.ts'
import { ballotOf, bodyHash } from '#protocol/ballot.ts'
import { picturesOf } from '#protocol/contest.ts'
import { decodeEntry, encodeEntry, type Entry } from '#protocol/entry.ts'
import { Refusal, ensure } from '#protocol/refusal.ts'
import { type Deed, signalHash, signalOf } from '#protocol/signal.ts'
import { erasedBy } from '#tally/contributions.ts'
import { settle } from '#tally/decryption.ts'
import { admit, apply, type ProofJob } from '#tally/fold.ts'
import { checkPublication } from '#tally/formats/ocds.ts'
import { closedBy, foldEntry } from '#tally/replay.ts'
import { type Unsealed, unsealedBy } from '#tally/sealed-comments.ts'
import { emptyState, type ParticipationState, type RecordState } from '#tally/state.ts'
import { BallotIndex } from './ballot-index.ts'
import type { Proofs } from './proofs.ts'

/** Where an entry stands. `recorded`: it, or the same ballot, stood there before. */
export interface Place {
  readonly index: number
  readonly recorded: boolean
}

/** What the board asks of the world. */
export interface Surroundings {
  readonly proofs: Pick<Proofs, 'check'>
  /** What is wrong with the files of a circuit's setup (V5); empty if nothing is. */
  readonly setupProblems: (setup: Setup) => Promise<string[]>
  /** The attachment of this SHA-256, in hexadecimal. */
  readonly attachment: (hash: string) => Promise<Uint8Array | undefined>
  /** Whether what this deed commits to is kept beside the ledger: its text, or its box (SPEC 12.4, 12.11). */
  readonly written: (deed: Extract<Deed, { text: Uint8Array }>) => Promise<boolean>
  /** Whether a name that looks the same stands in the process under this number (SPEC 12.12). */
  readonly nameTaken: (within: ParticipationState, act: ActOf<'vouch-name'>) => Promise<boolean>
  /** Deletes the texts of these commitments (SPEC 12.6). */
  readonly erase: (commitments: readonly Uint8Array[]) => Promise<void>
  /** Opens the boxes of these comments (SPEC 12.11). */
  readonly unseal: (comments: readonly Unsealed[]) => Promise<void>
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/** What comes with a proof, from voters and from those who take part. */
type ProvenEntry = Extract<Entry, ['ballot' | 'signal', unknown]>

/** Milliseconds after which the next entry is preceded by a new `time` entry. SPEC 7.2. */
const TIME_STEP = 1000
/** Entries between the gate and the disk, and their bytes: what a server of 1,000 ballots a second gets through in a quarter
 *  of a second, for whoever is taken in waits behind all of them, and whoever is not comes again by itself. Far below what the
 *  ledger queues, which must never be busy with an entry that the state has already taken in. */
const MAX_IN_FLIGHT = 256
const MAX_IN_FLIGHT_BYTES = 16 * 2 ** 20

export class Board {
  readonly state: RecordState & { readonly bodies: BallotIndex }
  readonly ledger: Ledger
  /** Resolves when the ledger has failed: every later call rejects, and the process must stop. */
  readonly failed: Promise<LedgerFailure>
  readonly #surroundings: Surroundings
  readonly #casting = new Map<string, { bytes: Uint8Array; place: Promise<Place> }>()
  readonly #fail: (failure: LedgerFailure) => void
  readonly #onGrowth = new Set<() => void>()
  #failure: LedgerFailure | undefined
  #inFlight = 0
  #inFlightBytes = 0
  /** Resolves when the aggregates of all closed elections are there. */
  #settled: Promise<void> = Promise.resolve()

  private constructor(ledger: Ledger, surroundings: Surroundings) {
    const { promise, resolve } = Promise.withResolvers<LedgerFailure>()
    this.state = { ...emptyState(), bodies: new BallotIndex() }
    this.ledger = ledger
    this.failed = promise
    this.#surroundings = surroundings
    this.#fail = (failure) => {
      this.#failure ??= failure
      resolve(this.#failure)
    }
  }

  /** Replays the ledger and takes over from there. Throws if its own past does not pass the gate. */
  static async open(ledger: Ledger, surroundings: Surroundings): Promise<Board> {
    const board = new Board(ledger, surroundings)
    const { state } = board
    for await (const bytes of ledger.entries(0, ledger.size)) {
      try {
        await foldEntry(state, bytes, (index) => ledger.entry(index))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        throw new Error(`entry ${state.size} of the ledger does not pass the gate`, { cause: error })
      }
    }
    return board
  }

  /** The time by which an entry would be judged now. */
  get time(): number {
    return this.#now().time
  }

  /** Entries on their way through the gate. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** Whether the next entry would be turned away. */
  get busy(): boolean {
    return this.#inFlight >= MAX_IN_FLIGHT || this.#inFlightBytes >= MAX_IN_FLIGHT_BYTES
  }

  /** Calls `heed` whenever more entries are durable, until the function that it gives is called. */
  onGrowth(heed: () => void): () => void {
    this.#onGrowth.add(heed)
    return () => void this.#onGrowth.delete(heed)
  }

  /** Whether a proof holds that is shown to this server alone. */
  proves(job: ProofJob, source: string): Promise<boolean> {
    return this.#surroundings.proofs.check(job, source)
  }

  /** Founds an empty ledger. */
  async found(genesis: Entry): Promise<void> {
    admit(this.state, genesis)
    apply(this.state, genesis)
    await this.#write([encodeEntry(genesis)])
  }

  /** Offers the bytes of an entry; resolves once it is durable. Rejects with `Refusal`, `Busy` or `LedgerFailure`. A
   *  ballot whose body is on the ledger already, or on its way, gets that one's place. SPEC 6.2.
   *  @param source whom bad proofs are held against; none for the server's own entries and officials' acts, which it
   *  gathers one after the other: they get through however many others wait
   *  @param prepare what is to be done first, once all is sound but nothing recorded */
  async submit(bytes: Uint8Array, source?: string, prepare?: () => Promise<void>): Promise<Place> {
    if (this.#failure !== undefined) throw this.#failure
    if (this.busy && source !== undefined) throw new Busy('too many entries are waiting')
    const entry = decodeEntry(bytes)
    if (entry[0] === 'genesis' || entry[0] === 'time') throw new Refusal('not-expected-here', entry[0])
    this.#inFlight += 1
    this.#inFlightBytes += bytes.length
    try {
      return await (entry[0] === 'ballot' || entry[0] === 'signal'
        ? this.#cast(entry, bytes, source ?? 'this server', prepare)
        : this.#decide(entry, bytes))
    } finally {
      this.#inFlight -= 1
      this.#inFlightBytes -= bytes.length
    }
  }

  /** The place of the ballot or signal, or that of the same one with another proof, wherever it came from. */
  #cast(
    entry: ProvenEntry,
    bytes: Uint8Array,
    source: string,
    prepare?: () => Promise<void>,
  ): Promise<Place> {
    const id = identityOf(entry)
    const under = this.#casting.get(id)
    if (under !== undefined) {
      const place = under.place.then(({ index }) => ({ index, recorded: true }))
      // Another proof of the same may be sound where this one is not.
      return equalBytes(under.bytes, bytes)
        ? place
        : place.catch(() => this.#cast(entry, bytes, source, prepare))
    }
    const index = (entry[0] === 'ballot' ? this.state.bodies : this.state.signals).get(id)
    if (index !== undefined) return Promise.resolve({ index, recorded: true })
    const place = this.#castNew(entry, bytes, source, prepare).finally(() => this.#casting.delete(id))
    this.#casting.set(id, { bytes, place })
    return place
  }

  async #castNew(
    entry: ProvenEntry,
    bytes: Uint8Array,
    source: string,
    prepare?: () => Promise<void>,
  ): Promise<Place> {
    // Everything that is cheap comes before the proof.
    const job = admit(this.#now(), entry)
    if (job === undefined) throw new Error(`a ${entry[0]} comes with a proof to check`)
    ensure(await this.#surroundings.proofs.check(job, source), `${entry[0]}-proof-invalid`)
    await prepare?.()
    await this.#checkText(entry)
    return this.#append(entry, bytes)
  }

  /** Nobody commits to a text that is not kept. SPEC 12.4. */
  async #checkText(entry: ProvenEntry): Promise<void> {
    if (entry[0] !== 'signal') return
    const { deed } = signalOf(entry[1])
    if (!('text' in deed)) return
    ensure(await this.#surroundings.written(deed), 'attachment-missing', 'no text')
  }

  /** Acts and guardians' messages. What was said before in the very same bytes keeps its place. */
  async #decide(entry: Entry, bytes: Uint8Array): Promise<Place> {
    try {
      await this.#checkFiles(entry)
      this.#checkIntent(entry)
      return await this.#append(entry, bytes)
    } catch (error) {
      const index = error instanceof Refusal ? await this.ledger.indexOf(leafHash(bytes)) : undefined
      if (index === undefined) throw error
      return { index, recorded: true }
    }
  }

  /** Nobody defines or opens an election, plans a process or publishes spending, of which an observer would miss a file or
   *  find it unsound. SPEC 8.1, 10, 13.2. */
  async #checkFiles(entry: Entry): Promise<void> {
    const [type, content] = entry
    if (type !== 'act') return
    const { act } = content
    if (act.type === 'define-election') {
      admit(this.#now(), entry)
      for (const hash of picturesOf(act.manifest)) {
        const found = await this.#surroundings.attachment(hash)
        ensure(found !== undefined, 'attachment-missing', `no picture ${hash}`)
      }
    }
    if (act.type === 'publish-releases') {
      admit(this.#now(), entry)
      checkPublication(act, await this.#surroundings.attachment(toHex(act.file)))
    }
    const within = this.state.processes.get(content.process)?.participation
    if (act.type === 'vouch-name' && act.holds && within !== undefined) {
      const taken = await this.#surroundings.nameTaken(within, act)
      ensure(!taken, 'already-exists', 'a name that looks the same has this number')
    }
    const setups = setupsIn(act)
    if (setups.length > 0) admit(this.#now(), entry)
    for (const setup of setups) {
      const problems = await this.#surroundings.setupProblems(setup)
      ensure(problems.length === 0, 'setup-mismatch', `${setup.circuit}: ${problems.join('; ')}`)
    }
  }

  /** A guardian names a checkpoint that this log has signed, else every verifier would find fault with the record. SPEC 9.1. */
  #checkIntent(entry: Entry): void {
    const [type, content] = entry
    if (type !== 'guardian' || content.message.type !== 'intend') return
    admit(this.#now(), entry)
    const seen = parseCheckpoint(content.message.checkpoint)
    ensure(
      checkCheckpoint(seen, parseVerifierKey(this.ledger.verifierKey)),
      'intent-checkpoint',
      'not signed by this log',
    )
  }

  /** Between the gate and the place in the ledger's queue nothing waits. */
  async #append(entry: Entry, bytes: Uint8Array): Promise<Place> {
    let settled: Promise<void>
    do await (settled = this.#settled)
    while (settled !== this.#settled)
    if (this.#failure !== undefined) throw this.#failure
    const { time } = this.#now()
    admit({ ...this.state, time }, entry)
    const timed = time !== this.state.time
    if (timed) apply(this.state, ['time', time])
    apply(this.state, entry)
    const index = this.state.size - 1
    const written = this.#write(timed ? [encodeEntry(['time', time]), bytes] : [bytes])
    if (closedBy(this.state, entry) !== undefined) this.#settled = written.then(() => this.#settle(entry))
    await written
    await this.#settled
    // Nobody is told of an erasure before it is done.
    await this.#surroundings.erase(erasedBy(this.state, entry))
    await this.#surroundings.unseal(unsealedBy(this.state, entry))
    return { index, recorded: false }
  }

  /** The state as it would be judged now: with the clock's time, once that is a step ahead of the ledger's or voting
   *  has begun or ended in between, so that no ballot is early or late by a step. The ledger's time never falls. */
  #now(): RecordState {
    const { state } = this
    const now = this.#surroundings.clock()
    const due = now - state.time >= TIME_STEP || (now > state.time && this.#boundaryWithin(state.time, now))
    return due ? { ...state, time: now } : state
  }

  #boundaryWithin(after: number, upTo: number): boolean {
    for (const { manifest, closesAt } of this.state.opened.values()) {
      for (const at of [manifest.opensAt, closesAt]) if (at > after && at <= upTo) return true
    }
    return false
  }

  /** State and ledger part for good unless this succeeds. */
  async #write(entries: readonly Uint8Array[]): Promise<void> {
    await this.#orFail(() => this.ledger.append(entries))
    for (const heed of this.#onGrowth) heed()
  }

  /** After a closing entry: the election's aggregates, before anything else of it passes the gate. SPEC 9.2. */
  async #settle(entry: Entry): Promise<void> {
    const election = closedBy(this.state, entry)
    if (election === undefined) return
    await this.#orFail(() => settle(election, (index) => this.ledger.entry(index)))
  }

  async #orFail<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      const failure = error instanceof LedgerFailure ? error : new LedgerFailure(message, { cause: error })
      this.#fail(failure)
      throw failure
    }
  }
}

/** What names a ballot or a signal whatever its proof. SPEC 6.1, 12.2. */
function identityOf(entry: ProvenEntry): string {
  return toHex(entry[0] === 'ballot' ? bodyHash(ballotOf(entry[1]).body) : signalHash(signalOf(entry[1])))
}

/** The setups under which an act lets people prove something. */
function setupsIn(act: Act): readonly Setup[] {
  if (act.type === 'open-election') return act.setups
  return act.type === 'plan-process' && act.participation !== undefined ? [act.participation.setup] : []
}
