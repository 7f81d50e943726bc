// Officials import who may register, and see how far each roll is. SPEC 4.4.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commitment } from '#circuits/credential.ts'
import { bigintToBytes, toHex } from '#crypto/encoding.ts'
import type { RollView } from '#server/voters.ts'
import { contest, PROCESS, Scene } from '../tally/scene.ts'
import { Browser } from './official-browser.ts'
import { refusal, stage, type Stage } from './stage.ts'

const scene = new Scene()
let server: Stage

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

const [ada, reg, aud, eve] = ['ada', 'reg', 'aud', 'eve'].map((name) => new Browser(() => server, name)) as [
  Browser,
  Browser,
  Browser,
  Browser,
]

const importing = (who: Browser, csv: string, { roll = 'guests', site = 'same-origin' } = {}) =>
  who.importVoters(csv, { roll, site })
const register = (code: string) =>
  server.app.request('/api/registrations', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, commitment: toHex(bigintToBytes(commitment(1n), 32)) }),
  })
const rolls = async (who: Browser) => (await who.get<{ rolls: RollView[] }>('/rolls')).rolls

const RESIDENTS = { process: PROCESS, roll: 'residents', rows: 0, registered: 0, size: 3, frozen: true }
const MEMBERS = { ...RESIDENTS, roll: 'members', size: 0, frozen: false }

describe('rolls', () => {
  test('are those of the ledger before anybody is in the register', async () => {
    for (const who of [ada, reg, aud]) expect(await rolls(who)).toEqual([RESIDENTS, MEMBERS])
  })

  test('are shown to officials only', async () => {
    expect(await refusal(await eve.send('GET', '/api/officials/rolls'))).toEqual([401, 'unauthorized'])
  })
})

describe('a registrar', () => {
  test('imports voters, whose codes then register credentials', async () => {
    const response = await importing(reg, '"Müller, Ada",2\nben,1\n')
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const lines = (await response.text()).split('\r\n')
    expect(lines).toEqual([
      expect.stringMatching(/^"Müller, Ada",[0-9A-Z-]+$/),
      expect.stringMatching(/^ben,[0-9A-Z-]+$/),
      '',
    ])
    const registered = await register(lines[0]?.split(',').at(-1) ?? '')
    expect([registered.status, await registered.json()]).toMatchObject([201, { roll: 'guests', index: 0 }])
    const { credentials } = server.parts.board.state.processes.get(PROCESS)?.rolls.get('guests') ?? {}
    expect(credentials?.map(({ weight }) => weight)).toEqual([2n])
  })

  test('has it written down, and everybody sees how many there are', async () => {
    const { deeds } = await ada.get<{ deeds: unknown[] }>('/deeds')
    expect(deeds[0]).toMatchObject({ official: 'reg', what: 'imported', detail: `${PROCESS}/guests 2` })
    const guests = { ...MEMBERS, roll: 'guests', rows: 2, registered: 1, size: 1 }
    expect(await rolls(aud)).toEqual([RESIDENTS, guests, MEMBERS])
  })

  test('is told which row is there already, and nothing has changed', async () => {
    const before = await rolls(reg)
    const response = await importing(reg, 'cara,1\nben,1\ndan,1\n')
    expect([response.status, await response.json()]).toEqual([
      409,
      { code: 'row-duplicate', message: 'row-duplicate in row 2' },
    ])
    expect(await rolls(reg)).toEqual(before)
    const { deeds } = await ada.get<{ deeds: { what: string }[] }>('/deeds')
    expect(deeds.filter(({ what }) => what === 'imported')).toHaveLength(1)
    expect((await importing(reg, 'cara,1\ndan,1\n', { roll: 'members' })).status).toBe(200)
    expect((await rolls(reg)).find(({ roll }) => roll === 'members')).toMatchObject({
      rows: 2,
      registered: 0,
    })
  })

  test('cannot add to a frozen roll', async () => {
    expect(await refusal(await importing(reg, 'late,1\n', { roll: 'residents' }))).toEqual([
      409,
      'roll-frozen',
    ])
  })
})

describe('an import', () => {
  test.each(['cross-site', 'same-site'])('is of no use to pages of others: %s', async (site) => {
    expect(await refusal(await importing(reg, 'x,1\n', { site }))).toEqual([401, 'unauthorized'])
  })

  test('is not for auditors, nor for anybody', async () => {
    const into = (who: Browser) => who.sendList('voters', 'x,1\n', { roll: 'guests' })
    expect(await refusal(await into(aud))).toEqual([403, 'forbidden'])
    expect(await refusal(await into(eve))).toEqual([401, 'unauthorized'])
  })

  test('answers with nothing that a spreadsheet would compute', async () => {
    const response = await importing(reg, '=1+1,1\n-2,1\n', { roll: 'formulas' })
    expect(await response.text()).toMatch(/^'=1\+1,[0-9A-Z-]+\r\n'-2,[0-9A-Z-]+\r\n$/)
  })

  test('is for owners too', async () => {
    expect((await importing(ada, 'x,1\n')).status).toBe(200)
  })

  test.each([
    ['ada,1,ada', 'address-invalid'],
    ['ada,1,ada@x.example;eve@y.example', 'address-invalid'],
    ['"ada",1,"ada@x.example\u0007"', 'address-invalid'],
    ['ada,1,ada@x.example,eo', 'language-unknown'],
    ['ada,1,ada@x.example,en,4711,more', 'row-malformed'],
    ['ada,1,,,"47\u0007"', 'row-malformed'],
    ['a"da,1', 'row-malformed'],
    ['ada', 'row-malformed'],
  ])('tells which line is wrong, and takes none: %s', async (line, code) => {
    const before = await rolls(reg)
    const answer = await importing(reg, `abe,1,abe@x.example,en\n${line}\n`)
    expect([answer.status, await answer.json()]).toEqual([422, { code, message: `${code} in row 2` }])
    expect(await rolls(reg)).toEqual(before)
  })
})
