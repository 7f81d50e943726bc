// The person at a process's pages, as the pages see them: where they stand, and what is being done for them.
import { proxy, type Remote } from 'comlink'
import { workerOn } from '#web/worker/start.ts'
import { type ProcessView, speakersOf, type SpeakerStanding } from './api.ts'
import type { Draft } from './kept.ts'
import type { DeedStep, Standing, Wish } from './participant.ts'
import type { ProcessWorker } from './worker.ts'
import url from './worker.ts?worker&url'

export class Person {
  standing = $state.raw<Standing>()
  /** Why they cannot take part. */
  failure = $state.raw<unknown>()
  /** What their device is doing. */
  step = $state.raw<DeedStep>()
  /** Why a deed failed. */
  error = $state.raw<unknown>()
  /** What became of the name under which they want to speak, if they do. */
  name = $state.raw<SpeakerStanding>()
  /** Whether more can be said in the process at all. */
  goesOn = $state(true)
  readonly #worker: Remote<ProcessWorker> = workerOn<ProcessWorker>(url)

  /** Finds the person on the roll, with the credential of this device. Never rejects. */
  async enter({ process, officials, plan, participation, archived }: ProcessView): Promise<void> {
    this.failure = undefined
    this.goesOn = archived === null
    const place = {
      ...{ process, officials },
      plan: plan && { index: plan.index },
      participation: participation && { frozen: participation.frozen },
    }
    try {
      const standing = await this.#worker.open(place)
      await this.findName(process, standing)
      this.standing = standing
    } catch (error) {
      this.failure = error
    }
  }

  /** Finds their name among those of everybody: to ask for one would tell whose it is. */
  async findName(process: string, standing = this.standing): Promise<void> {
    const speakers = await speakersOf(process)
    this.name = speakers.findLast(({ speaker }) => speaker === standing?.speaker)
  }

  /** Whether these words are theirs. */
  isAuthor(author: string): boolean {
    return author === this.standing?.pseudonym || author === this.standing?.speaker
  }

  /** What a deed about these words of theirs says: it is done under whichever nullifier they stand. */
  voiceOf(author: string): { as?: 'speaker' } {
    return author === this.standing?.speaker ? { as: 'speaker' } : {}
  }

  keepDraft(draft: Draft): Promise<void> {
    return this.#worker.keepDraft(draft)
  }

  /** Does what the person wants; whether it is on the ledger now, and where it stands if it is new there. */
  async act(wish: Wish): Promise<{ done: boolean; index?: number | undefined }> {
    return this.#run(() => this.#worker.act(wish, proxy(this.#onStep)))
  }

  /** Goes on with what was on its way. */
  async goOn(): Promise<{ done: boolean; index?: number | undefined }> {
    return this.#run(() => this.#worker.goOn(proxy(this.#onStep)))
  }

  readonly #onStep = (step: DeedStep): void => void (this.step = step)

  async #run(
    work: () => Promise<number | undefined>,
  ): Promise<{ done: boolean; index?: number | undefined }> {
    if (this.step !== undefined) return { done: false }
    this.error = undefined
    this.step = 'keys'
    try {
      return { done: true, index: await work() }
    } catch (error) {
      this.error = error
      return { done: false }
    } finally {
      this.standing = await this.#worker.standing()
      this.step = undefined
    }
  }
}
