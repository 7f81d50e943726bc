// A guardian at work in its seat: does by itself whatever needs no decision, asks for what does, and shows at every moment
// where things stand. Everything that is sent is decided and stored by client/guardian.
import { Alarm } from '#client/guardian/alarm.ts'
import { confirm, deal, join, rehearse, transcriptFingerprint } from '#client/guardian/keygen.ts'
import type { Seat } from '#client/guardian/seat.ts'
import { Session } from '#client/guardian/session.ts'
import { decrypt } from '#client/guardian/tally.ts'
import { sealedFor, unseal } from '#client/guardian/unseal.ts'
import { Unusable } from '#client/failure.ts'
import { Server } from '#client/server.ts'
import { Refusal } from '#protocol/refusal.ts'
import type { PublicRecord } from '#tally/record.ts'
import type { Finding } from '#tally/verify/finding.ts'
import { verify, type VerifyOptions } from '#tally/verify/verify.ts'
import { type Progress, Watch } from '#web/observer/progress.ts'
import { startProofWorkers } from '#web/observer/proof-workers.ts'
import type { KeptGuardian, Notes } from './keep.ts'
import { outlookOf } from './outlook.ts'
import type { SealedSight, SeatSight, Talk } from './talk.ts'

/** Faults that pass: tried again for as long as the page is open. */
const PASSING: ReadonlySet<string> = new Set(['unreachable', 'busy', 'unavailable'])
/** What a guardian finds out in the middle of an attempt at the key: it has ended, by another one or by the opening. */
const ENDED: ReadonlySet<string> = new Set(['attempt-failed', 'attempt-over', 'open-already'])

/** The code of a fault that passes. */
function passing(error: unknown): string | undefined {
  return error instanceof Unusable && PASSING.has(error.code) ? error.code : undefined
}

/** The code of what is mended by looking at the ledger again. */
function late(error: unknown): string | undefined {
  if (error instanceof Refusal) return error.code
  const ended = (error instanceof Alarm || error instanceof Unusable) && ENDED.has(error.code)
  return ended ? error.code : passing(error)
}

export class Duty {
  readonly #guardian: KeptGuardian
  readonly #session: Session
  readonly #talk: Talk
  #notes: Notes
  #progress: Progress | undefined
  #trouble: string | undefined
  /** The person's leave to decrypt, and what it says of earlier intents. */
  #word: boolean | undefined
  /** The person's leave to open the sealed comments is being acted on. */
  #unsealing = false

  private constructor(guardian: KeptGuardian, session: Session, talk: Talk, notes: Notes) {
    this.#guardian = guardian
    this.#session = session
    this.#talk = talk
    this.#notes = notes
  }

  /** The seat on this origin's record as it is now. Throws `Alarm` if that is not the ledger that was seen before. */
  static async open(guardian: KeptGuardian, seat: Seat, talk: Talk): Promise<Duty> {
    const session = await Session.open(
      guardian,
      { ...seat, server: location.origin },
      {
        wait: true,
        tell: () => undefined,
        connect: (url, policy) => new Server(url, { policy }),
        verify: (record, options) => duty.#verify(record, options),
        pause: () => duty.#pause(),
      },
    )
    const duty: Duty = new Duty(guardian, session, talk, await guardian.notes(seat))
    session.mustExtend()
    await session.save({})
    return duty
  }

  /** Works until nothing is left to do. Throws `Alarm` where the ledger must not be gone along with. */
  async run(): Promise<void> {
    for (let done = false; !done;) {
      // What the record itself throws it throws again here; a message that came too late does not.
      const followed = await this.#tried(() => this.#session.follow(), passing)
      done = followed && (await this.#tried(() => this.#serve(), late))
    }
  }

  /** Whether it went well; if not, and `excuse` names the trouble, waits a while. */
  async #tried(work: () => Promise<void>, excuse: (error: unknown) => string | undefined): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      this.#trouble = excuse(error)
      if (this.#trouble === undefined) throw error
      if (!ENDED.has(this.#trouble)) await this.#pause()
      return false
    }
  }

  async #serve(): Promise<void> {
    const session = this.#session
    if (session.election.opening === undefined) await this.#makeKey()
    const { attempt } = session.seat
    const { announcedAt, opening } = session.election
    if (announcedAt === undefined && attempt?.keyShare && opening?.attempt.number === attempt.number) {
      await this.#until(() => session.election.closedAt)
      await decrypt(session, await this.#leave())
      await this.#until(() => session.election.announcedAt)
    }
    await this.#until(() => {
      const sealed = this.#sealed
      return sealed === undefined || sealed.said || undefined
    })
    this.#show()
  }

