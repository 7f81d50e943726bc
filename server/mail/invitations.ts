// Invitations and reminders on their way to voters. A mail's code is drawn when the mail leaves: its hash is on disk before the
// mail server gets it, the code itself never.
import type { Database } from '#server/data/database.ts'
import { issueCode, RegisterRefusal, withdrawCode } from '#server/data/register.ts'
import type { RecordState } from '#tally/state.ts'
import { type Errand, fateOf, type Post } from './errand.ts'
import { writeLetter } from './letter.ts'
import { type DueMail, MailQueue } from './queue.ts'
import type { Outcome } from './transport.ts'

interface Needed {
  readonly board: { readonly state: RecordState }
  readonly database: Database
  readonly clock: () => number
}

export class Invitations implements Errand {
  readonly #needed: Needed
  readonly #queue: MailQueue

  constructor(needed: Needed) {
    this.#needed = needed
    this.#queue = new MailQueue(needed.database, needed.clock)
  }

  recover(): Promise<void> {
    return this.#queue.recover()
  }

  nextDue(): Promise<number | undefined> {
    return this.#queue.nextDue()
  }

  async deliver({ from, send }: Post): Promise<Outcome | undefined> {
    const { board, database, clock } = this.#needed
    const mail = await this.#queue.take()
    if (mail === undefined) return undefined
    const code = await this.#codeFor(mail)
    if (code === undefined) {
      await this.#queue.drop(mail)
      return undefined
    }
    const now = clock()
    const letter = writeLetter(board.state, mail, { ...mail, code, from, now })
    const outcome = await send({ to: mail.address, ...letter })
    if (outcome.is !== 'sent' && outcome.is !== 'lost') await withdrawCode(database, code)
    await this.#queue.settle(mail, fateOf(mail.attempts, outcome, now))
    return outcome
  }

  /** A new code for who can still register; the one before it stays valid. */
  async #codeFor(mail: DueMail): Promise<string | undefined> {
    const { board, database } = this.#needed
    if (board.state.processes.get(mail.process)?.rolls.get(mail.roll)?.frozen !== undefined) return undefined
    try {
      return await issueCode(database, mail)
    } catch (error) {
      const over = error instanceof RegisterRefusal && ['row-registered', 'row-unknown'].includes(error.code)
      if (over) return undefined
      throw error
    }
  }
}
