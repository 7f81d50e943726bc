// A backup's file: a tar archive in an age file, so that standard programs open it too (`age -d | tar x`, `sha256sum -c`).
// Its last entry is the list of all others with their SHA-256, without which it counts as cut short.
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Decrypter, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { createTarDecoder, createTarPacker, type ParsedTarEntry, type TarPackController } from 'modern-tar'
import { Unusable } from './command.ts'

/** Whom an archive is for: who knows the passphrase, or who has the identity of one of the recipients (age1...). */
export type Lock = { readonly passphrase: string } | { readonly recipients: readonly string[] }
/** What opens it: the passphrase, or identities (AGE-SECRET-KEY-1...). */
export type Key = { readonly passphrase: string } | { readonly identities: readonly string[] }

/** A file on disk and its name in the archive. */
export interface Packed {
  readonly name: string
  readonly path: string
}

/**
 * Why a backup is not restored. `damaged`: it is not what was backed up. `wrong-key`: it does not open with this key.
 * `not-empty`: something is already where it should go. `other-layout`: another version of this program made it. `older`: the
 * log has signed more since. `fork`: the log has signed something else.
 */
export type BackupRefusal = 'damaged' | 'wrong-key' | 'not-empty' | 'other-layout' | 'older' | 'fork'

/** Nothing was restored. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused'
  readonly code: BackupRefusal

  constructor(code: BackupRefusal, message: string) {
    super(message)
    this.code = code
  }
}

type OnBytes = (bytes: number) => void

const SUMS = 'SHA256SUMS'
/** The whole of what may be in an archive: no name of it leads out of a folder. */
const NAME =
  /^(origin|operator\.(key|token)|tables\.jsonl|ledger\/(ledger\.db|log\.key|checkpoint)|(attachments|ceremony)\/[0-9a-f]{64}|demo\/[0-9a-z-]{1,64}\.demo)$/
/** The longest list: some hundred thousand attachments. */
const MAX_SUMS = 32 * 2 ** 20

/** Writes the files into a new archive and gives the key that opens it for as long as this process lives, to read it back
 *  with. Throws `Unusable`. */
export async function writeArchive(
  path: string,
  files: readonly Packed[],
  lock: Lock,
  onBytes: OnBytes,
): Promise<Key> {
  const encrypter = new Encrypter()
  const key = await lockWith(encrypter, lock)
  const { readable, controller } = createTarPacker()
  const packing = pack(controller, files, onBytes).catch((error: unknown) => {
    controller.error(error)
    throw error
  })
  const sealing = async () => {
    const sealed = await encrypter.encrypt(readable)
    await pipeline(
      Readable.fromWeb(sealed as never),
      createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
    )
  }
  const outcomes = await Promise.allSettled([packing, sealing()])
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') throw unusable(`Cannot write ${path}`, outcome.reason)
  }
  return key
}

/** Reads an archive to its end and checks each file against the list; their names. With a folder given, keeps them in it.
 *  Throws `BackupRefused` `damaged` or `wrong-key`, `Unusable` where a file cannot be read or written. */
export async function readArchive(
  path: string,
  key: Key,
  onBytes: OnBytes,
  folder?: string,
): Promise<ReadonlySet<string>> {
  const hashes = new Map<string, string>()
  let sums: string | undefined
  try {
    const plain = await openWith(decrypterOf(key), path)
    for await (const entry of plain.pipeThrough(createTarDecoder({ strict: true }))) {
      const { name, type, size } = entry.header
      if (sums !== undefined || hashes.has(name) || type !== 'file')
        throw damaged(`${name} does not belong there`)
      if (name === SUMS) {
        if (size > MAX_SUMS) throw damaged('its list is too long')
        sums = await new Response(entry.body).text()
      } else if (NAME.test(name)) hashes.set(name, await keep(entry, onBytes, folder))
      else throw damaged(`${name} does not belong there`)
    }
  } catch (error) {
    if (error instanceof BackupRefused) throw error
    if (error instanceof Error && 'syscall' in error) throw unusable(`Cannot read ${path}`, error)
    throw damaged(error instanceof Error ? error.message : 'it cannot be read')
  }
  if (sums !== formatSums(hashes)) throw damaged('its files are not those of its list')
  return new Set(hashes.keys())
}

