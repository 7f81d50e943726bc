// Starts the app's own workers. The only place where a page makes one: Trusted Types forbid it elsewhere.
import { type Remote, wrap } from 'comlink'
import './failure.ts'
import { ownScript } from './trusted.ts'

/** A worker and the port to what it does. */
export interface Made {
  readonly worker: Worker
  /** May be used at once: what is sent waits until the worker listens. */
  readonly port: MessagePort
  /** Resolves once the worker and all that it imports are loaded. */
  readonly ready: Promise<void>
}

/** A worker that takes its port by `accept` of serve.ts.
 *  @param url as `import url from './worker.ts?worker&url'` gives it */
export function makeWorker(url: string): Made {
  const worker = new Worker(ownScript(url), { type: 'module' })
  const { port1: port, port2 } = new MessageChannel()
  // A worker whose modules await something loses what reaches it meanwhile. So it speaks first.
  const ready = new Promise<void>((resolve) => {
    const begin = (): void => {
      worker.postMessage(port2, [port2])
      resolve()
    }
    worker.addEventListener('message', begin, { once: true })
  })
  return { worker, port, ready }
}

/** A worker's functions, called as if they were here; functions among the arguments go through comlink's `proxy`. The worker
 *  starts with the first call, for no page shall load what it does not use. */
export function workerOn<Interface>(url: string): Remote<Interface> {
  let started: Remote<Interface> | undefined
  return new Proxy({} as Remote<Interface>, {
    get: (_, method) => {
      const worker = (started ??= wrap<Interface>(makeWorker(url).port))
      const call = Reflect.get(worker, method) as (...args: unknown[]) => Promise<unknown>
      return (...args: unknown[]) => {
        const held = { worker }
        awaited.add(held)
        return call(...args).finally(() => awaited.delete(held))
      }
    },
  })
}

/** Workers whose answers are awaited: comlink closes the port of one that nobody holds, and its answer would never come. */
const awaited = new Set<{ readonly worker: unknown }>()
