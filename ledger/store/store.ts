// The store of one log in its data folder (SPEC 7.5): entries, key, tree, and the last signed checkpoint in a second
// file. Order of an append: commit, sign, second file, answer; so no checkpoint is ever signed over entries that a
// crash could lose, and none is released that a restart would not know of.
import { hash, randomBytes } from 'node:crypto'
import { mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { concat, EncodingError, equalBytes } from '#crypto/encoding.ts'
import { checkCheckpoint, parseCheckpoint, signCheckpoint } from '#ledger/checkpoint.ts'
import { StartRefused } from '#ledger/engine.ts'
import { proveInclusion } from '#ledger/merkle.ts'
import {
  formatSigningKey,
  formatVerifierKey,
  parseSigningKey,
  verifierKeyOf,
  type SigningKey,
} from '#ledger/note.ts'
import { formatReceipt } from '#ledger/proof.ts'
import { encodeHashTile } from '#ledger/tile.ts'
import { Tree } from '#ledger/tree.ts'
import { Database, refusalOf } from './database.ts'
import { readIfThere, syncPath, writeDurably } from './durable.ts'
import { LeafTable } from './leaves.ts'

const DATABASE = 'ledger.db'
const CHECKPOINT = 'checkpoint'
const KEY = 'log.key'
// A read answers with about this many bytes, so that a long read does not keep appends waiting.
const READ_BYTES = 2 ** 20

/** An open store. One process, one thread. Any error but of `backup` is final: the store must not be used again. */
export class Store {
  readonly verifierKey: string
  readonly #folder: string
  readonly #key: SigningKey
  readonly #database: Database
  readonly #tree: Tree
  readonly #leaves: LeafTable
  #checkpoint: string

  /**
   * Opens or creates the store of the log named `origin` and checks all that was ever signed: every entry is there and
   * hashes to the root of the last signed checkpoint. Entries after it, left by a crash before they were signed, are
   * kept and signed now. Throws StartRefused.
   */
  constructor(folder: string, origin: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, DATABASE)
    this.#folder = folder
    this.#database = new Database(path)
    try {
      this.#tree = readTree(this.#database, path)
      const text = readIfThere(join(folder, CHECKPOINT))
      this.#key = text === undefined ? firstKey(folder, origin) : readKey(folder, origin)
      this.verifierKey = formatVerifierKey(verifierKeyOf(this.#key))
      if (text !== undefined) checkAgainst(text, this.#tree, this.#key)
      else if (this.#tree.size > 0)
        throw new StartRefused('rollback', `${folder} has entries but no checkpoint`)
      const signed = text !== undefined && parseCheckpoint(text).size === this.#tree.size
      this.#checkpoint = signed ? text : this.#publish()
    } catch (error) {
      this.#database.close()
      throw error
    }
    this.#leaves = new LeafTable((index) => this.#tree.read(0, index))
    for (let index = 0; index < this.size; index++) this.#leaves.add(index)
  }

  get size(): number {
    return this.#tree.size
  }

  get checkpoint(): string {
    return this.#checkpoint
  }

  /** Stores the entries, then signs; answers with the new size and the checkpoint of exactly that size. */
  append(entries: readonly Uint8Array[]): { size: number; checkpoint: string } {
    this.#database.append(this.size, entries)
    for (const entry of entries) {
      this.#tree.append(storedLeafHash(entry))
      this.#leaves.add(this.size - 1)
    }
    this.#checkpoint = this.#publish()
    return { size: this.size, checkpoint: this.#checkpoint }
  }

  /** Entries from `from` on, before `to`: at least one, at most about a megabyte, each checked against the tree. */
  read(from: number, to: number): Uint8Array[] {
    const entries: Uint8Array[] = []
    let bytes = 0
    for (const row of this.#database.rows(from, to)) {
      const index = from + entries.length
      if (row.seq !== index || !equalBytes(storedLeafHash(row.bytes), this.#tree.read(0, index))) {
        throw new Error(`entry ${index} on disk is not the one that was signed`)
      }
      entries.push(row.bytes)
      bytes += row.bytes.length
      if (bytes >= READ_BYTES) break
    }
    if (entries.length === 0) throw new Error(`entry ${from} is gone from the disk`)
    return entries
  }

  /** The receipt file of an entry under the newest checkpoint. */
  receipt(index: number): string {
    return formatReceipt({
      index,
      path: proveInclusion(index, this.size, this.#tree.read),
      checkpoint: this.#checkpoint,
    })
  }

  /** The bytes of a hash tile that the log is long enough for. */
  tile(level: number, index: number, width: number): Uint8Array {
    return encodeHashTile(level, index, width, this.#tree.read)
  }

  /** The first index of a leaf hash. */
  find(leaf: Uint8Array): number | undefined {
    return this.#leaves.find(leaf)
  }

  /** Writes database, checkpoint and key into a folder that is not there yet. Its errors leave this store as it was. */
  backup(folder: string): void {
    mkdirSync(folder, { mode: 0o700 })
    this.#database.copyTo(join(folder, DATABASE))
    syncPath(join(folder, DATABASE))
    writeDurably(join(folder, KEY), formatSigningKey(this.#key), 0o600)
    writeDurably(join(folder, CHECKPOINT), this.#checkpoint, 0o644)
    syncPath(dirname(folder))
  }

  /** Lets go of the folder. */
  close(): void {
    this.#database.close()
  }

  /** Signs the tree as it is now, which is on disk, and writes the checkpoint to the second file. */
  #publish(): string {
    const { size } = this.#tree
    const text = signCheckpoint({ origin: this.#key.name, size, root: this.#tree.root() }, this.#key)
    writeDurably(join(this.#folder, CHECKPOINT), text, 0o644)
    return text
  }
}

/** merkle.ts's leafHash by the faster native SHA-256: it decides how long a start takes. */
function storedLeafHash(entry: Uint8Array): Uint8Array {
  return hash('sha256', concat(Uint8Array.of(0), entry), 'buffer')
}

function readTree(database: Database, path: string): Tree {
  const tree = new Tree()
  try {
    for (const { seq, bytes } of database.rows(0, Number.MAX_SAFE_INTEGER)) {
      if (seq !== tree.size) throw new Error(`entry ${tree.size} is missing`)
      tree.append(storedLeafHash(bytes))
    }
  } catch (error) {
    throw refusalOf(error, path)
  }
  return tree
}

/** Refuses a tree that is not a continuation of the last signed checkpoint. */
function checkAgainst(text: string, tree: Tree, key: SigningKey): void {
  const last = decode('damaged', 'the checkpoint file', () => parseCheckpoint(text))
  if (!checkCheckpoint(last, verifierKeyOf(key))) {
    throw new StartRefused('damaged', 'the checkpoint file is not signed by the key of this log')
  }
  if (tree.size < last.size) {
    const message = `the log has ${tree.size} entries, but ${last.size} were signed: an old copy or a lost file`
    throw new StartRefused('rollback', message)
  }
  if (!equalBytes(tree.root(last.size), last.root)) {
    throw new StartRefused('fork', `the first ${last.size} entries are not the ones that were signed`)
  }
}

/** The key of a log that has never signed: the one a first start left, or a new one. */
function firstKey(folder: string, origin: string): SigningKey {
  const path = join(folder, KEY)
  if (readIfThere(path) !== undefined) return readKey(folder, origin)
  const key = { name: origin, secret: new Uint8Array(randomBytes(32)) }
  writeDurably(path, formatSigningKey(key), 0o600)
  return key
}

function readKey(folder: string, origin: string): SigningKey {
  const path = join(folder, KEY)
  const text = readIfThere(path)
  if (text === undefined) throw new StartRefused('key', `${path} is missing: only this key may sign this log`)
  if ((statSync(path).mode & 0o077) !== 0) {
    throw new StartRefused('key', `${path} can be read by others than its owner (chmod 600 it)`)
  }
  const key = decode('key', path, () => parseSigningKey(text))
  if (key.name !== origin)
    throw new StartRefused('key', `${path} belongs to the log ${key.name}, not ${origin}`)
  return key
}

function decode<T>(reason: 'key' | 'damaged', what: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error
    throw new StartRefused(reason, `${what} is damaged: ${error.message}`)
  }
}
