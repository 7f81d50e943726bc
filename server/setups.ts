// The circuits' files that this server hands out, and what it finds in the setups that openings name (SPEC 10).
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliCompress, type BrotliOptions, constants } from 'node:zlib'
import { type Artifact, type Artifacts, CIRCUIT_IDS } from '#circuits/build/artifacts.ts'
import { describeTranscript, type SetupSummary } from '#circuits/transcript.ts'
import { transcriptOf, verificationKeyOf } from '#circuits/zkey.ts'
import { fromHex, toHex } from '#crypto/encoding.ts'
import type { Setup } from '#protocol/setup.ts'
import { checkSetup, KeyRing } from '#tally/verify/setup.ts'
import type { Attachments } from './attachments.ts'

export class Setups {
  readonly #attachments: Attachments
  readonly #keys: KeyRing
  readonly #described = new Map<string, SetupSummary>()
  readonly #served: Map<string, Artifact>
  #own: readonly Setup[]
  readonly #packed = new Map<string, Promise<Uint8Array>>()

  private constructor(own: readonly Setup[], served: readonly Artifact[], attachments: Attachments) {
    this.#own = own
    this.#attachments = attachments
    this.#served = new Map(served.map((file) => [file.sha256, file]))
    this.#keys = new KeyRing({ attachment: (hash) => attachments.get(hash) })
  }

  /** Keeps the circuits' verification keys and transcripts as attachments, for openings to name. */
  static async open(circuits: Artifacts['circuits'], attachments: Attachments): Promise<Setups> {
    const own: Setup[] = []
    const served: Artifact[] = []
    for (const circuit of CIRCUIT_IDS) {
      const { r1cs, wasm, zkey, verificationKey, transcript } = circuits[circuit]
      for (const { path, sha256 } of [verificationKey, transcript]) {
        const kept = await attachments.put(await readFile(path))
        if (kept !== sha256)
          throw new Error(`${path} is not the file that was built; build the circuits again`)
      }
      served.push(r1cs, wasm, zkey)
      own.push({
        circuit,
        r1cs: fromHex(r1cs.sha256),
        witnessCode: fromHex(wasm.sha256),
        provingKey: fromHex(zkey.sha256),
        verificationKey: fromHex(verificationKey.sha256),
        transcript: fromHex(transcript.sha256),
      })
    }
    return new Setups(own, served, attachments)
  }

  /** What officials may name in an opening or a plan: the setups of this server's own circuits. */
  get own(): readonly Setup[] {
    return this.#own
  }

  /** Takes in the key of one of these circuits that a ceremony has ended with. From now on openings name it, unless its
   *  secrets are public and those of the present one are not. Error if an observer would find something wrong. */
  async adopt(circuit: Setup['circuit'], key: Artifact): Promise<void> {
    const present = this.#own.find((setup) => setup.circuit === circuit)
    if (present === undefined) throw new Error(`there is no circuit ${circuit}`)
    const zkey = await readFile(key.path)
    const kept = await Promise.all(
      [new TextEncoder().encode(verificationKeyOf(zkey)), transcriptOf(zkey)].map((file) =>
        this.#attachments.put(file),
      ),
    )
    const [verificationKey, transcript] = kept.map(fromHex) as [Uint8Array, Uint8Array]
    const setup = { ...present, provingKey: fromHex(key.sha256), verificationKey, transcript }
    const problems = await this.problems(setup)
    if (problems.length > 0) throw new Error(`${key.path}: ${problems.join('; ')}`)
    this.#served.set(key.sha256, key)
    if (this.describe(setup).development && !this.describe(present).development) return
    this.#own = this.#own.map((one) => (one === present ? setup : one))
  }

  /** The text of a verification key; rejects if it is not here. */
  verificationKey(hash: string): Promise<string> {
    return this.#keys.json(hash)
  }

  /** What an observer would find wrong (V5); empty if nothing. */
  async problems(setup: Setup): Promise<string[]> {
    const attachment = (hash: string) => this.#attachments.get(hash)
    const problems = await checkSetup(setup, this.#keys, attachment)
    if (problems.length > 0) return problems
    const key = await this.#keys.key(toHex(setup.verificationKey))
    const transcript = await attachment(toHex(setup.transcript))
    if (Array.isArray(key) || transcript === undefined) throw new Error('a sound setup has its files')
    this.#described.set(nameOf(setup), describeTranscript(transcript, key))
    return []
  }

  /** Who stands behind a setup. What `problems` has not found sound counts as one whose secrets everybody knows. */
  describe(setup: Setup): SetupSummary {
    return this.#described.get(nameOf(setup)) ?? { contributors: [], beacon: false, development: true }
  }

  /** The circuit file with this SHA-256, if this server hands it out. */
  file(hash: string): Artifact | undefined {
    return this.#served.get(hash)
  }

  /** The same file compressed by brotli, which takes a tenth of a second once. */
  packed({ path, sha256 }: Artifact): Promise<Uint8Array> {
    const packed = this.#packed.get(sha256) ?? readFile(path).then((content) => pack(content, QUALITY))
    this.#packed.set(sha256, packed)
    return packed
  }
}

/** Where brotli comes within a hundredth of its best on these files, in a hundredth of the time. */
const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }

const pack = promisify<Uint8Array, BrotliOptions, Uint8Array>(brotliCompress)

function nameOf({ verificationKey, transcript }: Setup): string {
  return `${toHex(verificationKey)}/${toHex(transcript)}`
}
