// An electoral roll as the server hands it out whole, since asking for one place would name the voter; rebuilt here and
// compared with what the opening fixed. SPEC 4.2, 6.3.
import { commitment } from '#circuits/credential.ts'
import { leaf, type RollTree, rollTree, treePath } from '#circuits/roll.ts'
import { CIRCUITS } from '#circuits/sizes.ts'
import { decodeField } from '#crypto/babyjubjub.ts'
import { bytesToBigint, EncodingError } from '#crypto/encoding.ts'
import type { ActOf } from '#protocol/act.ts'
import type { BallotContext } from '#protocol/ballot.ts'
import { circuitOf, packing } from '#protocol/contest.ts'
import type { Contest } from '#protocol/manifest.ts'
import { Unusable } from './failure.ts'
import { actOf, type Log, sound } from './log.ts'
import { bytesOf, type Server } from './server.ts'

interface Credential {
  readonly commitment: bigint
  readonly weight: bigint
}

/** Where a credential stands. */
export interface Standing {
  readonly index: number
  readonly weight: bigint
  /** Credentials of this weight, this one among them: a weighted vote hides among no others. */
  readonly alike: number
}

export interface Place extends Standing {
  /** The three siblings at each of 12 levels, leaves upwards. */
  readonly path: readonly (readonly bigint[])[]
}

/** Bytes of a credential: its commitment and its weight, most significant byte first. */
const CREDENTIAL = 34
const COMMITMENT = 32

export class Roll {
  readonly #credentials: readonly Credential[]
  #tree: RollTree | undefined

  private constructor(credentials: readonly Credential[]) {
    this.#credentials = credentials
  }

  /** The roll in these bytes. Throws `EncodingError`. */
  static decode(bytes: Uint8Array): Roll {
    if (bytes.length % CREDENTIAL !== 0) throw new EncodingError('the roll breaks off')
    const credentials: Credential[] = []
    for (let at = 0; at < bytes.length; at += CREDENTIAL) {
      credentials.push({
        commitment: decodeField(bytes.subarray(at, at + COMMITMENT)),
        weight: bytesToBigint(bytes.subarray(at + COMMITMENT, at + CREDENTIAL)),
      })
    }
    return new Roll(credentials)
  }

  /** Number of credentials. */
  get size(): number {
    return this.#credentials.length
  }

  /** Whether a contest was opened on this very roll: its root, its circuit and how its votes are packed. */
  fits(contest: Contest, context: BallotContext): boolean {
    const circuit = circuitOf(contest, this.size)
    const packed = packing(contest, circuit, { size: this.size, totalWeight: this.#totalWeight })
    const { bits, perCiphertext, ciphertexts } = context.packing
    return (
      circuit === context.circuit &&
      packed?.bits === bits &&
      packed.perCiphertext === perCiphertext &&
      packed.ciphertexts === ciphertexts &&
      this.#rows()[CIRCUITS[circuit].levels]?.[0] === context.root
    )
  }

  /** Whether an official froze this very roll. */
  isFrozenBy({ root, size, totalWeight }: ActOf<'freeze-roll'>): boolean {
    const { levels } = size <= 4 ** CIRCUITS.S.levels ? CIRCUITS.S : CIRCUITS.L
    return size === this.size && totalWeight === this.#totalWeight && this.#rows()[levels]?.[0] === root
  }

  /** The root of the tree of 12 levels. */
  get root(): bigint {
    const [root] = this.#rows()[CIRCUITS.L.levels] ?? []
    if (root === undefined) throw new Error('a tree has a root')
    return root
  }

  /** Where the credential with this secret stands; undefined if it does not. */
  find(secret: bigint): Standing | undefined {
    const own = commitment(secret)
    const index = this.#credentials.findIndex((credential) => credential.commitment === own)
    const weight = this.#credentials[index]?.weight
    if (weight === undefined) return undefined
    return { index, weight, alike: this.#credentials.filter((other) => other.weight === weight).length }
  }

  /** As `find`, with the path to the root. */
  place(secret: bigint): Place | undefined {
    const standing = this.find(secret)
    return standing && { ...standing, path: treePath(this.#rows(), standing.index) }
  }

  get #totalWeight(): bigint {
    return this.#credentials.reduce((sum, { weight }) => sum + weight, 0n)
  }

  /** Of 12 levels, in which the tree of 10 stands first. */
  #rows(): RollTree {
    const leaves = (): bigint[] => this.#credentials.map((c) => leaf(c.commitment, c.weight))
    return (this.#tree ??= rollTree(leaves(), CIRCUITS.L.levels))
  }
}

/** The roll as it was frozen by this entry. Throws `Unusable`: 'roll-differs', 'entries-unsound' and what
 *  `Server.recorded` throws. */
export async function frozenRoll(
  server: Server,
  log: Log,
  { process, roll: name, index }: { process: string; roll: string; index: number },
): Promise<Roll> {
  const act = actOf(await server.recorded(index), log, process)
  sound(act.type === 'freeze-roll' && act.roll === name, 'the freezing of the roll')
  const roll = await fetchRoll(server, process, name)
  if (roll?.isFrozenBy(act) !== true) throw new Unusable('roll-differs', { roll: name })
  return roll
}

/** The roll as the server hands it out, of which nothing is checked yet; undefined for bytes that are none. */
export async function fetchRoll(server: Server, process: string, name: string): Promise<Roll | undefined> {
  const bytes = await bytesOf(await server.send(`/api/rolls/${process}/${name}`, {}, Infinity))
  try {
    return Roll.decode(bytes)
  } catch (error) {
    if (error instanceof EncodingError) return undefined
    throw error
  }
}
