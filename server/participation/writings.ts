// Texts that people write, with the keys of their commitments, beside the record (SPEC 12.4). A text is durable before the
// entry that commits to it, so that nobody is told of an entry whose text is lost.
import { toHex } from '#crypto/encoding.ts'
import { checkText } from '#protocol/text.ts'
import type { Database } from '#server/data/database.ts'
import { and, gte, inArray, lt } from '#server/data/drizzle.ts'
import { writing } from '#server/data/schema.ts'

/** A text and the key under which it is committed to. */
export interface Writing {
  readonly key: Uint8Array
  readonly text: string
}

/** Texts that one query deletes. */
const BATCH = 500

export class Writings {
  readonly #database: Database
  readonly #clock: () => number

  /** @param clock milliseconds since 1970 */
  constructor(database: Database, clock: () => number) {
    this.#database = database
    this.#clock = clock
  }

  /** Keeps a text; resolves once it is durable. False, and nothing kept, if the commitment is not to it. */
  async keep(commitment: Uint8Array, { key, text }: Writing): Promise<boolean> {
    if (!checkText(commitment, key, text)) return false
    const row = { commitment, key, text, keptAt: new Date(this.#clock()) }
    await this.#database.orm.insert(writing).values(row).onConflictDoNothing()
    return true
  }

  /** Deletes these texts and their keys; resolves once it is durable. */
  async erase(commitments: readonly Uint8Array[]): Promise<void> {
    if (commitments.length === 0) return
    await this.#database.orm.delete(writing).where(inArray(writing.commitment, [...commitments]))
  }

  /** Deletes what was kept in this time (milliseconds) and is not to be; how many texts that were.
   *  @param isKept of a commitment in hexadecimal */
  async clear(since: number, until: number, isKept: (commitment: string) => boolean): Promise<number> {
    const rows = await this.#database.orm
      .select({ commitment: writing.commitment })
      .from(writing)
      .where(and(gte(writing.keptAt, new Date(since)), lt(writing.keptAt, new Date(until))))
    const astray = rows.flatMap(({ commitment }) => (isKept(toHex(commitment)) ? [] : [commitment]))
    for (let at = 0; at < astray.length; at += BATCH) await this.erase(astray.slice(at, at + BATCH))
    return astray.length
  }

  /** Whether the text of this commitment is here. */
  async has(commitment: Uint8Array): Promise<boolean> {
    return (await this.of([commitment])).size === 1
  }

  /** Those of these commitments that are here, by commitment in hexadecimal. */
  async of(commitments: readonly Uint8Array[]): Promise<Map<string, Writing>> {
    if (commitments.length === 0) return new Map()
    const rows = await this.#database.orm
      .select()
      .from(writing)
      .where(inArray(writing.commitment, [...commitments]))
    return new Map(rows.map(({ commitment, key, text }) => [toHex(commitment), { key, text }]))
  }
}
