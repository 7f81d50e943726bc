// A whole election in memory, entry by entry through the gate, so that tests can stop it anywhere and alter anything.
// Proofs are simulated with the development setup's trapdoor; everything else is the real thing.
import { commitment, nullifier } from '#circuits/credential.ts'
import { publicInputs } from '#circuits/ballot.ts'
import { ed25519PublicKey } from '#crypto/ed25519.ts'
import { hashToBytes, hashToField, sha256 } from '#crypto/hash.ts'
import { type Act, type SignedAct, signAct } from '#protocol/act.ts'
import { type Ballot, ballotContent, ballotStatement } from '#protocol/ballot.ts'
import { decodeEntry, encodeEntry, type Entry } from '#protocol/entry.ts'
import type { Genesis } from '#protocol/genesis.ts'
import { type GuardianMessage, signGuardianMessage } from '#protocol/guardian.ts'
import type { Contest, Manifest } from '#protocol/manifest.ts'
import { claims, seal, type Sealing } from '#protocol/seal.ts'
import type { BallotJob } from '#tally/ballots.ts'
import { rootOf } from '#tally/rolls.ts'
import { settle } from '#tally/decryption.ts'
import { admit, apply } from '#tally/fold.ts'
import {
  type AttemptSecrets,
  commitMessage,
  dealMessage,
  decryptMessage,
  drawSecrets,
  intentMessage,
  judgeDeals,
  rehearseMessage,
} from '#tally/guardian.ts'
import { placeOf } from '#tally/keygen.ts'
import { opening } from '#tally/official.ts'
import { outcome } from '#tally/outcome.ts'
import {
  emptyState,
  type ContestState,
  type ElectionState,
  type KeygenAttempt,
  type RecordState,
} from '#tally/state.ts'
import { approvedBy, naming } from './passkey.ts'
import { checkpointOf } from './record.ts'
import { developmentSetup } from './setup.ts'

/** Entries are dated from here, in milliseconds. */
export const START = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000

export const PROCESS = 'city'
export const ELECTION = 'budget'

/** A contest of two options for a roll of that name, to be changed where a test needs more. */
export function contest(changes: Partial<Contest> = {}): Contest {
  return {
    title: { en: 'Which?' },
    roll: 'residents',
    options: [
      { id: 'a', title: { en: 'A' }, cost: 5n },
      { id: 'b', title: { en: 'B' }, cost: 7n },
    ],
    order: 'fixed',
    rule: { type: 'plurality' },
    blank: false,
    weighted: false,
    count: { name: 'plurality', seats: 1 },
    ...changes,
  }
}

export interface Plan {
  readonly contests?: readonly Contest[]
  /** Weight of each voter; all are on every roll. */
  readonly weights?: readonly bigint[]
  /** Secrets of credentials that were on every roll first, with weight 1, and were removed. */
  readonly removed?: readonly bigint[]
  readonly guardians?: number
  readonly threshold?: number
  readonly manifest?: Partial<Manifest>
  /** Owners with passkeys, two of whom sign everything once there is a process. */
  readonly officials?: readonly string[]
}

export interface Voter {
  readonly secret: bigint
  readonly weight: bigint
}

export class Scene {
  readonly entries: Uint8Array[] = []
  readonly state: RecordState = emptyState()
  /** Jobs for the proof engine, by index of the ballot. */
  readonly jobs = new Map<number, BallotJob>()
  readonly operator = seeded('operator')
  readonly guardianKeys: readonly Uint8Array[]
  readonly voters: readonly Voter[]
  readonly manifest: Manifest
  readonly shares = new Map<number, bigint>()
  readonly #officials: readonly string[]
  readonly #removed: readonly bigint[]
  /** The election that the methods below act on; a test may go on to another. */
  slug = ELECTION

  constructor(plan: Plan = {}) {
    const n = plan.guardians ?? 3
    this.guardianKeys = Array.from({ length: n }, (_, i) => seeded(`guardian ${i + 1}`))
    this.#officials = plan.officials ?? []
    this.#removed = plan.removed ?? []
    const weights = plan.weights ?? [1n, 1n, 1n]
    this.voters = weights.map((weight, i) => ({
      secret: hashToField('test-voter', Uint8Array.of(i >> 16, i >> 8, i)),
      weight,
    }))
    const threshold = plan.threshold ?? Math.min(2, n)
    this.manifest = {
      title: { en: 'Budget' },
      description: { en: 'What shall we build?' },
      languages: ['en'],
      organiser: 'City',
      practice: false,
      opensAt: START + HOUR,
      closesAt: START + 2 * HOUR,
      revoting: 'last',
      guardians: this.guardianKeys.map((key, i) => ({
        name: `Guardian ${i + 1}`,
        key: ed25519PublicKey(key),
      })),
      threshold,
      quorum: threshold,
      minBallots: 1,
      contests: [...(plan.contests ?? [contest()])],
      ...plan.manifest,
    }
  }

