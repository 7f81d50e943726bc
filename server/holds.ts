// Rolls that take nobody for a while: the act that freezes a roll names its size and root (SPEC 4.2), so whoever
// registered before it has all its signatures would make it untrue. What holds a roll is the act that waits, in the
// database, and before there is one the official who signs it.
import { actCodec } from '#protocol/act.ts'
import type { Board } from './board.ts'
import type { Database } from './data/database.ts'
import { and, eq, gte, isNull } from './data/drizzle.ts'
import type { RollName } from './data/register.ts'
import { proposal } from './data/schema.ts'

/** How long an official has to sign the act, in milliseconds. */
const SIGNING = 5 * 60_000

export class Holds {
  readonly #db: Database
  readonly #board: Board
  readonly #clock: () => number
  /** Until when each roll is held for who signs. */
  readonly #signing = new Map<string, number>()
  readonly #passing = new Set<Promise<unknown>>()

  constructor(db: Database, board: Board, clock: () => number) {
    this.#db = db
    this.#board = board
    this.#clock = clock
  }

  /** Runs a registration, for which a hold that begins meanwhile waits. */
  pass<T>(work: () => Promise<T>): Promise<T> {
    const done = work()
    const forget = (): void => void this.#passing.delete(done)
    this.#passing.add(done)
    done.then(forget, forget)
    return done
  }

  /** Lets nobody onto the roll while an official signs; resolves once those are on it who were let through before. */
  async begin(of: RollName): Promise<void> {
    this.#signing.set(keyOf(of), this.#clock() + SIGNING)
    await Promise.allSettled(this.#passing)
  }

  /** Nobody signs any more: the roll is held if an act waits. */
  end(of: RollName): void {
    this.#signing.delete(keyOf(of))
  }

  /** Until when nobody is let onto the roll at most, in milliseconds since 1970; undefined where nothing holds it. */
  async until(of: RollName): Promise<number | undefined> {
    const signing = this.#signing.get(keyOf(of))
    if (signing !== undefined && signing > this.#clock()) return signing
    const { state, time } = this.#board
    const waiting = await this.#db.orm
      .select({ act: proposal.act, expiry: proposal.expiry })
      .from(proposal)
      .where(
        and(
          eq(proposal.process, of.process),
          eq(proposal.stateCounter, state.processes.get(of.process)?.counter ?? 0),
          gte(proposal.expiry, time),
          isNull(proposal.outcome),
        ),
      )
    return waiting.find(({ act }) => {
      const known = actCodec.decode(act)
      return known.type === 'freeze-roll' && known.roll === of.roll
    })?.expiry
  }
}

function keyOf({ process, roll }: RollName): string {
  return `${process}/${roll}`
}
