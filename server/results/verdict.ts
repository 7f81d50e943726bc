// The record of an announced result as it was when somebody first asked for its protocol, and what the server's own
// verifier says of it. The checkpoint is kept, so that protocol and evidence stay the same however far the log grows.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toHex } from '#crypto/encoding.ts'
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import { parseVerifierKey } from '#ledger/note.ts'
import { formatLogPolicy } from '#ledger/policy.ts'
import type { Attachments } from '#server/attachments.ts'
import type { Board } from '#server/board.ts'
import type { Finding } from '#tally/verify/finding.ts'

export interface Verdict {
  /** A signed checkpoint that covers the announcement. */
  readonly checkpoint: string
  readonly findings: readonly Finding[]
}

export class Verdicts {
  readonly #board: Board
  readonly #attachments: Attachments
  readonly #folder: string
  readonly #known = new Map<string, Promise<Verdict>>()
  /** One verification at a time. */
  #turn: Promise<unknown> = Promise.resolve()

  /** @param folder for the checkpoints, made when the first is kept */
  constructor(board: Board, attachments: Attachments, folder: string) {
    this.#board = board
    this.#attachments = attachments
    this.#folder = folder
  }

  /** On the election with this definition, whose result is announced. Everything is checked but the proofs of single
   *  ballots, which the gate judged when they came. */
  of({ definition }: { readonly definition: Uint8Array }): Promise<Verdict> {
    const name = toHex(definition)
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const verdict = this.#turn.then(() => this.#judge(name))
    this.#known.set(name, verdict)
    this.#turn = verdict.catch(() => this.#known.delete(name))
    return verdict
  }

  async #judge(name: string): Promise<Verdict> {
    const { ledger } = this.#board
    const checkpoint = await this.#checkpointOf(name)
    const judged = parseCheckpoint(checkpoint)
    const { Verification } = await import('#tally/verify/verification.ts')
    const source = {
      entry: (index: number) => ledger.entry(index),
      attachment: (hash: string) => this.#attachments.get(hash),
    }
    const verification = new Verification(source, [], judged)
    await verification.take(ledger.entries(0, judged.size))
    const policy = formatLogPolicy(parseVerifierKey(ledger.verifierKey))
    return { checkpoint, findings: await verification.findings({ checkpoint, policy }) }
  }

  async #checkpointOf(name: string): Promise<string> {
    const path = join(this.#folder, `${name}.checkpoint`)
    const kept = await readFile(path, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    })
    if (kept !== undefined) return kept
    const checkpoint = this.#board.ledger.checkpoint()
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    await writeFile(`${path}.unfinished`, checkpoint, { flush: true })
    await rename(`${path}.unfinished`, path)
    return checkpoint
  }
}
