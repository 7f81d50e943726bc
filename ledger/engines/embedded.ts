// The embedded engine (SPEC 7.5): one process orders the entries, one folder holds them. No witness yet: who keeps an
// older checkpoint detects a fork, nobody else does.
import { Worker } from 'node:worker_threads'
import { LedgerFailure, StartRefused, type Appended, type Ledger } from '#ledger/engine.ts'
import { encodeEntryBundle, MAX_ENTRY, TILE_WIDTH, tileWidth } from '#ledger/tile.ts'
import type { Store } from '#ledger/store/store.ts'
import type { Answer, Method, Question, Started, WriterData } from '#ledger/store/writer.ts'
import { Batches, MAX_WAITING, type Written } from './batches.ts'

/**
 * Opens the log in a folder of its own, which is created at the first start together with the log's key. Rejects with
 * StartRefused. The process lives until the ledger is closed.
 */
export async function openEmbedded(log: { folder: string; origin: string }): Promise<Ledger> {
  const workerData: WriterData = { folder: log.folder, origin: log.origin }
  const worker = new Worker(new URL('../store/writer.ts', import.meta.url), { workerData })
  const started = await new Promise<Started>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
  if ('message' in started) {
    await worker.terminate()
    throw started.reason === undefined
      ? new LedgerFailure(started.message)
      : new StartRefused(started.reason, started.message)
  }
  return new Embedded(worker, log.origin, started.verifierKey, started)
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

class Embedded implements Ledger {
  readonly origin: string
  readonly verifierKey: string
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly #batches: Batches
  #newest: Written
  #questions = 0
  #failure: Error | undefined

  constructor(worker: Worker, origin: string, verifierKey: string, newest: Written) {
    this.origin = origin
    this.verifierKey = verifierKey
    this.#worker = worker
    this.#newest = newest
    this.#batches = new Batches(async (entries) => {
      this.#newest = await this.#ask('append', entries)
      return this.#newest
    })
    worker.on('message', (answer: Answer) => this.#settle(answer))
    worker.on('error', (error: Error) => this.#fail(new LedgerFailure(error.message)))
    worker.on('exit', () => this.#fail(new LedgerFailure('the writer has ended')))
  }

  get size(): number {
    return this.#newest.size
  }

  checkpoint(): string {
    return this.#newest.checkpoint
  }

  async append(entries: readonly Uint8Array[]): Promise<Appended> {
    if (this.#failure !== undefined) throw this.#failure
    if (
      entries.length === 0 ||
      entries.length > MAX_WAITING ||
      entries.some(({ length }) => length > MAX_ENTRY)
    ) {
      throw new Error(`an append has 1 to ${MAX_WAITING} entries of at most ${MAX_ENTRY} bytes`)
    }
    // Copies: the caller may reuse its buffers, and a view into a large one would be sent whole.
    return this.#batches.add(entries.map((entry) => new Uint8Array(entry)))
  }

  async entry(index: number): Promise<Uint8Array> {
    this.#checkRange(index, index + 1)
    const [entry] = await this.#ask('read', index, index + 1)
    if (entry === undefined) throw new Error('a read answers with at least one entry')
    return entry
  }

  async *entries(from: number, to: number): AsyncGenerator<Uint8Array> {
    this.#checkRange(from, to)
    for (let at = from; at < to;) {
      const entries = await this.#ask('read', at, to)
      yield* entries
      at += entries.length
    }
  }

  async receipt(index: number): Promise<string> {
    this.#checkRange(index, index + 1)
    return this.#ask('receipt', index)
  }

  async tile(level: number, index: number, width: number = TILE_WIDTH): Promise<Uint8Array | undefined> {
    return hasTile(level, index, width, this.size) ? this.#ask('tile', level, index, width) : undefined
  }

  async entryBundle(index: number, width: number = TILE_WIDTH): Promise<Uint8Array | undefined> {
    if (!hasTile('entries', index, width, this.size)) return undefined
    const from = index * TILE_WIDTH
    const entries: Uint8Array[] = []
    for await (const entry of this.entries(from, from + width)) entries.push(entry)
    return encodeEntryBundle(entries)
  }

  indexOf(leaf: Uint8Array): Promise<number | undefined> {
    return this.#ask('find', leaf)
  }

  backup(folder: string): Promise<void> {
    return this.#ask('backup', folder)
  }

  async close(): Promise<void> {
    if (this.#failure === undefined) {
      await this.#batches.finish()
      await this.#ask('close')
      this.#failure = new Error('the ledger is closed')
    }
    await this.#worker.terminate()
  }

  #checkRange(from: number, to: number): void {
    if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= this.size)) {
      throw new Error(`no entries ${from} to ${to} in a log of ${this.size}`)
    }
  }

  /** Has the writer call a method of the store. */
  #ask<M extends Method>(method: M, ...args: Parameters<Store[M]>): Promise<ReturnType<Store[M]>> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    const id = this.#questions++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
      this.#worker.postMessage({ id, method, args } satisfies Question)
    })
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if ('value' in answer) waiting?.resolve(answer.value)
    else if (answer.fatal) {
      const failure = new LedgerFailure(answer.error)
      waiting?.reject(failure)
      this.#fail(failure)
    } else waiting?.reject(new Error(answer.error))
  }

  /** From now on everything rejects. */
  #fail(failure: Error): void {
    this.#failure ??= failure
    for (const { reject } of this.#waiting.values()) reject(this.#failure)
    this.#waiting.clear()
  }
}

/** Whether a log of `size` entries has the first `width` hashes or entries of a tile; no for whatever is no place. */
function hasTile(level: number | 'entries', index: number, width: number, size: number): boolean {
  const place = [level === 'entries' ? 0 : level, index, width]
  return (
    place.every((n) => Number.isSafeInteger(n) && n >= 0) &&
    width > 0 &&
    width <= tileWidth(level, index, size)
  )
}
