// The ledger as the server sees it (SPEC 7.5): an append-only log of opaque entries that signs what it has stored.
// engines/embedded.ts is the one engine so far; the log's format and its verifiers do not depend on the engine.

/** An append-only log. Indices count from 0. After a LedgerFailure every call rejects: the caller stops the process. */
export interface Ledger {
  /** The log's name in its checkpoints; also the name of its key. */
  readonly origin: string
  /** The log's public key as a vkey (note.ts): what a trust policy names. */
  readonly verifierKey: string
  /** Entries stored and signed. */
  readonly size: number
  /** The newest signed checkpoint, of `size` entries. */
  checkpoint(): string
  /**
   * Appends entries of at most 65,535 bytes, 1 to 5,000 in a call, side by side in the order of the calls. When it
   * resolves they are on disk and under a signed checkpoint. Rejects with Busy while too much is waiting.
   */
  append(entries: readonly Uint8Array[]): Promise<Appended>
  /** The entry at an index below `size`. */
  entry(index: number): Promise<Uint8Array>
  /** The entries from `from` up to, not including, `to`, which is at most `size`. */
  entries(from: number, to: number): AsyncIterable<Uint8Array>
  /** The receipt file (proof.ts) of the entry at an index below `size`, under the newest checkpoint. */
  receipt(index: number): Promise<string>
  /** The first `width` hashes of a tile (tile.ts), of a full tile if not given; undefined if the log is too short. */
  tile(level: number, index: number, width?: number): Promise<Uint8Array | undefined>
  /** The same for the entries themselves. */
  entryBundle(index: number, width?: number): Promise<Uint8Array | undefined>
  /** Index of the first entry with this leaf hash (merkle.ts). */
  indexOf(leaf: Uint8Array): Promise<number | undefined>
  /**
   * Writes a consistent copy into a new folder, which `openEmbedded` can open. It holds the log's key: a secret. An
   * Error if that fails; the log goes on. Appending waits meanwhile.
   */
  backup(folder: string): Promise<void>
  /** Writes what is waiting, then lets go of the folder. */
  close(): Promise<void>
}

/** What became of an append: the index of its first entry, and size and text of a checkpoint that covers it. */
export interface Appended {
  readonly first: number
  readonly size: number
  readonly checkpoint: string
}

/** Too many entries are waiting to be written; nothing was stored. The client may try again later (HTTP 503). */
export class Busy extends Error {
  override readonly name = 'Busy'
}

/**
 * Reading or writing the store has failed. What is on disk is known only after a restart, which checks it; so nothing
 * is retried, and the process must stop.
 */
export class LedgerFailure extends Error {
  override readonly name = 'LedgerFailure'
}

/**
 * Why a data folder cannot be used. `in use`: another process holds it. `key`: the key file is missing, readable for
 * others, damaged or of another log. `damaged`: unreadable. `rollback`: fewer entries than were once signed. `fork`:
 * other entries than were signed.
 */
export type RefusalReason = 'in use' | 'key' | 'damaged' | 'rollback' | 'fork'

/** The store refuses to start, for to go on could sign a second history. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused'
  readonly reason: RefusalReason

  constructor(reason: RefusalReason, message: string) {
    super(message)
    this.reason = reason
  }
}
