// A voter's side of one election on one device: marks, sealing, challenge, casting. Everything is in the vault before the
// next step is made, so that a reload, a crash or a lost connection at any moment leaves one way on. SPEC 6, 8.3.
import { type OpenElection, openElection, rollOf } from '#client/election.ts'
import { credentialSecret } from '#client/secret.ts'
import { Unusable } from '#client/failure.ts'
import { formatReceiptFile } from '#client/receipt.ts'
import type { Roll } from '#client/roll.ts'
import { decodeBallot, decodeSealing, encodeBallot, encodeSealing } from '#client/sealed.ts'
import { cast, nextSequence, provingFiles, type Voter, voterIn } from '#client/voter.ts'
import type { BallotCircuit } from '#circuits/sizes.ts'
import { equalBytes, toHex } from '#crypto/encoding.ts'
import { type BallotContext, bodyHash } from '#protocol/ballot.ts'
import { Refusal } from '#protocol/refusal.ts'
import { encodeOpening, openingOf, seal, type Sealing } from '#protocol/seal.ts'
import { credentialOf } from '#web/device/kept.ts'
import type { Means } from '#web/device/means.ts'
import { type Drawer, VaultFailure } from '#web/device/vault.ts'
import { BoothFailure } from './failure.ts'
import {
  type Box,
  boxOf,
  type Cast,
  draftsOf,
  keepBox,
  keepDrafts,
  type KeptBallot,
  keepReceipts,
  receiptsOf,
} from './kept.ts'
import { changing, type Outline, summaryOf } from './outline.ts'
import { type Draft, drawStart, isUnmarked, noMarks, type Paper, valuesOf } from './paper.ts'
import { problemOf } from './problem.ts'

/** A contest in which this voter may vote. */
export interface Admission {
  readonly paper: Paper
  /** Credentials on the contest's roll. */
  readonly size: number
  /** Credentials among which the vote hides. */
  readonly alike: number
}

/** Where the voter is. Ballots without their secrets. */
export interface Standing {
  readonly drafts: ReadonlyMap<number, Draft>
  readonly ballots: readonly Pick<KeptBallot, 'contest' | 'state' | 'hash'>[]
  readonly cast: readonly Cast[]
}

export interface Entered extends Standing {
  readonly admissions: readonly Admission[]
  /** What was in the vault and cannot be read. */
  readonly damaged: readonly Drawer[]
}

/** Steps of casting one ballot, in order. */
export type CastStep = 'keys' | 'proof' | 'sending'

export class Session {
  /** As the server said last. */
  outline: Outline
  readonly #means: Means
  readonly #open: OpenElection
  /** E in hexadecimal. */
  readonly #name: string
  readonly #rolls = new Map<string, Roll>()
  readonly #voters = new Map<number, { voter: Voter; paper: Paper; size: number }>()
  readonly #proving = new Map<BallotCircuit, ReturnType<typeof provingFiles>>()
  #restored = false
  #casting: Promise<readonly Cast[]> | undefined

  private constructor(means: Means, open: OpenElection, outline: Outline) {
    this.#means = means
    this.#open = open
    this.#name = toHex(open.hash)
    this.outline = outline
  }

  /** The election, which must be open or have been. Throws `Unusable`. */
  static async open(means: Means, process: string, election: string): Promise<Session> {
    const { server } = means
    const summary = await summaryOf(server, process, election)
    const open = await openElection(server, { ...summary, process, election })
    const { manifest } = open
    return new Session(means, open, { process, election, manifest, ...changing(summary) })
  }

