// The thread in which PGlite runs, so that a commit never holds up the server's event loop. It speaks PostgreSQL's wire
// protocol with embedded.ts: bytes in, bytes out. One session, like one connection to a server.
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { checkDurability, DURABLE_START, DurableFS } from './durable-fs.ts'
import { DatabaseRefused } from './refused.ts'

/** `make`: create the cluster in a new folder, end. `serve`: open it and answer. */
export interface Task {
  readonly task: 'make' | 'serve'
  readonly folder: string
}

/** What the thread says besides PostgreSQL's bytes. `refused` is a DatabaseRefused `not durable`. */
export type Notice =
  { readonly is: 'ready' | 'closed' } | { readonly is: 'refused' | 'failed'; readonly message: string }

const port = parentPort
if (port === null) throw new Error('embedded-worker.ts runs as a worker thread')
const { task, folder } = workerData as Task
let pending: Uint8Array = new Uint8Array()

const fs = new DurableFS(folder, fail)
const database = await PGlite.create({ fs, startParams: DURABLE_START })
if (task === 'make') {
  await database.close()
  tell({ is: 'closed' })
} else {
  await serve()
}

async function serve(): Promise<void> {
  try {
    await checkDurability(database, () => fs.syncs)
  } catch (error) {
    if (!(error instanceof DatabaseRefused)) throw error
    tell({ is: 'refused', message: error.message })
    return
  }
  port?.on('message', (message: Uint8Array | 'close') => {
    if (message === 'close') void close()
    else answer(message)
  })
  tell({ is: 'ready' })
}

/** Hands the bytes to PostgreSQL as soon as they end with a whole message, and sends back all it says. */
function answer(bytes: Uint8Array): void {
  pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes])
  const end = wholeMessages(pending)
  if (end === 0) return
  const request = pending.subarray(0, end)
  pending = pending.subarray(end)
  // A copy: PGlite may answer with a view into its own memory.
  const reply = database.execProtocolRawSync(request).slice()
  port?.postMessage(reply, [reply.buffer])
}

async function close(): Promise<void> {
  await database.exec('CHECKPOINT')
  await database.close()
  tell({ is: 'closed' })
  port?.close()
}

/** Length of the whole messages at the front. The first of a session starts with its length, others with a letter. */
function wholeMessages(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = 0; ;) {
    const letter = bytes[at] === 0 ? 0 : 1
    if (at + letter + 4 > bytes.length) return at
    const next = at + letter + view.getInt32(at + letter)
    if (next > bytes.length) return at
    at = next
  }
}

/** Ends this thread at once, in the middle of whatever PostgreSQL does. */
function fail(message: string): never {
  tell({ is: 'failed', message })
  process.exit(1)
}

function tell(notice: Notice): void {
  port?.postMessage(notice)
}
