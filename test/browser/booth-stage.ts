// Elections for the voting booth: `all` has a contest of every rule, `once` two in which the first ballot counts, `one` a
// single question, `blank` two that may be left blank. Voters have credentials that tests know the words of.
import { crc32, deflateSync } from 'node:zlib'
import { Hono } from 'hono'
import { ensureSite } from '#cli/site.ts'
import { wordsOf } from '#client/credential.ts'
import { credentialSecret } from '#client/secret.ts'
import { sha256 } from '#crypto/hash.ts'
import { encodeEntry } from '#protocol/entry.ts'
import type { Contest, Manifest } from '#protocol/manifest.ts'
import type { ElectionResult } from '#protocol/result.ts'
import { listen } from '#server/listen.ts'
import { decryptMessage, intentMessage } from '#tally/guardian.ts'
import { outcome } from '#tally/outcome.ts'
import { actEntry, follow, stage, type Stage } from '../server/stage.ts'
import { contest, Scene } from '../tally/scene.ts'

const HOUR = 3_600_000
const VOTERS = 40
/** The one whose vote weighs more than those of the others where weights count. */
export const HEAVY = 32

/** The credential of a voter, from 0. */
export function seedOf(voter: number): Uint8Array {
  return sha256(Uint8Array.of(voter))
}
export function backupOf(voter: number): string {
  return wordsOf(seedOf(voter)).join(' ')
}

const texts = (en: string, fi = en) => ({ en, fi })
const named = (...titles: string[]) => titles.map((title, i) => ({ id: `${i + 1}`, title: texts(title) }))

/** Projects of a budget: 14, so that the list can be searched; two with a picture, most with a place. */
const PROJECTS: Contest['options'] = [
  [
    'Lime trees along Harbour Road',
    48_000,
    'Forty young trees and benches in their shade, watered by the residents.',
  ],
  ['Ramp to the library', 32_500, 'So that everybody gets in by the front door.'],
  ['Skate bowl under the bridge', 120_000, 'Dry in every weather, planned with those who skate.'],
  ['Night bus on Fridays', 75_000, 'Two lines, every half hour, until three in the morning.'],
  ['Drinking fountains', 18_000, 'Six of them, at playgrounds and stops.'],
  ['Workshop for repairs', 56_000, 'Tools and a hand with them, twice a week.'],
  ['Beehives on the roof of the school', 9_400, 'And lessons about them.'],
  ['Lights in the underpass', 27_000, ''],
  ['Allotments by the railway', 64_000, 'Thirty plots of fifty square metres, a shed, and water.'],
  ['Open-air cinema in August', 22_000, 'Eight evenings.'],
  ['Floating sauna', 140_000, 'Heated with wood chips, open to all, free on Sundays.'],
  ['New floor for the sports hall', 98_000, ''],
  ['Bicycle pumps and tools', 6_800, 'At twelve places.'],
  ['Signs in easy language', 15_200, 'In the town hall, the clinic and the station.'],
].map(([title = '', cost = 0, description = ''], i) => ({
  id: `p${i + 1}`,
  title: texts(String(title)),
  cost: BigInt(cost),
  ...(description !== '' && { description: texts(String(description)) }),
  ...(i % 5 !== 4 && {
    point: {
      lat: 60_170_000 + ((i * 7919) % 20_000),
      lon: 24_930_000 + ((i * 6007) % 40_000),
    },
  }),
  ...(i < 2 && { picture: { hash: sha256(picture(i)), alt: texts(`A drawing of it, number ${i + 1}`) } }),
}))

