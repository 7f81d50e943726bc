// A verification that goes on while its record grows: each entry is let through the gate and folded once, each proof judged
// once, and the findings can be asked for at any size. SPEC 11.
import { EncodingError, equalBytes, toHex } from '#crypto/encoding.ts'
import { leafHash } from '#ledger/merkle.ts'
import { Tree } from '#ledger/tree.ts'
import { picturesOf } from '#protocol/contest.ts'
import { decodeEntry, type Entry } from '#protocol/entry.ts'
import { ensure, Refusal } from '#protocol/refusal.ts'
import { jobOf } from '#tally/ballots.ts'
import { settle } from '#tally/decryption.ts'
import { admit, apply, type ProofJob } from '#tally/fold.ts'
import { checkPublication } from '#tally/formats/ocds.ts'
import { proofEngine } from '#tally/pool.ts'
import type { SignalJob } from '#tally/participation.ts'
import type { PublicRecord } from '#tally/record.ts'
import { closedBy } from '#tally/replay.ts'
import { emptyState, type RecordState } from '#tally/state.ts'
import type { Port } from '#tally/worker.ts'
import { checkApplication, type FetchFile } from './application.ts'
import { CHECK_OF, type Finding } from './finding.ts'
import type { Judged } from './judged.ts'
import { checkLog } from './log.ts'
import type { Observer } from './observer.ts'
import { ProofQueue } from './proof-queue.ts'
import { compareResult, summarize } from './summary.ts'
import { KeyRing, verifySetups } from './setup.ts'

/** Where entries, earlier ones and attachments are read; what a record and a server have in common. */
export type Source = Pick<PublicRecord, 'entry' | 'attachment'>

export class Verification {
  /** What the entries fold to that may stand in the record. */
  readonly state: RecordState = emptyState()
  readonly #source: Source
  readonly #tree = new Tree()
  readonly #keys: KeyRing
  readonly #proofs: ProofQueue
  /** On single entries, in the order in which they were found. */
  readonly #findings: Finding[] = []
  /** What an earlier run has judged, until it is known whether this record begins with just that. */
  #remembered: Judged | undefined
  /** Entries whose proofs are left out if it does, and else are still to be judged; of signals the jobs, since a later plan
   *  may name another roll, while ballots' follow from the record at any time. */
  readonly #spared = new Map<number, SignalJob | undefined>()
  /** Entries whose proofs were judged in an earlier run. */
  #judged = 0
  /** The entry that was folded last, as long as what it asks for besides is not done. */
  #unfinished: { readonly entry: Entry; readonly index: number } | undefined
  /** On the web app that the entry at `index` names. */
  #application: { readonly index: number; readonly findings: Finding[] } | undefined

