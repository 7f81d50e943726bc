// A process in which forty people take part: a plan whose phases last, a server over the real ledger, the built app.
import { Hono } from 'hono'
import { ensureSite } from '#cli/site.ts'
import { credentialSecret } from '#client/secret.ts'
import type { Act } from '#protocol/act.ts'
import { DEEDS, type Phase } from '#protocol/plan.ts'
import { listen } from '#server/listen.ts'
import type { MailSettings } from '#server/mail/settings.ts'
import { actEntry, follow, stage, type Stage } from '../server/stage.ts'
import { People, planOf } from '../tally/people.ts'
import { attemptKey } from '#tally/keygen.ts'
import { ELECTION, PROCESS, Scene, START } from '../tally/scene.ts'
import { freePort } from './app.ts'
import { seedOf } from './booth-stage.ts'

const DAY = 86_400_000
const PEOPLE = 40

export interface ProcessStage extends AsyncDisposable {
  readonly url: string
  readonly stage: Stage
  readonly people: People
  /** Puts an official act on the ledger. */
  act(act: Act): Promise<void>
  /** Has the ledger's time be later than the machine's. */
  passDays(days: number): void
}

/** Two people's support is enough for an answer within a day.
 *  @param mail by which news can be followed, where the postman is let go on
 *  @param allows what people may do; sealed comments for ten days, to guardians of an election that is open */
export async function serveProcess(
  mail?: MailSettings,
  allows: readonly (typeof DEEDS)[number][] = DEEDS.filter((deed) => deed !== 'sealed-comment'),
): Promise<ProcessStage> {
  await using opened = new AsyncDisposableStack()
  const sealed = allows.includes('sealed-comment')
  const closesAt = Date.now() + 30 * DAY
  const scene = new Scene({ weights: Array.from({ length: PEOPLE }, () => 1n), manifest: { closesAt } })
  scene.voters.forEach((voter, i) => Object.assign(voter, { secret: credentialSecret(seedOf(i)) }))
  // A ledger that names the address at which it is served, so that officials can make passkeys for it.
  const port = await freePort()
  const url = `http://localhost:${port}`
  const found = scene.found.bind(scene)
  scene.found = () => found({ webOrigins: [url], relyingParty: 'localhost' })
  if (sealed) scene.prepare()
  else scene.enrol()
  const phase = (en: string, fi: string) => ({ title: { en, fi }, opensAt: START, closesAt })
  const phases = [
    { ...phase('Ideas', 'Ideat'), allows: [...allows] },
    { ...phase('Decision', 'Päätös'), allows: [], opensAt: closesAt, closesAt: closesAt + 30 * DAY },
  ]
  const people = sealed
    ? sealing(scene, phase('Ideas', 'Ideat'))
    : new People(scene, planOf({ phases }, { answerDays: 1 }))
  const site = await ensureSite(() => undefined)
  const staged = opened.use(await stage(scene, { site, database: true, ...(mail && { mail }) }))
  let ahead = 0
  const set = (now: number) => (ahead = now - Date.now())
  Object.defineProperty(staged.clock, 'now', { get: () => Date.now() + ahead, set })
  const app = new Hono()
  const server = await listen(app, { port, host: 'localhost' })
  opened.defer(() => server.close())
  app.all('*', (c) => staged.app.fetch(c.req.raw, c.env))
  const held = opened.move()
  return {
    url,
    stage: staged,
    people,
    async act(act) {
      await follow(scene, staged.ledger)
      const response = await staged.post(actEntry(scene, staged, act))
      if (!response.ok) throw new Error(await response.text())
    },
    passDays: (days) => (ahead += days * DAY),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

export const HOME = `/processes/${PROCESS}`

/** The election's key is made and the election open; ideas are collected, and sealed comments for ten days. */
function sealing(scene: Scene, phase: Omit<Phase, 'allows'>): People {
  scene.keygen()
  scene.open()
  const sealedTo = { election: ELECTION, key: attemptKey(scene.attempt) }
  const phases: Phase[] = [
    { ...phase, allows: ['propose', 'sealed-comment'], closesAt: Date.now() + 10 * DAY },
    { ...phase, allows: ['comment', 'support'] },
  ]
  return new People(scene, planOf({ phases }, { sealedTo }))
}
