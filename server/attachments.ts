// Attachments of the record (SPEC 7.6): files named by the SHA-256 of their content, which entries refer to. On disk
// before anything names them; never changed, never removed.
import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { toHex } from '#crypto/encoding.ts'

/** Largest attachment, bytes; a record file holds no larger ones. */
const MAX_ATTACHMENT = 64 * 2 ** 20
const NAME = /^[0-9a-f]{64}$/

export class Attachments {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Keeps the content and gives its name, 64 hexadecimal digits; durable when it resolves. */
  async put(content: Uint8Array): Promise<string> {
    if (content.length > MAX_ATTACHMENT) throw new Error(`an attachment has at most ${MAX_ATTACHMENT} bytes`)
    const hash = nameOf(content)
    if ((await this.get(hash)) !== undefined) return hash
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const unfinished = join(this.#folder, `unfinished-${toHex(randomBytes(8))}`)
    await using file = await open(unfinished, 'wx', 0o600)
    await file.writeFile(content)
    await file.sync()
    await rename(unfinished, join(this.#folder, hash))
    await using folder = await open(this.#folder)
    await folder.sync()
    return hash
  }

  /** Where the content of this name lies; undefined if it is not here. */
  path(hash: string): string | undefined {
    const path = NAME.test(hash) ? join(this.#folder, hash) : undefined
    return path !== undefined && existsSync(path) ? path : undefined
  }

  /** The content of this name; undefined if it is not here, or no longer what it was. */
  async get(hash: string): Promise<Uint8Array | undefined> {
    if (!NAME.test(hash)) return undefined
    const content = await readFile(join(this.#folder, hash)).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    })
    return content !== undefined && nameOf(content) === hash ? content : undefined
  }
}

function nameOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