  /** @param judged what need not be judged again, since an earlier run has, and found nothing */
  constructor(source: Source, workers: readonly Port[], judged?: Judged) {
    this.#source = source
    this.#remembered = judged
    this.#keys = new KeyRing(source)
    const engine = proofEngine(workers, (hash) => this.#keys.json(hash))
    this.#proofs = new ProofQueue(engine, this.#keys, this.#findings)
  }

  /** Entries taken so far. */
  get size(): number {
    return this.#tree.size
  }

  /** Takes the entries that come next; resolves when their proofs are judged. Where it rejects because something could not
   *  be read, nothing is lost: the next call begins with what is left to do.
   *  @param entries from `size` on
   *  @param signal ends it before the next entry, with its reason */
  async take(
    entries: AsyncIterable<Uint8Array>,
    onTaken: (size: number) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#complete()
    for await (const bytes of entries) {
      signal?.throwIfAborted()
      const index = this.size
      this.#tree.append(leafHash(bytes))
      const job = this.#step(bytes, index)
      await this.#complete()
      if (job !== undefined) {
        if (index < (this.#remembered?.size ?? 0))
          this.#spared.set(index, 'statement' in job ? job : undefined)
        else await this.#proofs.add(index, job)
      }
      await this.#recall()
      onTaken(index)
    }
    await this.#recall(true)
    await this.#proofs.finish()
  }

  /** All findings on what was taken so far, at least one for each check. A server's web app is compared once for each
   *  entry that names one. */
  async findings(
    record: Pick<PublicRecord, 'checkpoint' | 'policy'>,
    observer: Observer = {},
  ): Promise<Finding[]> {
    const { state } = this
    const findings = [...this.#findings, ...checkLog(record, this.#tree, state, observer)]
    findings.push(...(await verifySetups(this.#source, this.#keys, state, observer.rebuildSetup)))
    findings.push(...(await this.#checkOpened(observer)))
    findings.push(...(await this.#checkApplication(observer.fetchFile)))
    findings.push(...summarize(state, findings, this.#judged))
    return findings.sort((a, b) => order(a) - order(b))
  }

  /** Once the entries are there that an earlier run has judged: leaves their proofs out if they are the very same ones, by
   *  the tree over them, and judges them otherwise.
   *  @param ended whether no more entries come: they are not all there then, and nothing is left out */
  async #recall(ended = false): Promise<void> {
    const judged = this.#remembered
    if (judged !== undefined) {
      if (this.size < judged.size && !ended) return
      this.#remembered = undefined
      if (this.size >= judged.size && equalBytes(this.#tree.root(judged.size), judged.root)) {
        this.#judged = judged.size
        this.#spared.clear()
      }
    }
    for (const [index, kept] of this.#spared) {
      const job = kept ?? (await this.#ballotJob(index))
      this.#spared.delete(index)
      await this.#proofs.add(index, job)
    }
  }

  async #ballotJob(index: number): Promise<ProofJob> {
    const [type, content] = decodeEntry(await this.#read(index))
    if (type !== 'ballot') throw new Error('only ballots and signals come with proofs')
    return jobOf(this.state, content)
  }

  async #checkOpened({ opening, noted }: Observer): Promise<Finding[]> {
    if (opening === undefined)
      return [{ check: 'V15', status: 'not-applicable', code: 'no-opening', fields: {} }]
    // This alone hashes a voter's secrets, with a library that takes half a second to load.
    const { checkOpenedBallot } = await import('./opened.ts')
    return checkOpenedBallot(this.state, opening, noted)
  }

  async #checkApplication(fetchFile: FetchFile | undefined): Promise<Finding[]> {
    const index = this.state.application?.index
    if (index === undefined) return []
    if (this.#application?.index !== index)
      this.#application = { index, findings: await checkApplication(this.state, fetchFile) }
    return this.#application.findings
  }

  /** Lets one entry through the gate and folds it, or notes why it should not be there. */
  #step(bytes: Uint8Array, index: number): ProofJob | undefined {
    const { state } = this
    let entry: Entry | undefined
    try {
      entry = decodeEntry(bytes)
      const job = admit(state, entry)
      apply(state, entry)
      this.#unfinished = { entry, index }
      return job
    } catch (error) {
      this.#note(error, entry, index)
      state.size = index + 1
      return undefined
    }
  }

  /** Whether the files are there that the last entry names, and the sums of the election that it closes. */
  async #complete(): Promise<void> {
    if (this.#unfinished === undefined) return
    const { entry, index } = this.#unfinished
    try {
      await this.#checkPictures(entry)
      await this.#checkPublication(entry)
      const closed = closedBy(this.state, entry)
      if (closed !== undefined) await settle(closed, (i) => this.#read(i))
    } catch (error) {
      this.#note(error, entry, index)
    }
    this.#unfinished = undefined
  }

  /** Notes why an entry should not be there; throws what is no refusal. */
  #note(error: unknown, entry: Entry | undefined, index: number): void {
    if (!(error instanceof Refusal)) throw error
    const { code, detail } = error
    const departures =
      code === 'result-mismatch' && entry !== undefined ? compareResult(this.state, entry, index) : []
    const refused = {
      check: CHECK_OF[code],
      status: 'failed',
      entry: index,
      code,
      fields: { detail },
    } as const
    this.#findings.push(...(departures.length > 0 ? departures : [refused]))
  }

  /** An entry that was taken before. Throws `EncodingError` where the source now says something else. */
  async #read(index: number): Promise<Uint8Array> {
    const bytes = await this.#source.entry(index)
    if (!equalBytes(leafHash(bytes), this.#tree.read(0, index)))
      throw new EncodingError(`entry ${index} is no longer what it was`)
    return bytes
  }

  /** Whether all pictures that voters are shown are there. Throws `Refusal`. SPEC 8.1. */
  async #checkPictures([type, content]: Entry): Promise<void> {
    if (type !== 'act' || content.act.type !== 'define-election') return
    const missing: string[] = []
    for (const hash of picturesOf(content.act.manifest))
      if ((await this.#source.attachment(hash)) === undefined) missing.push(hash)
    ensure(missing.length === 0, 'attachment-missing', `no picture ${missing.join(', ')}`)
  }

  /** Whether a published file is there, and holds the releases that the act names. Throws `Refusal`. SPEC 13.2. */
  async #checkPublication([type, content]: Entry): Promise<void> {
    if (type !== 'act' || content.act.type !== 'publish-releases') return
    checkPublication(content.act, await this.#source.attachment(toHex(content.act.file)))
  }
}

function order(finding: Finding): number {
  return Number(finding.check.slice(1)) * 1e9 + (finding.entry ?? 0)
}
