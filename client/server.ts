// A server as a device sees it over HTTP: asked, waited for while it is busy, and not believed. Whatever matters of its
// answers is checked against a trust policy.
import { bigintToBytes, EncodingError, equalBytes, toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { encodeBase64 } from '#ledger/base64.ts'
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import { leafHash } from '#ledger/merkle.ts'
import { signaturesOf } from '#ledger/note.ts'
import { parsePolicy, type Policy } from '#ledger/policy.ts'
import { checkReceipt, parseReceipt } from '#ledger/proof.ts'
import { formatTilePath, TILE_WIDTH, tileWidth } from '#ledger/tile.ts'
import { encodeEntry, type Entry } from '#protocol/entry.ts'
import { Refusal, REFUSALS, type RefusalCode } from '#protocol/refusal.ts'
import { openRecord, type PublicRecord } from '#tally/record.ts'
import { type Hold, holdInMemory } from './download.ts'
import { earlier, entriesIn } from './earlier.ts'
import { Unusable } from './failure.ts'
import { sameMatter } from './matter.ts'

/** How long a busy server is tried again altogether, and the pause where it names none (ms). */
const PATIENCE = 60_000
const PAUSE = 500
/** How long a small answer may take (ms). */
const TIMEOUT = 60_000
/** The header in which a server says how long a file is that it sends compressed. */
export const UNPACKED_LENGTH = 'comitia-unpacked-length'
/** So many entries are cheaper one by one than as a bundle that is not full yet. */
const FEW = 8

/** An entry as it stands on the ledger, and its receipt, already checked. */
export interface Recorded {
  readonly index: number
  readonly receipt: string
  /** The recorded bytes; another envelope of the same ballot may have come first. SPEC 6.2. */
  readonly entry: Uint8Array
}

/** A registration: the roll, the place in it and the entry that put it there. */
export interface Registered {
  readonly process: string
  readonly roll: string
  readonly index: number
  readonly entry: number
}

/** Files by their names; what comes out is checked again. */
export interface FileCache {
  get(name: string): Promise<Uint8Array | undefined>
  put(name: string, file: Uint8Array): Promise<void>
}

/** What a program lends to the connection. */
export interface Connection {
  /** Whose signatures are believed; without it the server's own is asked for once (trust on first use). */
  readonly policy?: Policy | undefined
  /** Keys of the proof system, by their SHA-256 (hexadecimal). */
  readonly files?: FileCache
  /** Bundles of entries that are full, by their paths in the log (C2SP tlog-tiles). */
  readonly bundles?: FileCache
  /** Where a record is held while it is read; in memory if not given. */
  readonly hold?: Hold
}

export class Server {
  readonly url: string
  readonly #files: FileCache | undefined
  readonly #bundles: FileCache | undefined
  readonly #hold: Hold
  #policy: Policy | undefined

  constructor(url: string, { policy, files, bundles, hold = holdInMemory }: Connection = {}) {
    this.url = url
    this.#policy = policy
    this.#files = files
    this.#bundles = bundles
    this.#hold = hold
  }

  async policy(): Promise<Policy> {
    return (this.#policy ??= readPolicy(await this.policyFile()))
  }

  /** The policy that the server proposes: to be kept, so that it is asked for once only. */
  async policyFile(): Promise<string> {
    return textOf(await this.send('/log/policy'))
  }

  /** Sends an entry until the server has it; the receipt is checked. Throws `Refusal` as the gate does, `Unusable` if
   *  there was no answer: then the very same entry may be sent again.
   *  @param said the text that the entry commits to, and the key in base 64, or the box that it is sealed in; of a name also
   *  what shows whose it is */
  async submit(entry: Entry, said?: Readonly<Record<string, string>>): Promise<Recorded> {
    const bytes = encodeEntry(entry)
    const response =
      said === undefined
        ? await this.#post('/api/entries', 'application/cbor', new Uint8Array(bytes))
        : await this.#post(
            'proof' in said ? '/api/introductions' : '/api/signals',
            'application/json',
            JSON.stringify({ entry: encodeBase64(bytes), ...said }),
          )
    const { index, receipt } = await jsonOf<{ index: number; receipt: string }>(response)
    const recorded = response.status === 200 ? await this.#recordedAs(entry, bytes, index) : bytes
    return this.checked({ index, receipt, entry: recorded })
  }

  /** Gives back what it is given. Throws `Unusable` unless the receipt is one of this entry at this place:
   *  'checkpoint-unsigned' where another log gives it, 'receipt-invalid' otherwise. */
  async checked(recorded: Recorded): Promise<Recorded> {
    const { index, receipt, entry } = recorded
    const policy = await this.policy()
    // What a server calls JSON may hold anything.
    if (typeof (receipt as unknown) !== 'string') throw new Unusable('receipt-invalid')
    if (!checkReceipt(receipt, policy, leafHash(entry)) || parseReceipt(receipt).index !== index)
      throw new Unusable(isStrange(receipt, policy) ? 'checkpoint-unsigned' : 'receipt-invalid')
    return recorded
  }

  /** An entry with its receipt, checked. */
  async recorded(index: number): Promise<Recorded> {
    const [receipt, entry] = await Promise.all([
      this.send(`/api/receipts/${index}`).then(textOf),
      this.entry(index),
    ])
    return this.checked({ index, receipt, entry })
  }

  /** Runs `use` with the server's whole record, of which nothing is checked yet. */
  async record<T>(use: (record: PublicRecord) => Promise<T>): Promise<T> {
    const response = await this.send('/api/record', {}, Infinity)
    return this.#hold(response, (source) => readable(async () => use(await openRecord(source))))
  }

  /** The same, but each part comes when it is read: bundles of entries that are kept already do not come again. */
  async growing(): Promise<PublicRecord> {
    const [checkpoint, policy] = await Promise.all([this.checkpoint(), this.policyFile()])
    const { size } = await readable(() => parseCheckpoint(checkpoint))
    return {
      ...{ checkpoint, policy, size },
      entry: earlier(this, () => size),
      entries: () => this.entries(0, size),
      attachment: (hash) => this.attachment(hash),
    }
  }

  /** The newest checkpoint, unchecked. */
  async checkpoint(): Promise<string> {
    return textOf(await this.send('/log/checkpoint'))
  }

  /** An entry of the ledger, unchecked. */
  async entry(index: number): Promise<Uint8Array> {
    return bytesOf(await this.send(`/log/entries/${index}`))
  }

  /** Entries from `from` up to before `to`, unchecked; `to` is at most a size that the server has signed. */
  async *entries(from: number, to: number): AsyncGenerator<Uint8Array> {
    for (let at = from; at < to;) {
      const index = Math.floor(at / TILE_WIDTH)
      const width = tileWidth('entries', index, to)
      const end = index * TILE_WIDTH + width
      if (width < TILE_WIDTH && end - at <= FEW) {
        for (; at < end; at++) yield await this.entry(at)
      } else {
        yield* (await this.#bundle(index, width)).slice(at - index * TILE_WIDTH)
        at = end
      }
    }
  }

  /** Registers a credential commitment with a one-time code. Where it then stands is the server's word. */
  async register(code: string, commitment: bigint): Promise<Registered> {
    const said = JSON.stringify({ code, commitment: toHex(bigintToBytes(commitment, 32)) })
    return jsonOf<Registered>(await this.#post('/api/registrations', 'application/json', said))
  }

  /** A proving key or witness code by its SHA-256, from the cache or the server; the hash is checked either way.
   *  @param onProgress bytes that have come, and how many there will be where the server says */
  async file(hash: Uint8Array, onProgress?: (done: number, total: number) => void): Promise<Uint8Array> {
    const name = toHex(hash)
    const cached = await this.#files?.get(name)
    if (cached !== undefined && equalBytes(sha256(cached), hash)) {
      onProgress?.(cached.length, cached.length)
      return cached
    }
    const file = await bytesOf(await this.send(`/api/artifacts/${name}`, {}, Infinity), onProgress)
    if (!equalBytes(sha256(file), hash)) throw new Unusable('file-differs', { hash: name })
    await this.#files?.put(name, file)
    return file
  }

  /** An attachment of the record by its SHA-256 (hexadecimal); undefined if the server has none that is this one. */
  async attachment(hash: string): Promise<Uint8Array | undefined> {
    const content = await this.#found(`/api/attachments/${hash}`)
    return content !== undefined && toHex(sha256(content)) === hash ? content : undefined
  }

  /** What the server hands out at a path of its web app, past every cache; undefined if it has nothing there. */
  async page(path: string): Promise<Uint8Array | undefined> {
    const accept = path === '/' ? 'text/html' : '*/*'
    return this.#found(path, { cache: 'no-store', headers: { accept } })
  }

  #post(path: string, type: string, body: string | Uint8Array<ArrayBuffer>): Promise<Response> {
    return this.send(path, { method: 'POST', headers: { 'content-type': type }, body })
  }

  async #found(path: string, init: RequestInit = {}): Promise<Uint8Array | undefined> {
    try {
      return await bytesOf(await this.send(path, init))
    } catch (error) {
      if (error instanceof Unusable && error.code === 'not-found') return undefined
      throw error
    }
  }

  /** The answer to a request that succeeds; tried again while the server is busy. Throws `Refusal` with the gate's code,
   *  or `Unusable`.
   *  @param timeout milliseconds for the whole answer; Infinity where it may be large */
  async send(path: string, init: RequestInit = {}, timeout = TIMEOUT): Promise<Response> {
    for (let waited = 0; ;) {
      const response = await this.#answer(path, init, timeout)
      if (response.ok) return response
      const pause = pauseOf(response)
      if (pause === undefined || waited + pause > PATIENCE) throw await problemOf(path, response)
      await response.body?.cancel()
      await new Promise((resolve) => setTimeout(resolve, pause))
      waited += pause
    }
  }

  /** The answer to a request, which carries no cookie: a ballot must not say who is signed in. Made anew once if there is none: a connection kept open may break just as it is used. No
   *  request does more when it comes twice. */
  async #answer(path: string, init: RequestInit, timeout: number): Promise<Response> {
    const signal = timeout === Infinity ? null : AbortSignal.timeout(timeout)
    const ask = () => fetch(new URL(path, this.url), { credentials: 'omit', ...init, signal })
    try {
      return await ask().catch(ask)
    } catch (error) {
      throw new Unusable('unreachable', { server: this.url, detail: detailOf(error) })
    }
  }

  /** The entry at a place where the server says that `entry` was before. It may be another one only where a proof can be
   *  made anew. */
  async #recordedAs(entry: Entry, bytes: Uint8Array, index: number): Promise<Uint8Array> {
    const there = await this.entry(index)
    return sameMatter(entry, there) ? there : bytes
  }

  async #bundle(index: number, width: number): Promise<Uint8Array[]> {
    const name = formatTilePath({ level: 'entries', index, width })
    const cache = width === TILE_WIDTH ? this.#bundles : undefined
    const kept = await cache?.get(name)
    const known = kept && entriesIn(kept, width)
    if (known !== undefined) return known
    const path = `/log/${name}`
    const bundle = await bytesOf(await this.send(path))
    const entries = entriesIn(bundle, width)
    if (entries === undefined) throw new Unusable('bad-answer', { path, detail: `not ${width} entries` })
    await cache?.put(name, bundle)
    return entries
  }
}

