// The officials of this server: accounts, sessions, passkeys and acts that wait, over one database and one board; and how
// the first of them comes to be.
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { signingRole } from '#protocol/official.ts'
import type { Board } from '#server/board.ts'
import type { Database } from '#server/data/database.ts'
import type { Holds } from '#server/holds.ts'
import type { Official } from '#server/official.ts'
import { Problem } from '#server/problem.ts'
import { Accounts, type Newcomer, type Pair } from './accounts.ts'
import { Passkeys } from './passkeys.ts'
import { Proposals } from './proposals.ts'
import { type AccountRole, Sessions, type SignedIn } from './sessions.ts'

/** The process in which officials are named. */
const OFFICE = 'officials'

export class Officials {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly passkeys: Passkeys
  readonly proposals: Proposals
  readonly #board: Board
  readonly #server: Official
  #first: string | undefined

  /** @param server signs for the server, as long as nobody else may */
  constructor(
    board: Board,
    db: Database,
    server: Official,
    { holds, clock }: { readonly holds: Holds; readonly clock: () => number },
  ) {
    const { founded } = board.state
    if (founded === undefined) throw new Error('no log')
    const reserved = founded.genesis.signers.map(({ id }) => id)
    this.accounts = new Accounts(db, clock, reserved)
    this.sessions = new Sessions(db, clock)
    this.passkeys = new Passkeys(founded.genesis, clock)
    this.proposals = new Proposals(db, board, { holds, clock })
    this.#board = board
    this.#server = server
  }

  /** Finishes what a crash left half done. */
  async start(): Promise<void> {
    if (await this.accounts.any()) await this.#nameFirst()
    else this.#first = randomBytes(20).toString('base64url')
    await this.proposals.recover()
  }

  /** The code with which the first official may come in, another one at each start; undefined once there is one. */
  get first(): string | undefined {
    return this.#first
  }

  /** Throws `Problem` unless this is the code for the first official, and nobody has used it. */
  checkFirst(code: string): void {
    const [given, known] = [Buffer.from(code), Buffer.from(this.#first ?? '')]
    if (this.#first === undefined || given.length !== known.length || !timingSafeEqual(given, known))
      throw new Problem('not-found', 'This link was used, or is not the newest.')
  }

  /** The first official, an owner, named on the ledger by the server. */
  async found(code: string, first: Pick<Newcomer, 'id' | 'name'>, pair: Pair): Promise<void> {
    this.checkFirst(code)
    // Of two who come at once the second finds it used, whatever the database would let both see.
    this.#first = undefined
    try {
      await this.accounts.found({ ...first, role: 'owner' }, pair)
    } catch (error) {
      this.#first = code
      throw error
    }
    await this.#nameFirst()
  }

  /** The role in which the record has somebody act: their account's for those who sign nothing, whom it does not name, else
   *  the one under which it names them; undefined if it does not, or no longer. */
  roleOf({ id, role }: SignedIn): AccountRole | undefined {
    if (signingRole(role) === undefined) return role
    return this.#board.state.officials?.now.officials.find((official) => official.id === id)?.role
  }

  async #nameFirst(): Promise<void> {
    const { state } = this.#board
    if (state.officials !== undefined) return
    if (!state.processes.has(OFFICE))
      await this.#server.act(OFFICE, () => ({ type: 'create-process', title: 'Officials' }))
    const officials = (await this.accounts.signers()).slice(0, 1)
    await this.#server.act(OFFICE, () => ({
      ...{ type: 'change-officials', officials },
      approvals: { routine: 1, decisive: 1 },
    }))
  }
}
