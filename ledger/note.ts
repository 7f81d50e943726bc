// Signed notes (SPEC 7.5): c2sp.org/signed-note, with its Ed25519 signatures (type 0x01) and the timestamped Ed25519
// cosignatures of witnesses (type 0x04, c2sp.org/tlog-cosignature).
import { bigintToBytes, bytesToBigint, concat, EncodingError, equalBytes, toHex } from '#crypto/encoding.ts'
import { checkEd25519, ed25519PublicKey, signEd25519 } from '#crypto/ed25519.ts'
import { sha256 } from '#crypto/hash.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'

/** A public key under a name. Two keys are the same only if all three fields are. */
export interface VerifierKey {
  readonly name: string
  readonly type: SignatureType
  /** 32 bytes. */
  readonly publicKey: Uint8Array
}

/** Type byte of signed-note: 1 signs the text; 4 signs time and text, as a witness does. */
export type SignatureType = 1 | 4

/** An Ed25519 secret (32 bytes, RFC 8032) that signs notes under a name, with type 1. */
export interface SigningKey {
  readonly name: string
  readonly secret: Uint8Array
}

/** One signature line, checked or not. */
export interface NoteSignature {
  readonly name: string
  /** 4 bytes: a hint which key it is. */
  readonly keyId: Uint8Array
  readonly signature: Uint8Array
}

/** A note taken apart. The text ends in a newline and means nothing before a signature is checked. */
export interface Note {
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

const ED25519 = 1
const COSIGNATURE = 4
const MAX_SIGNATURES = 100
const MAX_LENGTH = 1_000_000
const PRIVATE_KEY = 'PRIVATE+KEY+'

/** `name+hex(key id)+base64(type || public key)`, the vkey that people and policies exchange. */
export function formatVerifierKey(key: VerifierKey): string {
  return `${key.name}+${toHex(keyId(key))}+${encodeBase64(concat(Uint8Array.of(key.type), key.publicKey))}`
}

/** The opposite; EncodingError on any other text, an unknown type or a key id that is not the key's. */
export function parseVerifierKey(text: string): VerifierKey {
  const { name, type, bytes: publicKey, id } = parseKey(text)
  const key = { name, type, publicKey }
  if (toHex(keyId(key)) !== id) throw new EncodingError('the key id is not of this key')
  return key
}

/** `PRIVATE+KEY+name+hex(key id)+base64(1 || secret)`, the form of Go's sumdb/note. A secret. */
export function formatSigningKey(key: SigningKey): string {
  const id = toHex(keyId(verifierKeyOf(key)))
  return `${PRIVATE_KEY}${key.name}+${id}+${encodeBase64(concat(Uint8Array.of(ED25519), key.secret))}`
}

/** The opposite; EncodingError on any other text. */
export function parseSigningKey(text: string): SigningKey {
  if (!text.startsWith(PRIVATE_KEY)) throw new EncodingError('not a private note key')
  const { name, type, bytes: secret, id } = parseKey(text.slice(PRIVATE_KEY.length))
  const key = { name, secret }
  if (type !== ED25519 || toHex(keyId(verifierKeyOf(key))) !== id)
    throw new EncodingError('not a signing key')
  return key
}

/** The public half of a signing key. Error if the name is not allowed in a note. */
export function verifierKeyOf(key: SigningKey): VerifierKey {
  if (!isName(key.name)) throw new Error(`"${key.name}" cannot be a key name`)
  return { name: key.name, type: ED25519, publicKey: ed25519PublicKey(key.secret) }
}

/** The note of a text with one signature, as it is published. Error if the text cannot be a note's. */
export function signNote(text: string, key: SigningKey): string {
  if (!isText(text)) throw new Error('not a note text')
  const signature = signEd25519(key.secret, new TextEncoder().encode(text))
  return `${text}\n— ${key.name} ${encodeBase64(concat(keyId(verifierKeyOf(key)), signature))}\n`
}

/** Takes a signed note apart without checking a signature; EncodingError if it is not one. */
export function parseNote(note: string): Note {
  if (note.length > MAX_LENGTH) throw new EncodingError('note too long')
  const end = note.lastIndexOf('\n\n')
  const text = note.slice(0, end + 1)
  const lines = note.slice(end + 2).split('\n')
  if (end < 0 || !isText(text)) throw new EncodingError('no note text')
  if (lines.pop() !== '' || lines.length === 0) throw new EncodingError('no signature lines')
  if (lines.length > MAX_SIGNATURES) throw new EncodingError('too many signatures')
  return { text, signatures: lines.map(parseSignature) }
}

/**
 * True if the note carries a signature of the key, and every signature under the key's name and id is good. Lines of
 * other keys are ignored, as signed-note demands.
 */
export function checkNote(note: Note, key: VerifierKey): boolean {
  const own = signaturesOf(note, key)
  return own.length > 0 && own.every((line) => checkSignature(note.text, line.signature, key))
}

/** The signatures under a key's name and id, good or not. */
export function signaturesOf({ signatures }: Note, key: VerifierKey): NoteSignature[] {
  const id = keyId(key)
  return signatures.filter((line) => line.name === key.name && equalBytes(line.keyId, id))
}

function checkSignature(text: string, signature: Uint8Array, key: VerifierKey): boolean {
  const encoder = new TextEncoder()
  if (key.type === ED25519) return checkEd25519(key.publicKey, encoder.encode(text), signature)
  // timestamped_signature of tlog-cosignature: u64 seconds below 2^63, then the signature.
  if (signature.length !== 72) return false
  const time = bytesToBigint(signature.subarray(0, 8))
  const message = encoder.encode(`cosignature/v1\ntime ${time.toString()}\n${text}`)
  return time < 1n << 63n && checkEd25519(key.publicKey, message, signature.subarray(8))
}

/** SHA-256(name || 0x0A || type || public key)[:4]. */
function keyId(key: VerifierKey): Uint8Array {
  const name = new TextEncoder().encode(`${key.name}\n`)
  return sha256(concat(name, bigintToBytes(BigInt(key.type), 1), key.publicKey)).slice(0, 4)
}

function parseKey(text: string): { name: string; type: SignatureType; bytes: Uint8Array; id: string } {
  // Names have no plus, Base 64 may: split at the first two.
  const match = /^([^+]+)\+([0-9a-f]{8})\+(.*)$/s.exec(text)
  const [, name = '', id = '', base64 = ''] = match ?? []
  if (!isName(name)) throw new EncodingError('not a note key')
  const bytes = decodeBase64(base64)
  const type = bytes[0]
  if (bytes.length !== 33 || (type !== ED25519 && type !== COSIGNATURE)) {
    throw new EncodingError('not an Ed25519 note key')
  }
  return { name, type, bytes: bytes.slice(1), id }
}

function parseSignature(line: string): NoteSignature {
  const [, name = '', base64 = ''] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? []
  if (!isName(name)) throw new EncodingError('not a signature line')
  const bytes = decodeBase64(base64)
  if (bytes.length < 5) throw new EncodingError('signature too short')
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) }
}

/** Not empty, no Unicode space, no plus, no control characters. */
function isName(name: string): boolean {
  return name.isWellFormed() && /^[^\p{White_Space}+\p{Cc}]+$/u.test(name)
}

/** Lines of well-formed Unicode without ASCII control characters, the last one ended. */
function isText(text: string): boolean {
  return text.isWellFormed() && text.endsWith('\n') && !/[\u0000-\u0009\u000b-\u001f]/.test(text)
}
