// One line of progress on the terminal's error stream, so that nobody stares at a silent program.
import { stderr } from 'node:process'

const WIDTH = 24

/** Shows progress of something that takes over a second; `finish` ends the line. Silent where nobody watches. */
export class Progress {
  readonly #what: string
  readonly #started = performance.now()
  #shown = 0

  constructor(what: string) {
    this.#what = what
  }

  /** `done` of `total`, in any unit. */
  update(done: number, total: number): void {
    const now = performance.now()
    if (!stderr.isTTY || now - this.#started < 300 || (now - this.#shown < 100 && done < total)) return
    this.#shown = now
    const share = total === 0 ? 1 : done / total
    const bar = '#'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '.')
    const left = share > 0 ? Math.round(((now - this.#started) * (1 - share)) / share / 1000) : 0
    stderr.write(`\r${this.#what} [${bar}] ${done} of ${total}, ${left} s left   `)
  }

  /** What to call with each further part of `total`. */
  adding(total: number): (part: number) => void {
    let done = 0
    return (part) => this.update((done += part), total)
  }

  /** Ends the line, with a last word. */
  finish(word = 'done'): void {
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1)
    stderr.write(`${stderr.isTTY ? '\r' : ''}${this.#what}: ${word} (${seconds} s)\n`)
  }
}
