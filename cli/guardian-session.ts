// One guardian at work on one election: sees the ledger, waits for others, and says each thing once, from disk.
// SPEC 5, 9.1.
import { setTimeout as sleep } from 'node:timers/promises'
import { equalBytes } from '#crypto/encoding.ts'
import { parsePolicy } from '#ledger/policy.ts'
import { decodeEntry, encodeEntry } from '#protocol/entry.ts'
import { type GuardianMessage, signGuardianMessage } from '#protocol/guardian.ts'
import { placeOf } from '#tally/keygen.ts'
import type { ElectionState, KeygenAttempt } from '#tally/state.ts'
import { Client } from './client.ts'
import { Unusable } from './command.ts'
import type { GuardianFolder, Seat, SeatAttempt } from './guardian-store.ts'
import { View } from './view.ts'

/** How often the ledger is looked at while waiting, in milliseconds. */
const PAUSE = 500

/** Something on the ledger must not be gone along with: it is said loudly and nothing is sent. */
export class Alarm extends Error {}

/** With `--no-wait`: what is still missing. */
export class NotYet extends Unusable {}

export interface Manner {
  /** Whether to wait for others, or to say what is missing. */
  readonly wait: boolean
  /** Takes a sentence for people. */
  readonly tell: (sentence: string) => void
}

export class Session {
  readonly client: Client
  readonly folder: GuardianFolder
  readonly #manner: Manner
  #seat: Seat
  #view: View

  private constructor(folder: GuardianFolder, seat: Seat, client: Client, view: View, manner: Manner) {
    this.folder = folder
    this.client = client
    this.#seat = seat
    this.#view = view
    this.#manner = manner
  }

  /** A session on the server's record as it is now. Whether that extends what was seen before, `mustExtend` tells. */
  static async open(folder: GuardianFolder, seat: Seat, manner: Manner): Promise<Session> {
    const policy = parsePolicy(seat.policy)
    const client = new Client(seat.server, policy)
    const view = await client.record((record) => View.of(record, policy))
    return new Session(folder, seat, client, view, manner)
  }

  get seat(): Seat {
    return this.#seat
  }

  get view(): View {
    return this.#view
  }

  /** The pinned election. Throws `Alarm` if the record holds another under its name. */
  get election(): ElectionState {
    const { process, election, definition, genesis } = this.#seat
    const { founded, processes } = this.#view.state
    const found = processes.get(process)?.elections.get(election)
    if (founded === undefined || !equalBytes(founded.log.genesis, genesis))
      throw new Alarm('This is another ledger than the one that this guardian joined.')
    if (found === undefined || !equalBytes(found.definition, definition))
      throw new Alarm(
        'The record does not hold the election that this guardian joined, or defines it otherwise.',
      )
    return found
  }

  /** The attempt that this guardian takes part in. Throws `Unusable` before `join`. */
  get own(): SeatAttempt {
    const { attempt } = this.#seat
    if (attempt === undefined) throw new Unusable('First take part in an attempt: comitia guardian join.')
    return attempt
  }

  /** The attempt as the record has it. Throws `Alarm` if it failed or was given up. */
  get attempt(): KeygenAttempt {
    const { attempts, manifest } = this.election
    const attempt = attempts.at(-1)
    if (attempt?.number !== this.own.number)
      throw new Alarm(`Attempt ${this.own.number} was given up. Join again for the one that runs now.`)
    if (attempt.failed !== undefined) {
      const { judged } = attempt.failed
      throw new Alarm(
        `Attempt ${attempt.number} has ended by a complaint; guardian ${judged} (${manifest.guardians[judged - 1]?.name ?? ''}) ` +
          'is judged to be at fault. Join again when the officials start the next attempt.',
      )
    }
    return attempt
  }

  tell(sentence: string): void {
    this.#manner.tell(sentence)
  }

  /** Throws `Alarm` unless the record extends the newest checkpoint that this guardian has seen. */
  mustExtend(): void {
    if (this.#view.sizeAt(this.#seat.checkpoint) === undefined)
      throw new Alarm(
        'FORK: the record does not extend the checkpoint that this guardian saw before. Somebody shows different ' +
          'ledgers to different people. Keep the folder as evidence, send nothing, and tell the other guardians.',
      )
  }

  /** Waits until `look` gives something else than a sentence about what is missing. Throws `NotYet` if not to wait. */
  async until<T>(look: () => T | string): Promise<Exclude<T, string>> {
    let told = ''
    for (;;) {
      const found = look()
      if (typeof found !== 'string') return found as Exclude<T, string>
      if (!this.#manner.wait) throw new NotYet(`Not yet: ${found}`)
      if (found !== told) this.tell(found)
      told = found
      await sleep(PAUSE)
      await this.#view.follow(this.client)
    }
  }

  /** Names of the guardians of the attempt who are not in `there`. */
  missing(attempt: KeygenAttempt, there: { has(guardian: number): boolean }): string {
    const { guardians } = this.election.manifest
    const absent = attempt.guardians.filter((guardian) => !there.has(guardian))
    return absent.map((guardian) => guardians[guardian - 1]?.name ?? '').join(', ')
  }

  /** Writes changes of the seat, together with the newest checkpoint; on disk when it resolves. */
  async save(changes: Partial<Seat>): Promise<void> {
    const { checkpoint } = this.#view
    const seat = { ...this.#seat, checkpoint, ...changes }
    await this.folder.save(seat)
    this.#seat = seat
  }

  /** Signs a message for the own attempt. */
  sign(attempt: number, message: GuardianMessage): Uint8Array {
    const { founded } = this.#view.state
    if (founded === undefined) throw new Error('no genesis')
    const { process, election, guardian } = this.#seat
    const place = placeOf(founded.log, this.election, attempt, guardian)
    return encodeEntry([
      'guardian',
      signGuardianMessage(place, process, election, message, this.folder.signingKey),
    ])
  }

  /** What the ledger holds from this guardian in that slot. */
  heard(slot: string): Uint8Array | undefined {
    const { process, election, guardian } = this.#seat
    return this.#view.said({ process, election, attempt: this.own.number, guardian, slot })
  }

  /** Brings a message to the ledger, exactly once and always the same: what is decided is on disk before it leaves, and
   *  is what is sent again after a crash. A restored guardian takes over what it finds it has said. Throws `Alarm` if
   *  the ledger holds something else under this guardian's name. `along` is saved with the message. */
  async say(
    slot: string,
    make: () => GuardianMessage,
    along: () => SeatAttempt = () => this.own,
  ): Promise<void> {
    const heard = this.heard(slot)
    let entry = this.own.messages[slot]
    if (entry === undefined) {
      if (heard !== undefined && !this.#seat.restored) throw this.#impostor(slot)
      entry = heard ?? this.sign(this.own.number, make())
      const attempt = along()
      await this.save({ attempt: { ...attempt, messages: { ...attempt.messages, [slot]: entry } } })
    }
    if (heard === undefined) {
      await this.client.submit(decodeEntry(entry))
      await this.#view.follow(this.client)
    }
    await this.until(
      () => this.heard(slot) ?? `The message "${slot}" is sent; waiting to see it on the ledger.`,
    )
    if (!equalBytes(this.heard(slot) ?? new Uint8Array(), entry)) throw this.#impostor(slot)
  }

  /** Exchanges the view for one of a record that was verified. */
  adopt(view: View): void {
    this.#view = view
  }

  #impostor(slot: string): Alarm {
    return new Alarm(
      `The ledger holds another "${slot}" under this guardian's name than this folder. Either a second copy of the ` +
        'folder is at work, or somebody else has the signing key.',
    )
  }
}