  /** Every round of key generation, up to the opening. The person compares the fingerprint and stores a backup; without
   *  that there is no rehearsal. */
  async #makeKey(): Promise<void> {
    const session = this.#session
    await join(session)
    await deal(session)
    const own = await transcriptFingerprint(session)
    await confirm(session, session.own.keyShare === undefined ? await this.#compared() : own)
    await this.#until(() => (this.#notes.backedUp === this.#mustLast() ? true : undefined))
    await rehearse(session)
    await this.#until(() => {
      this.#mustLast()
      return session.election.opening
    })
  }

  /** What is sealed to the key of which this guardian has a share. */
  get #sealed(): ReturnType<typeof sealedFor> {
    return this.#session.seat.attempt?.keyShare === undefined ? undefined : sealedFor(this.#session)
  }

  /** Opens the sealed comments once it is time and the person has said so. */
  async #unsealed(): Promise<void> {
    const sealed = this.#sealed
    if (sealed === undefined || sealed.said || this.#unsealing) return
    if (Date.now() < sealed.opensAt || this.#talk.take('unseal') === undefined) return
    this.#unsealing = true
    try {
      await unseal(this.#session)
    } finally {
      this.#unsealing = false
    }
  }

  /** Throws `Alarm` if the attempt has ended. */
  #mustLast(): number {
    return this.#session.attempt.number
  }

  /** The fingerprint that the person found to be the others' too. */
  #compared(): Promise<string> {
    return this.#until(async () => {
      const number = this.#mustLast()
      const answer = this.#talk.take('compared')
      if (answer === undefined) return undefined
      const { backedUp } = this.#notes
      this.#notes = { ...(backedUp && { backedUp }), ...(!answer.same && { differs: number }) }
      await this.#guardian.note(this.#session.seat, this.#notes)
      return answer.same ? answer.fingerprint : undefined
    })
  }

  /** The person's leave to decrypt, with the word that no intent was announced since the backup where that is in doubt.
   *  What was announced already is gone on with unasked. */
  async #leave(): Promise<boolean> {
    if (this.#intents().includes(true) && !this.#unsure) return false
    this.#word ??= await this.#until(() => this.#talk.take('decrypt')?.neverIntended)
    return this.#word
  }

  /** For each contest that is decrypted, whether this guardian has announced that. */
  #intents(): boolean[] {
    const { contests, manifest } = this.#session.election
    return contests
      .filter(({ voters }) => voters.size >= manifest.minBallots)
      .map(({ context }) => `intend/${context.contest}`)
      .map((slot) => (this.#session.own.messages[slot] ?? this.#session.heard(slot)) !== undefined)
  }

  get #unsure(): boolean {
    const { seat, election } = this.#session
    return seat.restored && election.closedAt !== undefined && this.#intents().includes(false)
  }

  async #verify(record: PublicRecord, options: VerifyOptions): Promise<Finding[]> {
    const workers = startProofWorkers()
    const watch = new Watch(record.size, (progress) => {
      this.#progress = progress
      this.#show()
    })
    try {
      const ports = workers.ports.map((port) => watch.port(port))
      return await verify(watch.record(record), ports, options)
    } finally {
      workers.stop()
      this.#progress = undefined
      this.#show()
    }
  }

  /** Waits until `look` gives something, and shows meanwhile how things stand. No later record may take it back. */
  async #until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
    for (;;) {
      const found = await look()
      if (found !== undefined) {
        await this.#session.save({})
        return found
      }
      await this.#pause()
      await this.#session.follow()
      this.#trouble = undefined
    }
  }

  async #pause(): Promise<void> {
    this.#show()
    await this.#talk.next()
    this.#notes = await this.#guardian.notes(this.#session.seat)
    await this.#unsealed()
  }

  get #sealedSight(): SealedSight | undefined {
    const sealed = this.#sealed
    if (sealed === undefined) return undefined
    const { said, waiting, opensAt } = sealed
    const due = Date.now() >= opensAt ? 'now' : 'wait'
    return { state: this.#unsealing ? 'opening' : said ? 'said' : due, waiting, opensAt }
  }

  #show(): void {
    const { seat, election, view } = this.#session
    const { number, keyShare } = seat.attempt ?? {}
    const backedUp = number !== undefined && this.#notes.backedUp === number
    const held = { attempt: number, keyShare: keyShare !== undefined, backedUp }
    this.#talk.show({
      kind: 'seated',
      outlook: outlookOf(view.state, election, seat.guardian, held),
      key: this.#guardian.key,
      differs: number !== undefined && this.#notes.differs === number,
      unsure: number !== undefined && this.#unsure,
      begun: this.#word !== undefined,
      sealed: this.#sealedSight,
      progress: this.#progress,
      trouble: this.#trouble,
    } satisfies SeatSight)
  }
}
