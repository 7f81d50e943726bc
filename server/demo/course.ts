// The course of a demo election: what has to happen next follows from the ledger, so that a restart at any point goes on.
// Every act and message passes the gate like everybody's, and nothing is done unless the ledger holds this very election,
// a practice election of the demonstration.
import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { commitment } from '#circuits/credential.ts'
import { credentialSecret } from '#client/secret.ts'
import { encodeBackup } from '#client/guardian/seat.ts'
import { equalBytes } from '#crypto/encoding.ts'
import { parseVerifierKey } from '#ledger/note.ts'
import { formatLogPolicy } from '#ledger/policy.ts'
import type { Act, ActOf } from '#protocol/act.ts'
import type { Setup } from '#protocol/setup.ts'
import { encodeBase32, group } from '#protocol/crockford.ts'
import { Refusal } from '#protocol/refusal.ts'
import type { Board } from '#server/board.ts'
import { hashRow } from '#server/data/register.ts'
import type { Official } from '#server/official.ts'
import { stageOf } from '#tally/keygen.ts'
import { freezing, opening } from '#tally/official.ts'
import { outcome } from '#tally/outcome.ts'
import type { ElectionState, RollState } from '#tally/state.ts'
import { nextInKeygen, nextInTally, type Saying } from './guardians.ts'
import { ideasOf, nextForIdeas } from './ideas.ts'
import type { Kept, KeptFiles, Played } from './kept.ts'

/** The process in which all demo elections are. */
export const PROCESS = 'demo'
/** The guardian who decrypts as soon as possible, the one who is absent until asked, and the visitor. */
const PRESENT = 1
export const ABSENT = 2
const VISITOR = 3

/** Characters of a backup's passphrase, five bits each; work is in vain against them, so none is asked for. */
const PASSPHRASE = 24
const NO_WORK = 1

type Step = () => Promise<unknown>

/** What a course needs of the server. */
export interface Surroundings {
  readonly board: Board
  readonly official: Official
  readonly setups: readonly Setup[]
  readonly files: KeptFiles
  /** SHA-256 of the list of the web app's files, if this server has one. */
  readonly application: Uint8Array | undefined
}

export type Stage = 'made' | 'registering' | 'open' | 'closed' | 'announced' | 'over'

export class Course {
  /** Where this server is, for a guardian's seat. */
  url = ''
  readonly #board: Board
  readonly #official: Official
  readonly #setups: readonly Setup[]
  readonly #files: KeptFiles
  readonly #application: Uint8Array | undefined

  constructor({ board, official, setups, files, application }: Surroundings) {
    this.#board = board
    this.#official = official
    this.#setups = setups
    this.#files = files
    this.#application = application
  }

  /** Takes every step that is due. Rejects as the gate does. */
  async advance(slug: string): Promise<void> {
    for (;;) {
      const kept = this.#files.get(slug)
      const step = kept && this.#next(kept)
      if (step === undefined) return
      await step()
    }
  }

  /** The election on the ledger, if it is there. Throws `Refusal` if that is another than the demonstration's own, or no
   *  practice election. */
  election(kept: Kept): ElectionState | undefined {
    const found = this.#board.state.processes.get(PROCESS)?.elections.get(kept.election)
    const own = kept.manifest.practice && (!found || isDeepStrictEqual(found.manifest, kept.manifest))
    if (!own) throw new Refusal('not-expected-here', 'no practice election of the demonstration')
    return found
  }

