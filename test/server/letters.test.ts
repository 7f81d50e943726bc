// Letters with registration codes: a page for each who has not registered, with a code that works; the rules are those of
// mails (W6).
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commitment } from '#circuits/credential.ts'
import { bigintToBytes, toHex } from '#crypto/encoding.ts'
import { contest, PROCESS, Scene } from '../tally/scene.ts'
import { Browser } from './official-browser.ts'
import { readPdf } from './reading.ts'
import { refusal, stage, type Stage } from './stage.ts'

const scene = new Scene()
let server: Stage
const [ada, reg, aud, eve] = ['ada', 'reg', 'aud', 'eve'].map((name) => new Browser(() => server, name)) as [
  Browser,
  Browser,
  Browser,
  Browser,
]

const print = (who: Browser, roll = 'members', language = 'en') =>
  who.send('POST', '/api/officials/letters', { process: PROCESS, roll, language })
const printed = async () => readPdf(new Uint8Array(await (await print(reg)).arrayBuffer()))
const register = async (code: string, secret: bigint) => {
  const response = await server.app.request('/api/registrations', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, commitment: toHex(bigintToBytes(commitment(secret), 32)) }),
  })
  return response.status
}
const codeOn = (page = '') => /[0-9A-Z]{4}(-[0-9A-Z]{4}){3}-[0-9A-Z]/.exec(page)?.[0] ?? ''

beforeAll(async () => {
  scene.enrol()
  const contests = [contest({ roll: 'members' })]
  scene.act({ type: 'define-election', election: 'board', manifest: { ...scene.manifest, contests } })
  server = await stage(scene, { database: true })
  await ada.first(server.parts.officials.first ?? '')
  await ada.invite(reg, 'registrar')
  await ada.invite(aud, 'auditor')
  await ada.propose(await ada.naming(), 'officials')
})
afterAll(() => server[Symbol.asyncDispose]())

describe('letters', () => {
  test('are for registrars and owners, and only while people may register', async () => {
    expect(await refusal(await print(eve))).toEqual([401, 'unauthorized'])
    expect(await refusal(await print(aud))).toEqual([403, 'forbidden'])
    expect(await refusal(await print(reg, 'residents'))).toEqual([409, 'roll-frozen'])
    expect((await readPdf(new Uint8Array(await (await print(ada)).arrayBuffer()))).pages).toEqual([''])
  })

  test('come one a page to all who have not registered, in their language, with codes that work', async () => {
    const people = 'Čapek Łucja,1\nBen,1,ben@example.org,fi\nΔέσποινα,1\n'
    const codes = (await (await reg.importVoters(people, { roll: 'members' })).text()).split('\n')
    expect(await register(codes[1]?.split(',')[1] ?? '', 1n)).toBe(201)

    const response = await print(reg)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const first = await readPdf(new Uint8Array(await response.arrayBuffer()))
    expect([first.title, first.language, first.tagged]).toEqual(['Invitation to vote: Budget', 'en', true])
    expect([...first.roles]).toEqual(expect.arrayContaining(['Sect', 'H1', 'P', 'Figure']))
    expect(first.pages).toHaveLength(2)
    const [page = ''] = first.pages.filter((text) => text.startsWith('Čapek Łucja'))
    expect(page).toContain('City invites you to vote: Budget.')
    expect(page).toContain(`https://example.org/join#${codeOn(page)}`)
    expect(page.split(codeOn(page))).toHaveLength(3)
    expect(first.pages.some((text) => text.startsWith('Δέσποινα'))).toBe(true)

    // The code before stays valid, older ones end.
    const second = await printed()
    const third = await printed()
    const mine = [first, second, third].map(({ pages }) => codeOn(pages.find((t) => t.startsWith('Čapek'))))
    expect(new Set(mine).size).toBe(3)
    expect(await register(mine[0] ?? '', 2n)).toBe(403)
    expect(await register(mine[1] ?? '', 2n)).toBe(201)
    expect((await printed()).pages).toHaveLength(1)
  })

  test('are written down, and speak the language that is chosen where none is known', async () => {
    const { deeds } = await ada.get<{ deeds: unknown[] }>('/deeds')
    expect(deeds[0]).toMatchObject({ official: 'reg', what: 'mailed', detail: `${PROCESS}/members letters` })
    const { language, pages } = await readPdf(
      new Uint8Array(await (await print(reg, 'members', 'gd')).arrayBuffer()),
    )
    expect(language).toBe('gd')
    expect(pages[0]).toContain('No fosgail an duilleag https://example.org/join is sgrìobh an còd seo:')
  })
})
