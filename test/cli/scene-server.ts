// A small HTTP server over a scene: the real gate, real receipts and checkpoints, no workers and no disk. A test can
// show it another scene (a fork), and decide what happens to each entry that arrives.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { leafHash, proveInclusion } from '#ledger/merkle.ts'
import { formatReceipt } from '#ledger/proof.ts'
import { encodeEntryBundle, parseTilePath } from '#ledger/tile.ts'
import { Tree } from '#ledger/tree.ts'
import { decodeEntry } from '#protocol/entry.ts'
import { Refusal } from '#protocol/refusal.ts'
import { writeRecord } from '#tally/record.ts'
import { checkpointOf, POLICY } from '../tally/record.ts'
import type { Scene } from '../tally/scene.ts'
import { attachmentsOf } from '../tally/setup.ts'

export class SceneServer {
  /** What is shown; may be exchanged at any time. */
  scene: Scene
  /** Every entry that was sent here, recorded or not. */
  readonly sent: Uint8Array[] = []
  /** Called before an entry is recorded; resolves to false if it never is and nobody gets an answer. */
  arriving: (entry: Uint8Array) => Promise<boolean> = () => Promise.resolve(true)
  readonly #server = createServer((request, response) => {
    void this.#answer(request.url ?? '', Readable.toWeb(request)).then(
      (answer) => {
        if (answer === undefined) {
          response.destroy()
          return
        }
        response.writeHead(answer.status ?? 200)
        response.end(answer.body)
      },
      (error: unknown) => {
        const refusal = error instanceof Refusal ? error : new Refusal('malformed', String(error))
        response.writeHead(409)
        response.end(JSON.stringify({ code: refusal.code, message: refusal.detail }))
      },
    )
  })

  private constructor(scene: Scene) {
    this.scene = scene
  }

  static async over(scene: Scene): Promise<SceneServer> {
    const server = new SceneServer(scene)
    await new Promise<void>((resolve) => server.#server.listen(0, 'localhost', resolve))
    return server
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(
    path: string,
    body: ReturnType<typeof Readable.toWeb>,
  ): Promise<{ status?: number; body: string | Uint8Array } | undefined> {
    const { entries } = this.scene
    if (path === '/log/policy') return { body: POLICY }
    if (path === '/log/checkpoint') return { body: checkpointOf(entries) }
    if (path.startsWith('/log/tile/')) {
      const { index, width } = parseTilePath(path.slice(5))
      return { body: encodeEntryBundle(entries.slice(256 * index, 256 * index + width)) }
    }
    if (path.startsWith('/log/entries/')) return { body: entries[Number(path.slice(13))] ?? '' }
    if (path === '/api/record') return { body: await recordFile(entries) }
    if (path !== '/api/entries') return { status: 404, body: '{}' }
    const entry = new Uint8Array(await new Response(body as ReadableStream).arrayBuffer())
    this.sent.push(entry)
    if (!(await this.arriving(entry))) return undefined
    const index = this.scene.offer(decodeEntry(entry))
    const tree = new Tree()
    for (const e of entries) tree.append(leafHash(e))
    const path_ = proveInclusion(index, tree.size, tree.read)
    const receipt = formatReceipt({ index, path: path_, checkpoint: checkpointOf(entries) })
    return { status: 201, body: JSON.stringify({ index, receipt }) }
  }
}

/** The record file of these entries with the development setup of both circuits. */
export async function recordFile(entries: readonly Uint8Array[]): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  const all = Readable.from(entries, { objectMode: true }) as AsyncIterable<Uint8Array>
  const files = Readable.from(attachmentsOf('S', 'signal'), { objectMode: true }) as AsyncIterable<Uint8Array>
  for await (const part of writeRecord(POLICY, checkpointOf(entries), all, files)) parts.push(part)
  return new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer())
}