  /** The outline with what officials have changed meanwhile; as it was while the server cannot be asked. */
  async renew(): Promise<Outline> {
    const { process, election } = this.outline
    try {
      this.outline = { ...this.outline, ...changing(await summaryOf(this.#means.server, process, election)) }
    } catch (error) {
      if (!(error instanceof Unusable)) throw error
    }
    return this.outline
  }

  /** Finds the voter on the rolls, and what the vault has of this election; again after a change of credential. Throws `BoothFailure('no-credential')`,
   *  `Unusable('not-on-roll')` if no contest is open to them. */
  async enter(): Promise<Entered> {
    const { vault, server } = this.#means
    const credential = await credentialOf(vault)
    if (credential === undefined) throw new BoothFailure('no-credential')
    this.#restored = credential.from !== 'new'
    const secret = credentialSecret(credential.seed)
    const { contests } = this.#open.manifest
    for (const name of new Set(contests.map(({ roll }) => roll)))
      if (!this.#rolls.has(name)) this.#rolls.set(name, await rollOf(server, this.#open, name))
    this.#voters.clear()
    contests.forEach((contest, number) => {
      const context = this.#context(number)
      const roll = this.#rolls.get(contest.roll)
      if (roll === undefined) throw new Error(`contest ${number} has no roll`)
      try {
        const voter = voterIn(context, roll, secret)
        const { rule, slots } = context
        const paper = { number, contest, slots, rule, weight: voter.weight }
        this.#voters.set(number, { voter, paper, size: roll.size })
      } catch (error) {
        if (!(error instanceof Unusable && error.code === 'not-on-roll')) throw error
      }
    })
    if (this.#voters.size === 0) throw new Unusable('not-on-roll')
    const admissions = [...this.#voters.values()].map(({ paper, size, voter }) => ({
      ...{ paper, size },
      alike: voter.alike,
    }))
    return this.#alone(async () => {
      const damaged = await this.#mend()
      return { admissions, damaged, ...(await this.#standing()) }
    })
  }

  /** Keeps the marks of a contest. Ballots that were sealed with other marks, and not sent, are thrown away.
   *  Throws `BoothFailure('ballot-pending')`. */
  keepDraft(contest: number, draft: Draft): Promise<Standing> {
    return this.#alone(async () => {
      await this.#empty()
      const { vault } = this.#means
      await keepDrafts(vault, this.#name, (await draftsOf(vault, this.#name)).set(contest, draft))
      return this.#standing()
    })
  }

  /** Readies the prover and what it needs for this voter's ballots: casting needs the network only to send them. */
  async prepare(onProgress: (done: number, total: number) => void): Promise<void> {
    // Loaded here and not at the start: the prover is large.
    const { readyProver } = await import('#protocol/cast.ts')
    for (const circuit of new Set([...this.#voters.keys()].map((number) => this.#context(number).circuit)))
      await this.#files(circuit, onProgress)
    await readyProver()
  }

  /** Seals the marks of every contest that has any; with `contest`, of that one again.
   *  Throws `BoothFailure`: 'ballot-pending', 'nothing-marked', 'marks-invalid'. */
  seal(contest?: number): Promise<Standing> {
    return this.#alone(async () => {
      const box = await this.#notSending()
      const { cast: known, drafts } = await this.#standing()
      const others = box.ballots.filter((ballot) => contest !== undefined && ballot.contest !== contest)
      const sealed: KeptBallot[] = []
      for (const [number, { paper, voter }] of this.#voters) {
        const marks = drafts.get(number)?.marks
        if (marks === undefined || isUnmarked(marks)) continue
        if (contest !== undefined && contest !== number) continue
        if (problemOf(paper, marks) !== undefined) throw new BoothFailure('marks-invalid')
        const context = this.#context(number)
        const here = known.filter((one) => one.contest === number).length
        const sequence = this.#restored || box.behind ? await this.#sequence(context, voter, here) : here
        const sealing = seal(context, voter, sequence, valuesOf(paper, marks).slice(0, paper.slots))
        const hash = bodyHash(sealing.body)
        sealed.push({ contest: number, state: 'sealed', hash, sealing: encodeSealing(sealing) })
      }
      if (sealed.length === 0) throw new BoothFailure('nothing-marked')
      const ballots = [...others, ...sealed].sort((a, b) => a.contest - b.contest)
      await this.#keep({ ...box, ballots })
      return this.#standing()
    })
  }

  /** Opens a sealed ballot for a second device, and never casts it from then on. The opening file.
   *  Throws `BoothFailure('ballot-changed')` if the ballot with this hash is no longer there to be opened. */
  challenge(hash: Uint8Array): Promise<Uint8Array> {
    return this.#alone(async () => {
      const box = await this.#box()
      const ballot = box.ballots.find((one) => equalBytes(one.hash, hash) && one.state !== 'sending')
      if (ballot === undefined) throw new BoothFailure('ballot-changed')
      const opened = box.ballots.map((one) => (one === ballot ? { ...one, state: 'opened' as const } : one))
      await this.#keep({ ...box, ballots: opened })
      return encodeOpening(openingOf(this.#sealing(ballot)))
    })
  }

  /** Casts the ballots with these hashes, all that are sealed, and gives their receipts. Nothing is sealed anew here: after
   *  a lost connection (`Unusable('unreachable')`) the same call goes on with the same ballots. A `Refusal` is definite:
   *  the refused ballot is gone, its marks are kept; but while voting is paused (`voting-paused`) it waits. Throws `BoothFailure('ballot-changed')` for other ballots. */
  cast(
    hashes: readonly Uint8Array[],
    onStep: (contest: number, step: CastStep) => void,
  ): Promise<readonly Cast[]> {
    return (this.#casting ??= this.#alone(() => this.#cast(hashes, onStep)).finally(
      () => (this.#casting = undefined),
    ))
  }

  /** The receipt file of all ballots that were cast on this device. */
  async receiptFile(): Promise<string> {
    return formatReceiptFile((await this.standing()).cast)
  }

  /** Where the voter is now, which another tab may have changed. */
  standing(): Promise<Standing> {
    return this.#alone(() => this.#standing())
  }

  async #cast(
    hashes: readonly Uint8Array[],
    onStep: (contest: number, step: CastStep) => void,
  ): Promise<readonly Cast[]> {
    for (const hash of hashes) {
      const { ballots } = await this.#box()
      const ballot = ballots.find((one) => equalBytes(one.hash, hash))
      const { cast: done } = await this.#standing()
      if (done.some((one) => equalBytes(one.hash, hash))) {
        // A crash came between the receipt and this.
        if (ballot !== undefined) await this.#finish(ballot)
        continue
      }
      if (ballot === undefined || ballot.state === 'opened') throw new BoothFailure('ballot-changed')
      await this.#castOne(ballot, onStep)
    }
    const { cast: done } = await this.#standing()
    return done.filter((one) => hashes.some((hash) => equalBytes(one.hash, hash)))
  }

  async #castOne(ballot: KeptBallot, onStep: (contest: number, step: CastStep) => void): Promise<void> {
    const { vault, server } = this.#means
    const { contest, hash } = ballot
    const entry = ballot.entry ?? (await this.#prove(ballot, onStep))
    onStep(contest, 'sending')
    try {
      const recorded = await cast(server, decodeBallot(entry))
      const { process, election } = this.outline
      const { title } = this.#open.manifest
      const kept = (await receiptsOf(vault, this.#name)) ?? { process, election, title, cast: [] }
      const one = { contest, hash, ...recorded, at: this.#means.now() }
      await keepReceipts(vault, this.#name, { ...kept, cast: [...kept.cast, one] })
      await this.#finish(ballot)
    } catch (error) {
      if (error instanceof Refusal && error.code !== 'voting-paused') {
        await this.#drop(ballot)
        if (error.code === 'ballot-sequence') await this.#keep({ ...(await this.#box()), behind: true })
      }
      throw error
    }
  }

  /** The voter's next sequence number, as the ledger has it; as this device has it while there is no network, which a cast
   *  finds out. */
  async #sequence(context: BallotContext, voter: Voter, here: number): Promise<number> {
    try {
      return await nextSequence(this.#means.server, context, voter)
    } catch (error) {
      if (error instanceof Unusable && error.code === 'unreachable') return here
      throw error
    }
  }

  /** Proves a ballot; it is in the vault before anybody else can have it. */
  async #prove(ballot: KeptBallot, onStep: (contest: number, step: CastStep) => void): Promise<Uint8Array> {
    const { contest } = ballot
    const context = this.#context(contest)
    const admitted = this.#voters.get(contest)
    if (admitted === undefined) throw new Unusable('not-on-roll')
    onStep(contest, 'keys')
    const files = await this.#files(context.circuit)
    onStep(contest, 'proof')
    const { proveBallot } = await import('#protocol/cast.ts')
    const entry = encodeBallot(await proveBallot(context, this.#sealing(ballot), admitted.voter, files))
    const box = await this.#box()
    const sending = box.ballots.map((one) =>
      equalBytes(one.hash, ballot.hash) ? { ...one, state: 'sending' as const, entry } : one,
    )
    await this.#keep({ ...box, ballots: sending })
    return entry
  }

  /** Records that cannot be read are taken out, so that they stand in nobody's way; which. Receipts and ballots that are
   *  gone leave the ledger ahead of the device. */
  async #mend(): Promise<Drawer[]> {
    const { vault } = this.#means
    const damaged: Drawer[] = []
    const tries: readonly [Drawer, () => Promise<unknown>][] = [
      ['drafts', () => draftsOf(vault, this.#name)],
      ['ballots', () => boxOf(vault, this.#name)],
      ['receipts', () => receiptsOf(vault, this.#name)],
    ]
    for (const [drawer, reading] of tries) {
      try {
        await reading()
      } catch (error) {
        if (!(error instanceof VaultFailure && error.code === 'vault-damaged')) throw error
        await vault.delete(drawer, this.#name)
        damaged.push(drawer)
      }
    }
    if (damaged.some((drawer) => drawer !== 'drafts'))
      await this.#keep({ ...(await this.#box()), behind: true })
    return damaged
  }

  /** Drafts of all contests; a fresh one draws where its list begins, and keeps that. */
  async #drafts(): Promise<Map<number, Draft>> {
    const { vault } = this.#means
    const drafts = await draftsOf(vault, this.#name)
    const fresh = [...this.#voters.values()].filter(({ paper }) => !drafts.has(paper.number))
    for (const { paper } of fresh)
      drafts.set(paper.number, { marks: noMarks(paper.contest), start: drawStart(paper.contest) })
    if (fresh.length > 0) await keepDrafts(vault, this.#name, drafts)
    return drafts
  }

  async #standing(): Promise<Standing> {
    const { ballots } = await this.#box()
    const receipts = await receiptsOf(this.#means.vault, this.#name)
    return {
      drafts: await this.#drafts(),
      ballots: ballots.map(({ contest, state, hash }) => ({ contest, state, hash })),
      cast: receipts?.cast ?? [],
    }
  }

  async #notSending(): Promise<Box> {
    const box = await this.#box()
    if (box.ballots.some(({ state }) => state === 'sending')) throw new BoothFailure('ballot-pending')
    return box
  }

  async #empty(): Promise<void> {
    const box = await this.#notSending()
    if (box.ballots.length > 0) await this.#keep({ ...box, ballots: [] })
  }

  /** Its receipt is kept: it goes, and its marks with it. */
  async #finish(ballot: KeptBallot): Promise<void> {
    const drafts = await draftsOf(this.#means.vault, this.#name)
    drafts.delete(ballot.contest)
    await keepDrafts(this.#means.vault, this.#name, drafts)
    await this.#drop(ballot)
  }

  async #drop(ballot: KeptBallot): Promise<void> {
    const box = await this.#box()
    await this.#keep({ ...box, ballots: box.ballots.filter((one) => !equalBytes(one.hash, ballot.hash)) })
  }

  #box(): Promise<Box> {
    return boxOf(this.#means.vault, this.#name)
  }

  #keep(box: Box): Promise<void> {
    return keepBox(this.#means.vault, this.#name, box)
  }

  #sealing({ contest, sealing }: KeptBallot): Sealing {
    return decodeSealing(this.#context(contest), sealing)
  }

  /** Fetched and checked once for all ballots of this session, whoever else asks for the same meanwhile. */
  #files(circuit: BallotCircuit, onProgress?: (done: number, total: number) => void) {
    const known = this.#proving.get(circuit)
    if (known !== undefined) return known
    const files = provingFiles(this.#means.server, this.#open, circuit, onProgress)
    files.catch(() => this.#proving.delete(circuit))
    this.#proving.set(circuit, files)
    return files
  }

  #context(contest: number) {
    const context = this.#open.contexts[contest]
    if (context === undefined) throw new Error(`there is no contest ${contest}`)
    return context
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#means.lock(`comitia/booth/${this.#name}`, work)
  }
}