  /** Where it stands; `made` until one can register, `over` if it was never opened in time or was a ceremony. */
  stage(kept: Kept): Stage {
    const election = this.election(kept)
    if (election?.result !== undefined) return 'announced'
    if (election?.closedAt !== undefined) return 'closed'
    if (election?.opening !== undefined) return 'open'
    if (this.#board.time >= kept.manifest.closesAt || this.#isDone(kept, election)) return 'over'
    return kept.seat !== null && this.#missingVoters(kept).length === 0 ? 'registering' : 'made'
  }

  /** Lets a guardian whom the server plays say all that it can say now. */
  async play(slug: string, number: number): Promise<void> {
    for (;;) {
      const kept = this.#files.get(slug)
      const played = kept?.guardians.find((guardian) => guardian.number === number)
      const election = kept && this.election(kept)
      const saying = played && election && this.#tally(election, played)
      if (kept === undefined || saying === undefined) return
      await this.#say(kept, number, saying)
    }
  }

  act(make: () => Act): Promise<number> {
    return this.#official.act(PROCESS, make)
  }

  freeze(kept: Kept): Promise<number> {
    return this.act(() => freezing(this.#board.state, PROCESS, kept.election))
  }

  /** The one next step, if there is any. */
  #next(kept: Kept): Step | undefined {
    const { state } = this.#board
    const stage = this.stage(kept)
    if (stage === 'over' || stage === 'announced') return this.#forgetting(kept)
    if (!state.processes.has(PROCESS))
      return () => this.act(() => ({ type: 'create-process', title: 'Demonstration' }))
    const files = this.#application
    if (files !== undefined && !equalBytes(state.application?.files ?? new Uint8Array(), files))
      return () => this.act(() => ({ type: 'publish-application', files }))
    const election = this.election(kept)
    if (election === undefined) {
      const { manifest } = kept
      return () => this.act(() => ({ type: 'define-election', election: kept.election, manifest }))
    }
    if (stage === 'closed') return this.#nextInTally(kept, election)
    if (stage === 'open') {
      const due = this.#board.time >= election.closesAt
      if (due) return () => this.act(() => ({ type: 'close-election', election: kept.election }))
      return this.#nextForIdeas(kept, election)
    }
    return this.#nextBeforeOpening(kept, election)
  }

  #nextForIdeas(kept: Kept, { closesAt }: ElectionState): Step | undefined {
    const roll = this.#roll(kept)
    const process = ideasOf(kept.election)
    const act = roll && nextForIdeas(this.#board.state, { process, roll, closesAt }, this.#setups)
    return act && (() => this.#official.act(process, () => act))
  }

  #nextBeforeOpening(kept: Kept, election: ElectionState): Step | undefined {
    const { state } = this.#board
    const attempt = election.attempts.at(-1)
    if (attempt === undefined) {
      const guardians = kept.manifest.guardians.map((_, i) => i + 1)
      return () => this.act(() => ({ type: 'start-keygen', election: kept.election, attempt: 1, guardians }))
    }
    for (const played of kept.guardians) {
      const saying = nextInKeygen(state, election, played)
      if (saying !== undefined) return () => this.#say(kept, played.number, saying)
    }
    if (kept.kind === 'ceremony' || stageOf(attempt) !== 'done') return undefined
    const visitor = kept.guardians.find(({ number }) => number === VISITOR)
    if (visitor !== undefined) return () => this.#handOver(kept, election, visitor)
    if (this.#missingVoters(kept).length > 0) return () => this.act(() => this.#registration(kept))
    // Whoever freezes the roll has decided to open.
    if (this.#roll(kept)?.frozen === undefined) return undefined
    return () => this.act(() => opening(state, PROCESS, kept.election, this.#setups))
  }

  #nextInTally(kept: Kept, election: ElectionState): Step | undefined {
    const result = outcome(election)
    if (result !== undefined)
      return () => this.act(() => ({ type: 'publish-result', election: kept.election, result }))
    for (const played of kept.guardians) {
      // Who was absent and has begun goes through with it.
      const takesPart =
        played.number === PRESENT || election.contests.some(({ intents }) => intents.has(played.number))
      const saying = takesPart ? this.#tally(election, played) : undefined
      if (saying !== undefined) return () => this.#say(kept, played.number, saying)
    }
    const taken = election.contests.some(({ intents }) => intents.has(VISITOR))
    return taken && kept.seat !== null ? () => this.#save({ ...kept, seat: null }) : undefined
  }

  #tally(election: ElectionState, played: Played): Saying | undefined {
    return nextInTally(this.#board.state, election, played, this.#board.ledger.checkpoint())
  }

  /** What a guardian decides to say is on disk before it leaves, and is what is sent again after a crash. */
  async #say(kept: Kept, number: number, { entry, attempt }: Saying): Promise<void> {
    const guardians = kept.guardians.map((g) => (g.number === number ? { ...g, attempt } : g))
    await this.#save({ ...kept, guardians })
    await this.#board.submit(entry)
  }

  /** Makes the third guardian's backup and forgets what the server knew of that guardian. */
  async #handOver(kept: Kept, election: ElectionState, { identity, attempt }: Played): Promise<void> {
    const { founded } = this.#board.state
    const { ledger } = this.#board
    if (founded === undefined || attempt === undefined) throw new Error('the visitor took part')
    const seat = {
      server: this.url,
      policy: formatLogPolicy(parseVerifierKey(ledger.verifierKey)),
      process: PROCESS,
      election: kept.election,
      genesis: founded.log.genesis,
      definition: election.definition,
      guardian: VISITOR,
      checkpoint: ledger.checkpoint(),
      restored: false,
      attempt,
    }
    const passphrase = group(encodeBase32(randomBytes(PASSPHRASE), PASSPHRASE))
    const backup = await encodeBackup({ identity, seats: [seat] }, { passphrase, work: NO_WORK })
    const guardians = kept.guardians.filter(({ number }) => number !== VISITOR)
    await this.#save({ ...kept, guardians, seat: { backup, passphrase } })
  }

  #registration(kept: Kept): ActOf<'add-to-roll'> {
    const credentials = this.#missingVoters(kept).map(({ commitment, number }) => ({
      commitment,
      weight: 1n,
      row: hashRow(randomBytes(32), `simulated ${number}`),
    }))
    return { type: 'add-to-roll', roll: kept.election, credentials }
  }

  #missingVoters(kept: Kept): { commitment: bigint; number: number }[] {
    const places = this.#roll(kept)?.places
    return kept.voters
      .map((seed, i) => ({ commitment: commitment(credentialSecret(seed)), number: i + 1 }))
      .filter((voter) => places?.has(voter.commitment) !== true)
  }

  #roll(kept: Kept): RollState | undefined {
    return this.#board.state.processes.get(PROCESS)?.rolls.get(kept.election)
  }

  #isDone(kept: Kept, election: ElectionState | undefined): boolean {
    const attempt = election?.attempts.at(-1)
    if (kept.kind !== 'ceremony' || attempt === undefined) return false
    return ['done', 'failed'].includes(stageOf(attempt))
  }

  #forgetting(kept: Kept): Step | undefined {
    const { guardians, voters, seat } = kept
    if (guardians.length === 0 && voters.length === 0 && seat === null) return undefined
    return () => this.#save({ ...kept, guardians: [], voters: [], seat: null })
  }

  #save(kept: Kept): Promise<void> {
    this.#files.save(kept)
    return Promise.resolve()
  }
}
