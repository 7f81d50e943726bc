// Who may ask what: each route of the server, asked as each kind of person, against the table in docs/roles.md.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Scene } from '../tally/scene.ts'
import { Browser } from './official-browser.ts'
import { stage, type Stage } from './stage.ts'

const PEOPLE = [
  'nobody',
  'unnamed',
  'owner',
  'registrar',
  'moderator',
  'auditor',
  'operator',
  'contributor',
] as const
type Who = (typeof PEOPLE)[number]

const scene = new Scene()
let server: Stage
const browsers = Object.fromEntries(PEOPLE.map((who) => [who, new Browser(() => server, who)])) as Record<
  Who,
  Browser
>
const headers: Partial<Record<Who, Record<string, string>>> = {}

beforeAll(async () => {
  scene.found()
  server = await stage(scene, { database: true, simulated: 1 })
  const { owner, registrar, moderator, auditor, unnamed } = browsers
  await owner.first(server.parts.officials.first ?? '')
  await owner.invite(registrar, 'registrar')
  await owner.invite(moderator, 'moderator')
  await owner.invite(auditor, 'auditor')
  await owner.propose(await owner.naming(), 'officials')
  await owner.invite(unnamed, 'owner')
  await owner.post('/ceremonies', { circuits: ['signal'], beacon: 'Block 1', powers: null })
  const { code } = await owner.post<{ code: string }>('/ceremonies/1/contributors', { name: 'Con' })
  headers.contributor = { authorization: `Bearer ${code}` }
  headers.operator = { authorization: `Bearer ${server.token}` }
})
afterAll(() => server[Symbol.asyncDispose]())

/** Rows of the table: route, and who is answered. */
function table(text: string): Map<string, readonly Who[]> {
  const rows = text.split('\n').flatMap((line): [string, readonly Who[]][] => {
    const [route = '', ...cells] = line.split('|').slice(1, -1)
    const name = /^`(.*)`$/.exec(route.trim())?.[1]
    return name === undefined ? [] : [[name, PEOPLE.filter((_, i) => cells[i]?.trim() === 'yes')]]
  })
  return new Map(rows)
}

const written = table(readFileSync(new URL('../../docs/roles.md', import.meta.url), 'utf8'))
/** Of the application itself, whatever of it knows of operations; but what looks at all requests. */
const routes = () =>
  server.app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`)

/** Whether a request is looked at, whatever then is wrong with it. */
async function isAnswered(who: Who, route: string, page: Record<string, string> = {}): Promise<boolean> {
  const [method = '', path = ''] = route.split(' ')
  const place = path
    .replaceAll('sessions/{id}', 'sessions/0123456789abcdef')
    .replaceAll('{id}', '999')
    .replaceAll(/\{\w+\}/g, 'x')
  const response = await browsers[who].send(method, place, undefined, { ...headers[who], ...page })
  if (response.ok) {
    await response.body?.cancel()
    return true
  }
  const { code, message } = (await response.json()) as { code: string; message: string }
  return !['unauthorized', 'forbidden'].includes(code) && message !== 'There is no such link.'
}

test('the table has every route of the server, and no other', () => {
  expect([...written.keys()].sort()).toEqual(routes().sort())
  expect(written.size).toBeGreaterThan(80)
})

test.each(PEOPLE)('the server answers as the table says: %s', async (who) => {
  const differing: string[] = []
  for (const [route, answered] of written)
    if ((await isAnswered(who, route)) !== answered.includes(who)) differing.push(route)
  expect(differing).toEqual([])
})

const FOREIGN: Record<string, Record<string, string>> = {
  'of another site': { 'sec-fetch-site': 'cross-site' },
  'of a neighbouring host': { 'sec-fetch-site': 'same-site' },
  'of another site, in an older browser': { 'sec-fetch-site': '', origin: 'https://evil.example' },
  'of no site, in an older browser': { 'sec-fetch-site': '', origin: 'null' },
}

test.each(Object.keys(FOREIGN))('a page %s changes nothing, on any route, for anybody', async (page) => {
  const served: string[] = []
  for (const route of written.keys()) {
    const [method] = route.split(' ')
    if (method === 'GET') continue
    for (const who of PEOPLE) {
      if (await isAnswered(who, route, FOREIGN[page])) served.push(`${who}: ${route}`)
    }
  }
  expect(served).toEqual([])
})

test('a page of this server’s own is served in an older browser too', async () => {
  const [origin = ''] = browsers.owner.place.webOrigins
  expect(await isAnswered('owner', 'POST /api/officials/acts', { 'sec-fetch-site': '', origin })).toBe(true)
})
