// One guardian at work on one election: sees the ledger, waits for others, and says each thing once, from disk.
// SPEC 5, 9.1.
import { equalBytes } from '#crypto/encoding.ts'
import type { Policy } from '#ledger/policy.ts'
import { decodeEntry, encodeEntry } from '#protocol/entry.ts'
import { type GuardianMessage, signGuardianMessage } from '#protocol/guardian.ts'
import { placeOf } from '#tally/keygen.ts'
import type { PublicRecord } from '#tally/record.ts'
import type { ElectionState, KeygenAttempt } from '#tally/state.ts'
import type { Finding } from '#tally/verify/finding.ts'
import type { VerifyOptions } from '#tally/verify/verify.ts'
import { Unusable } from '#client/failure.ts'
import { readPolicy, type Server } from '#client/server.ts'
import { View } from '#client/view.ts'
import { Alarm, type Notice, NotYet } from './alarm.ts'
import type { Guardian, Seat, SeatAttempt } from './seat.ts'

/** What a guardian's program lends to its steps. */
export interface Surroundings {
  /** Whether to wait for others, or to say what is missing by throwing `NotYet`. */
  readonly wait: boolean
  /** Takes what people should know meanwhile. */
  readonly tell: (notice: Notice | NotYet) => void
  /** Resolves when the ledger may have grown: it is then looked at again. */
  readonly pause: () => Promise<void>
  readonly connect: (url: string, policy?: Policy) => Server
  /** The observer's whole run over the record, with proof workers. */
  readonly verify: (record: PublicRecord, options: VerifyOptions) => Promise<Finding[]>
}

export class Session {
  readonly server: Server
  readonly guardian: Guardian
  readonly surroundings: Surroundings
  #seat: Seat
  #view: View

  private constructor(guardian: Guardian, seat: Seat, server: Server, view: View, around: Surroundings) {
    this.guardian = guardian
    this.server = server
    this.surroundings = around
    this.#seat = seat
    this.#view = view
  }

  /** A session on the server's record as it is now. Whether that extends what was seen before, `mustExtend` tells. */
  static async open(guardian: Guardian, seat: Seat, around: Surroundings): Promise<Session> {
    const policy = readPolicy(seat.policy)
    const server = around.connect(seat.server, policy)
    const view = await server.record((record) => View.of(record, policy))
    return new Session(guardian, seat, server, view, around)
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
    if (founded === undefined || !equalBytes(founded.log.genesis, genesis)) throw new Alarm('other-ledger')
    if (found === undefined || !equalBytes(found.definition, definition)) throw new Alarm('other-election')
    return found
  }

  /** The attempt that this guardian takes part in. Throws `Unusable` before `join`. */
  get own(): SeatAttempt {
    const { attempt } = this.#seat
    if (attempt === undefined) throw new Unusable('not-joined')
    return attempt
  }

  /** The attempt as the record has it. Throws `Alarm` if it failed or was given up. */
  get attempt(): KeygenAttempt {
    const { attempts, manifest } = this.election
    const attempt = attempts.at(-1)
    if (attempt?.number !== this.own.number) throw new Alarm('attempt-over', { attempt: this.own.number })
    if (attempt.failed !== undefined) {
      const { judged } = attempt.failed
      const name = manifest.guardians[judged - 1]?.name ?? ''
      throw new Alarm('attempt-failed', { attempt: attempt.number, judged, name })
    }
    return attempt
  }

  tell(notice: Notice): void {
    this.surroundings.tell(notice)
  }

  /** Throws `Alarm` unless the record extends the newest checkpoint that this guardian has seen. */
  mustExtend(): void {
    if (this.#view.sizeAt(this.#seat.checkpoint) === undefined) throw new Alarm('fork')
  }

  /** Takes what the ledger has more by now. */
  follow(): Promise<void> {
    return this.#view.follow(this.server)
  }

  /** Waits until `look` gives something else than what is missing. Throws that if not to wait. */
  async until<T>(look: () => T | NotYet): Promise<Exclude<T, NotYet>> {
    let told = ''
    for (;;) {
      const found = look()
      if (!(found instanceof NotYet)) return found as Exclude<T, NotYet>
      if (!this.surroundings.wait) throw found
      if (found.message !== told) this.surroundings.tell(found)
      told = found.message
      await this.surroundings.pause()
      await this.follow()
    }
  }

  /** Names of the guardians of the attempt who are not in `there`. */
  missing(attempt: KeygenAttempt, there: { has(guardian: number): boolean }): string[] {
    const { guardians } = this.election.manifest
    const absent = attempt.guardians.filter((guardian) => !there.has(guardian))
    return absent.map((guardian) => guardians[guardian - 1]?.name ?? '')
  }

  /** Writes changes of the seat, together with the newest checkpoint; durable when it resolves. */
  async save(changes: Partial<Seat>): Promise<void> {
    const { checkpoint } = this.#view
    const seat = { ...this.#seat, checkpoint, ...changes }
    await this.guardian.save(seat)
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
      signGuardianMessage(place, process, election, message, this.guardian.identity.signingKey),
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
      await this.server.submit(decodeEntry(entry))
      await this.follow()
    }
    await this.until(() => this.heard(slot) ?? new NotYet('sight', { slot }))
    if (!equalBytes(this.heard(slot) ?? new Uint8Array(), entry)) throw this.#impostor(slot)
  }

  /** Exchanges the view for one of a record that was verified. */
  adopt(view: View): void {
    this.#view = view
  }

  #impostor(slot: string): Alarm {
    return new Alarm('impostor', { slot })
  }
}
