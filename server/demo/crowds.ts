// Runs the simulated voters of demo elections, one process at a time.
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Journal } from '#server/journal.ts'
import type { Crowd } from './voters.ts'

const PROGRAM = fileURLToPath(new URL('./voters.ts', import.meta.url))
/** Pause after a failure, in milliseconds. */
const PAUSE = 30_000

export class Crowds {
  readonly #journal: Journal
  /** Called when a crowd may be started again. */
  readonly #onIdle: () => void
  #child: ChildProcess | undefined
  #pause: ReturnType<typeof setTimeout> | undefined
  #stopped = false

  constructor(journal: Journal, onIdle: () => void) {
    this.#journal = journal
    this.#onIdle = onIdle
  }

  get busy(): boolean {
    return this.#stopped || this.#child !== undefined || this.#pause !== undefined
  }

  /** Lets a crowd vote while no other does. */
  start(crowd: Crowd): void {
    if (this.busy) return
    const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'ignore', 'pipe'] })
    this.#child = child
    let complaint = ''
    child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2000)))
    child.stdin.on('error', () => undefined).end(JSON.stringify(crowd))
    child.once('error', (error) => (complaint += error.message))
    child.once('close', (code) => {
      this.#child = undefined
      if (this.#stopped) return
      if (code === 0) {
        this.#onIdle()
        return
      }
      this.#journal.warn({ election: crowd.election, code, complaint }, 'simulated voters have failed')
      this.#pause = setTimeout(() => {
        this.#pause = undefined
        this.#onIdle()
      }, PAUSE).unref()
    })
  }

  /** Ends the crowd that votes now; what it has cast stays cast. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#pause)
    const child = this.#child
    if (child === undefined) return
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGKILL')
    await ended
  }
}
