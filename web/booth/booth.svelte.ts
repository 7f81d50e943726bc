// The booth as its pages see it: the election, the voter's papers and marks, and where their ballots are.
import { proxy, type Remote } from 'comlink'
import { getContext, setContext } from 'svelte'
import { workerOn } from '#web/worker/start.ts'
import { isTransient } from '#web/worker/transient.ts'
import type { Draft, Marks, Paper } from './paper.ts'
import type { Outline } from './outline.ts'
import type { CastStep, Entered, Standing } from './session.ts'
import type { BoothWorker } from './worker.ts'
import url from './worker.ts?worker&url'

/** How far something is that takes long; `total` 0 where nobody knows. */
export interface Progress {
  readonly done: number
  readonly total: number
}

/** Milliseconds in which a page is drawn; on a phone a worker that goes on meanwhile holds it up. */
const DRAWN = 30

export class Booth {
  readonly process: string
  readonly election: string
  outline = $state.raw<Outline>()
  entered = $state.raw<Entered>()
  /** Why the booth cannot be entered. */
  failure = $state.raw<unknown>()
  /** Marks by contest; ahead of what is kept by one write at most. */
  drafts = $state.raw<Readonly<Record<number, Draft>>>({})
  standing = $state.raw<Pick<Standing, 'ballots' | 'cast'>>({ ballots: [], cast: [] })
  /** Whether the voter was told that a contest is unfinished, which is said once. */
  told = $state.raw<readonly number[]>([])
  keys = $state.raw<Progress | 'ready' | 'failed'>()
  /** The voter said that the ballots which are sealed now shall be cast. */
  #decided = false
  readonly #worker: Remote<BoothWorker>

  constructor(worker: Remote<BoothWorker>, process: string, election: string) {
    this.#worker = worker
    this.process = process
    this.election = election
  }

  get papers(): readonly Paper[] {
    return this.entered?.admissions.map(({ paper }) => paper) ?? []
  }

  /** Those in which a ballot of theirs is still taken: all, or where the first one counts those without. */
  get votable(): readonly Paper[] {
    if (this.outline?.manifest.revoting === 'last') return this.papers
    return this.papers.filter(({ number }) => this.standing.cast.every(({ contest }) => contest !== number))
  }

  /** The ballot that the voter has opened for another device. */
  get opened() {
    return this.standing.ballots.find(({ state }) => state === 'opened')
  }

  /** Whether a ballot may be on the ledger and has no receipt yet. */
  get sending(): boolean {
    return this.standing.ballots.some(({ state }) => state === 'sending')
  }

  /** Whether casting is to go on: decided on this page, or under way when it was left. */
  get toBeCast(): boolean {
    return this.#decided || this.sending
  }

  /** Opens the election and lets the voter in, with the credential that the device has now; also after a failure. */
  async open(): Promise<void> {
    this.failure = undefined
    try {
      if (this.outline === undefined) this.outline = await this.#worker.open(this.process, this.election)
      else void this.#renew()
      await new Promise((done) => setTimeout(done, DRAWN))
      const entered = await this.#worker.enter()
      this.#stand(entered)
      this.entered = entered
    } catch (error) {
      this.failure = error
    }
  }

  /** Takes the marks of a contest, and keeps them. Rejects with what the vault says; the marks then stay on the page. */
  async mark(contest: number, marks: Marks): Promise<void> {
    const draft = { marks, start: this.drafts[contest]?.start ?? 0 }
    this.drafts = { ...this.drafts, [contest]: draft }
    const { ballots, cast } = await this.#worker.keepDraft(contest, draft)
    this.#decided = false
    this.standing = { ballots, cast }
  }

  tell(contest: number): void {
    this.told = [...this.told, contest]
  }

  /** Fetches what proves ballots. Never rejects: casting fetches it again where it has to. */
  async prepare(): Promise<void> {
    if (this.keys === 'ready') return
    this.keys = { done: 0, total: 0 }
    try {
      // What one file says of its progress may come when another has failed or all are here.
      const onProgress = (done: number, total: number) => {
        if (typeof this.keys === 'object') this.keys = { done, total }
      }
      await this.#worker.prepare(proxy(onProgress))
      this.keys = 'ready'
    } catch {
      this.keys = 'failed'
    }
  }

  /** Seals the marks; of one contest only, where that is given. */
  async seal(contest?: number): Promise<void> {
    this.#decided = false
    this.#stand(await this.#worker.seal(contest))
  }

  /** The opening file of a sealed ballot. */
  async challenge(hash: Uint8Array): Promise<Uint8Array> {
    const opening = await this.#worker.challenge(hash)
    this.#stand(await this.#worker.standing())
    return opening
  }

  /** The voter's word that the ballots on the page shall be cast. */
  decide(): void {
    this.#decided = true
  }

  /** Casts them, or goes on casting them. Rejects as `Session.cast`; `isTransient` tells what to do then. */
  async cast(onStep: (contest: number, step: CastStep) => void): Promise<void> {
    const hashes = this.standing.ballots.map(({ hash }) => hash)
    try {
      await this.#worker.cast(hashes, proxy(onStep))
      this.#decided = false
    } catch (error) {
      this.#decided &&= isTransient(error)
      throw error
    } finally {
      await this.refresh()
    }
  }

  /** The receipt file of all ballots that were cast on this device. */
  receiptFile(): Promise<string> {
    return this.#worker.receiptFile()
  }

  /** Takes up what another tab or the officials may have done. */
  async refresh(): Promise<void> {
    if (this.outline !== undefined) void this.#renew()
    if (this.entered !== undefined) this.#stand(await this.#worker.standing())
  }

  async #renew(): Promise<void> {
    this.outline = await this.#worker.renew()
  }

  #stand({ drafts, ballots, cast }: Standing): void {
    this.drafts = Object.fromEntries(drafts)
    this.standing = { ballots, cast }
  }
}

/** A contest by its number, as the booth's addresses have it. */
export function contestQuery(number: number): `?contest=${number}` {
  return `?contest=${number + 1}`
}

/** The contest that an address asks for; -1 for none. */
export function askedFor({ searchParams }: URL): number {
  return Number(searchParams.get('contest') ?? 0) - 1
}

const worker = workerOn<BoothWorker>(url)
let last: Booth | undefined

/** The booth of an election; the one that was last open goes on where it was. */
export function enterBooth(process: string, election: string): Booth {
  if (last?.process !== process || last.election !== election) last = new Booth(worker, process, election)
  void last.open()
  return setContext(KEY, last)
}

/** The booth whose page this is. */
export function theBooth(): Booth {
  return getContext(KEY)
}

const KEY = Symbol('booth')
