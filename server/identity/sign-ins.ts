// Sign-ins with the identity provider under way, and voters who have just signed in. Nothing of it outlives the process, and
// of a voter no session comes: a ticket for one row of the register, used as a code is.
import { randomBytes } from 'node:crypto'
import type { Journal } from '#server/journal.ts'
import type { Checks } from './provider.ts'
import { Provider } from './provider.ts'
import type { IdentitySettings } from './settings.ts'

/** As whom somebody signs in. */
export const PURPOSES = ['official', 'voter'] as const
export type Purpose = (typeof PURPOSES)[number]

interface Pending {
  readonly purpose: Purpose
  readonly checks: Checks
}

/** A voter's right to register for a row. */
interface Ticket {
  readonly id: bigint
  /** In hexadecimal, once it has been used: a row that is freed again is not for whoever holds an old ticket. */
  commitment?: string
}

const TICKET = /^[\w-]{43}$/
const PATIENCE = 10 * 60_000
const TICKET_PATIENCE = 30 * 60_000
/** Beyond, the oldest are forgotten. */
const MOST = 100_000

export class SignIns {
  readonly name: string
  readonly claim: string
  readonly provider: Provider
  readonly #pending: Remembered<Pending>
  readonly #tickets: Remembered<Ticket>

  /** @param origin where the web app is, as genesis says */
  constructor(settings: IdentitySettings, origin: string, journal: Journal, clock: () => number) {
    this.name = settings.name
    this.claim = settings.claim
    this.provider = new Provider(settings, `${origin}/sign-in`, journal)
    this.#pending = new Remembered(PATIENCE, clock)
    this.#tickets = new Remembered(TICKET_PATIENCE, clock)
  }

  /** Begins one, bound to a secret that only this browser gets. Throws `Problem`. */
  async begin(purpose: Purpose): Promise<{ address: string; secret: string }> {
    const { address, checks } = await this.provider.ask()
    return { address, secret: this.#pending.add({ purpose, checks }) }
  }

  /** What was begun with this secret; once. */
  take(secret: string): Pending | undefined {
    const found = this.#pending.get(secret)
    this.#pending.delete(secret)
    return found
  }

  /** A ticket for a row. */
  admit(id: bigint): string {
    return this.#tickets.add({ id })
  }

  /** Whether a text is a ticket rather than a code, though perhaps none of ours. */
  isTicket(text: string): boolean {
    return TICKET.test(text)
  }

  /** The row for which a ticket may register this commitment. */
  rowFor(ticket: string, commitment: string): bigint | undefined {
    const found = this.#tickets.get(ticket)
    return found?.commitment === undefined || found.commitment === commitment ? found?.id : undefined
  }

  /** A ticket has put this commitment on its roll. */
  used(ticket: string, commitment: string): void {
    const found = this.#tickets.get(ticket)
    if (found !== undefined) found.commitment = commitment
  }
}

/** Things by 256 random bits, for a while. */
class Remembered<T> {
  readonly #items = new Map<string, { readonly item: T; readonly until: number }>()
  readonly #patience: number
  readonly #clock: () => number

  constructor(patience: number, clock: () => number) {
    this.#patience = patience
    this.#clock = clock
  }

  add(item: T): string {
    const now = this.#clock()
    const secret = randomBytes(32).toString('base64url')
    this.#items.set(secret, { item, until: now + this.#patience })
    for (const [oldest, { until }] of this.#items) {
      if (this.#items.size <= MOST && now < until) break
      this.#items.delete(oldest)
    }
    return secret
  }

  get(secret: string): T | undefined {
    const found = this.#items.get(secret)
    return found !== undefined && this.#clock() < found.until ? found.item : undefined
  }

  delete(secret: string): void {
    this.#items.delete(secret)
  }
}
