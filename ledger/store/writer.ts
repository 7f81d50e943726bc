// The thread that owns the store (SPEC 7.5): opens it, then does what it is asked, one message after the other. Waiting
// for the disk here does not stop the server's thread. After the first failure it refuses everything.
import { parentPort, workerData } from 'node:worker_threads'
import { StartRefused, type RefusalReason } from '#ledger/engine.ts'
import { Store } from './store.ts'

/** What the thread is started with. */
export interface WriterData {
  readonly folder: string
  readonly origin: string
}

/** The store's methods that can be asked for. */
export type Method = 'append' | 'read' | 'receipt' | 'tile' | 'find' | 'backup' | 'close'

/** A question; `args` are the method's. */
export interface Question {
  readonly id: number
  readonly method: Method
  readonly args: readonly unknown[]
}

/** The first message: the store is open, or why not. */
export type Started =
  | { readonly verifierKey: string; readonly size: number; readonly checkpoint: string }
  | { readonly reason: RefusalReason | undefined; readonly message: string }

/** An answer: the value, or what went wrong; `fatal` if the store is unusable since. */
export type Answer = { readonly id: number } & (
  { readonly value: unknown } | { readonly error: string; readonly fatal: boolean }
)

const port = parentPort
if (port === null) throw new Error('writer.ts runs as a worker thread only')

const store = open()
let failed: string | undefined

if (store !== undefined) {
  port.postMessage({
    verifierKey: store.verifierKey,
    size: store.size,
    checkpoint: store.checkpoint,
  } satisfies Started)
  port.on('message', (question: Question) => {
    port.postMessage(answer(store, question))
  })
}

function open(): Store | undefined {
  const { folder, origin } = workerData as WriterData
  try {
    return new Store(folder, origin)
  } catch (error) {
    const reason = error instanceof StartRefused ? error.reason : undefined
    port?.postMessage({ reason, message: messageOf(error) } satisfies Started)
    return undefined
  }
}

function answer(store: Store, { id, method, args }: Question): Answer {
  if (failed !== undefined) return { id, error: failed, fatal: true }
  try {
    const run = store[method].bind(store) as (...args: readonly unknown[]) => unknown
    return { id, value: run(...args) }
  } catch (error) {
    const fatal = method !== 'backup'
    if (fatal) failed = messageOf(error)
    return { id, error: messageOf(error), fatal }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
