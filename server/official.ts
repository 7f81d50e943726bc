// The operator as an official: signs acts at the state's place and brings them to the board. SPEC 7.4.
import { type Act, signAct } from '#protocol/act.ts'
import { encodeEntry } from '#protocol/entry.ts'
import { Refusal } from '#protocol/refusal.ts'
import type { Board } from './board.ts'
import { OPERATOR } from './operator.ts'

/** Others may write acts of the same process in between. */
const MAX_TRIES = 20
/** How long an act that could not be written at once stays valid, in milliseconds. */
const VALIDITY = 600_000

export class Official {
  readonly #board: Board
  readonly #key: Uint8Array

  /** @param key the operator's Ed25519 secret */
  constructor(board: Board, key: Uint8Array) {
    this.#board = board
    this.#key = key
  }

  /** Index of the act's entry once it is durable. Rejects with `Refusal`, `Busy` or `LedgerFailure`.
   *  @param make gives the act by the newest state, again where another one was faster */
  async act(process: string, make: () => Act): Promise<number> {
    const { state } = this.#board
    if (state.founded === undefined) throw new Error('no log')
    for (let tries = 1; ; tries++) {
      const stateCounter = state.processes.get(process)?.counter ?? 0
      const unsigned = { process, stateCounter, expiry: this.#board.time + VALIDITY, act: make() }
      const signed = signAct(state.founded.log, unsigned, OPERATOR, this.#key)
      try {
        return (await this.#board.submit(encodeEntry(['act', signed]))).index
      } catch (error) {
        const stale = error instanceof Refusal && error.code === 'act-counter-stale'
        if (!stale || tries === MAX_TRIES) throw error
      }
    }
  }
}