async function pack(
  controller: TarPackController,
  files: readonly Packed[],
  onBytes: OnBytes,
): Promise<void> {
  const hashes = new Map<string, string>()
  for (const { name, path } of files) {
    await using file = await open(path)
    const { size } = await file.stat()
    const into = controller.add({ name, size, mode: 0o600, type: 'file' }).getWriter()
    const hash = createHash('sha256')
    for await (const chunk of file.createReadStream({ autoClose: false }) as AsyncIterable<Uint8Array>) {
      hash.update(chunk)
      await into.write(chunk)
      onBytes(chunk.length)
    }
    await into.close()
    hashes.set(name, hash.digest('hex'))
  }
  const list = new TextEncoder().encode(formatSums(hashes))
  const into = controller.add({ name: SUMS, size: list.length, mode: 0o600, type: 'file' }).getWriter()
  await into.write(list)
  await into.close()
  controller.finalize()
}

/** Reads an entry's content, into the folder if there is one; its SHA-256. */
async function keep(
  { header: { name }, body }: ParsedTarEntry,
  onBytes: OnBytes,
  folder: string | undefined,
): Promise<string> {
  const hash = createHash('sha256')
  const take = async (write: (chunk: Uint8Array) => Promise<unknown>) => {
    for await (const chunk of body) {
      hash.update(chunk)
      await write(chunk)
      onBytes(chunk.length)
    }
  }
  if (folder === undefined) await take(() => Promise.resolve())
  else {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await using file = await open(path, 'wx', 0o600)
    await take((chunk) => file.writeFile(chunk))
    await file.sync()
  }
  return hash.digest('hex')
}

/** As the program sha256sum writes and checks them. */
function formatSums(hashes: ReadonlyMap<string, string>): string {
  return [...hashes].map(([name, hash]) => `${hash}  ${name}\n`).join('')
}

/** Sets whom the file is for; what opens it. Recipients' own identities are not here: a one-time one stands beside them. */
async function lockWith(encrypter: Encrypter, lock: Lock): Promise<Key> {
  if ('passphrase' in lock) {
    encrypter.setPassphrase(lock.passphrase)
    return lock
  }
  const own = await generateIdentity()
  for (const recipient of [...lock.recipients, await identityToRecipient(own)]) {
    try {
      encrypter.addRecipient(recipient)
    } catch {
      throw new Unusable(`${recipient} is no recipient of age (age1...).`)
    }
  }
  return { identities: [own] }
}

function decrypterOf(key: Key): Decrypter {
  const decrypter = new Decrypter()
  if ('passphrase' in key) decrypter.addPassphrase(key.passphrase)
  else for (const identity of key.identities) decrypter.addIdentity(identity)
  return decrypter
}

async function openWith(decrypter: Decrypter, path: string): Promise<ReadableStream<Uint8Array>> {
  const source = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>
  try {
    return await decrypter.decrypt(source)
  } catch (error) {
    // The library has no code for it: a stanza that does not open is a wrong key, all else is damage.
    if (error instanceof Error && error.message.startsWith('no identity matched'))
      throw new BackupRefused(
        'wrong-key',
        'The backup does not open: wrong passphrase or identity, or its first lines are damaged.',
      )
    throw error
  }
}

function damaged(detail: string): BackupRefused {
  return new BackupRefused('damaged', `The backup is damaged or cut short: ${detail}.`)
}

function unusable(what: string, error: unknown): Error {
  if (error instanceof Unusable) return error
  return new Unusable(`${what}: ${error instanceof Error ? error.message : ''}`)
}
