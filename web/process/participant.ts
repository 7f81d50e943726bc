// A person's side of one process on one device. A deed is in the vault before anybody else can have it, so that a reload,
// a crash or a lost connection at any moment leaves one way on: to send it again. SPEC 12.
import { credentialSecret } from '#client/secret.ts'
import { Unusable } from '#client/failure.ts'
import {
  claimOf,
  type OpenProcess,
  openProcess,
  type ProcessPlace,
  pseudonymOf,
  sealFor,
  sendSignal,
  signalOf,
  speakerOf,
  statementOf,
  thinkerOf,
  type Words,
  write,
  type Writing,
} from '#client/participation.ts'
import { type ProvingFiles, setupFiles } from '#client/proving.ts'
import { toHex } from '#crypto/encoding.ts'
import { decodeEntry, encodeEntry } from '#protocol/entry.ts'
import type { ReportReason } from '#protocol/moderation.ts'
import type { Position } from '#protocol/position.ts'
import { Refusal } from '#protocol/refusal.ts'
import { type Deed, type Signal, signalContent, signalOf as signalIn, type Stance } from '#protocol/signal.ts'
import { DeviceFailure } from '#web/device/failure.ts'
import { credentialOf } from '#web/device/kept.ts'
import type { Means } from '#web/device/means.ts'
import { type Deeds, deedsOf, type Draft, draftOf, keepDeeds, keepDraft } from './kept.ts'
import { saidAfter } from './said.ts'

/** Under which of the two that may speak: the pseudonym, unless it says otherwise. */
interface Voice {
  readonly as?: 'speaker'
}

/** What a person wants to do; the texts in place of their commitments. */
export type Wish =
  | ({ readonly type: 'propose'; readonly text: string } & Voice)
  | ({ readonly type: 'revise'; readonly proposal: number; readonly text: string } & Voice)
  | ({ readonly type: 'withdraw'; readonly proposal: number; readonly into?: number } & Voice)
  | { readonly type: 'support'; readonly proposal: number; readonly on: boolean }
  | { readonly type: 'statement'; readonly text: string }
  | { readonly type: 'opinion'; readonly words: Words; readonly position: Position }
  | ({
      readonly type: 'comment'
      readonly about: number
      readonly stance: Stance
      readonly text: string
    } & Voice)
  | { readonly type: 'sealed-comment'; readonly about: number; readonly text: string }
  | ({ readonly type: 'edit'; readonly comment: number; readonly text: string } & Voice)
  | ({ readonly type: 'erase'; readonly target: number } & Voice)
  | { readonly type: 'report'; readonly target: number; readonly reason: ReportReason }
  | ({ readonly type: 'appeal'; readonly target: number; readonly text: string } & Voice)
  | { readonly type: 'introduce'; readonly text: string }

/** Where the person is. */
export interface Standing {
  /** The name under which their words stand in this process, in hexadecimal. */
  readonly pseudonym: string
  /** That under which they speak by their verified name, if they want to. */
  readonly speaker: string
  /** That under which their opinions stand. */
  readonly thinker: string
  /** Credentials on the roll, among which they hide. */
  readonly people: number
  /** Proposals that they support, as far as this device knows. */
  readonly supported: readonly number[]
  /** What they have said of statements last, as far as this device knows, by the names of these in hexadecimal. */
  readonly opinions: Readonly<Record<string, Position>>
  /** Whether a deed may be on the ledger and has no receipt yet. */
  readonly pending: boolean
  readonly draft: Draft | null
}

/** A deed, what it commits to, and the box where that is sealed. */
interface Written {
  readonly deed: Deed
  readonly writing?: Writing
  readonly box?: Uint8Array
}

/** Steps of a deed, in order. */
export type DeedStep = 'keys' | 'proof' | 'sending'

export class Participant {
  readonly #means: Means
  readonly #open: OpenProcess
  readonly #secret: bigint
  #files: Promise<ProvingFiles> | undefined

  private constructor(means: Means, open: OpenProcess, secret: bigint) {
    this.#means = means
    this.#open = open
    this.#secret = secret
  }

  /** The person with the credential of this device. Throws `DeviceFailure('no-credential')`, `Unusable('not-on-roll')` and
   *  what `openProcess` throws. */
  static async open(means: Means, place: ProcessPlace): Promise<Participant> {
    const credential = await credentialOf(means.vault)
    if (credential === undefined) throw new DeviceFailure('no-credential')
    const open = await openProcess(means.server, place)
    const secret = credentialSecret(credential.seed)
    if (open.roll.find(secret) === undefined) throw new Unusable('not-on-roll')
    return new Participant(means, open, secret)
  }

