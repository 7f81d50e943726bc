// The registrar (SPEC 4.4): claims of the register become credentials on the roll, many in one signed act. A claim is
// durable in the register before its act is written; what a crash left between the two is finished at the next start.
import { decodeField } from '#crypto/babyjubjub.ts'
import { equalBytes } from '#crypto/encoding.ts'
import { Busy } from '#ledger/engine.ts'
import { MAX_CREDENTIALS, type ActOf } from '#protocol/act.ts'
import { decodeEntry } from '#protocol/entry.ts'
import { Refusal, ensure } from '#protocol/refusal.ts'
import type { RollState } from '#tally/state.ts'
import type { Board } from './board.ts'
import type { Database } from './data/database.ts'
import { claim, type Claim, confirm, type Entitlement, pending, registration } from './data/register.ts'
import type { Holds } from './holds.ts'
import type { Official } from './official.ts'
import { Problem } from './problem.ts'

/** Where a registered credential stands: its place in the roll and the index of its entry. */
export interface Registered {
  readonly process: string
  readonly roll: string
  readonly index: number
  readonly entry: number
}

/** Longest wait for company, in milliseconds. */
const PATIENCE = 20
/** Registrations under way; more are turned away. */
const MAX_WAITING = 4000

interface Waiting {
  readonly claim: Claim
  readonly entry: PromiseWithResolvers<number>
}

