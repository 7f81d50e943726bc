// A city with an announced result on what somebody has proposed, served with its web app: officials may come in and promise,
// or the operator has promised, reported and published a real contract already.
import { canonicalBytes } from '#tally/formats/ocds.ts'
import { ensureSite } from '#cli/site.ts'
import { type Act } from '#protocol/act.ts'
import { listen } from '#server/listen.ts'
import { actEntry, stage, type Stage } from '../server/stage.ts'
import { committed, words } from '../server/correspondence.ts'
import { assessmentOf } from '../tally/assessing.ts'
import { People } from '../tally/people.ts'
import { ocdsText, promiseOf, publishing, reportOn } from '../tally/promises.ts'
import { contest, ELECTION, PROCESS, Scene } from '../tally/scene.ts'
import { freePort } from './app.ts'

const DAY = 86_400_000
const IDEA = 'A way for bicycles\n\nAlong the harbour.'

/** A ledger that names the address at which it is served. */
class Served extends Scene {
  readonly #url: string
  constructor(url: string) {
    super()
    this.#url = url
  }
  /** A proposal becomes an option beside another: the proposal's entry. */
  propose(): number {
    const people = new People(this)
    const entry = people.act(0, { type: 'propose', text: committed(IDEA) })
    this.act(assessmentOf(entry, 400_000n, 'USD'))
    const way = {
      id: 'way',
      title: { en: 'Cycle way' },
      cost: 400_000n,
      proposal: { process: PROCESS, entry },
    }
    const park = { id: 'park', title: { en: 'Park' }, cost: 300_000n }
    const contests = [contest({ options: [way, park], currency: 'USD' })]
    this.act({ type: 'define-election', election: ELECTION, manifest: { ...this.manifest, contests } })
    return entry
  }
  override found(): void {
    super.found({ webOrigins: [this.#url], relyingParty: 'localhost' })
  }
}

/** A publisher's file, as a browser uploads it. */
export function contracts(text = ocdsText('portland-record')) {
  return { name: 'contracts.json', mimeType: 'application/json', buffer: Buffer.from(text) }
}

export interface City extends AsyncDisposable {
  readonly url: string
  readonly server: Stage
  /** The proposal's entry. */
  readonly proposal: number
}

/** Serves the city by the clock of this machine, until it is disposed of. */
export async function serveCity({ promised = false } = {}): Promise<City> {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const scene = new Served(url)
  scene.enrol()
  const proposal = scene.propose()
  scene.keygen()
  scene.open()
  for (const voter of [0, 1, 2]) scene.cast(voter, [1n, 0n])
  await scene.close()
  scene.tally()
  scene.publish()
  await using opened = new AsyncDisposableStack()
  const server = opened.use(await stage(scene, { database: true, site: await ensureSite(() => undefined) }))
  const { text, key } = words(IDEA)
  await server.parts.writings.keep(committed(IDEA), {
    text: text ?? '',
    key: Buffer.from(key ?? '', 'base64'),
  })
  server.clock.now = Date.now()
  if (promised) await promise(scene, server)
  const { close } = await listen(server.app, { port, host: 'localhost' })
  opened.defer(close)
  const held = opened.move()
  return { url, server, proposal, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** A promise, a report on it, and what was paid. */
async function promise(scene: Scene, server: Stage): Promise<void> {
  const act = async (one: Act): Promise<number> => {
    const answer = await server.post(actEntry(scene, server, one))
    if (answer.status !== 201) throw new Error(await answer.text())
    return ((await answer.json()) as { index: number }).index
  }
  const document: unknown = JSON.parse(ocdsText('portland-record'))
  await server.parts.attachments.put(canonicalBytes(document))
  const subject = { election: ELECTION, contest: 0, option: 0 }
  const own = await act(promiseOf(subject, { due: server.clock.now + 30 * DAY }))
  await act(reportOn(own, { evidence: { link: 'https://example.org/photo' }, spent: 7_568_000n }))
  await act(publishing(document, { promise: own }))
}
