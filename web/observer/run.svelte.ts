// A verification as a page shows it: prepared, running, done, stopped. One worker makes one run, and is started when there
// is something to verify, for what it loads is large; the next is prepared at once, so that a run can begin with the
// network cut.
import { proxy, type Remote, wrap } from 'comlink'
import { loadWordsOf } from '#web/words/messages.ts'
import { makeWorker } from '#web/worker/start.ts'
import { isTransient } from '#web/worker/transient.ts'
import { Pace, type Progress } from './progress.ts'
import type { Held, Report } from './examination.ts'
import { followGrowth } from './growth.ts'
import type { Verifier } from './worker.ts'
import url from './worker.ts?worker&url'

/** What the page shows of a run that is under way. */
export interface Underway {
  readonly progress: Progress | undefined
  readonly ballotsPerSecond: number | undefined
  readonly secondsLeft: number | undefined
}

interface Prepared {
  readonly worker: Worker
  readonly verifier: Remote<Verifier>
  /** Rejects if the worker dies. */
  readonly death: Promise<never>
}

export class Run {
  /** Whether all that a run needs is loaded; undefined before it is asked for. */
  ready = $state<boolean>()
  underway = $state.raw<Underway>()
  report = $state.raw<Report>()
  error = $state.raw<unknown>()
  /** Whether the last run was stopped by hand. */
  stopped = $state(false)
  /** Whether the report grows with the server's log. */
  following = $state(false)
  #next: Prepared | undefined
  #unfollow: () => void = () => undefined

  /** Loads what a run needs, unless that is done. */
  prepare(): Prepared {
    return (this.#next ??= this.#started())
  }

  /** Verifies a file, or this server's record. What comes of it is in the fields. */
  async start(file: Blob | undefined, held: Held): Promise<void> {
    if (this.report?.served) this.#renew()
    const current = this.prepare()
    const { verifier, death } = current
    const pace = new Pace()
    this.report = this.error = undefined
    this.stopped = false
    this.underway = { progress: undefined, ballotsPerSecond: undefined, secondsLeft: undefined }
    const tell = (progress: Progress): void => {
      if (current === this.#next) this.underway = measured(pace, progress)
    }
    try {
      const all = Promise.all([verifier.verify(file, held, proxy(tell)), loadWordsOf('finding')])
      const [report] = await Promise.race([all, death])
      if (current === this.#next) this.report = report
    } catch (error) {
      if (current === this.#next) this.error = error
    }
    if (current !== this.#next) return
    this.underway = undefined
    if (this.report?.served) this.#follow()
    else this.#renew()
  }

  /** Stops what is under way. */
  stop(): void {
    this.stopped = true
    this.#renew()
  }

  /** Leaves the report as it is. */
  unfollow(): void {
    this.#unfollow()
    this.following = false
  }

  /** Ends the workers: the page is left. */
  end(): void {
    this.unfollow()
    this.#next?.worker.terminate()
  }

  /** Goes on with the same worker as the log grows. */
  #follow(): void {
    const { verifier, death } = this.prepare()
    this.following = true
    this.#unfollow = followGrowth(
      () => this.report?.entries,
      async () => {
        try {
          const report = await Promise.race([verifier.follow(), death])
          if (this.following) this.report = report
        } catch (error) {
          // The server says again how far it is once it is back.
          if (isTransient(error)) return
          this.unfollow()
          this.report = undefined
          this.error = error
        }
      },
    )
  }

  #renew(): void {
    this.unfollow()
    this.underway = undefined
    this.#next?.worker.terminate()
    this.#next = this.#started()
  }

  #started(): Prepared {
    const { worker, port } = makeWorker(url)
    const verifier = wrap<Verifier>(port)
    const death = new Promise<never>((_, reject) => {
      worker.addEventListener('error', ({ message }) => reject(new Error(message || 'the worker has died')))
    })
    death.catch(() => undefined)
    this.ready = false
    // All that is shown of a run, for the network may be cut from here on.
    const shown = [loadWordsOf('finding'), import('./EntryView.svelte')]
    void Promise.all([verifier.ready(), ...shown]).then(() => (this.ready = true))
    return { worker, verifier, death }
  }
}

function measured(pace: Pace, progress: Progress): Underway {
  pace.add(performance.now(), progress)
  const { ballotsPerSecond, secondsLeft } = pace
  return { progress, ballotsPerSecond, secondsLeft }
}
