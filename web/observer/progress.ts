// How far a verification is. Entries are read far ahead of the proofs, so a ballot counts as done only once its proof has
// been judged: what is shown never runs ahead of the work, and never goes back.
import type { PublicRecord } from '#tally/record.ts'
import type { Answer, Port } from '#tally/worker.ts'

export interface Progress {
  /** Entries that are checked, ballots with their proofs, and all entries. */
  readonly done: number
  readonly total: number
  /** Ballots whose proofs have been judged. */
  readonly ballots: number
}

/** Watches a record being read and proof workers answering. */
export class Watch {
  readonly #total: number
  readonly #tell: (progress: Progress) => void
  readonly #known: number
  #read = 0
  #waiting = 0
  #judged = 0
  #told = -Infinity

  /** @param known entries whose proofs an earlier run has judged */
  constructor(total: number, tell: (progress: Progress) => void, known = 0) {
    this.#total = total
    this.#tell = tell
    this.#known = known
  }

  /** The record, counted as it is read. */
  record(record: PublicRecord): PublicRecord {
    const entries = this.#entries.bind(this, record)
    return { ...record, entries }
  }

  /** The port of a proof worker, counted as it answers. */
  port(port: Port): Port {
    return {
      post: (message) => port.post(message),
      listen: (receive) =>
        port.listen((answer: Answer) => {
          if ('verdicts' in answer) this.#judge(answer.verdicts.length)
          receive(answer as never)
        }),
      fail: (report) => port.fail(report),
    }
  }

  /** What is true now. Ballots that the gate refuses are never judged, so only the end of the run is all of it. */
  get progress(): Progress {
    return { done: this.#read - this.#waiting, total: this.#total, ballots: this.#judged }
  }

  async *#entries(record: PublicRecord): AsyncGenerator<Uint8Array> {
    for await (const bytes of record.entries()) {
      yield bytes
      if (isBallot(bytes) && this.#read >= this.#known) this.#waiting += 1
      this.#read += 1
      this.#changed()
    }
  }

  #judge(ballots: number): void {
    // More than waited, where the record does not begin as the one that is known.
    this.#waiting = Math.max(0, this.#waiting - ballots)
    this.#judged += ballots
    this.#changed()
  }

  /** From here on nothing is told. */
  end(): void {
    this.#told = Infinity
  }

  /** At most ten times a second: a page cannot show more, and telling costs. */
  #changed(): void {
    const now = performance.now()
    if (now - this.#told < 100) return
    this.#told = now
    this.#tell(this.progress)
  }
}

/** Whether these are the bytes of a ballot, well-formed or not: ["ballot", ...] in CBOR. */
function isBallot(bytes: Uint8Array): boolean {
  return BALLOT.every((byte, i) => bytes[i] === byte)
}

const BALLOT = [0x82, 0x66, ...new TextEncoder().encode('ballot')]

/** How fast it goes, from what was seen in the last seconds. */
export class Pace {
  #seen: { at: number; progress: Progress }[] = []

  /** Takes a report in.
   *  @param now milliseconds on any steady clock */
  add(now: number, progress: Progress): void {
    this.#seen = [...this.#seen.filter(({ at }) => now - at <= SPAN), { at: now, progress }]
  }

  /** Ballots in a second; undefined until two reports are a second apart. */
  get ballotsPerSecond(): number | undefined {
    return this.#rate(({ ballots }) => ballots)
  }

  /** Seconds until all entries are done, if it goes on like this; undefined while nobody can tell. */
  get secondsLeft(): number | undefined {
    const rate = this.#rate(({ done }) => done)
    const last = this.#seen.at(-1)?.progress
    return rate === undefined || rate === 0 || last === undefined
      ? undefined
      : (last.total - last.done) / rate
  }

  #rate(of: (progress: Progress) => number): number | undefined {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)]
    if (first === undefined || last === undefined || last.at - first.at < 1000) return undefined
    return (of(last.progress) - of(first.progress)) / ((last.at - first.at) / 1000)
  }
}

/** How far back it looks, in milliseconds: proofs come back in batches. */
const SPAN = 10_000
