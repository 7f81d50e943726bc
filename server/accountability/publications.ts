// Published files of spending, read from where they are kept and held against the acts that name them. SPEC 13.2.
import { toHex } from '#crypto/encoding.ts'
import { Refusal } from '#protocol/refusal.ts'
import type { Attachments } from '#server/attachments.ts'
import { parseExactly } from '#tally/formats/decimal.ts'
import { checkPublication, releasesOf } from '#tally/formats/ocds.ts'
import type { Accountability } from '#tally/state.ts'

type Publication = Accountability['publications'][number]

/** A file as it was found sound, which its hash says it still is. */
interface Sound {
  readonly text: string
  /** Its releases with their numbers as they are written, in the order of the act. */
  readonly releases: readonly unknown[]
  /** When it was looked at last, milliseconds. */
  at: number
}

/** For how long a file is not looked at again, milliseconds: everybody may ask for it. */
const FRESH = 10_000

export class Publications {
  readonly #attachments: Pick<Attachments, 'get'>
  readonly #clock: () => number
  readonly #sound = new Map<string, Sound>()

  constructor(attachments: Pick<Attachments, 'get'>, clock: () => number) {
    this.#attachments = attachments
    this.#clock = clock
  }

  /** The file; undefined if it is missing, or no longer what officials signed. */
  async read({ act }: Publication): Promise<Omit<Sound, 'at'> | undefined> {
    const name = toHex(act.file)
    const known = this.#sound.get(name)
    if (known !== undefined && this.#clock() - known.at < FRESH) return known
    const file = await this.#attachments.get(name)
    if (file === undefined) return undefined
    if (known !== undefined) {
      known.at = this.#clock()
      return known
    }
    try {
      checkPublication(act, file)
    } catch (error) {
      if (error instanceof Refusal) return undefined
      throw error
    }
    const text = new TextDecoder().decode(file)
    const sound = { text, releases: releasesOf(parseExactly(text)), at: this.#clock() }
    this.#sound.set(name, sound)
    return sound
  }
}
