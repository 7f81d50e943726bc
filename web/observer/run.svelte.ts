// A verification as a page shows it: prepared, running, done, stopped. One worker makes one run, and the next is prepared
// at once, so that a run can begin with the network cut.
import { proxy, type Remote, wrap } from 'comlink'
import { makeWorker } from '#web/worker/start.ts'
import { Pace, type Progress } from './progress.ts'
import type { Held, Report, Step, Verifier } from './worker.ts'
import url from './worker.ts?worker&url'

/** What the page shows of a run that is under way. */
export interface Underway {
  /** Bytes of the record that have come; undefined where it need not come, or is all there. */
  readonly bytes: number | undefined
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
  /** Whether all that a run needs is loaded. */
  ready = $state(false)
  underway = $state.raw<Underway>()
  report = $state.raw<Report>()
  error = $state.raw<unknown>()
  /** Whether the last run was stopped by hand. */
  stopped = $state(false)
  #next: Prepared

  constructor() {
    this.#next = this.#prepare()
  }

  /** Verifies a file, or this server's record. What comes of it is in the fields. */
  async start(file: Blob | undefined, held: Held): Promise<void> {
    const { verifier, death } = this.#next
    const pace = new Pace()
    this.report = this.error = undefined
    this.stopped = false
    this.underway = {
      bytes: undefined,
      progress: undefined,
      ballotsPerSecond: undefined,
      secondsLeft: undefined,
    }
    const current = this.#next
    const tell = (step: Step): void => {
      if (current !== this.#next) return
      this.underway = 'bytes' in step ? downloading(step.bytes) : measured(pace, step)
    }
    try {
      const report = await Promise.race([verifier.verify(file, held, proxy(tell)), death])
      if (current === this.#next) this.report = report
    } catch (error) {
      if (current === this.#next) this.error = error
    }
    if (current === this.#next) this.#renew()
  }

  /** Stops what is under way. */
  stop(): void {
    this.stopped = true
    this.#renew()
  }

  /** Ends the workers: the page is left. */
  end(): void {
    this.#next.worker.terminate()
  }

  #renew(): void {
    this.underway = undefined
    this.#next.worker.terminate()
    this.#next = this.#prepare()
  }

  #prepare(): Prepared {
    const { worker, port } = makeWorker(url)
    const verifier = wrap<Verifier>(port)
    const death = new Promise<never>((_, reject) => {
      worker.addEventListener('error', ({ message }) => reject(new Error(message || 'the worker has died')))
    })
    death.catch(() => undefined)
    this.ready = false
    void verifier.ready().then(() => (this.ready = true))
    return { worker, verifier, death }
  }
}

function downloading(bytes: number): Underway {
  return { bytes, progress: undefined, ballotsPerSecond: undefined, secondsLeft: undefined }
}

function measured(pace: Pace, progress: Progress): Underway {
  pace.add(performance.now(), progress)
  const { ballotsPerSecond, secondsLeft } = pace
  return { bytes: undefined, progress, ballotsPerSecond, secondsLeft }
}
