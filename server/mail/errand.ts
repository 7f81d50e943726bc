// What the postman is sent with: mails of one kind, kept in the database until they have left, and what follows from the mail
// server's answer to one.
import type { Message, Outcome } from './transport.ts'

/** The postman as an errand sees it. */
export interface Post {
  /** Who mails are from. */
  readonly from: string
  readonly send: (message: Message) => Promise<Outcome>
}

export interface Errand {
  /** Puts back what a crash left in the middle, if anything can be. */
  recover?(): Promise<void>
  /** When its next mail may be sent, in milliseconds since 1970; undefined where there is none. */
  nextDue(): Promise<number | undefined>
  /** Sends the mail that is due, and notes what became of it; undefined where nobody needs it any more. */
  deliver(post: Post): Promise<Outcome | undefined>
}

/** Waiting after the first failure, doubled by each further one up to the longest, in milliseconds. */
const FIRST_WAIT = 60_000
const LONGEST_WAIT = 6 * 3_600_000
/** Attempts after which a mail that is put off again and again counts as bounced: most of a day. */
const MAX_ATTEMPTS = 12

export type Fate =
  | { readonly state: 'sent' }
  | { readonly state: 'bounced'; readonly reason: string }
  | { readonly state: 'failed'; readonly reason: string; readonly dueAt: Date }

/** What becomes of a mail after so many attempts, this one included. */
export function fateOf(attempts: number, outcome: Outcome, now: number): Fate {
  if (outcome.is === 'sent') return { state: 'sent' }
  const { is, reason } = outcome
  if (is === 'bounced' || (is === 'deferred' && attempts >= MAX_ATTEMPTS)) return { state: 'bounced', reason }
  return { state: 'failed', reason, dueAt: new Date(now + waitAfter(attempts)) }
}

/** Milliseconds after so many failures in a row. */
export function waitAfter(failures: number): number {
  return Math.min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT)
}
