// Sessions of officials that somebody has set, stolen or left open.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Me } from '#server/officials/people.ts'
import { SESSION_COOKIE } from '#server/officials/sessions.ts'
import { Scene } from '../tally/scene.ts'
import { Browser } from './official-browser.ts'
import { refusal, stage, type Stage } from './stage.ts'

const HOUR = 3_600_000
const OUT = [401, 'unauthorized']
const scene = new Scene()
let server: Stage
const browser = (name: string) => new Browser(() => server, name)
const [ada, ben] = [browser('ada'), browser('ben')]

beforeAll(async () => {
  scene.found()
  server = await stage(scene, { workers: 0, database: true })
  await ada.first(server.parts.officials.first ?? '')
  await ada.invite(ben, 'owner')
})
afterAll(() => server[Symbol.asyncDispose]())

async function signedIn(name: string): Promise<Browser> {
  const who = browser(name)
  expect((await who.signIn()).status).toBe(204)
  return who
}
const sessions = async (who: Browser) => (await who.get<Me>('/me')).sessions
const end = (who: Browser, id: string) => who.send('POST', `/api/officials/sessions/${id}/end`)
const meOf = (who: Browser) => who.send('GET', '/api/officials/me')

/** Another machine that sends the same cookies. */
function copyOf({ name, cookie }: Browser): Browser {
  const copy = browser(name)
  copy.cookie = cookie
  return copy
}

test('a session that was fixed beforehand is not the one that signing in begins', async () => {
  const invented = browser('ben')
  invented.cookie = `${SESSION_COOKIE}=${'A'.repeat(43)}`
  const fixed = copyOf(invented)
  expect((await invented.signIn()).status).toBe(204)
  expect(await refusal(await meOf(fixed))).toEqual(OUT)

  // One of the attacker's own: the victim leaves it, and it ends.
  const attacker = await signedIn('ada')
  const victim = browser('ben')
  victim.cookie = attacker.cookie
  expect((await victim.signIn()).status).toBe(204)
  expect(await victim.get<Me>('/me')).toMatchObject({ id: 'ben' })
  expect(await refusal(await meOf(attacker))).toEqual(OUT)
})

test('a stolen session is seen by its owner, who ends that one and no other', async () => {
  const [here, there] = [await signedIn('ben'), await signedIn('ben')]
  const thief = copyOf(there)
  expect((await meOf(thief)).status).toBe(200)
  const before = await sessions(here)
  const [own] = await sessions(there).then((all) => all.filter(({ current }) => current))
  expect(before.find(({ id }) => id === own?.id)).toMatchObject({ current: false })
  expect((await end(here, own?.id ?? '')).status).toBe(204)
  for (const out of [thief, there]) expect(await refusal(await meOf(out))).toEqual(OUT)
  expect((await sessions(here)).map(({ id }) => id)).toEqual(
    before.map(({ id }) => id).filter((id) => id !== own?.id),
  )
  expect(await refusal(await end(here, own?.id ?? ''))).toEqual([404, 'not-found'])
})

test('nobody ends a session of somebody else, nor guesses one from its id', async () => {
  const [theirs] = await sessions(ben)
  const id = theirs?.id ?? ''
  expect(await refusal(await end(ada, id))).toEqual([404, 'not-found'])
  expect(await refusal(await end(ada, 'x'))).toEqual([400, 'malformed'])
  expect((await meOf(ben)).status).toBe(200)
  const guesser = browser('eve')
  guesser.cookie = `${SESSION_COOKIE}=${Buffer.from(id.padEnd(64, '0'), 'hex').toString('base64url')}`
  expect(await refusal(await meOf(guesser))).toEqual(OUT)
})

test('one may also end the session in which one asks', async () => {
  const here = await signedIn('ben')
  const current = (await sessions(here)).find((one) => one.current)
  expect((await end(here, current?.id ?? '')).status).toBe(204)
  expect(await refusal(await meOf(here))).toEqual(OUT)
})

test('a session that was left open is over for whoever finds it, and is not listed', async () => {
  const left = await signedIn('ben')
  const found = copyOf(left)
  server.clock.now += HOUR
  expect(await refusal(await meOf(found))).toEqual(OUT)
  const fresh = await signedIn('ben')
  expect(await sessions(fresh)).toHaveLength(1)
})