/** Every rule, each under a question of its own. */
export const CONTESTS: Contest[] = [
  contest({
    title: texts('What shall the new square be called?', 'Mikä uuden aukion nimeksi?'),
    options: named('Willow Square', 'Market Square', 'Square of the Sisters'),
    blank: true,
  }),
  contest({
    title: texts('Board of the society'),
    description: texts('The board meets once a month. Its members serve for two years.'),
    options: named('Aino Koivu', 'Bengt Lind', 'Chidi Okafor', 'Dolores Prieto', 'Eun-ji Park').map(
      (option, i) => ({ ...option, description: texts(`Candidate number ${i + 1} says a few words.`) }),
    ),
    order: 'rotated',
    rule: { type: 'approval', min: 0n, max: 3n },
    count: { name: 'approval', seats: 3 },
  }),
  contest({
    title: texts('Which opening hours of the pool suit you?'),
    options: named('Early morning', 'Noon', 'Afternoon', 'Late evening'),
    rule: { type: 'score', max: 5n },
    count: { name: 'score', seats: 1 },
  }),
  contest({
    title: texts('What should the city look after first?'),
    options: named('Schools', 'Streets', 'Parks', 'Housing'),
    rule: { type: 'cumulative', minTotal: 2n, maxTotal: 10n, max: 6n },
    count: { name: 'cumulative', seats: 2 },
  }),
  contest({
    title: texts('How much do you care about each?'),
    options: named('Trams', 'Ferries', 'Bicycle lanes', 'Pavements'),
    rule: { type: 'quadratic', credits: 16n, max: 4n },
    count: { name: 'quadratic', seats: 2 },
    blank: true,
  }),
  contest({
    title: texts('Song of the summer'),
    options: named('Long Evenings', 'Rain on the Tent', 'Blueberry Pie', 'The Ferry Waits', 'Nightingale'),
    rule: { type: 'borda', points: [5n, 3n, 1n] },
    count: { name: 'borda', seats: 1 },
  }),
  contest({
    title: texts('Two seats in the residents’ council'),
    options: named('Fatima Haddad', 'Gunnar Ek', 'Hilda Niemi', 'Ivan Petrov', 'Joana Sousa'),
    rule: { type: 'ranking', min: 1n, max: 4n },
    count: { name: 'borda', seats: 2 },
    blank: true,
  }),
  contest({
    title: texts('Budget of the harbour district', 'Satamapiirin budjetti'),
    description: texts(
      '€300,000 can be spent. The projects with the most votes are built, as far as the money goes.',
    ),
    options: PROJECTS,
    rule: { type: 'knapsack', budget: 300_000n },
    count: { name: 'greedy', budget: 300_000n },
    currency: 'EUR',
  }),
]

/** The ledger: all elections open. */
export function boothLedger(): Scene {
  const closesAt = Date.now() + 30 * 24 * HOUR
  const scene = new Scene({
    weights: Array.from({ length: VOTERS }, (_, i) => (i === HEAVY ? 3n : 1n)),
    contests: CONTESTS,
    manifest: {
      title: texts('Eight questions to the harbour district', 'Kahdeksan kysymystä satamapiirille'),
      description: texts('Residents decide together, and try out every way of voting that there is.'),
      languages: ['en', 'fi'],
      organiser: 'Harbour District Association',
      practice: true,
      closesAt,
    },
  })
  const inBoth = (one: Contest): Contest => ({
    ...one,
    title: { ...texts(''), ...one.title, fi: one.title.fi ?? one.title.en ?? '' },
  })
  scene.manifest.contests.splice(0, CONTESTS.length, ...CONTESTS.map(inBoth))
  scene.voters.forEach((voter, i) => Object.assign(voter, { secret: credentialSecret(seedOf(i)) }))
  Object.assign(scene, { slug: 'all' })
  scene.prepare()
  scene.keygen()
  scene.open()
  const { manifest } = scene
  further(scene, 'once', {
    ...manifest,
    title: texts('Square and board', 'Aukio ja hallitus'),
    contests: CONTESTS.slice(0, 2),
    revoting: 'first',
  })
  further(scene, 'one', {
    ...manifest,
    title: texts('Name of the square', 'Aukion nimi'),
    description: texts('One question only.'),
    practice: false,
    contests: CONTESTS.slice(0, 1),
  })
  // The last, so that the scene holds its shares of the key.
  further(scene, 'blank', {
    ...manifest,
    title: texts('Blank votes', 'Tyhjät äänet'),
    contests: CONTESTS.slice(0, 2).map((one, i) => ({ ...one, weighted: i === 1 })),
    closesAt: closesAt - 29 * 24 * HOUR,
  })
  return scene
}