  /** Lets an entry through the gate; throws `Refusal`. */
  offer(entry: Entry): number {
    const index = this.state.size
    const bytes = encodeEntry(entry)
    const decoded = decodeEntry(bytes)
    const job = admit(this.state, decoded)
    if (job !== undefined && 'context' in job) this.jobs.set(index, job)
    apply(this.state, decoded)
    this.entries.push(bytes)
    return index
  }

  get founded() {
    if (this.state.founded === undefined) throw new Error('not founded')
    return this.state.founded
  }

  get log() {
    return this.founded.log
  }

  get election(): ElectionState {
    const election = this.state.processes.get(PROCESS)?.elections.get(this.slug)
    if (election === undefined) throw new Error('not defined')
    return election
  }

  get attempt(): KeygenAttempt {
    const attempt = this.election.attempts.at(-1)
    if (attempt === undefined) throw new Error('no attempt')
    return attempt
  }

  contestState(index = 0): ContestState {
    const found = this.election.contests[index]
    if (found === undefined) throw new Error('not open')
    return found
  }

  found(changes: Partial<Genesis> = {}): void {
    const key = ed25519PublicKey(this.operator)
    const genesis: Genesis = {
      version: 1,
      logId: sha256(Uint8Array.of(1)),
      origin: 'example.org/comitia',
      webOrigins: ['https://example.org'],
      relyingParty: 'example.org',
      signers: [{ id: 'operator', name: 'Operator', kind: 'ed25519', key }],
      approvals: { routine: 1, decisive: 1 },
      ...changes,
    }
    this.offer(['genesis', genesis])
    this.offer(['time', START])
  }

