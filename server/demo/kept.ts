// What the server keeps of its demo elections beside the ledger: the secrets of those whom it plays. One file for each
// election, which only the operator may read; the secrets are forgotten once they have served.
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { attemptSchema, identitySchema } from '#client/guardian/seat.ts'
import { fromHex, toHex } from '#crypto/encoding.ts'
import { readIfThere, writeDurably } from '#ledger/store/durable.ts'
import { bytes, codec, instant, natural, slug, text } from '#protocol/codec.ts'
import { manifestSchema } from '#protocol/manifest.ts'

const playedSchema = z.strictObject({
  /** Number in the manifest. */
  number: natural(32),
  identity: identitySchema,
  attempt: z.optional(attemptSchema),
})
/** A guardian whom the server plays. */
export type Played = z.output<typeof playedSchema>

const keptSchema = z.strictObject({
  election: slug,
  /** `vote` is held from end to end; `ceremony` only makes a key with a visitor. */
  kind: z.enum(['vote', 'ceremony']),
  createdAt: instant,
  manifest: manifestSchema,
  guardians: z.array(playedSchema),
  /** Seeds of the simulated voters' credentials, in the order of their votes. */
  voters: z.array(bytes(32)),
  /** How many codes visitors were given. */
  codes: natural(1_000_000),
  /** The third guardian's backup, for the visitor who takes that part; null before it is made and when it has served. */
  seat: z.nullable(z.strictObject({ backup: text(1_000_000), passphrase: text(100) })),
})
export type Kept = z.output<typeof keptSchema>

const keptCodec = codec(keptSchema)
const ENDING = '.demo'

/** All of it, in memory and on disk. */
export class KeptFiles {
  readonly #folder: string
  readonly #kept: Map<string, Kept>

  /** Reads what is there; makes the folder if it is not. */
  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const names = readdirSync(folder).filter((name) => name.endsWith(ENDING))
    const files = names.map((name) => keptCodec.decode(fromHex(readIfThere(join(folder, name)) ?? '')))
    files.sort((a, b) => a.createdAt - b.createdAt)
    this.#kept = new Map(files.map((kept) => [kept.election, kept]))
  }

  /** Oldest first. */
  all(): Kept[] {
    return [...this.#kept.values()]
  }

  get(election: string): Kept | undefined {
    return this.#kept.get(election)
  }

  /** On disk when it returns. */
  save(kept: Kept): void {
    writeDurably(join(this.#folder, kept.election + ENDING), toHex(keptCodec.encode(kept)), 0o600)
    this.#kept.set(kept.election, kept)
  }
}
