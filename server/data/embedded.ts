// The embedded PostgreSQL (PGlite) as a connection: starts the thread, makes the cluster on first use, and gives the
// driver a stream that speaks PostgreSQL's wire protocol, so that both engines are used through the same driver.
import { chmodSync, cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { cached, fileHash, readInventory, ROOT } from '#circuits/build/cache.ts'
import { syncPath } from '#ledger/store/durable.ts'
import type { Notice, Task } from './embedded-worker.ts'
import { DatabaseRefused } from './refused.ts'

/** What a new cluster is made by and of, files of PGlite's. */
const PROGRAMS = ['initdb.wasm', 'pglite.wasm', 'pglite.data']
const CLUSTER = 'cluster'

/** A running embedded database. */
export interface Embedded {
  /** The one connection there is; an Error on a second call. */
  connect(): Duplex
  /** Resolves when the database has failed: nothing is answered any more and the process must stop. */
  readonly failed: Promise<Error>
  /** Writes a checkpoint and ends the thread. The connection must have ended before. */
  close(): Promise<void>
}

/** Opens the cluster in `folder`, makes it if need be. The caller holds a lock. Throws DatabaseRefused `not durable`. */
export async function startEmbedded(folder: string): Promise<Embedded> {
  if (!existsSync(folder)) await make(folder)
  const worker = start({ task: 'serve', folder })
  const ended = failureOf(worker)
  const first = await Promise.race([said(worker, 'ready', 'refused'), ended])
  if (first instanceof Error) throw first
  if (first.is === 'refused') {
    await worker.terminate()
    throw new DatabaseRefused('not durable', first.message)
  }
  let connection: WorkerStream | undefined
  let closing = false
  const failed = new Promise<Error>((resolve) => {
    void ended.then((error) => {
      if (closing) return
      connection?.destroy(error)
      resolve(error)
    })
  })
  return {
    connect() {
      if (connection) throw new Error('The embedded database has ended its only connection')
      connection = new WorkerStream(worker)
      return connection
    },
    failed,
    async close() {
      const closed = said(worker, 'closed')
      closing = true
      worker.postMessage('close')
      await Promise.race([closed, ended])
      await worker.terminate()
    },
  }
}

/** Lays a new cluster beside and renames it when all is on disk, so that a crash leaves a whole one or none. */
async function make(folder: string): Promise<void> {
  const next = `${folder}.new`
  const pristine = await pristineCluster()
  rmSync(next, { recursive: true, force: true })
  cpSync(pristine, next, { recursive: true })
  chmodSync(next, 0o700)
  syncFolder(next)
  renameSync(next, folder)
  syncPath(dirname(folder))
}

/** A cluster that nobody has used. It holds nothing of anybody's, and making one takes PostgreSQL several seconds:
 *  so it is made once on a machine, kept in .cache, and checked whenever it is copied. */
async function pristineCluster(): Promise<string> {
  const programs = fileURLToPath(new URL('.', import.meta.resolve('@electric-sql/pglite')))
  const hashes = await Promise.all(PROGRAMS.map((name) => fileHash(join(programs, name))))
  const kept = await cached(join(ROOT, '.cache/database'), 'cluster', hashes, async (unfinished) => {
    const folder = join(unfinished, CLUSTER)
    await mkdir(folder)
    // A thread of its own: it takes several hundred megabytes, which end with it.
    const worker = start({ task: 'make', folder })
    const end = await Promise.race([said(worker, 'closed'), failureOf(worker)])
    await worker.terminate()
    if (end instanceof Error) throw end
  })
  await readInventory(kept)
  return join(kept, CLUSTER)
}

/** Puts a folder, all in it, and its name on disk. */
function syncFolder(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) syncFolder(join(path, entry.name))
    else syncPath(join(path, entry.name))
  }
  syncPath(path)
}

function start(task: Task): Worker {
  return new Worker(new URL('./embedded-worker.ts', import.meta.url), { workerData: task })
}

/** Resolves with the first of these notices. */
function said(worker: Worker, ...wanted: Notice['is'][]): Promise<Notice> {
  return new Promise((resolve) => {
    const listen = (message: Uint8Array | Notice) => {
      if (message instanceof Uint8Array || !wanted.includes(message.is)) return
      worker.off('message', listen)
      resolve(message)
    }
    worker.on('message', listen)
  })
}

function failureOf(worker: Worker): Promise<Error> {
  return new Promise((resolve) => {
    void said(worker, 'failed').then((notice) => 'message' in notice && resolve(new Error(notice.message)))
    worker.on('error', resolve)
    worker.on('exit', (code) => resolve(new Error(`The embedded database has ended with code ${code}`)))
  })
}

/** Bytes to and from the thread. */
class WorkerStream extends Duplex {
  // What the driver looks at to see whether it may still say goodbye.
  readonly readyState = 'open'
  readonly #worker: Worker
  readonly #listen = (message: Uint8Array | Notice) => {
    if (message instanceof Uint8Array) this.push(message)
  }

  constructor(worker: Worker) {
    super()
    this.#worker = worker
    worker.on('message', this.#listen)
  }

  override _read(): void {
    // The thread sends what there is; answers are bounded by the queries.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#worker.postMessage(new Uint8Array(chunk))
    done()
  }

  override _final(done: () => void): void {
    this.push(null)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#worker.off('message', this.#listen)
    done(error)
  }
}