  /** A correctly signed act at the state's place. */
  signed(act: Act): SignedAct {
    const stateCounter = this.state.processes.get(PROCESS)?.counter ?? 0
    const unsigned = { process: PROCESS, stateCounter, expiry: this.state.time + HOUR, act }
    return this.state.officials === undefined
      ? signAct(this.log, unsigned, 'operator', this.operator)
      : approvedBy(this.founded, unsigned, this.#officials.slice(0, 2))
  }

  act(act: Act): number {
    return this.offer(['act', this.signed(act)])
  }

  /** Process, rolls with all voters, frozen, and the election's definition. */
  prepare(): void {
    this.enrol()
    this.act({ type: 'define-election', election: this.slug, manifest: this.manifest })
  }

  /** The log with a process and its rolls, frozen with all voters. */
  enrol(): void {
    this.found()
    this.act({ type: 'create-process', title: 'City' })
    if (this.#officials.length > 0) this.act(naming(this.#officials))
    for (const roll of new Set(this.manifest.contests.map((c) => c.roll))) {
      const credentials = this.voters.map(({ secret, weight }, i) => ({
        commitment: commitment(secret),
        weight,
        row: hashToBytes('register-row', Uint8Array.of(i >> 16, i >> 8, i), 32),
      }))
      const removed = this.#removed.map((secret) => commitment(secret))
      const gone = removed.map((own) => ({ commitment: own, weight: 1n, row: new Uint8Array(32) }))
      const added = [...gone, ...credentials]
      for (let i = 0; i < added.length; i += 600) {
        this.act({ type: 'add-to-roll', roll, credentials: added.slice(i, i + 600) })
      }
      if (removed.length > 0) this.act({ type: 'remove-from-roll', roll, credentials: removed })
      this.freeze(roll)
    }
  }

  freeze(roll: string): void {
    const state = this.state.processes.get(PROCESS)?.rolls.get(roll)
    if (state === undefined) throw new Error('no roll')
    const { totalWeight, credentials } = state
    this.act({ type: 'freeze-roll', roll, root: rootOf(state), size: credentials.length, totalWeight })
  }

  /** A signed message of a guardian for the attempt. */
  guardianEntry(guardian: number, message: GuardianMessage, attempt = this.attempt): Entry {
    const place = placeOf(this.log, this.election, attempt.number, guardian)
    const key = this.guardianKeys[guardian - 1]
    if (key === undefined) throw new Error('no such guardian')
    return ['guardian', signGuardianMessage(place, PROCESS, this.slug, message, key)]
  }

  say(guardian: number, message: GuardianMessage): number {
    return this.offer(this.guardianEntry(guardian, message))
  }

  startKeygen(guardians = this.guardianKeys.map((_, i) => i + 1)): Map<number, AttemptSecrets> {
    const attempt = this.election.attempts.length + 1
    this.act({ type: 'start-keygen', election: this.slug, attempt, guardians })
    return new Map(guardians.map((g) => [g, drawSecrets(this.state, this.election, this.attempt, g)]))
  }

  /** Rounds 1 to 3 of an attempt. */
  deal(secrets: ReadonlyMap<number, AttemptSecrets>): void {
    for (const [g, s] of secrets) this.say(g, commitMessage(this.state, this.election, this.attempt, g, s))
    for (const [g, s] of secrets) this.say(g, s.reveal)
    for (const [g, s] of secrets) this.say(g, dealMessage(this.state, this.election, this.attempt, g, s))
  }

  confirm(secrets: ReadonlyMap<number, AttemptSecrets>): void {
    for (const [g, s] of secrets) {
      const { message, keyShare } = judgeDeals(this.state, this.election, this.attempt, g, s)
      this.say(g, message)
      if (keyShare !== undefined) this.shares.set(g, keyShare)
    }
  }

  rehearse(): void {
    for (const g of this.attempt.guardians) {
      this.say(g, rehearseMessage(this.state, this.election, this.attempt, g, this.share(g)))
    }
  }

  keygen(): void {
    const secrets = this.startKeygen()
    this.deal(secrets)
    this.confirm(secrets)
    this.rehearse()
  }

  /** The opening act that the state asks for. */
  opening(): Extract<Act, { type: 'open-election' }> {
    const setups = (['S', 'L'] as const).map((circuit) => developmentSetup(circuit).setup)
    return opening(this.state, PROCESS, this.slug, setups)
  }

  open(): void {
    this.act(this.opening())
    this.offer(['time', this.manifest.opensAt])
  }

  /** A sealed ballot with a simulated proof; `values` per used slot. */
  ballot(voter: number, values: readonly bigint[], index = 0): { sealing: Sealing; ballot: Ballot } {
    const { context, voters } = this.contestState(index)
    const { secret, weight } = this.voter(voter)
    const own = nullifier(secret, context.scope)
    const sealing = seal(context, { nullifier: own, weight }, voters.get(own)?.ballots ?? 0, values)
    return { sealing, ballot: this.envelope(sealing, own, index) }
  }

  /** An envelope with a proof that the verifier accepts, whether the statement is true or not. */
  envelope(sealing: Sealing, own: bigint, index = 0): Ballot {
    const { context } = this.contestState(index)
    const { body, nullifierKey } = sealing
    const envelope = {
      nullifier: own,
      nullifierKey,
      claims: claims(context, sealing),
      proof: new Uint8Array(256),
    }
    return this.prove({ body, envelope }, index)
  }

  /** The ballot with a simulated proof for whatever it states. */
  prove(ballot: Ballot, index = 0): Ballot {
    const { context } = this.contestState(index)
    const { statement } = ballotStatement(context, ballot)
    const proof = developmentSetup(context.circuit).prove(publicInputs(context.circuit, statement))
    return { ...ballot, envelope: { ...ballot.envelope, proof } }
  }

  cast(voter: number, values: readonly bigint[], index = 0): number {
    return this.offer(['ballot', ballotContent(this.ballot(voter, values, index).ballot)])
  }

  async close(): Promise<void> {
    this.offer(['time', this.election.closesAt])
    this.act({ type: 'close-election', election: this.slug })
    await this.settle()
  }

  settle(): Promise<void> {
    return settle(this.election, (i) => Promise.resolve(this.entries[i] ?? new Uint8Array()))
  }

  intend(guardian: number, index = 0): void {
    this.say(guardian, intentMessage(this.contestState(index), this.checkpoint()))
  }

  decrypt(guardian: number, index = 0): void {
    this.say(
      guardian,
      decryptMessage(this.state, this.election, this.contestState(index), guardian, this.share(guardian)),
    )
  }

  /** Intents and shares of the first t guardians (or those named) for every contest with enough ballots. */
  tally(guardians = Array.from({ length: this.manifest.threshold }, (_, i) => i + 1)): void {
    this.election.contests.forEach((state, i) => {
      if (state.voters.size < this.manifest.minBallots) return
      guardians.forEach((g) => this.intend(g, i))
      guardians.forEach((g) => this.decrypt(g, i))
    })
  }

  publish(): void {
    const result = outcome(this.election)
    if (result === undefined) throw new Error('not decrypted')
    this.act({ type: 'publish-result', election: this.slug, result })
  }

  /** The whole of it; votes[v][c] are the values of voter v in contest c. */
  async run(votes: readonly (readonly (readonly bigint[])[])[]): Promise<void> {
    this.prepare()
    this.keygen()
    this.open()
    votes.forEach((ballots, v) => ballots.forEach((values, c) => this.cast(v, values, c)))
    await this.close()
    this.tally()
    this.publish()
  }

  /** A signed checkpoint of the entries so far. */
  checkpoint(): string {
    return checkpointOf(this.entries)
  }

  share(guardian: number): bigint {
    const share = this.shares.get(guardian)
    if (share === undefined) throw new Error(`guardian ${guardian} holds no share`)
    return share
  }

  voter(index: number): Voter {
    const voter = this.voters[index]
    if (voter === undefined) throw new Error('no such voter')
    return voter
  }
}

function seeded(name: string): Uint8Array {
  return sha256(new TextEncoder().encode(name))
}
