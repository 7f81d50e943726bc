// Takes mails to the mail server, one after another and no faster than it bears: those of the first errand first.
import type { Database } from '#server/data/database.ts'
import type { Journal } from '#server/journal.ts'
import { passed } from '#server/waiting.ts'
import type { RecordState } from '#tally/state.ts'
import { type Errand, waitAfter } from './errand.ts'
import { Invitations } from './invitations.ts'
import type { MailSettings } from './settings.ts'
import { openTransport, type Transport } from './transport.ts'

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
  readonly #errands: readonly Errand[]
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

  /** Throws `SettingsError`.
   *  @param errands beside the invitations of voters, and after them */
  constructor(needed: Needed, settings: MailSettings, errands: readonly Errand[] = []) {
    this.#needed = needed
    this.#errands = [new Invitations(needed), ...errands]
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
    for (const errand of this.#errands) await errand.recover?.()
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
    const dues = await Promise.all(this.#errands.map((errand) => errand.nextDue()))
    const errand = this.#errands.find((_, i) => (dues[i] ?? Infinity) <= now)
    if (errand === undefined) return Math.min(LONGEST, ...dues.map((due) => (due ?? Infinity) - now))
    if (!this.#reached) {
      // Before a code is drawn, which would end an earlier one.
      const trouble = await this.transport.trouble(this.#end.signal)
      if (this.#end.signal.aborted) return 0
      if (trouble !== undefined) {
        this.#needed.journal.warn({ trouble }, 'the mail server takes nothing')
        return this.#pause(trouble)
      }
    }
    const { from, transport } = this
    const outcome = await errand.deliver({ from, send: (message) => transport.send(message) })
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

  #pause(trouble: string): number {
    this.#trouble = trouble
    this.#reached = false
    this.#failures += 1
    const wait = waitAfter(this.#failures)
    this.#notBefore = this.#needed.clock() + wait
    return wait
  }
}
