// How often a source may fail, with codes or proofs: failed attempts only, so that an office behind one address is not
// held up (pitfalls W4, W10).

/** Failures that a source may make at once, and seconds after which it may make one more. */
const BURST = 20
const SECONDS_EACH = 3
/** Sources remembered; at more the oldest are forgotten. */
const MAX_SOURCES = 100_000

export class Attempts {
  readonly #clock: () => number
  /** When each source has used up nothing any more, in milliseconds. */
  readonly #clear = new Map<string, number>()

  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** Seconds until this source may try again; 0 if it may now. */
  wait(source: string): number {
    return Math.max(0, Math.ceil(this.#debt(source) - (BURST - 1) * SECONDS_EACH))
  }

  /** Whether this source has failed of late. */
  suspects(source: string): boolean {
    return this.#debt(source) > 0
  }

  #debt(source: string): number {
    return ((this.#clear.get(source) ?? 0) - this.#clock()) / 1000
  }

  /** Notes a failed attempt. */
  fail(source: string): void {
    const now = this.#clock()
    const clear = Math.max(this.#clear.get(source) ?? 0, now) + SECONDS_EACH * 1000
    this.#clear.delete(source)
    this.#clear.set(source, clear)
    for (const [oldest] of this.#clear) {
      if (this.#clear.size <= MAX_SOURCES) break
      this.#clear.delete(oldest)
    }
  }
}
