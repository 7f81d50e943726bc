// Officials at the server: how they come in, who may ask what, and that nobody decides alone.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { type Act, actCodec } from '#protocol/act.ts'
import type { ProposedView } from '#server/officials/acts.ts'
import type { Me } from '#server/officials/people.ts'
import { Passkey } from '../tally/passkey.ts'
import { PROCESS, Scene } from '../tally/scene.ts'
import { Browser } from './official-browser.ts'
import { actEntry, refusal, stage, type Stage } from './stage.ts'

const scene = new Scene()
let server: Stage

beforeAll(async () => {
  scene.found()
  scene.act({ type: 'create-process', title: 'City' })
  server = await stage(scene, { database: true, simulated: 1 })
})
afterAll(() => server[Symbol.asyncDispose]())

const browserOf = (name: string) => new Browser(() => server, name)
const [ada, ben, reg, aud] = ['ada', 'ben', 'reg', 'aud'].map(browserOf) as [
  Browser,
  Browser,
  Browser,
  Browser,
]
const define = (election: string): Act => ({ type: 'define-election', election, manifest: scene.manifest })

describe('the first official', () => {
  test('needs the link that the server printed', async () => {
    const code = 'x'.repeat(27)
    expect(
      await refusal(await ada.send('POST', '/api/officials/first/options', { code, name: 'Ada' })),
    ).toEqual([404, 'not-found'])
    expect(await refusal(await ada.send('GET', '/api/officials/me'))).toEqual([401, 'unauthorized'])
  })

  test('comes in once, with two passkeys, and is named on the ledger', async () => {
    const code = server.parts.officials.first ?? ''
    expect((await server.app.request('/api/demo')).status).toBe(200)
    const options = await ada.post<Record<'login' | 'acts', { challenge: string }>>('/first/options', {
      ...{ code, name: 'Ada' },
    })
    const pair = ada.pair(options)
    const same = { login: pair.login, acts: ada.login.created(ada.place, options.acts.challenge) }
    const twice = await ada.send('POST', '/api/officials/first', { code, id: 'ada', name: 'Ada', ...same })
    expect(await refusal(twice)).toEqual([400, 'malformed'])
    const own = ada.pair(await ada.post('/first/options', { code, name: 'Ada' }))
    const reserved = await ada.send('POST', '/api/officials/first', {
      code,
      id: 'operator',
      name: 'Ada',
      ...own,
    })
    expect(await refusal(reserved)).toEqual([400, 'malformed'])
    const again = ada.pair(await ada.post('/first/options', { code, name: 'Ada' }))
    const rival = ben.pair(await ben.post('/first/options', { code, name: 'Ben' }))
    const [response, second] = await Promise.all([
      ada.send('POST', '/api/officials/first', { code, id: 'ada', name: 'Ada', ...again }),
      ben.send('POST', '/api/officials/first', { code, id: 'ben', name: 'Ben', ...rival }),
    ])
    expect(response.status).toBe(204)
    expect(await refusal(second)).toEqual([404, 'not-found'])
    const cookie = response.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(
      /^__Host-comitia=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    expect(await ada.get<Me>('/me')).toMatchObject({ id: 'ada', role: 'owner', named: true })
    expect(server.parts.board.state.officials?.now).toMatchObject({
      officials: [{ id: 'ada', name: 'Ada', role: 'owner' }],
      approvals: { routine: 1, decisive: 1 },
    })
    expect(server.parts.officials.first).toBeUndefined()
    // Where people decide, the server plays no elections.
    expect((await server.app.request('/api/demo')).status).toBe(404)
    const late = await ben.send('POST', '/api/officials/first/options', { code, name: 'Ben' })
    expect(await refusal(late)).toEqual([404, 'not-found'])
  })
})

describe('others', () => {
  test('are invited, join once, and sign nothing until the ledger names them', async () => {
    for (const [who, role] of [
      [ben, 'owner'],
      [reg, 'registrar'],
      [aud, 'auditor'],
    ] as const) {
      const { code: old } = await ada.post<{ code: string }>('/invitations', {
        id: who.name,
        name: who.name,
        role,
      })
      const { code } = await ada.post<{ code: string }>('/invitations', {
        id: who.name,
        name: who.name,
        role,
      })
      expect(await refusal(await who.send('POST', '/api/officials/join/options', { code: old }))).toEqual([
        404,
        'not-found',
      ])
      await who.join(code)
      expect(await refusal(await who.send('POST', '/api/officials/join/options', { code }))).toEqual([
        404,
        'not-found',
      ])
      expect(await who.get<Me>('/me')).toMatchObject({ id: who.name, role, named: false })
    }
    for (const path of ['rolls', 'acts', 'next', `place?process=${PROCESS}`])
      for (const who of [ben, reg])
        expect(await refusal(await who.send('GET', `/api/officials/${path}`))).toEqual([403, 'forbidden'])
    expect((await aud.send('GET', '/api/officials/rolls')).status).toBe(200)
    const early = await ben.send('POST', '/api/officials/invitations', { id: 'x', name: 'X', role: 'owner' })
    expect(await refusal(early)).toEqual([403, 'forbidden'])
    const taken = await ada.send('POST', '/api/officials/invitations', {
      id: 'ben',
      name: 'B',
      role: 'owner',
    })
    expect(await refusal(taken)).toEqual([400, 'malformed'])
  })

  test('are named by whoever is alone; from then on two agree', async () => {
    const change = await ada.propose(await ada.naming(), 'officials')
    expect(change).toMatchObject({ standing: 'recorded', needed: 2, approvers: ['ada'] })
    expect(await ben.get<Me>('/me')).toMatchObject({ named: true })
    expect(await aud.get<Me>('/me')).toMatchObject({ named: false })
  })
})

describe('an act that matters', () => {
  test('waits for somebody else, and is recorded with both signatures', async () => {
    const proposed = await ada.propose(define('budget'))
    expect(proposed).toMatchObject({ standing: 'pending', needed: 2, approvers: ['ada'], proposer: 'ada' })
    const size = server.ledger.size
    for (const who of [ada, ada])
      expect(await refusal(await who.approval(proposed))).toEqual([409, 'wrong-state'])
    expect(await refusal(await reg.approval(proposed))).toEqual([403, 'act-not-theirs'])
    expect(await refusal(await aud.approval(proposed))).toEqual([403, 'forbidden'])
    expect(await refusal(await ben.approval(proposed, ben.login))).toEqual([403, 'act-signature-invalid'])
    expect(await refusal(await ben.approval(proposed, ada.acts))).toEqual([403, 'act-signature-invalid'])
    expect(server.ledger.size).toBe(size)
    const response = await ben.approval(proposed)
    expect(await response.json()).toMatchObject({ standing: 'recorded', approvers: ['ada', 'ben'] })
    expect(server.parts.board.state.processes.get(PROCESS)?.elections.has('budget')).toBe(true)
    expect(await refusal(await ben.approval(proposed))).toEqual([409, 'wrong-state'])
  })

  test('is not proposed with a signature for another, or by who may not, or where it cannot stand', async () => {
    const proposal = await ada.proposal(define('second'))
    const other = { ...proposal, act: toHex(actCodec.encode(define('third'))) }
    expect(await refusal(await ada.send('POST', '/api/officials/acts', other))).toEqual([
      403,
      'act-signature-invalid',
    ])
    const later = { ...proposal, expiry: proposal.expiry + 1 }
    expect(await refusal(await ada.send('POST', '/api/officials/acts', later))).toEqual([
      403,
      'act-signature-invalid',
    ])
    const excused = { ...proposal, reason: 'Nobody asked.' }
    expect(await refusal(await ada.send('POST', '/api/officials/acts', excused))).toEqual([
      403,
      'act-signature-invalid',
    ])
    const theirs = await reg.proposal(define('second'))
    expect(await refusal(await reg.send('POST', '/api/officials/acts', theirs))).toEqual([
      403,
      'act-not-theirs',
    ])
    const twice = await ada.proposal(define('budget'))
    expect(await refusal(await ada.send('POST', '/api/officials/acts', twice))).toEqual([
      409,
      'already-exists',
    ])
  })

  test('is void once another came first, was taken back, or has expired', async () => {
    const [first, second] = [await ada.propose(define('one')), await ben.propose(define('two'))]
    expect((await ben.approval(first)).status).toBe(200)
    const { acts } = await ada.get<{ acts: ProposedView[] }>('/acts')
    expect(acts.find(({ id }) => id === second.id)?.standing).toBe('stale')
    expect(await refusal(await ada.approval(second))).toEqual([409, 'wrong-state'])
    const third = await ada.propose(define('three'))
    const theirs = await ben.send('POST', `/api/officials/acts/${third.id}/withdrawal`)
    expect(await refusal(theirs)).toEqual([403, 'forbidden'])
    expect(await ada.post<ProposedView>(`/acts/${third.id}/withdrawal`)).toMatchObject({
      standing: 'withdrawn',
    })
    expect(await refusal(await ben.approval(third))).toEqual([409, 'wrong-state'])
    const fourth = await ada.propose(define('four'))
    server.clock.now += 8 * 24 * 3_600_000
    expect((await ben.signIn()).status).toBe(204)
    expect(await refusal(await ben.approval(fourth))).toEqual([409, 'wrong-state'])
    expect((await ada.signIn()).status).toBe(204)
  })

  test('is out of reach of the server’s own key, and of an official who goes round the others', async () => {
    const entry = actEntry(scene, server, define('five'))
    expect(await refusal(await server.post(entry))).toEqual([403, 'act-not-theirs'])
    const owners = (await ada.naming()) as Extract<Act, { type: 'change-officials' }>
    const alone: Act = {
      ...owners,
      officials: owners.officials.slice(0, 1),
      approvals: { routine: 1, decisive: 1 },
    }
    const refused = await ada.send('POST', '/api/officials/acts', await ada.proposal(alone, 'officials'))
    expect(await refusal(refused)).toEqual([422, 'officials-invalid'])
    const proposed = await ada.propose({ ...owners, officials: owners.officials.toReversed() }, 'officials')
    expect(proposed.standing).toBe('pending')
    const { code } = await ada.post<{ code: string }>('/invitations', {
      id: 'puppet',
      name: 'P',
      role: 'owner',
    })
    const puppet = browserOf('puppet')
    await puppet.join(code)
    expect(await refusal(await puppet.approval(proposed))).toEqual([403, 'forbidden'])
    expect(server.parts.board.state.officials?.now.officials).toHaveLength(3)
  })
})

describe('a session', () => {
  test('begins with the passkey for signing in, not with that for acts, and each challenge serves once', async () => {
    const visitor = browserOf('ada')
    expect(await refusal(await visitor.signIn(visitor.acts))).toEqual([401, 'unauthorized'])
    expect(await refusal(await visitor.signIn(new Passkey('nobody')))).toEqual([401, 'unauthorized'])
    const { login } = await visitor.post<{ login: { challenge: string } }>('/session/options')
    const answer = visitor.login.answered(visitor.place, login.challenge)
    expect((await visitor.send('POST', '/api/officials/session', answer)).status).toBe(204)
    expect(await refusal(await visitor.send('POST', '/api/officials/session', answer))).toEqual([
      400,
      'malformed',
    ])
  })

  test('is another one after each signing in, and ends where its owner says', async () => {
    const [here, there] = [browserOf('ben'), browserOf('ben')]
    await here.signIn()
    const before = here.cookie
    await here.signIn()
    expect(here.cookie).not.toBe(before)
    const stolen = browserOf('ben')
    stolen.cookie = before
    expect(await refusal(await stolen.send('GET', '/api/officials/me'))).toEqual([401, 'unauthorized'])
    await there.signIn()
    const { sessions } = await here.get<Me>('/me')
    expect(sessions.filter(({ current }) => current)).toHaveLength(1)
    await here.post('/session/end', { where: 'elsewhere' })
    expect(await refusal(await there.send('GET', '/api/officials/me'))).toEqual([401, 'unauthorized'])
    await here.post('/session/end', { where: 'here' })
    expect(await refusal(await here.send('GET', '/api/officials/me'))).toEqual([401, 'unauthorized'])
  })

  test('ends when nobody uses it, and after half a day in any case', async () => {
    const who = browserOf('aud')
    await who.signIn()
    for (let minutes = 0; minutes < 11 * 60; minutes += 50) {
      expect((await who.send('GET', '/api/officials/me')).status).toBe(200)
      server.clock.now += 50 * 60_000
    }
    server.clock.now += 70 * 60_000
    expect(await refusal(await who.send('GET', '/api/officials/me'))).toEqual([401, 'unauthorized'])
    await who.signIn()
    server.clock.now += 61 * 60_000
    expect(await refusal(await who.send('GET', '/api/officials/me'))).toEqual([401, 'unauthorized'])
    for (const one of [ada, ben, reg, aud]) expect((await one.signIn()).status).toBe(204)
  })

  test.each(['cross-site', 'same-site'])('is of no use to pages of others: %s', async (site) => {
    const response = await ada.send('GET', '/api/officials/me', undefined, { 'sec-fetch-site': site })
    expect(await refusal(response)).toEqual([401, 'unauthorized'])
  })

  test('begins for who has asked, however many others ask', async () => {
    const visitor = browserOf('ada')
    const { login } = await visitor.post<{ login: { challenge: string } }>('/session/options')
    const { passkeys } = server.parts.officials
    for (let i = 0; i < 10_001; i++) await passkeys.request()
    const answer = visitor.login.answered(visitor.place, login.challenge)
    expect((await visitor.send('POST', '/api/officials/session', answer)).status).toBe(204)

    const { login: late } = await visitor.post<{ login: { challenge: string } }>('/session/options')
    server.clock.now += 5 * 60_000 + 1
    const old = visitor.login.answered(visitor.place, late.challenge)
    expect(await refusal(await visitor.send('POST', '/api/officials/session', old))).toEqual([
      400,
      'malformed',
    ])
    const foreign = visitor.login.answered(visitor.place, Buffer.alloc(56, 1).toString('base64url'))
    expect(await refusal(await visitor.send('POST', '/api/officials/session', foreign))).toEqual([
      400,
      'malformed',
    ])
  })

  test('guesses cost their source its next ones', async () => {
    const guesser = browserOf('eve')
    const code = 'y'.repeat(27)
    const answers: number[] = []
    for (let i = 0; i < 25; i++)
      answers.push((await guesser.send('POST', '/api/officials/join/options', { code })).status)
    expect(answers).toContain(429)
    server.clock.now += 3_600_000
    for (const one of [ada, ben, reg, aud]) expect((await one.signIn()).status).toBe(204)
  })
})

test('what officials did beside the ledger is written down', async () => {
  const { deeds } = await aud.get<{ deeds: { official: string; what: string; detail: string }[] }>('/deeds')
  expect(deeds).toContainEqual(expect.objectContaining({ official: 'ada', what: 'invited', detail: 'ben' }))
  expect(deeds).toContainEqual(expect.objectContaining({ official: 'ben', what: 'approved' }))
})

test('who leaves is first taken off the record by two, then loses the account', async () => {
  const remove = (by: Browser, id: string) => by.send('POST', `/api/officials/people/${id}/removal`)
  expect(await refusal(await remove(ada, 'reg'))).toEqual([403, 'forbidden'])

  const all = await ada.naming()
  if (all.type !== 'change-officials') throw new Error('a change of officials')
  const waiting = await ada.propose({ ...all, officials: all.officials.filter(({ id }) => id !== 'reg') })
  expect(waiting.standing).toBe('pending')
  expect(await refusal(await remove(ada, 'reg'))).toEqual([403, 'forbidden'])
  expect((await ben.approval(waiting)).status).toBe(200)
  // At once, while the account is still there.
  expect(await reg.get<Me>('/me')).toMatchObject({ id: 'reg', named: false })
  const voter = `voters/voter?process=${PROCESS}&roll=residents&row=x`
  for (const path of [voter, 'rolls', 'acts', `place?process=${PROCESS}`])
    expect(await refusal(await reg.send('GET', `/api/officials/${path}`))).toEqual([403, 'forbidden'])

  expect(await refusal(await remove(reg, 'aud'))).toEqual([403, 'forbidden'])
  for (const [id, who] of [
    ['reg', reg],
    ['aud', aud],
  ] as const) {
    expect((await remove(ada, id)).status).toBe(204)
    expect(await refusal(await remove(ada, id))).toEqual([404, 'not-found'])
    expect(await refusal(await who.send('GET', '/api/officials/me'))).toEqual([401, 'unauthorized'])
    expect((await who.signIn()).status).not.toBe(204)
    const again = await ada.send('POST', '/api/officials/invitations', { id, name: 'Again', role: 'owner' })
    expect(again.status).toBe(400)
  }
  // Nobody brings them back by naming all who have joined.
  const left = await ada.naming()
  if (left.type !== 'change-officials') throw new Error('a change of officials')
  expect(left.officials.map(({ id }) => id)).not.toContain('reg')
  expect((await ada.get<{ deeds: { what: string; detail: string }[] }>('/deeds')).deeds).toContainEqual(
    expect.objectContaining({ what: 'removed', detail: 'reg' }),
  )
})
