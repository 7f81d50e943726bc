// The help desk: who is found, how little is told, and that whoever was looked up can read by whom and why.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commitment } from '#circuits/credential.ts'
import { bigintToBytes, toHex } from '#crypto/encoding.ts'
import { sql } from '#server/data/drizzle.ts'
import type { HeldView } from '#server/holdings.ts'
import type { FoundView } from '#server/officials/desk.ts'
import { PROCESS, Scene } from '../tally/scene.ts'
import { Browser } from './official-browser.ts'
import { refusal, stage, type Stage } from './stage.ts'

const MEMBERS = `Åsa Öberg,1,asa@club.example,sv
1001,1,bo@club.example
1002,1
1003,1
1004,1
1005,1
1006,1
100,1
7,1
50%,1
`
const scene = new Scene()
let server: Stage
/** Codes by row. */
const codes = new Map<string, string>()
const [ada, reg, aud, eve] = ['ada', 'reg', 'aud', 'eve'].map((name) => new Browser(() => server, name)) as [
  Browser,
  Browser,
  Browser,
  Browser,
]

beforeAll(async () => {
  scene.found()
  scene.act({ type: 'create-process', title: 'Club' })
  server = await stage(scene, { database: true })
  await ada.first(server.parts.officials.first ?? '')
  await ada.invite(reg, 'registrar')
  await ada.invite(aud, 'auditor')
  await ada.propose(await ada.naming(), 'officials')
  const answer = await reg.importVoters(MEMBERS, { roll: 'members' })
  for (const line of (await answer.text()).trim().split('\n')) {
    const [row = '', code = ''] = line.split(',')
    codes.set(row, code)
  }
})
afterAll(() => server[Symbol.asyncDispose]())

const REASON = 'They called.'
const ask = (who: Browser, text: string, reason = REASON) => who.post<FoundView>('/desk', { text, reason })
const rowsOf = ({ voters }: FoundView) => voters.map(({ row }) => row)
const send = (path: string, body: unknown) =>
  server.app.request(
    path,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    },
    { incoming: { socket: { remoteAddress: '192.0.2.9' } } },
  )
const seenBy = async (row: string) =>
  (await (await send('/api/holdings', { code: codes.get(row) })).json()) as HeldView
/** Time in which nobody is held up any more. */
const later = () => (server.clock.now += 120_000)

describe('somebody is found', () => {
  test('by row or address, in whatever letters, as far as registering goes', async () => {
    const expected = { process: PROCESS, roll: 'members', row: 'Åsa Öberg', address: 'asa@club.example' }
    const none = { registeredAt: null, delivery: 'not-invited', kind: null, attempts: 0, attemptedAt: null }
    for (const text of ['Åsa Öberg', 'åsa ö', 'ASA@club.example', 'asa@'])
      expect(await ask(reg, text)).toEqual({
        voters: [{ ...expected, ...none, refused: null }],
        more: false,
      })
  })

  test('and whether they have registered, but nothing of voting', async () => {
    const claim = { code: codes.get('1002'), commitment: toHex(bigintToBytes(commitment(2n), 32)) }
    expect((await send('/api/registrations', claim)).status).toBe(201)
    const { voters } = await ask(aud, '1002')
    expect(voters).toMatchObject([{ row: '1002', delivery: 'no-address' }])
    expect(voters[0]?.registeredAt).not.toBeNull()
    expect(JSON.stringify(voters)).not.toMatch(/commitment|nullifier|vote|ballot/)
  })

  test('whole first, else by a beginning of three characters, at most five', async () => {
    expect(await ask(reg, '100')).toMatchObject({ voters: [{ row: '100' }], more: false })
    expect(rowsOf(await ask(reg, '7'))).toEqual(['7'])
    expect(rowsOf(await ask(reg, '10'))).toEqual([])
    server.clock.now += 60_000
    // A row that begins so hides the rest no longer once it is not the whole.
    expect(rowsOf(await ask(reg, '1001'))).toEqual(['1001'])
    expect(rowsOf(await ask(reg, '%%%'))).toEqual([])
    expect(rowsOf(await ask(reg, '50%'))).toEqual(['50%'])
    expect(await ask(reg, 'nobody')).toEqual({ voters: [], more: false })
  })

  test('by too many, of whom five are shown', async () => {
    await ada.unlist({ process: PROCESS, roll: 'members', row: '100' })
    const { voters, more } = await ask(ada, '100')
    expect([voters.length, more]).toEqual([5, true])
  })

  test('by officials who say why', async () => {
    for (const body of [{ text: '7' }, { text: '7', reason: '' }, { text: '', reason: REASON }])
      expect(await refusal(await reg.send('POST', '/api/officials/desk', body))).toEqual([400, 'malformed'])
    const body = { text: '7', reason: REASON }
    expect(await refusal(await eve.send('POST', '/api/officials/desk', body))).toEqual([401, 'unauthorized'])
  })

  test('a few at a time: nobody reads out a roll', async () => {
    later()
    let answer = 200
    let asked = 0
    for (; answer === 200 && asked < 50; asked += 1)
      answer = (await reg.send('POST', '/api/officials/desk', { text: `x${asked}`, reason: REASON })).status
    expect([answer, asked]).toEqual([429, 21])
    // Others go on.
    expect(rowsOf(await ask(ada, '7'))).toEqual(['7'])
    server.clock.now += 3000
    expect(rowsOf(await ask(reg, '7'))).toEqual(['7'])
    later()
  })
})