export class Registrar {
  readonly #board: Board
  readonly #db: Database
  readonly #official: Official
  readonly #holds: Holds
  readonly #waiting = new Map<bigint, Waiting>()
  #gathering: Waiting[] = []
  #underWay = 0
  #written: Promise<void> = Promise.resolve()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(board: Board, db: Database, official: Official, holds: Holds) {
    this.#board = board
    this.#db = db
    this.#official = official
    this.#holds = holds
  }

  /** Puts the commitment (32 bytes) on the roll of the row that somebody is entitled to; the same again gives the same
   *  answer. Rejects with `RegisterRefusal`, with `Refusal` or `Problem` while the roll takes nobody, or with `Busy`. */
  async register(by: Entitlement, commitment: Uint8Array): Promise<Registered> {
    if (this.#underWay >= MAX_WAITING) throw new Busy('too many registrations are waiting')
    this.#underWay += 1
    try {
      return await this.#holds.pass(() => this.#register(by, commitment))
    } finally {
      this.#underWay -= 1
    }
  }

  async #register(by: Entitlement, commitment: Uint8Array): Promise<Registered> {
    const row = await registration(this.#db, by)
    // A claim is for ever, so it is made only where it can be fulfilled.
    if (row.commitment === undefined) {
      this.#openRoll(row)
      this.#checkNotRemoved(row, commitment)
    }
    if (row.entryIndex === undefined) await this.#checkNotHeld(row)
    const claimed = await claim(this.#db, { ...by, commitment })
    const entry = claimed.entryIndex === undefined ? await this.#enter(claimed) : Number(claimed.entryIndex)
    const index = this.#roll(claimed)?.places.get(decodeField(commitment))
    if (index === undefined) {
      this.#checkNotRemoved(claimed, commitment)
      throw new Error('a confirmed claim is on the roll')
    }
    return { process: claimed.process, roll: claimed.roll, index, entry }
  }

  /** Finishes what a crash left half done. Resolves with the number of claims that no roll takes any more. */
  async recover(): Promise<number> {
    let stuck = 0
    for (let seen = 0; ;) {
      const claims = await pending(this.#db, seen + 10_000)
      if (claims.length === seen) return stuck
      const outcomes = await Promise.allSettled(claims.slice(seen).map((c) => this.#enterAgain(c)))
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') continue
        const { reason } = outcome as { reason: unknown }
        if (!(reason instanceof Refusal || reason instanceof Problem)) throw reason
        stuck += 1
      }
      seen = stuck
    }
  }

  async #enterAgain(claimed: Claim): Promise<number> {
    await this.#checkNotHeld(claimed)
    return this.#enter(claimed)
  }

  /** Index of the entry that holds the claim, once that is durable and noted. */
  #enter(claimed: Claim): Promise<number> {
    const known = this.#waiting.get(claimed.id)
    if (known !== undefined) return known.entry.promise
    const waiting = { claim: claimed, entry: Promise.withResolvers<number>() }
    this.#waiting.set(claimed.id, waiting)
    this.#gathering.push(waiting)
    if (this.#gathering.length >= MAX_CREDENTIALS) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), PATIENCE)
    return waiting.entry.promise
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const rolls = Map.groupBy(this.#gathering, ({ claim }) => `${claim.process}/${claim.roll}`)
    this.#gathering = []
    for (const batch of rolls.values()) this.#written = this.#written.then(() => this.#write(batch))
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    try {
      const fresh = batch.filter(({ claim }) => !this.#isOnRoll(claim))
      const before = batch.filter(({ claim }) => this.#isOnRoll(claim))
      if (fresh.length > 0) await this.#settle(fresh, await this.#append(fresh.map(({ claim }) => claim)))
      if (before.length > 0) await this.#find(before)
    } catch (error) {
      for (const { entry } of batch) entry.reject(error)
    } finally {
      for (const { claim } of batch) this.#waiting.delete(claim.id)
    }
  }

  /** Writes the act that adds these claims to their roll; its index. */
  async #append(claims: readonly Claim[]): Promise<number> {
    const [first] = claims
    if (first === undefined) throw new Error('nothing to register')
    const act: ActOf<'add-to-roll'> = {
      type: 'add-to-roll',
      roll: first.roll,
      credentials: claims.map((c) => ({
        commitment: decodeField(c.commitment),
        weight: c.weight,
        row: c.rowHash,
      })),
    }
    return this.#official.act(first.process, () => {
      this.#openRoll(first)
      return act
    })
  }

  async #settle(batch: readonly Waiting[], index: number): Promise<void> {
    await confirm(
      this.#db,
      batch.map(({ claim }) => claim.id),
      BigInt(index),
    )
    for (const { entry } of batch) entry.resolve(index)
  }

  /** Claims whose entry was written and not noted: looks for it in the ledger. One that another row's entry holds was
   *  not put there by this server. */
  async #find(batch: readonly Waiting[]): Promise<void> {
    const missing = new Map(batch.map((waiting) => [decodeField(waiting.claim.commitment), waiting]))
    const { ledger } = this.#board
    let index = 0
    for await (const bytes of ledger.entries(0, ledger.size)) {
      const found = credentialsOf(bytes).flatMap(({ commitment, row }) => {
        const waiting = missing.get(commitment)
        return waiting !== undefined && equalBytes(row, waiting.claim.rowHash) ? [waiting] : []
      })
      if (found.length > 0) await this.#settle(found, index)
      for (const { claim } of found) missing.delete(decodeField(claim.commitment))
      index += 1
    }
    for (const { entry } of missing.values()) entry.reject(new Refusal('credential-registered'))
  }

  /** What was removed never returns: who registers again does so with another credential. */
  #checkNotRemoved(of: { process: string; roll: string }, commitment: Uint8Array): void {
    ensure(this.#roll(of)?.removed.has(decodeField(commitment)) !== true, 'credential-removed')
  }

  async #checkNotHeld(of: { process: string; roll: string }): Promise<void> {
    const until = await this.#holds.until(of)
    if (until === undefined) return
    const seconds = Math.max(1, Math.ceil((until - this.#board.time) / 1000))
    throw new Problem('roll-waits', 'Officials are signing that the roll is complete.', seconds)
  }

  #isOnRoll(claim: Claim): boolean {
    return this.#roll(claim)?.places.has(decodeField(claim.commitment)) ?? false
  }

  #roll({ process, roll }: { process: string; roll: string }): RollState | undefined {
    return this.#board.state.processes.get(process)?.rolls.get(roll)
  }

  /** Refuses where the roll would. A roll begins with its first credential. */
  #openRoll({ process, roll }: { process: string; roll: string }): void {
    const found = this.#board.state.processes.get(process)
    ensure(found !== undefined, 'unknown-process', process)
    ensure(found.archived === undefined, 'process-archived', process)
    ensure(this.#roll({ process, roll })?.frozen === undefined, 'roll-frozen', roll)
  }
}

function credentialsOf(bytes: Uint8Array): ActOf<'add-to-roll'>['credentials'] {
  const [type, content] = decodeEntry(bytes)
  return type === 'act' && content.act.type === 'add-to-roll' ? content.act.credentials : []
}