/** What `use` gives. Throws `Unusable('record-unreadable')` for `EncodingError`. */
async function readable<T>(use: () => T | Promise<T>): Promise<T> {
  try {
    return await use()
  } catch (error) {
    if (error instanceof EncodingError) throw new Unusable('record-unreadable', { detail: error.message })
    throw error
  }
}

/** A policy file's meaning. Throws `Unusable`. */
export function readPolicy(text: string): Policy {
  try {
    return parsePolicy(text)
  } catch (error) {
    if (error instanceof EncodingError) throw new Unusable('policy-unreadable', { detail: error.message })
    throw error
  }
}

/** Whether a receipt does not even claim to be signed by a log of the policy, as where a server was set up anew. */
function isStrange(receipt: string, { logs }: Policy): boolean {
  try {
    const { note } = parseCheckpoint(parseReceipt(receipt).checkpoint)
    return logs.every((log) => signaturesOf(note, log).length === 0)
  } catch (error) {
    if (error instanceof EncodingError) return false
    throw error
  }
}

/** The JSON of an answer. Throws `Unusable` if it is none or breaks off. */
export async function jsonOf<T>(response: Response): Promise<T> {
  const text = await textOf(response)
  try {
    return JSON.parse(text) as T
  } catch {
    throw new Unusable('bad-answer', { path: new URL(response.url).pathname, detail: 'not JSON' })
  }
}

