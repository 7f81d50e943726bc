// An election whose guardians come from outside: a real server that hands out the built app, officials who act on it, and
// ballots with simulated proofs. Nothing of a guardian is played here.
import { Hono } from 'hono'
import { ensureSite } from '#cli/site.ts'
import { fromHex } from '#crypto/encoding.ts'
import type { Act } from '#protocol/act.ts'
import { ballotContent } from '#protocol/ballot.ts'
import { encodeEntry } from '#protocol/entry.ts'
import type { Manifest } from '#protocol/manifest.ts'
import { listen } from '#server/listen.ts'
import { outcome } from '#tally/outcome.ts'
import { actEntry, follow, stage, type Stage } from '../server/stage.ts'
import { contest, ELECTION, Scene } from '../tally/scene.ts'

const HOUR = 3_600_000

export class GuardianStage implements AsyncDisposable {
  readonly url: string
  readonly scene: Scene
  readonly server: Stage
  /** A record file that is shown to everybody in place of the true one. */
  shown: Uint8Array | undefined
  readonly #plain: Manifest
  readonly #close: () => Promise<void>

  private constructor(scene: Scene, server: Stage, url: string, close: () => Promise<void>) {
    this.url = url
    this.scene = scene
    this.#plain = scene.manifest
    this.server = server
    this.#close = close
  }

  /** A server with a founded ledger and a frozen roll, on which no election is defined yet. */
  static async open(voters: number) {
    const scene = new Scene({ weights: Array.from({ length: voters }, () => 1n) })
    scene.enrol()
    await using opened = new AsyncDisposableStack()
    const server = opened.use(await stage(scene, { site: await ensureSite(() => undefined) }))
    const app = new Hono()
    const listening = await listen(app, { port: 0, host: 'localhost' })
    opened.defer(() => listening.close())
    const held = opened.move()
    const url = `http://localhost:${listening.port}`
    const made = new GuardianStage(scene, server, url, () => held.disposeAsync())
    app.all('*', (c) =>
      made.shown !== undefined && c.req.path === '/api/record'
        ? c.body(new Uint8Array(made.shown))
        : server.app.fetch(c.req.raw, c.env),
    )
    return made
  }

  get now(): number {
    return this.server.clock.now
  }

  /** Defines the election that is acted on from here, with guardians of these names and public keys (hexadecimal). */
  async define(
    guardians: readonly { name: string; key: string }[],
    changes: Partial<Manifest> = {},
    slug = ELECTION,
  ): Promise<void> {
    const manifest: Manifest = {
      ...this.#plain,
      title: { en: 'The district’s budget' },
      organiser: 'City of Kraków',
      opensAt: this.now + HOUR,
      closesAt: this.now + 2 * HOUR,
      guardians: guardians.map(({ name, key }) => ({ name, key: fromHex(key) })),
      contests: [contest({ title: { en: 'Which projects?' } }), contest({ title: { en: 'Opening hours' } })],
      ...changes,
    }
    Object.assign(this.scene, { manifest, slug })
    await this.act({ type: 'define-election', election: slug, manifest })
  }

  /** Starts an attempt at the key. */
  async startKeygen(guardians = this.scene.manifest.guardians.map((_, i) => i + 1)): Promise<void> {
    const attempt = this.scene.election.attempts.length + 1
    await this.act({ type: 'start-keygen', election: this.scene.slug, attempt, guardians })
  }

  /** Opens, and lets the first voters vote: votes[v][c] are the values of voter v in contest c, if any. */
  async vote(votes: readonly (readonly (readonly bigint[] | undefined)[])[]): Promise<void> {
    await this.follow()
    await this.act(this.scene.opening())
    this.server.clock.now = this.scene.manifest.opensAt
    for (const [voter, ballots] of votes.entries())
      for (const [c, values] of ballots.entries()) {
        if (values === undefined) continue
        const { ballot } = this.scene.ballot(voter, values, c)
        await this.post(encodeEntry(['ballot', ballotContent(ballot)]))
      }
  }

  async close(): Promise<void> {
    this.server.clock.now = this.scene.manifest.closesAt
    await this.act({ type: 'close-election', election: this.scene.slug })
    await this.scene.settle()
  }

  /** Publishes what the guardians have decrypted. */
  async publish(): Promise<void> {
    await this.follow()
    const result = outcome(this.scene.election)
    if (result === undefined) throw new Error('not decrypted yet')
    await this.act({ type: 'publish-result', election: this.scene.slug, result })
  }

  /** Takes into the scene what stands on the server's ledger. */
  async follow(): Promise<void> {
    await follow(this.scene, this.server.ledger)
  }

  async act(act: Act): Promise<void> {
    await this.post(actEntry(this.scene, this.server, act))
  }

  async post(entry: Uint8Array): Promise<void> {
    const response = await this.server.post(entry)
    if (!response.ok) throw new Error(await response.text())
    await this.follow()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close()
  }
}
