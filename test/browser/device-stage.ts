// An election for which one can still register: a real server with its register, the built app, a roll that is not frozen,
// and officials who freeze it and open.
import type { Page } from 'playwright-core'
import { ensureSite } from '#cli/site.ts'
import type { Act } from '#protocol/act.ts'
import type { Contest } from '#protocol/manifest.ts'
import { listen } from '#server/listen.ts'
import { freezing, opening } from '#tally/official.ts'
import { actEntry, stage, type Stage } from '../server/stage.ts'
import { contest, ELECTION, PROCESS, Scene } from '../tally/scene.ts'

const HOUR = 3_600_000
const ROLL = 'residents'

export class DeviceStage implements AsyncDisposable {
  readonly url: string
  /** Invitation codes that nobody has used yet. */
  readonly codes: string[]
  readonly #scene: Scene
  readonly #server: Stage
  readonly #close: () => Promise<void>

  private constructor(scene: Scene, server: Stage, url: string, codes: string[], close: () => Promise<void>) {
    this.#scene = scene
    this.#server = server
    this.url = url
    this.codes = codes
    this.#close = close
  }

  /** A server with an election whose key is made, and a register of this many people.
   *  @param changes to the election's only contest */
  static async open(people: number, changes: Partial<Contest> = {}): Promise<DeviceStage> {
    const scene = new Scene({
      guardians: 1,
      contests: [contest({ title: { en: 'What shall be built in the park?' }, ...changes })],
      manifest: { title: { en: 'Harbour park' }, practice: true, closesAt: Date.now() + 30 * 24 * HOUR },
    })
    scene.found()
    scene.act({ type: 'create-process', title: 'Harbour district' })
    scene.act({ type: 'define-election', election: ELECTION, manifest: scene.manifest })
    scene.keygen()
    await using opened = new AsyncDisposableStack()
    const site = await ensureSite(() => undefined)
    const server = opened.use(await stage(scene, { database: true, site }))
    Object.defineProperty(server.clock, 'now', { get: () => Date.now() })
    const listening = await listen(server.app, { port: 0, host: 'localhost' })
    opened.defer(() => listening.close())
    const url = `http://localhost:${listening.port}`
    const issued = await fetch(`${url}/api/operator/voters?process=${PROCESS}&roll=${ROLL}`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', authorization: `Bearer ${server.token}` },
      body: Array.from({ length: people }, (_, i) => `person ${i + 1},1\n`).join(''),
    })
    if (!issued.ok) throw new Error(await issued.text())
    const codes = (await issued.text()).trim().split('\r\n')
    const held = opened.move()
    return new DeviceStage(
      scene,
      server,
      url,
      codes.map((line) => line.slice(line.indexOf(',') + 1)),
      () => held.disposeAsync(),
    )
  }

  /** An invitation for somebody new. */
  code(): string {
    const code = this.codes.pop()
    if (code === undefined) throw new Error('all invitations are used')
    return code
  }

  freeze(): Promise<void> {
    return this.#act(freezing(this.#server.parts.board.state, PROCESS, ROLL))
  }

  openVoting(): Promise<void> {
    const { board, setups } = this.#server.parts
    return this.#act(opening(board.state, PROCESS, ELECTION, setups.own))
  }

  async #act(act: Act): Promise<void> {
    const response = await this.#server.post(actEntry(this.#scene, this.#server, act))
    if (!response.ok) throw new Error(await response.text())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close()
  }
}

/** Flips one bit of the kept credential. */
export function alterVault(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const asked = indexedDB.open('comitia')
        asked.onsuccess = () => {
          const writing = asked.result.transaction('credential', 'readwrite')
          const store = writing.objectStore('credential')
          const reading = store.get('own')
          reading.onsuccess = () => {
            const record = reading.result as Uint8Array
            store.put(record.with(20, (record[20] ?? 0) ^ 1), 'own')
          }
          writing.oncomplete = () => {
            asked.result.close()
            resolve()
          }
        }
      }),
  )
}