describe('who was looked up', () => {
  test('reads by whom, when and why, with a code that is used or not', async () => {
    const at = server.clock.now
    await ask(aud, '1002', 'An audit.')
    await reg.get(`/voters/voter?process=${PROCESS}&roll=members&row=1002`)
    const { lookups, process, roll } = await seenBy('1002')
    expect({ process, roll }).toEqual({ process: PROCESS, roll: 'members' })
    // The newest first; found to be given a code or replaced, which needs no reason.
    expect(lookups.slice(0, 2)).toEqual([
      { at, official: 'reg', reason: null },
      { at, official: 'aud', reason: 'An audit.' },
    ])
    expect((await seenBy('50%')).lookups).toEqual([expect.objectContaining({ reason: REASON })])
  })

  test('where they were one of several, too, and not where they were not shown', async () => {
    const seen = async (row: string) => (await seenBy(row)).lookups.length
    const before = [await seen('1003'), await seen('1006')]
    await ask(ada, '100')
    expect([await seen('1003'), await seen('1006')]).toEqual([(before[0] ?? 0) + 1, before[1]])
  })

  test('and all else that is held of them, by the same code', async () => {
    await ask(reg, 'asa@')
    const asa = await seenBy('Åsa Öberg')
    expect(asa).toMatchObject({
      ...{ process: PROCESS, roll: 'members', row: 'Åsa Öberg', weight: 1, address: 'asa@club.example' },
      ...{ identity: null, registeredAt: null, entry: null, mail: null },
    })
    expect(asa.lookups[0]).toMatchObject({ reason: REASON })
    const registered = await seenBy('1002')
    expect(registered.registeredAt).not.toBeNull()
    expect(registered.entry).not.toBeNull()
    expect(JSON.stringify([asa, registered])).not.toMatch(/commitment|nullifier|pseudonym/)
    later()
  })

  test('is told nothing without a code, and guesses cost their source', async () => {
    const guess = () => send('/api/holdings', { code: 'XXXX-XXXX-XXXX-XXXX-X' })
    expect(await refusal(await guess())).toEqual([403, 'code-unknown'])
    for (let i = 0; i < 25; i += 1) await guess()
    expect(await refusal(await guess())).toEqual([429, 'too-many-attempts'])
    later()
  })
})

describe('the log', () => {
  test('goes to auditors and owners, as a table in which nothing is a formula', async () => {
    await ask(ada, '7', '=1+1')
    for (const who of [ada, aud]) {
      const answer = await who.send('GET', '/api/officials/desk/lookups.csv')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      const [heading, first] = (await answer.text()).split('\r\n')
      expect(heading).toBe('time,official,process,roll,voter,reason')
      expect(first).toBe(`${new Date(server.clock.now).toISOString()},ada,${PROCESS},members,7,'=1+1`)
    }
    expect(await refusal(await reg.send('GET', '/api/officials/desk/lookups.csv'))).toEqual([
      403,
      'forbidden',
    ])
  })

  test('has every look-up, found or not, among the deeds', async () => {
    await ask(ada, 'nobody')
    const { deeds } = await aud.get<{ deeds: { official: string; what: string; detail: string }[] }>('/deeds')
    expect(deeds[0]).toMatchObject({ official: 'ada', what: 'looked', detail: '0' })
  })

  test('is only added to, and outlives whom it is about', async () => {
    const { orm } = server.parts.database
    const change = async (query: ReturnType<typeof sql>) =>
      orm.execute(query).then(
        () => 'changed',
        (error: unknown) =>
          error instanceof Error && error.cause instanceof Error ? error.cause.message : '',
      )
    for (const query of [sql`DELETE FROM lookup`, sql`UPDATE lookup SET reason = ''`, sql`TRUNCATE lookup`])
      expect(await change(query)).toBe('rows of lookup are only added')
    await ada.unlist({ process: PROCESS, roll: 'members', row: '7' })
    const answer = await aud.send('GET', '/api/officials/desk/lookups.csv')
    expect(await answer.text()).toContain(',members,7,')
  })
})
