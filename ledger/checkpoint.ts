// Checkpoints (SPEC 7.5): the log's signed promise of its size and root, c2sp.org/tlog-checkpoint. Extension lines are
// refused: nobody could audit them, and they could mark a single voter's receipt.
import { EncodingError } from '#crypto/encoding.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import { HASH_LENGTH } from './merkle.ts'
import { checkNote, parseNote, signNote, type Note, type SigningKey, type VerifierKey } from './note.ts'

/** What a log promises: its first `size` entries have this root. */
export interface Checkpoint {
  /** The log's name, which is also its key's name. */
  readonly origin: string
  /** Number of entries, at most 2^53 - 1. */
  readonly size: number
  /** 32 bytes. */
  readonly root: Uint8Array
}

/** A checkpoint with its signatures, which are not yet checked. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: Note
}

/** The signed note of a checkpoint. Error if the key's name is not the origin. */
export function signCheckpoint(checkpoint: Checkpoint, key: SigningKey): string {
  if (key.name !== checkpoint.origin) throw new Error('the key belongs to another log')
  return signNote(formatText(checkpoint), key)
}

/** Takes a signed checkpoint apart; EncodingError if it is not one. Checks no signature. */
export function parseCheckpoint(text: string): SignedCheckpoint {
  const note = parseNote(text)
  const [origin = '', size = '', root = '', ...rest] = note.text.split('\n')
  const checkpoint = { origin, size: parseNumber(size), root: decodeBase64(root), note }
  if (checkpoint.root.length !== HASH_LENGTH) throw new EncodingError('the root is not 32 bytes')
  if (origin === '' || rest.length !== 1) throw new EncodingError('not the three lines of a checkpoint')
  return checkpoint
}

/** True if the log whose key this is has signed the checkpoint: good signature, and the key's name is the origin. */
export function checkCheckpoint(checkpoint: SignedCheckpoint, key: VerifierKey): boolean {
  return key.name === checkpoint.origin && checkNote(checkpoint.note, key)
}

/** A number as checkpoints and proofs write it; EncodingError on leading zeros, signs or more than 2^53 - 1. */
export function parseNumber(text: string): number {
  const number = Number(text)
  if (!/^(0|[1-9][0-9]*)$/.test(text) || !Number.isSafeInteger(number))
    throw new EncodingError('not a number')
  return number
}

function formatText(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${encodeBase64(checkpoint.root)}\n`
}
