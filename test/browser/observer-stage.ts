// Elections in every state for the observer's pages: real entries, real votes of a published budget, simulated proofs. As
// a program it serves them until it is ended: `node test/browser/observer-stage.ts <port> [folder of a built app]`.
import { readFileSync } from 'node:fs'
import { argv } from 'node:process'
import { contestOf, spread, valuesOf } from '#cli/pb-contest.ts'
import { ensureSite } from '#cli/site.ts'
import type { Contest, Manifest } from '#protocol/manifest.ts'
import { listen } from '#server/listen.ts'
import { parsePb } from '#tally/formats/pabulib.ts'
import { stage, type Stage } from '../server/stage.ts'
import { contest, Scene, START } from '../tally/scene.ts'

const HOUR = 3_600_000
const FILE = new URL('../data/pb/Poland_Krakow_2020_Wzgorza_Krzeslawickie.pb', import.meta.url)

/** The city's ledger: `budget` with its result, `chair` closed, `trees` open, `bridge` only defined. */
export async function cityLedger(voters = 60): Promise<Scene> {
  const pb = parsePb(readFileSync(FILE, 'utf8'))
  const votes = spread(pb.votes, voters)
  const budget = contestOf(pb, 'residents')
  const texts = (title: string) => ({ en: title })
  const options = (...titles: string[]) => titles.map((title, i) => ({ id: `${i + 1}`, title: texts(title) }))
  const square: Contest = contest({
    title: texts('What shall the new square be called?'),
    options: options('Willow Square', 'Market Square', 'Square of the Sisters'),
    blank: true,
  })
  const council: Contest = contest({
    title: texts('Two seats in the residents’ council'),
    options: options('Aino Koivu', 'Bengt Lind', 'Chidi Okafor', 'Dolores Prieto'),
    rule: { type: 'ranking', min: 1n, max: 4n },
    count: { name: 'borda', seats: 2 },
  })
  const rare = contest({ title: texts('Opening hours of the reading room') })
  const scene = new Scene({
    weights: Array.from({ length: voters }, () => 1n),
    contests: [budget, square, council, rare],
    manifest: {
      title: { en: 'Budget of Wzgórza Krzesławickie 2020' },
      description: {
        en: 'Residents decide what the district’s money is spent on, and three smaller questions.',
      },
      organiser: 'City of Kraków',
      closesAt: START + 74 * HOUR,
      minBallots: 5,
    },
  })
  scene.prepare()
  scene.keygen()
  scene.open()
  votes.forEach((vote, voter) => {
    scene.offer(['time', START + HOUR + Math.floor(((voter * voter) / voters ** 2) * 70 * HOUR)])
    scene.cast(voter, valuesOf(budget, vote), 0)
    const mark = [0n, 0n, 0n, 0n]
    scene.cast(voter, mark.with(voter % 7 === 0 ? 0 : 1 + (voter % 2), 1n), 1)
    const points = [0, 1, 2, 3].map((i) => BigInt(((i + (voter % 5)) % 4) + 1))
    if (voter % 3 !== 0) scene.cast(voter, [0n, ...points], 2)
    if (voter < 3) scene.cast(voter, [1n, 0n], 3)
    if (voter % 9 === 4) scene.cast(voter, valuesOf(budget, votes[0] ?? vote), 0)
  })
  await scene.close()
  scene.tally([1, 3])
  scene.publish()

  const three = scene.manifest.guardians
  await further(scene, 'chair', {
    title: texts('Chair of the allotment society'),
    guardians: scene.manifest.guardians.slice(0, 1),
    threshold: 1,
    quorum: 1,
  })
  const alone = scene.startKeygen([1])
  scene.deal(alone)
  scene.confirm(alone)
  scene.rehearse()
  scene.open()
  for (let voter = 0; voter < 9; voter++) scene.cast(voter, voter % 3 === 0 ? [1n, 0n] : [0n, 1n])
  await scene.close()

  const now = scene.state.time
  await further(scene, 'trees', {
    title: texts('Trees along Lime Street'),
    guardians: three,
    threshold: 2,
    quorum: 2,
    practice: true,
    opensAt: now + HOUR,
    closesAt: now + 100_000 * HOUR,
  })
  scene.keygen()
  scene.open()
  for (let voter = 0; voter < 14; voter++) {
    scene.offer(['time', now + HOUR + voter * voter * 120_000])
    scene.cast(voter, voter % 3 === 0 ? [1n, 0n] : [0n, 1n])
  }
  await further(scene, 'bridge', {
    title: texts('A bridge for bicycles'),
    opensAt: now + 50_000 * HOUR,
    closesAt: now + 60_000 * HOUR,
  })
  return scene
}

async function further(scene: Scene, slug: string, changes: Partial<Manifest>): Promise<void> {
  const now = scene.state.time
  const manifest: Manifest = {
    ...scene.manifest,
    contests: [contest()],
    opensAt: now + HOUR,
    closesAt: now + 2 * HOUR,
    minBallots: 1,
    ...changes,
  }
  Object.assign(scene, { slug, manifest })
  scene.shares.clear()
  scene.act({ type: 'define-election', election: slug, manifest })
  return Promise.resolve()
}

/** A server over a scene and the built app. */
export async function serveScene(
  scene: Scene,
  { port = 0, site }: { port?: number; site?: string } = {},
): Promise<AsyncDisposable & { readonly url: string; readonly staged: Stage }> {
  await using opened = new AsyncDisposableStack()
  const staged = opened.use(await stage(scene, { site: site ?? (await ensureSite(() => undefined)) }))
  const server = await listen(staged.app, { port, host: 'localhost' })
  opened.defer(() => server.close())
  const held = opened.move()
  return { url: `http://localhost:${server.port}`, staged, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

if (import.meta.main) {
  const [port = '8107', site] = argv.slice(2)
  const { url } = await serveScene(await cityLedger(), {
    port: Number(port),
    ...(site !== undefined && { site }),
  })
  console.log(url)
}
