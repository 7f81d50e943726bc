// The board: the one place where entries are put in order. State and ledger move together; what the gate refuses
// never reaches the ledger, and nothing is acknowledged before it is durable.
import { toHex } from '#crypto/encoding.ts'
import { Busy, type Ledger } from '#ledger/engine.ts'
import { ballotOf, bodyHash } from '#protocol/ballot.ts'
import { decodeEntry, encodeEntry, type Entry } from '#protocol/entry.ts'
import { Refusal } from '#protocol/refusal.ts'
import { settle } from '#tally/decryption.ts'
import { admit, apply } from '#tally/fold.ts'
import { closedBy, replay } from '#tally/replay.ts'
import type { RecordState } from '#tally/state.ts'
import type { Proofs } from './proofs.ts'

/** Where an entry stands. `recorded`: it, or the same ballot, stood there before. */
export interface Place {
  readonly index: number
  readonly recorded: boolean
}

/** Milliseconds after which the next entry is preceded by a new `time` entry. SPEC 7.2. */
const TIME_STEP = 1000
/** Entries between the gate and the disk; more are turned away. */
const MAX_IN_FLIGHT = 4000

export class Board {
  readonly state: RecordState
  readonly ledger: Ledger
  readonly #proofs: Proofs
  readonly #clock: () => number
  readonly #casting = new Map<string, Promise<Place>>()
  #inFlight = 0
  /** Resolves when the aggregates of all closed elections are there. */
  #settled: Promise<void> = Promise.resolve()

  private constructor(state: RecordState, ledger: Ledger, proofs: Proofs, clock: () => number) {
    this.state = state
    this.ledger = ledger
    this.#proofs = proofs
    this.#clock = clock
  }

  /** Replays the ledger and takes over from there. Throws if its own past does not pass the gate. */
  static async open(ledger: Ledger, proofs: Proofs, clock: () => number = Date.now): Promise<Board> {
    const record = {
      entries: () => ledger.entries(0, ledger.size),
      entry: (index: number) => ledger.entry(index),
    }
    return new Board(await replay(record), ledger, proofs, clock)
  }

  /** Entries on their way through the gate. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** Founds an empty ledger. */
  async found(genesis: Entry): Promise<void> {
    admit(this.state, genesis)
    apply(this.state, genesis)
    await this.ledger.append([encodeEntry(genesis)])
  }

  /** Offers the bytes of an entry; resolves once it is durable. Rejects with `Refusal` or `Busy`. A ballot whose body
   *  is on the ledger already, or on its way, gets that one's place. SPEC 6.2. */
  async submit(bytes: Uint8Array): Promise<Place> {
    const entry = decodeEntry(bytes)
    if (entry[0] === 'genesis' || entry[0] === 'time') throw new Refusal('not-expected-here', entry[0])
    if (this.#inFlight >= MAX_IN_FLIGHT) throw new Busy('too many entries are waiting')
    this.#inFlight += 1
    try {
      return await (entry[0] === 'ballot' ? this.#cast(entry, bytes) : this.#append(entry, bytes))
    } finally {
      this.#inFlight -= 1
    }
  }

  #cast(entry: Extract<Entry, ['ballot', unknown]>, bytes: Uint8Array): Promise<Place> {
    const id = toHex(bodyHash(ballotOf(entry[1]).body))
    const under = this.#casting.get(id)
    if (under !== undefined) return under.then(({ index }) => ({ index, recorded: true }))
    const index = this.state.bodies.get(id)
    if (index !== undefined) return Promise.resolve({ index, recorded: true })
    const cast = this.#castNew(entry, bytes).finally(() => this.#casting.delete(id))
    this.#casting.set(id, cast)
    return cast
  }

  async #castNew(entry: Extract<Entry, ['ballot', unknown]>, bytes: Uint8Array): Promise<Place> {
    this.#tick()
    const job = admit(this.state, entry)
    if (job === undefined) throw new Error('a ballot comes with a proof to check')
    if (!(await this.#proofs.check(job))) throw new Refusal('ballot-proof-invalid')
    return this.#append(entry, bytes)
  }

  /** From here on nothing waits between the gate and the place in the ledger's queue. */
  async #append(entry: Entry, bytes: Uint8Array): Promise<Place> {
    await this.#settled
    this.#tick()
    admit(this.state, entry)
    const index = this.state.size
    apply(this.state, entry)
    const appended = this.ledger.append([bytes])
    this.#settle(entry, appended)
    await appended
    await this.#settled
    return { index, recorded: false }
  }

  /** Lets the ledger's time follow the clock. It is queued before whatever it dates. */
  #tick(): void {
    const now = this.#clock()
    if (now - this.state.time < TIME_STEP) return
    const entry: Entry = ['time', now]
    apply(this.state, entry)
    this.ledger.append([encodeEntry(entry)]).catch(() => undefined)
  }

  /** After a closing entry: the election's aggregates, before anything else of it passes the gate. */
  #settle(entry: Entry, durable: Promise<unknown>): void {
    const election = closedBy(this.state, entry)
    if (election === undefined) return
    this.#settled = Promise.all([this.#settled, durable]).then(() =>
      settle(election, (index) => this.ledger.entry(index)),
    )
  }
}
