// A record to be read: its checkpoint, entries and attachments, from wherever they come; and the one file that holds
// all of it. SPEC 7.6.
import { bytesToBigint, bigintToBytes, concat, EncodingError, toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { parseCheckpoint } from '#ledger/checkpoint.ts'

/** What a verifier reads. Nothing in it is trusted. */
export interface PublicRecord {
  /** The trust policy that the record itself names; a careful observer brings another. */
  readonly policy: string
  readonly checkpoint: string
  /** Entries that are there; a sound record has as many as its checkpoint says. */
  readonly size: number
  entry(index: number): Promise<Uint8Array>
  entries(): AsyncIterable<Uint8Array>
  /** The attachment with this SHA-256 (hexadecimal), if it is there. */
  attachment(hash: string): Promise<Uint8Array | undefined>
}

/** Random access to a file's bytes. */
export interface ByteSource {
  readonly size: number
  read(offset: number, length: number): Promise<Uint8Array>
}

/** What a record file begins with. */
export const RECORD_MAGIC = 'comitia record v1\n'

const MAGIC = new TextEncoder().encode(RECORD_MAGIC)
const MAX_BLOB = 64 * 1024 * 1024
/** Read at a time by who goes through all of a file, and by who looks for entries here and there, mostly in their order. */
const CHUNK = 1024 * 1024
const NEIGHBOURS = 64 * 1024

/** The file, piece by piece: magic line, then policy, checkpoint, each entry, each attachment, every one of them
 *  after its length in 4 bytes, most significant first. */
export async function* writeRecord(
  policy: string,
  checkpoint: string,
  entries: AsyncIterable<Uint8Array>,
  attachments: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  yield MAGIC
  yield framed(new TextEncoder().encode(policy))
  yield framed(new TextEncoder().encode(checkpoint))
  for await (const entry of entries) yield framed(entry)
  for await (const attachment of attachments) yield framed(attachment)
}

/** Opens a record file. Throws `EncodingError` if it is not one or breaks off. */
export async function openRecord(source: ByteSource): Promise<PublicRecord> {
  const magic = await source.read(0, Math.min(MAGIC.length, source.size))
  if (toHex(magic) !== toHex(MAGIC)) throw new EncodingError('not a Comitia record')
  const blobs = await index(source)
  const near = new Pass(source, NEIGHBOURS)
  const blob = async (i: number): Promise<Uint8Array> => {
    const place = blobs[i]
    if (place === undefined) throw new EncodingError('the record breaks off')
    return near.read(place.offset, place.length)
  }
  const policy = strictText(await blob(0))
  const checkpoint = strictText(await blob(1))
  const size = Math.min(parseCheckpoint(checkpoint).size, blobs.length - 2)
  const attachments = new Map<string, number>()
  for (let i = 2 + size; i < blobs.length; i++) attachments.set(toHex(sha256(await blob(i))), i)
  return {
    policy,
    checkpoint,
    size,
    entry: (i) => blob(i + 2),
    async *entries() {
      const pass = new Pass(source, CHUNK)
      for (const { offset, length } of blobs.slice(2, 2 + size)) yield await pass.read(offset, length)
    },
    async attachment(hash) {
      const at = attachments.get(hash)
      return at === undefined ? undefined : blob(at)
    },
  }
}

/** Offsets and lengths of all blobs, found in one pass over the file. */
async function index(source: ByteSource): Promise<{ offset: number; length: number }[]> {
  const blobs: { offset: number; length: number }[] = []
  const pass = new Pass(source, CHUNK)
  for (let offset = MAGIC.length; offset < source.size;) {
    if (offset + 4 > source.size) throw new EncodingError('the record breaks off')
    const length = Number(bytesToBigint(await pass.read(offset, 4)))
    offset += 4
    if (length > MAX_BLOB || offset + length > source.size) throw new EncodingError('the record breaks off')
    blobs.push({ offset, length })
    offset += length
  }
  return blobs
}

/** Small pieces of a file, mostly one after the other, fetched in large ones: a read costs about the same either way. */
class Pass {
  readonly #source: ByteSource
  readonly #size: number
  #chunk = { start: 0, bytes: new Uint8Array() }

  /** @param size bytes to fetch at a time */
  constructor(source: ByteSource, size: number) {
    this.#source = source
    this.#size = size
  }

  /** These bytes, which all are in the file. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    if (length >= this.#size) return this.#source.read(offset, length)
    let chunk = this.#chunk
    if (offset < chunk.start || offset + length > chunk.start + chunk.bytes.length) {
      const bytes = await this.#source.read(offset, Math.min(this.#size, this.#source.size - offset))
      this.#chunk = chunk = { start: offset, bytes: new Uint8Array(bytes) }
    }
    return chunk.bytes.slice(offset - chunk.start, offset - chunk.start + length)
  }
}

function framed(blob: Uint8Array): Uint8Array {
  return concat(bigintToBytes(BigInt(blob.length), 4), blob)
}

function strictText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new EncodingError('not UTF-8')
  }
}