async function textOf(response: Response): Promise<string> {
  return new TextDecoder().decode(await bytesOf(response))
}

/** The bytes of an answer, with progress: how many have come, and how many there will be where the server says. */
export async function bytesOf(
  response: Response,
  onProgress?: (done: number, total: number) => void,
): Promise<Uint8Array> {
  const total = Number(response.headers.get(UNPACKED_LENGTH) ?? response.headers.get('content-length') ?? 0)
  const parts: Uint8Array<ArrayBuffer>[] = []
  let done = 0
  try {
    for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array<ArrayBuffer>>) {
      parts.push(part)
      done += part.length
      onProgress?.(done, Math.max(done, total))
    }
  } catch (error) {
    throw new Unusable('unreachable', { server: response.url, detail: detailOf(error) })
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}

/** How long to wait before the request is made again (ms); undefined if it is not worth it. The pauses of many devices
 *  are spread, so that they do not all come back at once. */
function pauseOf({ status, headers }: Response): number | undefined {
  if (status !== 503 && status !== 429) return undefined
  const pause = secondsOf(headers) * 1000 || PAUSE
  const [random = 0] = crypto.getRandomValues(new Uint8Array(1))
  return pause * (1 + random / 512)
}

function secondsOf(headers: Headers): number {
  const text = headers.get('retry-after') ?? ''
  return /^\d{1,6}$/.test(text) ? Number(text) : 0
}

async function problemOf(path: string, response: Response): Promise<Error> {
  const { status, headers } = response
  const { code, message } = (await response.json().catch(() => ({}))) as { code?: string; message?: string }
  const refusal = REFUSALS.find((c): c is RefusalCode => c === code)
  if (refusal !== undefined) return new Refusal(refusal, message)
  switch (code) {
    case 'busy':
    case 'too-many-attempts':
    case 'roll-waits':
      return new Unusable(code, { seconds: Math.max(1, secondsOf(headers)) })
    case 'unavailable':
    case 'code-unknown':
    case 'code-used':
    case 'commitment-taken':
    case 'not-shown':
    case 'name-invalid':
    case 'sign-in-failed':
    case 'identity-unknown':
    case 'identity-registered':
      return new Unusable(code)
    case 'not-found':
      return new Unusable(code, { path })
    default:
      return new Unusable('bad-answer', { path, detail: `${status} ${code ?? ''} ${message ?? ''}`.trim() })
  }
}

function detailOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
