// The worker's end of `startWorker`: offers an interface to the page that started this worker.
import { expose } from 'comlink'
import './failure.ts'

/** Answers calls for as long as the worker lives; what a method throws reaches the page with its code and fields. */
export function serve(api: object): void {
  expose(api)
}
