// Published files of spending, read from where they are kept and held against the acts that name them. SPEC 13.2.
import { toHex } from '#crypto/encoding.ts'
import { Refusal } from '#protocol/refusal.ts'
import type { Attachments } from '#server/attachments.ts'
import { parseExactly } from '#tally/formats/decimal.ts'
import { checkPublication, releasesOf } from '#tally/formats/ocds.ts'
import type { Accountability } from '#tally/state.ts'

type Publication = Accountability['publications'][number]

/** For how long a file that was found sound is not looked at again, milliseconds. */
const FRESH = 10_000

export class Publications {
  readonly #attachments: Pick<Attachments, 'get'>
  readonly #clock: () => number
  readonly #sound = new Map<string, { readonly at: number; readonly text: string }>()

  constructor(attachments: Pick<Attachments, 'get'>, clock: () => number) {
    this.#attachments = attachments
    this.#clock = clock
  }

  /** The canonical text of a file; undefined if it is missing, or no longer what officials signed. */
  async text({ act }: Publication): Promise<string | undefined> {
    const name = toHex(act.file)
    const known = this.#sound.get(name)
    if (known !== undefined && this.#clock() - known.at < FRESH) return known.text
    this.#sound.delete(name)
    const file = await this.#attachments.get(name)
    try {
      checkPublication(act, file)
    } catch (error) {
      if (error instanceof Refusal) return undefined
      throw error
    }
    const text = new TextDecoder().decode(file)
    this.#sound.set(name, { at: this.#clock(), text })
    return text
  }

  /** The releases in a file with their numbers as they are written, in the order of the act; undefined as above. */
  async releases(publication: Publication): Promise<readonly unknown[] | undefined> {
    const text = await this.text(publication)
    return text === undefined ? undefined : releasesOf(parseExactly(text))
  }
}
