// Takes mails from the queue to the mail server, one after another and no faster than it bears. A mail's code is drawn
// when the mail leaves: its hash is on disk before the mail server gets it, the code itself never.
import type { Database } from '#server/data/database.ts'
import { issueCode, RegisterRefusal, withdrawCode } from '#server/data/register.ts'
import type { Journal } from '#server/journal.ts'
import { passed } from '#server/waiting.ts'
import type { RecordState } from '#tally/state.ts'
import { writeLetter } from './letter.ts'
import { type DueMail, MailQueue } from './queue.ts'
import type { MailSettings } from './settings.ts'
import { openTransport, type Outcome, type Transport } from './transport.ts'

/** Waiting after the first failure, doubled by each further one up to the longest, in milliseconds. */
const FIRST_WAIT = 60_000
const LONGEST_WAIT = 6 * 3_600_000
/** Attempts after which a mail that is put off again and again counts as bounced: most of a day. */
const MAX_ATTEMPTS = 12
/** Longest wait before the queue is looked at again, and wait after a failure of our own. */
const LONGEST = 60_000
const RETRY = 5000
/** How long a mail that is under way when the server stops may take, in milliseconds. */
const GRACE = 2000

interface Needed {
  readonly board: { readonly state: RecordState }
  readonly database: Database
  readonly journal: Journal
  readonly clock: () => number
}

export class Postman {
  readonly from: string
  readonly transport: Transport
  readonly #needed: Needed
  readonly #queue: MailQueue
  /** Between two mails, in milliseconds. */
  readonly #interval: number
  readonly #end = new AbortController()
  #woken = new AbortController()
  #done: Promise<void> | undefined
  /** Nothing is sent before, in milliseconds since 1970. */
  #notBefore = 0
  /** Whether the mail server has answered to what was sent last, and how often in a row it has not. */
  #reached = false
  #failures = 0
  #trouble: string | undefined

  /** Throws `SettingsError`. */
  constructor(needed: Needed, settings: MailSettings) {
    this.#needed = needed
    this.#queue = new MailQueue(needed.database, needed.clock)
    this.from = settings.from
    this.#interval = 60_000 / settings.perMinute
    this.transport = openTransport(settings)
  }

  /** Why the mail server takes nothing at present; undefined where it does, as far as is known. */
  get trouble(): string | undefined {
    return this.#trouble
  }

  /** Finishes what a crash left in the middle, then sends what is due until disposed of. */
  async start(): Promise<void> {
    await this.#queue.recover()
    this.#done = this.#run()
  }

  /** Says that there is more in the queue. */
  wake(): void {
    this.#woken.abort()
  }

  /** Sends the next mail, if one may be sent now. How long to wait before the next, in milliseconds. */
  async step(): Promise<number> {
    const now = this.#needed.clock()
    if (this.#notBefore > now) return this.#notBefore - now
    const due = await this.#queue.nextDue()
    if (due === undefined) return LONGEST
    if (due > now) return due - now
    if (!this.#reached) {
      // Before a code is drawn, which would end an earlier one.
      const trouble = await this.transport.trouble(this.#end.signal)
      if (this.#end.signal.aborted) return 0
      if (trouble !== undefined) {
        this.#needed.journal.warn({ trouble }, 'the mail server takes nothing')
        return this.#pause(trouble)
      }
    }
    const mail = await this.#queue.take()
    if (mail === undefined) return 0
    const outcome = await this.#deliver(mail)
    if (outcome === undefined) return 0
    if (outcome.is === 'lost' || outcome.is === 'unreachable') return this.#pause(outcome.reason)
    this.#reached = true
    this.#failures = 0
    this.#trouble = undefined
    this.#notBefore = now + this.#interval
    return this.#interval
  }

  /** Ends when the mail under way has been sent; one over which the mail server takes its time is lost, as in a crash. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort()
    const sent = new AbortController()
    await Promise.race([this.#done, passed(GRACE, sent.signal)])
    sent.abort()
    this.transport.close()
    await this.#done
  }

  async #run(): Promise<void> {
    while (!this.#end.signal.aborted) {
      this.#woken = new AbortController()
      const early = AbortSignal.any([this.#end.signal, this.#woken.signal])
      let wait = RETRY
      try {
        wait = Math.min(await this.step(), LONGEST)
      } catch (error) {
        this.#needed.journal.error({ err: error }, 'mails could not be sent')
      }
      if (wait > 0) await passed(wait, early)
    }
  }

  /** What became of a mail that was taken; undefined where nobody needs it any more. */
  async #deliver(mail: DueMail): Promise<Outcome | undefined> {
    const { board, database, clock } = this.#needed
    const code = await this.#codeFor(mail)
    if (code === undefined) {
      await this.#queue.drop(mail)
      return undefined
    }
    const now = clock()
    const letter = writeLetter(board.state, mail, { ...mail, code, from: this.from, now })
    const outcome = await this.transport.send({ to: mail.address, ...letter })
    if (outcome.is !== 'sent' && outcome.is !== 'lost') await withdrawCode(database, code)
    await this.#queue.settle(mail, fateOf(mail, outcome, now))
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

  #pause(trouble: string): number {
    this.#trouble = trouble
    this.#reached = false
    this.#failures += 1
    const wait = waitAfter(this.#failures)
    this.#notBefore = this.#needed.clock() + wait
    return wait
  }
}

function fateOf({ attempts }: DueMail, outcome: Outcome, now: number): Parameters<MailQueue['settle']>[1] {
  if (outcome.is === 'sent') return { state: 'sent' }
  const { is, reason } = outcome
  if (is === 'bounced' || (is === 'deferred' && attempts >= MAX_ATTEMPTS)) return { state: 'bounced', reason }
  return { state: 'failed', reason, dueAt: new Date(now + waitAfter(attempts)) }
}

/** Milliseconds after so many failures in a row. */
function waitAfter(failures: number): number {
  return Math.min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT)
}
