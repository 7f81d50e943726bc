// The ledger as this program has seen it: every entry through the gate, under checkpoints that are signed as the policy
// asks and that each extend the one before. Nothing that a server says about its record is believed. SPEC 7.5.
import { EncodingError, equalBytes } from '#crypto/encoding.ts'
import { parseCheckpoint, type SignedCheckpoint } from '#ledger/checkpoint.ts'
import { leafHash } from '#ledger/merkle.ts'
import { checkPolicy, type Policy } from '#ledger/policy.ts'
import { Tree } from '#ledger/tree.ts'
import type { SignedGuardianMessage } from '#protocol/guardian.ts'
import type { PublicRecord } from '#tally/record.ts'
import { foldEntry } from '#tally/replay.ts'
import { emptyState } from '#tally/state.ts'
import { Unusable } from './command.ts'

/** Where newer entries come from. */
export interface EntrySource {
  checkpoint(): Promise<string>
  entry(index: number): Promise<Uint8Array>
}

/** Who said something, and when: a guardian says each thing once in an attempt, and once for each contest. */
export type Saying = Pick<SignedGuardianMessage, 'process' | 'election' | 'attempt' | 'guardian'> & {
  readonly slot: string
}

export class View {
  readonly state = emptyState()
  readonly #policy: Policy
  readonly #tree = new Tree()
  readonly #said = new Map<string, Uint8Array>()
  #checkpoint = ''

  private constructor(policy: Policy) {
    this.#policy = policy
  }

  /** A whole record. Throws `Refusal` at an entry that may not stand there, `Unusable` if the checkpoint does not hold. */
  static async of(record: PublicRecord, policy: Policy): Promise<View> {
    const view = new View(policy)
    const promised = view.#signed(record.checkpoint)
    for await (const entry of record.entries()) await view.#take(entry, (index) => record.entry(index))
    view.#accept(record.checkpoint, promised)
    return view
  }

  /** The newest checkpoint seen. */
  get checkpoint(): string {
    return this.#checkpoint
  }

  /** Takes what the ledger has more by now. Throws as `of` does. */
  async follow(source: EntrySource): Promise<void> {
    const text = await source.checkpoint()
    const promised = this.#signed(text)
    while (this.#tree.size < promised.size) {
      await this.#take(await source.entry(this.#tree.size), (index) => source.entry(index))
    }
    this.#accept(text, promised)
  }

  /** Whether a checkpoint is signed as the policy asks; false for texts that are none. */
  isSigned(text: string): boolean {
    const checkpoint = parse(text)
    return checkpoint !== undefined && checkPolicy(this.#policy, checkpoint)
  }

  /** Size of the ledger at a checkpoint, if that checkpoint is one of this very ledger; otherwise undefined. */
  sizeAt(text: string): number | undefined {
    const checkpoint = parse(text)
    return checkpoint !== undefined && this.#extends(checkpoint) ? checkpoint.size : undefined
  }

  /** The entry in which a guardian said this, if it is on the ledger. */
  said(saying: Saying): Uint8Array | undefined {
    return this.#said.get(keyOf(saying))
  }

  async #take(bytes: Uint8Array, read: (index: number) => Promise<Uint8Array>): Promise<void> {
    const [type, content] = await foldEntry(this.state, bytes, read)
    this.#tree.append(leafHash(bytes))
    if (type === 'guardian') this.#said.set(keyOf({ ...content, slot: slotOf(content.message) }), bytes)
  }

  #signed(text: string): SignedCheckpoint {
    const checkpoint = parse(text)
    if (checkpoint === undefined || !checkPolicy(this.#policy, checkpoint))
      throw new Unusable('The checkpoint is not signed as the policy asks.')
    return checkpoint
  }

  #accept(text: string, promised: SignedCheckpoint): void {
    const { founded } = this.state
    if (founded !== undefined && founded.genesis.origin !== promised.origin)
      throw new Unusable('The checkpoint belongs to another ledger.')
    if (!this.#extends(promised)) throw new Unusable('The entries are not those of the signed checkpoint.')
    if (promised.size === this.#tree.size) this.#checkpoint = text
  }

  #extends({ size, root }: SignedCheckpoint): boolean {
    return size <= this.#tree.size && equalBytes(this.#tree.root(size), root)
  }
}

/** Under which name a guardian says a message: its type, with the contest where there is one. */
function slotOf(message: SignedGuardianMessage['message']): string {
  return 'contest' in message ? `${message.type}/${message.contest}` : message.type
}

function keyOf({ process, election, attempt, guardian, slot }: Saying): string {
  return [process, election, attempt, guardian, slot].join('/')
}

function parse(text: string): SignedCheckpoint | undefined {
  try {
    return parseCheckpoint(text)
  } catch (error) {
    if (error instanceof EncodingError) return undefined
    throw error
  }
}
