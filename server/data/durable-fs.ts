// PGlite's file system on the host's disk, made durable. As shipped PGlite never calls fsync (electric-sql/pglite#1107):
// its start parameters switch it off, and Emscripten's NODEFS has no hook for it. Relies on internals of the pinned
// PGlite 0.5.16; therefore `checkDurability` counts at every start.
import { fsyncSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'
import { DatabaseRefused } from './refused.ts'

/** All of PostgreSQL's durability, spelt out. */
const DURABLE = ['fsync=on', 'wal_sync_method=fsync', 'synchronous_commit=on', 'full_page_writes=on']
/** One session on a machine whose own cache has the files too needs little of PostgreSQL's, of which PGlite would take 128 MB. */
const SMALL = ['shared_buffers=16MB']

/** PGlite's own start parameters without `-F` (no fsync), and with ours. */
export const DURABLE_START = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...[...DURABLE, ...SMALL].flatMap((setting) => ['-c', setting]),
]

/** What of Emscripten's module is used here; PGlite's types leave NODEFS out. */
interface NodeFileSystem {
  readonly NODEFS: {
    readonly stream_ops: { fsync?: (stream: { readonly nfd: number }) => number }
  }
}

/** NodeFS that forwards fsync, of files and of folders, to the host. */
export class DurableFS extends NodeFS {
  readonly #onFailure: (reason: string) => never
  #syncs = 0

  /** `onFailure` ends the thread: after a failed fsync or an abort of PostgreSQL nothing may be answered any more. */
  constructor(folder: string, onFailure: (reason: string) => never) {
    super(folder)
    this.#onFailure = onFailure
  }

  /** How many times the host has been asked to put something on disk. */
  get syncs(): number {
    return this.#syncs
  }

  override async init(...[pg, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pg, options)
    const hook = (module: unknown) => {
      const { NODEFS } = module as NodeFileSystem
      NODEFS.stream_ops.fsync = (stream) => this.#sync(stream.nfd)
    }
    return {
      emscriptenOpts: {
        ...emscriptenOpts,
        preRun: [emscriptenOpts.preRun ?? [], hook].flat(),
        onAbort: (reason: unknown) => this.#onFailure(`PostgreSQL has aborted: ${String(reason)}`),
      },
    }
  }

  #sync(file: number): number {
    try {
      fsyncSync(file)
    } catch (error) {
      this.#onFailure(`fsync of the database has failed: ${String(error)}`)
    }
    this.#syncs++
    return 0
  }
}

/** A commit must reach the disk: throws DatabaseRefused `not durable` unless it raises the number of fsyncs. */
export async function checkDurability(database: PGlite, syncs: () => number): Promise<void> {
  const before = syncs()
  // Writes to the log only, so that a thousand starts leave nothing behind.
  await database.query("SELECT pg_logical_emit_message(true, 'comitia', 'does a commit reach the disk?')")
  if (syncs() > before) return
  throw new DatabaseRefused(
    'not durable',
    'The embedded database did not put a commit on disk: acknowledged registrations could be lost in a power cut. ' +
      'Is PGlite the pinned version? A PostgreSQL server (DATABASE_URL) works in any case.',
  )
}