function further(scene: Scene, slug: string, written: Manifest): void {
  const manifest = { ...written, opensAt: scene.state.time + 1 }
  Object.assign(scene, { slug, manifest })
  scene.act({ type: 'define-election', election: slug, manifest })
  scene.keygen()
  scene.open()
}

export interface BoothStage extends AsyncDisposable {
  readonly url: string
  readonly stage: Stage
  /** At `one`. */
  readonly scene: Scene
  /** What becomes of the service worker's script on its way. */
  worker: (script: string) => string
  /** Ends the last election before its time, has the guardians decrypt, and publishes what comes of it. */
  finish(): Promise<ElectionResult>
}

/** A server over the ledger and the built app; its clock goes with the machine's, ahead of it once an election was ended. */
export async function serveBooth(): Promise<BoothStage> {
  await using opened = new AsyncDisposableStack()
  const scene = boothLedger()
  const staged = opened.use(await stage(scene, { site: await ensureSite(() => undefined) }))
  let ahead = 0
  const set = (now: number) => (ahead = now - Date.now())
  Object.defineProperty(staged.clock, 'now', { get: () => Date.now() + ahead, set })
  for (const i of [0, 1]) await staged.parts.attachments.put(picture(i))
  const app = new Hono()
  const server = await listen(app, { port: 0, host: 'localhost' })
  opened.defer(() => server.close())
  const held = opened.move()
  const made: BoothStage = {
    url: `http://localhost:${server.port}`,
    stage: staged,
    scene,
    worker: (script) => script,
    finish: () => finish(scene, staged),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
  app.get('/service-worker.js', async (c) => {
    const plain = new Request(c.req.url, { headers: { 'accept-encoding': 'identity' } })
    const { headers, body } = await staged.app.fetch(plain, c.env)
    const type = headers.get('content-type') ?? ''
    return c.body(made.worker(await new Response(body).text()), 200, { 'content-type': type })
  })
  app.all('*', (c) => staged.app.fetch(c.req.raw, c.env))
  return made
}

/** Ends the scene's election before its time, has the guardians decrypt, and publishes what comes of it. */
export async function finish(scene: Scene, staged: Stage): Promise<ElectionResult> {
  const post = async (entry: Uint8Array): Promise<void> => {
    const response = await staged.post(entry)
    if (!response.ok) throw new Error(await response.text())
    await follow(scene, staged.ledger)
  }
  await follow(scene, staged.ledger)
  staged.clock.now = scene.manifest.closesAt
  await post(actEntry(scene, staged, { type: 'close-election', election: scene.slug }))
  await scene.settle()
  for (const contest of scene.manifest.contests.keys()) {
    const state = scene.contestState(contest)
    const guardians = scene.attempt.guardians.slice(0, scene.manifest.threshold)
    for (const g of guardians)
      await post(encodeEntry(scene.guardianEntry(g, intentMessage(state, scene.checkpoint()))))
    for (const g of guardians) {
      const message = decryptMessage(scene.state, scene.election, state, g, scene.share(g))
      await post(encodeEntry(scene.guardianEntry(g, message)))
    }
  }
  const result = outcome(scene.election)
  if (result === undefined) throw new Error('not decrypted')
  await post(actEntry(scene, staged, { type: 'publish-result', election: scene.slug, result }))
  return result
}

/** A PNG of 160 by 100 pixels: coloured stripes. */
function picture(number: number): Uint8Array {
  const [width, height] = [160, 100]
  const rows = Array.from({ length: height }, (_, y) => [
    0,
    ...Array.from({ length: width }, (_, x) => [40 + y, 90 + 60 * number, (x * 3 + y * 2) % 256]).flat(),
  ])
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header.set([8, 2], 8)
  return Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Uint8Array.from(rows.flat()))),
    chunk('IEND', new Uint8Array()),
  ])
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length)
  framed.set(body, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
