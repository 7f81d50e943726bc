// The ledger as this device has seen it: every entry through the gate, under checkpoints that are signed as the policy
// asks and that each extend the one before. Nothing that a server says about its record is believed. SPEC 7.5.
import { EncodingError, equalBytes } from '#crypto/encoding.ts'
import { parseCheckpoint, type SignedCheckpoint } from '#ledger/checkpoint.ts'
import { leafHash } from '#ledger/merkle.ts'
import { checkPolicy, type Policy } from '#ledger/policy.ts'
import { Tree } from '#ledger/tree.ts'
import type { SignedGuardianMessage } from '#protocol/guardian.ts'
import { settle } from '#tally/decryption.ts'
import type { PublicRecord } from '#tally/record.ts'
import { closedBy, takeEntry } from '#tally/replay.ts'
import { type ElectionState, emptyState, type RecordState } from '#tally/state.ts'
import { earlier, type Read } from './earlier.ts'
import { Unusable } from './failure.ts'
import type { Server } from './server.ts'

/** Where newer entries come from. */
export interface EntrySource {
  checkpoint(): Promise<string>
  /** Entries from `from` up to before `to`. */
  entries(from: number, to: number): AsyncIterable<Uint8Array>
}

/** Who said something, and when: a guardian says each thing once in an attempt, and once for each contest. */
export type Saying = Pick<SignedGuardianMessage, 'process' | 'election' | 'attempt' | 'guardian'> & {
  readonly slot: string
}

/** The state that a server's whole record folds to, under a checkpoint that meets the policy. */
export async function stateOf(server: Server): Promise<RecordState> {
  const policy = await server.policy()
  const { state } = await server.record((record) => View.of(record, policy))
  return state
}

export class View {
  readonly state = emptyState()
  readonly #policy: Policy
  readonly #tree = new Tree()
  readonly #said = new Map<string, Uint8Array>()
  #checkpoint = ''
  /** Entries under that checkpoint. Later ones have been folded, and nobody vouches for them yet. */
  #size = 0
  /** Closed by the last entry, its aggregates not yet computed. */
  #closed: ElectionState | undefined
  #broken: Error | undefined
  #turn: Promise<void> = Promise.resolve()

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

  /** Takes what the ledger has more by now. Throws as `of` does; once entries were not what was signed or allowed it
   *  always will, since the state has taken them in. */
  follow(source: EntrySource): Promise<void> {
    const turn = this.#turn.then(() => this.#follow(source))
    this.#turn = turn.catch(() => undefined)
    return turn
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

  async #follow(source: EntrySource): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken
    const text = await source.checkpoint()
    const promised = this.#signed(text)
    const read = earlier(source, () => this.#tree.size)
    try {
      await this.#settle(read)
      for await (const entry of source.entries(this.#tree.size, promised.size)) await this.#take(entry, read)
      this.#accept(text, promised)
    } catch (error) {
      const lasting = !(error instanceof Unusable) || MISMATCHES.has(error.code)
      if (lasting && error instanceof Error) this.#broken = error
      throw error
    }
  }

  async #take(bytes: Uint8Array, read: Read): Promise<void> {
    const entry = takeEntry(this.state, bytes)
    this.#tree.append(leafHash(bytes))
    const [type, content] = entry
    if (type === 'guardian') this.#said.set(keyOf({ ...content, slot: slotOf(content.message) }), bytes)
    this.#closed = closedBy(this.state, entry)
    await this.#settle(read)
  }

  async #settle(read: Read): Promise<void> {
    if (this.#closed === undefined) return
    await settle(this.#closed, async (index) => {
      const bytes = await read(index)
      if (!equalBytes(leafHash(bytes), this.#tree.read(0, index))) throw new Unusable('entries-differ')
      return bytes
    })
    this.#closed = undefined
  }

  #signed(text: string): SignedCheckpoint {
    const checkpoint = parse(text)
    if (checkpoint === undefined || !checkPolicy(this.#policy, checkpoint))
      throw new Unusable('checkpoint-unsigned')
    return checkpoint
  }

  #accept(text: string, promised: SignedCheckpoint): void {
    const { founded } = this.state
    if (founded !== undefined && founded.genesis.origin !== promised.origin)
      throw new Unusable('other-ledger')
    if (!this.#extends(promised)) throw new Unusable('entries-differ')
    if (promised.size === this.#tree.size) [this.#checkpoint, this.#size] = [text, promised.size]
    else if (this.#size < this.#tree.size) throw new Unusable('checkpoint-older')
  }

  #extends({ size, root }: SignedCheckpoint): boolean {
    return size <= this.#tree.size && equalBytes(this.#tree.root(size), root)
  }
}

/** Failures that show entries to be others than was signed. */
const MISMATCHES: ReadonlySet<string> = new Set(['other-ledger', 'entries-differ'])

/** Under which name a guardian says a message: its type, with the contest or the lot where there is one. */
function slotOf(message: SignedGuardianMessage['message']): string {
  if ('contest' in message) return `${message.type}/${message.contest}`
  return 'lot' in message ? `${message.type}/${message.lot}` : message.type
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
