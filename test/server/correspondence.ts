// People of a scene who take part in its process over HTTP, with the texts that their deeds commit to.
import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { encodeBase64 } from '#ledger/base64.ts'
import { leafHash } from '#ledger/merkle.ts'
import { parsePolicy } from '#ledger/policy.ts'
import { checkReceipt } from '#ledger/proof.ts'
import type { Deed, Signal, Stance } from '#protocol/signal.ts'
import { commitText } from '#protocol/text.ts'
import { dumpTables } from '#server/data/dump.ts'
import { People, planOf } from '../tally/people.ts'
import { PROCESS, Scene } from '../tally/scene.ts'
import { stage, type Stage, type Staging } from './stage.ts'

const KEY = new Uint8Array(32).fill(7)

/** What goes along with a deed. */
export interface Words {
  readonly text?: string
  readonly key?: string
  readonly box?: string
}

export class Correspondence implements AsyncDisposable {
  readonly people: People
  readonly server: Stage

  /** @param people of a scene that the server stands on
   *  @param server with a database */
  constructor(people: People, server: Stage) {
    this.people = people
    this.server = server
  }

  /** A server with a process in which so many people take part. */
  static async begin(
    people: number,
    rules: Parameters<typeof planOf>[1] = {},
    staging: Staging = {},
  ): Promise<Correspondence> {
    const scene = new Scene({ weights: Array.from({ length: people }, () => 1n) })
    scene.enrol()
    const those = new People(scene, planOf({}, rules))
    return new Correspondence(those, await stage(scene, { database: true, ...staging }))
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.server[Symbol.asyncDispose]()
  }

  /** What the server answers under its processes, which must be a success. */
  async get<T>(path: string): Promise<T> {
    const response = await this.server.app.request(`/api/processes${path}`)
    expect(response.status, path).toBe(200)
    return (await response.json()) as T
  }

  /** Everything that the server keeps or gives away, as one text.
   *  @param more addresses whose answers belong to it */
  async everything(more: readonly string[]): Promise<string> {
    const path = join(this.server.folder, `dump-${randomUUID()}.jsonl`)
    await dumpTables(this.server.parts.database, path, () => Promise.resolve())
    const dump = readFileSync(path, 'utf8')
    rmSync(path)
    const answers = ['/api/processes', `/api/processes${OWN}/proposals?before=newest`, '/api/record', ...more]
    const bodies = await Promise.all(
      answers.map(async (one) => {
        const response = await this.server.app.request(one)
        expect(response.status, one).toBe(200)
        return Buffer.from(await response.arrayBuffer()).toString('latin1')
      }),
    )
    return [dump, ...bodies, this.server.journal()].join('\n')
  }

  send(signal: Signal, words: Words = {}): Promise<Response> {
    const entry = encodeBase64(this.people.entry(signal))
    return Promise.resolve(
      this.server.app.request('/api/signals', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ entry, ...words }),
      }),
    )
  }

  /** Sends a deed and folds it in the scene too, which makes the next ones. The index of its entry. */
  async act(person: number, deed: Deed, words: Words = {}): Promise<number> {
    const signal = this.people.signal(person, deed)
    const response = await this.send(signal, words)
    expect(response.status).toBe(201)
    const { index, receipt } = (await response.json()) as { index: number; receipt: string }
    const policy = parsePolicy(await (await this.server.app.request('/log/policy')).text())
    expect(checkReceipt(receipt, policy, leafHash(this.people.entry(signal)))).toBe(true)
    this.people.send(signal)
    return index
  }

  propose(person: number, text: string): Promise<number> {
    return this.act(person, { type: 'propose', text: committed(text) }, words(text))
  }

  comment(person: number, about: number, text: string, stance: Stance = 'remark'): Promise<number> {
    return this.act(person, { type: 'comment', about, stance, text: committed(text) }, words(text))
  }

  edit(person: number, comment: number, text: string): Promise<number> {
    return this.act(person, { type: 'edit', comment, text: committed(text) }, words(text))
  }
}

/** The process's name in addresses. */
export const OWN = `/${PROCESS}`

/** A text's commitment under the one key of these tests. */
export function committed(text: string): Uint8Array {
  return commitText(KEY, text)
}

/** A text with that key. */
export function words(text: string): Words {
  return { text, key: encodeBase64(KEY) }
}