  /** Where the person is now, which another tab may have changed. */
  async standing(): Promise<Standing> {
    const { vault } = this.#means
    const { process, roll } = this.#open
    const { supported, opinions = {}, pending } = await deedsOf(vault, process)
    return {
      pseudonym: pseudonymOf(this.#open, this.#secret),
      speaker: speakerOf(this.#open, this.#secret),
      thinker: thinkerOf(this.#open, this.#secret),
      people: roll.size,
      ...{ supported, opinions },
      pending: pending !== undefined,
      draft: (await draftOf(vault, process)) ?? null,
    }
  }

  keepDraft(draft: Draft): Promise<void> {
    return keepDraft(this.#means.vault, this.#open.process, draft)
  }

  /** Does what the person wants, after what was on its way already. The index of the entry; undefined where the ledger says
   *  so already. After `Unusable('unreachable')` `goOn` goes on with the very same entry. A `Refusal` is definite: nothing
   *  was recorded. */
  act(wish: Wish, onStep: (step: DeedStep) => void): Promise<number | undefined> {
    return this.#alone(async () => {
      await this.#send(onStep)
      const { deed, writing, box } = await this.#deedOf(wish)
      const signal = await this.#prove(deed, onStep)
      if (signal === undefined) {
        await this.#note(deed)
        return undefined
      }
      const claim =
        deed.type === 'introduce'
          ? await claimOf(this.#open, this.#secret, signal, await this.#provingFiles())
          : undefined
      const entry = encodeEntry(['signal', signalContent(signal)])
      const { vault } = this.#means
      const { process } = this.#open
      const kept = await deedsOf(vault, process)
      await keepDeeds(vault, process, {
        ...kept,
        pending: { entry, ...(writing && { writing }), ...(box && { box }), ...(claim && { claim }) },
      })
      return this.#send(onStep)
    })
  }

  /** Sends what may be on the ledger and has no receipt yet; the index of its entry. */
  goOn(onStep: (step: DeedStep) => void): Promise<number | undefined> {
    return this.#alone(() => this.#send(onStep))
  }

  async #deedOf(wish: Wish): Promise<Written> {
    if (wish.type !== 'sealed-comment') return deedOf(wish)
    return sealFor(this.#open, this.#secret, wish.about, wish.text)
  }

  async #prove(deed: Deed, onStep: (step: DeedStep) => void): Promise<Signal | undefined> {
    onStep('keys')
    const files = await this.#provingFiles()
    onStep('proof')
    return signalOf(this.#means.server, this.#open, this.#secret, deed, files)
  }

  #provingFiles(): Promise<ProvingFiles> {
    this.#files ??= setupFiles(this.#means.server, this.#open.rules.setup)
    this.#files.catch(() => (this.#files = undefined))
    return this.#files
  }

  async #send(onStep: (step: DeedStep) => void): Promise<number | undefined> {
    const { vault, server } = this.#means
    const { process } = this.#open
    const { pending } = await deedsOf(vault, process)
    if (pending === undefined) return undefined
    const signal = pendingSignal(pending.entry)
    onStep('sending')
    try {
      const { writing, box, claim } = pending
      const { index } = await sendSignal(server, signal, box === undefined ? writing : { box }, claim)
      await this.#note(signal.deed, { index, text: writing?.text, at: Date.now() })
      return index
    } catch (error) {
      if (isDefinite(error)) await keepDeeds(vault, process, await this.#settled())
      throw error
    }
  }

  /** Notes that a deed is on the ledger.
   *  @param sent if it was sent just now */
  async #note(deed: Deed, sent?: Parameters<typeof saidAfter>[2]): Promise<void> {
    const { vault } = this.#means
    const { process } = this.#open
    const settled = await this.#settled()
    const supported = new Set(settled.supported)
    if (deed.type === 'support') supported[deed.on ? 'add' : 'delete'](deed.proposal)
    const opinions = { ...settled.opinions }
    if (deed.type === 'opinion') opinions[toHex(deed.statement)] = deed.position
    const said = sent === undefined ? (settled.said ?? []) : saidAfter(settled.said ?? [], deed, sent)
    await keepDeeds(vault, process, { supported: [...supported], opinions, said })
    if (deed.type === 'propose') await keepDraft(vault, process, undefined)
  }

  /** What is kept, with nothing on its way. */
  async #settled(): Promise<Omit<Deeds, 'pending'>> {
    const { supported, opinions, said } = await deedsOf(this.#means.vault, this.#open.process)
    return { supported, ...(opinions && { opinions }), ...(said && { said }) }
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#means.lock(`comitia-process-${this.#open.process}`, work)
  }
}

/** Whether nothing was recorded and the same can never be. */
function isDefinite(error: unknown): boolean {
  return (
    error instanceof Refusal ||
    (error instanceof Unusable && (error.code === 'not-shown' || error.code === 'name-invalid'))
  )
}

function deedOf(wish: Exclude<Wish, { type: 'sealed-comment' }>): Written {
  if (wish.type === 'opinion') {
    const { type, words, position } = wish
    return { deed: { type, statement: statementOf(words), position } }
  }
  if (!('text' in wish)) return { deed: wish }
  const { text, ...rest } = wish
  const { writing, commitment } = write(text)
  return { deed: { ...rest, text: commitment }, writing }
}

function pendingSignal(entry: Uint8Array): Signal {
  const [type, content] = decodeEntry(entry)
  if (type !== 'signal') throw new Error('not a signal')
  return signalIn(content)
}
