// What guardians, officials and voters on the command line say to a server over HTTP, and what they read from it.
// The record is folded here, so nothing that the server claims about it is believed.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { leafHash } from '#ledger/merkle.ts'
import { parsePolicy, type Policy } from '#ledger/policy.ts'
import { checkReceipt } from '#ledger/proof.ts'
import { encodeEntry, type Entry } from '#protocol/entry.ts'
import { Refusal, REFUSALS, type RefusalCode } from '#protocol/refusal.ts'
import type { PublicRecord } from '#tally/record.ts'
import type { RecordState } from '#tally/state.ts'
import { Unusable } from './command.ts'
import { withRecord } from './record.ts'
import { View } from './view.ts'

/** Answers to a busy server are tried again this often, and how long is waited in between at least (ms). */
const TRIES = 60
const PAUSE = 500

/** An entry's place and its receipt, already checked. */
export interface Recorded {
  readonly index: number
  readonly receipt: string
}

export class Client {
  readonly #url: string
  #policy: Policy | undefined

  /** `policy` says whose signatures are believed; without one the server's own is asked for once (trust on first use). */
  constructor(url: string, policy?: Policy) {
    this.#url = url
    this.#policy = policy
  }

  async policy(): Promise<Policy> {
    return (this.#policy ??= parsePolicy(await this.policyFile()))
  }

  /** The policy that the server proposes: to be kept, so that it is asked for once only. */
  async policyFile(): Promise<string> {
    return (await this.#get('/log/policy')).text()
  }

  /** Sends an entry until the server has it; the receipt is checked. Throws `Refusal` as the gate does. */
  async submit(entry: Entry): Promise<Recorded> {
    const bytes = encodeEntry(entry)
    const response = await this.#send('/api/entries', {
      method: 'POST',
      headers: { 'content-type': 'application/cbor' },
      body: new Uint8Array(bytes),
    })
    const recorded = (await response.json()) as Recorded
    if (response.status === 201 && !checkReceipt(recorded.receipt, await this.policy(), leafHash(bytes))) {
      throw new Unusable('The server acknowledged an entry with a receipt that does not hold.')
    }
    return recorded
  }

  /** The state that the whole record folds to, under a checkpoint that meets the policy; also that checkpoint. */
  async state(): Promise<{ state: RecordState; checkpoint: string }> {
    const policy = await this.policy()
    const { state, checkpoint } = await this.record((record) => View.of(record, policy))
    return { state, checkpoint }
  }

  /** Runs `use` with the server's whole record, of which nothing is checked yet. */
  record<T>(use: (record: PublicRecord) => Promise<T>): Promise<T> {
    return withRecord(this.#url, use)
  }

  /** The newest checkpoint, unchecked. */
  async checkpoint(): Promise<string> {
    return (await this.#get('/log/checkpoint')).text()
  }

  /** An entry of the ledger, unchecked. */
  async entry(index: number): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#get(`/log/entries/${index}`)).arrayBuffer())
  }

  /** Registers a credential commitment with a one-time code. */
  async register(code: string, commitment: bigint): Promise<void> {
    await this.#send('/api/registrations', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, commitment: commitment.toString(16).padStart(64, '0') }),
    })
  }

  /** Adds voters to a register; gives `row,code` lines. `token` is the operator's. */
  async importVoters(token: string, process: string, roll: string, csv: string): Promise<string> {
    const query = new URLSearchParams({ process, roll })
    const response = await this.#send(`/api/operator/voters?${query.toString()}`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', authorization: `Bearer ${token}` },
      body: csv,
    })
    return response.text()
  }

  /** A proving key or witness code by its SHA-256, from the cache or the server; the hash is checked either way. */
  async artifact(hash: Uint8Array): Promise<Uint8Array> {
    const name = toHex(hash)
    const folder = join(tmpdir(), 'comitia-artifacts')
    const path = join(folder, name)
    const cached = await readFile(path).catch(() => undefined)
    if (cached !== undefined && toHex(sha256(cached)) === name) return cached
    const bytes = new Uint8Array(await (await this.#get(`/api/artifacts/${name}`)).arrayBuffer())
    if (toHex(sha256(bytes)) !== name) throw new Unusable(`The server sent another file than ${name}.`)
    await mkdir(folder, { recursive: true })
    const part = `${path}.${process.pid}`
    await writeFile(part, bytes)
    await rename(part, path)
    return bytes
  }

  #get(path: string): Promise<Response> {
    return this.#send(path, {})
  }

  /** Tries again while the server is busy. Throws `Refusal` with the gate's code, or `Unusable`. */
  async #send(path: string, init: RequestInit): Promise<Response> {
    for (let tries = 1; ; tries++) {
      const response = await fetch(new URL(path, this.#url), init).catch((error: unknown) => {
        throw new Unusable(`${this.#url} does not answer: ${error instanceof Error ? error.message : ''}`)
      })
      if (response.ok) return response
      const busy = response.status === 503 || response.status === 429
      if (!busy || tries === TRIES) throw await problemOf(path, response)
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
  }
}

async function problemOf(path: string, response: Response): Promise<Error> {
  const { code, message } = (await response.json().catch(() => ({}))) as { code?: string; message?: string }
  const known = REFUSALS.find((c): c is RefusalCode => c === code)
  if (known !== undefined) return new Refusal(known, message)
  return new Unusable(`The server answered ${response.status} to ${path}: ${code ?? ''} ${message ?? ''}`)
}
