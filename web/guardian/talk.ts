// What a guardian's worker and its page say to each other: sights one way, answers the other. A guardian who waits is woken
// by an answer, by news of the ledger, or after a while in any case.
import type { Progress } from '#web/observer/progress.ts'
import type { Outlook } from './outlook.ts'

/** What the page shows. */
export type Sight =
  | { readonly kind: 'loading' }
  /** Another tab works on this election. */
  | { readonly kind: 'elsewhere' }
  /** The election names no guardian of this device. */
  | { readonly kind: 'stranger'; readonly outlook: Outlook }
  /** The election names this guardian of this device, whose seat is not taken. */
  | { readonly kind: 'offered'; readonly outlook: Outlook; readonly key: string }
  | SeatSight

export interface SeatSight {
  readonly kind: 'seated'
  readonly outlook: Outlook
  /** The guardian's public key in hexadecimal. */
  readonly key: string
  /** The others read out another fingerprint. */
  readonly differs: boolean
  /** The seat came out of a backup, and the ledger lacks an intent of this guardian. */
  readonly unsure: boolean
  /** The person's leave to decrypt is given. */
  readonly begun: boolean
  /** Comments sealed to the key, if there are any. */
  readonly sealed: SealedSight | undefined
  /** How far the verification of the record is, while it runs. */
  readonly progress: Progress | undefined
  /** Code of what keeps the server from answering just now; it is tried again. */
  readonly trouble: string | undefined
}

export interface SealedSight {
  /** Whether it is too early, this guardian's turn, being done, or said. */
  readonly state: 'wait' | 'now' | 'opening' | 'said'
  /** How many nobody can read yet. */
  readonly waiting: number
  /** Milliseconds since 1970. */
  readonly opensAt: number
}

/** What a person decides. */
export type Answer =
  | { readonly kind: 'take-seat' }
  | { readonly kind: 'compared'; readonly fingerprint: string; readonly same: boolean }
  /** `neverIntended`: the word that nothing was announced since the backup. */
  | { readonly kind: 'decrypt'; readonly neverIntended: boolean }
  | { readonly kind: 'unseal' }

/** How long nothing may be heard before the ledger is looked at all the same, in milliseconds. */
const SILENCE = 10_000

export class Talk implements Disposable {
  readonly show: (sight: Sight) => void
  readonly #events = new EventSource('/api/events')
  #answer: Answer | undefined
  #rung = false
  #wake: () => void = () => undefined

  constructor(show: (sight: Sight) => void) {
    this.show = show
    this.#events.addEventListener('log', () => this.ring())
  }

  answer(answer: Answer): void {
    this.#answer = answer
    this.ring()
  }

  /** The person's answer to that question, once. */
  take<K extends Answer['kind']>(kind: K): Extract<Answer, { kind: K }> | undefined {
    const answer = this.#answer
    if (answer?.kind !== kind) return undefined
    this.#answer = undefined
    return answer as Extract<Answer, { kind: K }>
  }

  ring(): void {
    this.#rung = true
    this.#wake()
  }

  /** Resolves at the next ring; at once if it rang since the last call. */
  async next(): Promise<void> {
    if (!this.#rung)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, SILENCE)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    this.#rung = false
  }

  [Symbol.dispose](): void {
    this.#events.close()
  }
}
