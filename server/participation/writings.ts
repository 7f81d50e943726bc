// Texts that people write, with the keys of their commitments, beside the record (SPEC 12.4), and the boxes of those that are
// sealed (SPEC 12.11). Either is durable before the entry that commits to it, so that nobody is told of one that is lost.
import { equalBytes, toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { MAX_BOX_BYTES } from '#protocol/sealed-comment.ts'
import { checkText } from '#protocol/text.ts'
import type { Database } from '#server/data/database.ts'
import { and, eq, gte, inArray, lt } from '#server/data/drizzle.ts'
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

  /** Keeps the box of a sealed comment (SPEC 12.11); resolves once it is durable. False, and nothing kept, if it is another
   *  one or too large. */
  async keepBox(commitment: Uint8Array, hash: Uint8Array, box: Uint8Array): Promise<boolean> {
    if (box.length > MAX_BOX_BYTES || !equalBytes(sha256(box), hash)) return false
    const row = { commitment, box, keptAt: new Date(this.#clock()) }
    await this.#database.orm.insert(writing).values(row).onConflictDoNothing()
    return true
  }

  /** Puts what was found in a box beside it, if it is still here; resolves once it is durable. */
  async open(commitment: Uint8Array, { key, text }: Writing): Promise<void> {
    await this.#database.orm.update(writing).set({ key, text }).where(eq(writing.commitment, commitment))
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

  /** Those of these commitments' boxes that are here, by commitment in hexadecimal, and whether each was opened. */
  async boxes(
    commitments: readonly Uint8Array[],
  ): Promise<Map<string, { readonly box: Uint8Array; readonly opened: boolean }>> {
    const rows = await this.#rows(commitments)
    return new Map(
      rows.flatMap(({ commitment, box, text }) =>
        box === null ? [] : [[toHex(commitment), { box, opened: text !== null }]],
      ),
    )
  }

  /** Those of these commitments that are here, by commitment in hexadecimal. */
  async of(commitments: readonly Uint8Array[]): Promise<Map<string, Writing>> {
    const rows = await this.#rows(commitments)
    return new Map(
      rows.flatMap(({ commitment, key, text }) =>
        key === null || text === null ? [] : [[toHex(commitment), { key, text }]],
      ),
    )
  }

  async #rows(commitments: readonly Uint8Array[]): Promise<(typeof writing.$inferSelect)[]> {
    if (commitments.length === 0) return []
    return this.#database.orm
      .select()
      .from(writing)
      .where(inArray(writing.commitment, [...commitments]))
  }
}
