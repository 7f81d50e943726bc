// Signing in with an identity provider: voters come onto the roll without a code, officials into a session, and whoever
// forges, repeats or mixes up answers gets nothing. The provider is a real one. SPEC 4.4.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { commitment } from '#circuits/credential.ts'
import { bigintToBytes, fromHex, toHex } from '#crypto/encoding.ts'
import { actCodec } from '#protocol/act.ts'
import { makeApp } from '#server/app.ts'
import type { SignedInView, SignInOffer } from '#server/identity/operations.ts'
import type { IdentitySettings } from '#server/identity/settings.ts'
import { type Purpose, SignIns } from '#server/identity/sign-ins.ts'
import type { AccountView } from '#server/officials/people.ts'
import type { ProposedView } from '#server/officials/acts.ts'
import { PROCESS, Scene } from '../tally/scene.ts'
import { IdentityProvider, visitProvider } from './identity-provider.ts'
import { Browser } from './official-browser.ts'
import { refusal, stage, type Stage } from './stage.ts'

const MINUTE = 60_000
const scene = new Scene()
let provider: IdentityProvider
let server: Stage

beforeAll(async () => {
  scene.enrol()
  provider = await IdentityProvider.open('https://example.org')
  server = await stage(scene, { database: true, identity: provider.settings() })
  const [ada] = officials
  await ada.first(server.parts.officials.first ?? '')
  await ada.invite(officials[1], 'owner')
  await ada.invite(officials[2], 'registrar')
  await ada.propose(await ada.naming(), 'officials')
})
afterEach(() => {
  provider.alter = provider.silent = undefined
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await provider[Symbol.asyncDispose]()
})

const browser = (name = 'somebody') => new Browser(() => server, name)
const officials = ['ada', 'ben', 'reg'].map(browser) as [Browser, Browser, Browser]
const [ada, ben, reg] = officials

const importing = (csv: string, roll = 'guests'): Promise<Response> =>
  reg.importVoters(csv, { roll, second: ben })
const begin = async (who: Browser, purpose: Purpose = 'voter'): Promise<string> =>
  ((await (await who.send('POST', '/api/sign-in', { purpose })).json()) as { address: string }).address
const answer = (who: Browser, query: string) => who.send('POST', '/api/sign-in/answer', { answer: query })
/** The whole way there and back. */
const signIn = async (who: Browser, login: string, purpose: Purpose = 'voter') =>
  answer(who, await visitProvider(await begin(who, purpose), login))
const ticketOf = async (login: string, who = browser()): Promise<string> => {
  const { ticket } = (await (await signIn(who, login)).json()) as SignedInView
  return ticket ?? ''
}
async function freeze(roll: string): Promise<void> {
  const { act: bytes, ...at } = await ada.post<ProposedView>('/freezing', { process: PROCESS, roll })
  const said = { ...at, reason: 'All are in.' }
  const assertion = ada.sign({ ...said, act: actCodec.decode(fromHex(bytes)) })
  const proposed = await ada.post<ProposedView>('/acts', { ...said, act: bytes, assertion })
  expect((await ben.approval(proposed)).status).toBe(200)
}
const register = (code: string, secret: bigint) =>
  server.app.request('/api/registrations', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, commitment: toHex(bigintToBytes(commitment(secret), 32)) }),
  })
/** A browser before the same server, as another operator has set it up. */
const browserAt = (signIns: SignIns | undefined) => {
  const other = { ...server, app: makeApp({ ...server.parts, signIns }) }
  return new Browser(() => other, 'somebody')
}
const signInsWith = (settings: IdentitySettings) =>
  new SignIns(settings, 'https://example.org', server.parts.journal, server.parts.clock)
const failed = [403, 'sign-in-failed']
const unknown = [403, 'identity-unknown']

describe('a voter', () => {
  test('is offered it once somebody on a roll is known by an identity', async () => {
    const offer = async () => (await (await server.app.request('/api/sign-in')).json()) as SignInOffer
    const none: SignInOffer = { name: 'Harbour ID', claim: 'sub', officials: false, voters: false }
    expect(await offer()).toEqual(none)
    const taken = await importing('1,1,,,cem\n2,1,,,Dag\n3,2,,,eva\n4,1,,,fay\n5,1,,,gus\n6,1\n')
    expect(taken.status).toBe(200)
    expect(await offer()).toEqual({ ...none, voters: true })
  })

  test('comes onto the roll without a code, once, and gets no session', async () => {
    const who = browser()
    const response = await signIn(who, 'eva')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(who.cookie).toBe('')
    const { purpose, ticket } = (await response.json()) as SignedInView
    expect([purpose, ticket]).toEqual(['voter', expect.stringMatching(/^[\w-]{43}$/)])
    const registered = await register(ticket ?? '', 1n)
    expect([registered.status, await registered.clone().json()]).toMatchObject([201, { roll: 'guests' }])
    const { credentials = [] } = server.parts.board.state.processes.get(PROCESS)?.rolls.get('guests') ?? {}
    expect(credentials.map(({ weight }) => weight)).toEqual([2n])
    // The answer was lost; then somebody tries the ticket for a credential of theirs.
    expect(await (await register(ticket ?? '', 1n)).json()).toEqual(await registered.json())
    expect(await refusal(await register(ticket ?? '', 2n))).toEqual(failed)
    expect(await refusal(await signIn(browser(), 'eva'))).toEqual([409, 'identity-registered'])
    const stranger = await who.send('GET', '/api/officials/me', undefined, {
      authorization: `Bearer ${ticket}`,
    })
    expect(await refusal(stranger)).toEqual([401, 'unauthorized'])
  })

  test('has one credential for one row, by whichever of two ways', async () => {
    const [first, second] = [await ticketOf('cem'), await ticketOf('cem')]
    const answers = await Promise.all([register(first, 11n), register(second, 12n)])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    const [code = ''] = (await (await importing('7,1,,,hal\n')).text()).split(',').slice(1)
    const ticket = await ticketOf('hal')
    expect((await register(code, 13n)).status).toBe(201)
    expect(await refusal(await register(ticket, 14n))).toEqual([409, 'identity-registered'])
    expect(await refusal(await signIn(browser(), 'hal'))).toEqual([409, 'identity-registered'])
  })

  test('who is on no roll, breaks off, or is only alike is told so', async () => {
    for (const login of ['mallory', 'dag', 'Dag ', '6'])
      expect(await refusal(await signIn(browser(), login))).toEqual(unknown)
    expect(await refusal(await signIn(browser(), ''))).toEqual(failed)
    expect((await signIn(browser(), 'Dag')).status).toBe(200)
  })

  test('is one person on a roll', async () => {
    expect(await refusal(await importing('8,1,,,ida\n9,1,,,Dag\n'))).toEqual([409, 'identity-taken'])
    const twice = await importing('8,1,,,Ida@Club.example\n9,1,,,ida@club.example\n')
    expect([twice.status, await twice.json()]).toEqual([
      409,
      { code: 'identity-taken', message: 'identity-taken in row 2' },
    ])
    expect((await importing('8,1,,,ida\n')).status).toBe(200)
  })

  test('may be on several, of which the oldest that is open comes first', async () => {
    expect((await importing('1,1,,,fay\n2,1,,,gus\n', 'club')).status).toBe(200)
    for (const [secret, roll] of [
      [21n, 'guests'],
      [22n, 'club'],
    ] as const)
      expect(await (await register(await ticketOf('fay'), secret)).json()).toMatchObject({ roll })
    const late = await ticketOf('gus')
    for (const roll of ['guests', 'club']) await freeze(roll)
    expect(await refusal(await register(late, 23n))).toEqual([409, 'roll-frozen'])
    expect(await refusal(await signIn(browser(), 'gus'))).toEqual([409, 'roll-frozen'])
    expect((await importing('1,1,,,gus\n2,1,,,joy\n3,1,,,kim\n', 'later')).status).toBe(200)
    expect(await (await register(await ticketOf('gus'), 24n)).json()).toMatchObject({ roll: 'later' })
  })

  test('has half an hour to register', async () => {
    const ticket = await ticketOf('joy')
    server.clock.now += 30 * MINUTE
    expect(await refusal(await register(ticket, 31n))).toEqual(failed)
    expect((await register(await ticketOf('joy'), 31n)).status).toBe(201)
  })
})

describe('an answer', () => {
  test('counts once, in the browser that was sent away, within ten minutes', async () => {
    const who = browser()
    const query = await visitProvider(await begin(who), 'kim')
    const { cookie } = who
    expect(await refusal(await answer(browser(), query))).toEqual(failed)
    expect((await answer(who, query)).status).toBe(200)
    expect(who.cookie).toBe('')
    who.cookie = cookie
    expect(await refusal(await answer(who, query))).toEqual(failed)
    // The same answer to another question, in the same browser.
    await begin(who)
    expect(await refusal(await answer(who, query))).toEqual(failed)
    const late = await visitProvider(await begin(who), 'kim')
    server.clock.now += 10 * MINUTE
    expect(await refusal(await answer(who, late))).toEqual(failed)
  })

  test('of somebody else is of no use to whoever has begun', async () => {
    const [victim, thief] = [browser(), browser()]
    const [theirs, own] = [await begin(victim), await begin(thief)]
    const [stolen, home] = [await visitProvider(theirs, 'kim'), await visitProvider(own, 'mallory')]
    expect(await refusal(await answer(thief, stolen))).toEqual(failed)
    // The stolen code behind the thief's own state: the provider wants the victim's verifier.
    await begin(thief)
    const mixed = new URLSearchParams(await visitProvider(await begin(thief), 'mallory'))
    mixed.set('code', new URLSearchParams(stolen).get('code') ?? '')
    expect(await refusal(await answer(thief, mixed.toString()))).toEqual(failed)
    // A page of the thief's makes the victim hand in the thief's answer.
    expect(await refusal(await answer(victim, home))).toEqual(failed)
  })

  test('names its issuer, and no other', async () => {
    const { issuer } = provider
    for (const change of [
      (query: URLSearchParams) => query.set('iss', `${issuer}/other`),
      (query: URLSearchParams) => query.delete('iss'),
      (query: URLSearchParams) => query.append('state', 'another'),
      (query: URLSearchParams) => query.delete('state'),
      (query: URLSearchParams) => query.delete('code'),
    ]) {
      const who = browser()
      const query = new URLSearchParams(await visitProvider(await begin(who), 'kim'))
      expect(query.get('iss')).toBe(issuer)
      change(query)
      expect(await refusal(await answer(who, query.toString()))).toEqual(failed)
      server.clock.now += MINUTE
    }
  })

  test('is believed under the provider’s signature and for its own nonce', async () => {
    let earlier: unknown
    provider.alter = (path, given) => {
      if (path === '/token') earlier ??= given.id_token
      return path === '/token' ? { ...given, id_token: earlier } : given
    }
    expect((await signIn(browser(), 'kim')).status).toBe(200)
    expect(await refusal(await signIn(browser(), 'kim'))).toEqual(failed)
    provider.alter = (path, given) => {
      if (path !== '/token') return given
      const [head, , signature] = String(given.id_token).split('.')
      const claims = JSON.parse(
        Buffer.from(String(given.id_token).split('.')[1] ?? '', 'base64url').toString(),
      ) as object
      const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'kim' })).toString('base64url')
      return { ...given, id_token: [head, forged, signature].join('.') }
    }
    expect(await refusal(await signIn(browser(), 'mallory'))).toEqual(failed)
  })

  test.each(['cross-site', 'same-site'])('is no other page’s to ask for or hand in: %s', async (site) => {
    const who = browser()
    const headers = { 'sec-fetch-site': site }
    const asked = await who.send('POST', '/api/sign-in', { purpose: 'voter' }, headers)
    expect(await refusal(asked)).toEqual([401, 'unauthorized'])
    const query = await visitProvider(await begin(who), 'kim')
    const given = await who.send('POST', '/api/sign-in/answer', { answer: query }, headers)
    expect(await refusal(given)).toEqual([401, 'unauthorized'])
    expect((await answer(who, query)).status).toBe(200)
  })
})

describe('a mail address', () => {
  const byMail = () => browserAt(signInsWith(provider.settings('email', 'openid email')))

  test('counts if the provider has verified it, in capitals or not', async () => {
    expect((await importing('m1,1,,,Lea@Club.example\n', 'later')).status).toBe(200)
    provider.claims.set('lea', { email: 'lea@club.example', email_verified: true })
    provider.claims.set('mallory', { email: 'lea@club.example', email_verified: false })
    provider.claims.set('trudy', { email: 'lea@club.example' })
    provider.claims.set('oscar', { email: 'lea@club.example', email_verified: 'true' })
    for (const login of ['mallory', 'trudy', 'oscar', 'lea@club.example'])
      expect(await refusal(await signIn(byMail(), login))).toEqual(unknown)
    expect((await signIn(byMail(), 'lea')).status).toBe(200)
  })
})

describe('a provider', () => {
  const unavailable = [503, 'provider-unavailable']
  const signInsFor = (issuer: string) => signInsWith({ ...provider.settings(), issuer })
  const asked = (who: Browser) => who.send('POST', '/api/sign-in', { purpose: 'voter' })

  test('that is down, or says that it is another, is not there; it is asked again each time', async () => {
    const gone = await IdentityProvider.open('https://example.org')
    await gone[Symbol.asyncDispose]()
    const response = await asked(browserAt(signInsFor(gone.issuer)))
    expect(response.headers.get('retry-after')).toBe('30')
    expect(await refusal(response)).toEqual(unavailable)
    const who = browserAt(signInsFor(provider.issuer))
    provider.alter = (_, given) => ({ ...given, issuer: `${provider.issuer}/other` })
    expect(await refusal(await asked(who))).toEqual(unavailable)
    provider.alter = undefined
    expect((await asked(who)).status).toBe(200)
  })

  test('that does not answer is not waited for', async () => {
    const who = browser()
    const query = await visitProvider(await begin(who), 'kim')
    provider.silent = (path) => path === '/token'
    expect(await refusal(await answer(who, query))).toEqual(unavailable)
    provider.silent = undefined
    expect((await signIn(who, 'kim')).status).toBe(200)
  })

  test('is not asked where none is set up', async () => {
    const who = browserAt(undefined)
    expect(await (await who.send('GET', '/api/sign-in')).json()).toEqual({
      ...{ name: null, claim: null, officials: false, voters: false },
    })
    expect(await refusal(await asked(who))).toEqual([404, 'not-found'])
    expect(await refusal(await answer(who, 'code=1'))).toEqual([404, 'not-found'])
  })
})

describe('an official', () => {
  const identify = (by: Browser, id: string, identity: string | null) =>
    by.send('POST', `/api/officials/people/${id}/identity`, { identity })

  test('signs in as whom an owner has said, with no account made by it', async () => {
    for (const who of officials) expect((await who.signIn()).status).toBe(204)
    expect(await refusal(await signIn(browser(), 'ben-at-city', 'official'))).toEqual(unknown)
    expect(await refusal(await identify(reg, 'reg', 'reg-at-city'))).toEqual([403, 'forbidden'])
    expect((await identify(ada, 'ben', 'ben-at-city')).status).toBe(204)
    // Whoever was in as ben is so no longer.
    expect(await refusal(await ben.send('GET', '/api/officials/me'))).toEqual([401, 'unauthorized'])
    expect(await refusal(await identify(ada, 'ada', 'ben-at-city'))).toEqual([409, 'identity-taken'])
    const who = browser()
    const response = await signIn(who, 'ben-at-city', 'official')
    expect(await response.json()).toEqual({ purpose: 'official', ticket: null })
    expect(await who.get('/me')).toMatchObject({ id: 'ben', role: 'owner' })
    const { deeds } = await ada.get<{ deeds: object[] }>('/deeds')
    expect(deeds).toContainEqual(
      expect.objectContaining({ official: 'ada', what: 'identified', detail: 'ben' }),
    )
    expect(deeds[0]).toMatchObject({ official: 'ben', what: 'signed-in', detail: 'Harbour ID' })
    const list = async (by: Browser) => (await by.get<{ officials: AccountView[] }>('')).officials
    expect((await list(ada)).map(({ identity }) => identity)).toEqual([null, 'ben-at-city', null])
    expect((await list(reg)).map(({ identity }) => identity)).toEqual([null, null, null])
  })

  test('is not a voter by it, nor a voter an official', async () => {
    expect(await refusal(await signIn(browser(), 'ben-at-city'))).toEqual(unknown)
    expect(await refusal(await signIn(browser(), 'kim', 'official'))).toEqual(unknown)
  })

  test('gets a new session, whatever session was planted before', async () => {
    const who = browser()
    await signIn(who, 'ben-at-city', 'official')
    const planted = who.cookie
    await signIn(who, 'ben-at-city', 'official')
    expect(who.cookie).toMatch(/^__Host-comitia=[\w-]{43}$/)
    expect(who.cookie).not.toBe(planted)
    const thief = browser()
    thief.cookie = planted
    expect(await refusal(await thief.send('GET', '/api/officials/me'))).toEqual([401, 'unauthorized'])
    // A sign-in that somebody else has begun and planted is over as soon as this browser begins its own.
    const other = browser()
    await begin(other, 'official')
    who.cookie = other.cookie
    const query = await visitProvider(await begin(who, 'official'), 'ben-at-city')
    expect(await refusal(await answer(other, query))).toEqual(failed)
    expect((await answer(who, query)).status).toBe(200)
  })

  test('still signs nothing without the passkey for acts', async () => {
    const who = browser('ben')
    await signIn(who, 'ben-at-city', 'official')
    const proposal = await who.proposal(
      { type: 'create-process', title: 'Mine' },
      'mine',
      browser('eve').acts,
    )
    const response = await who.send('POST', '/api/officials/acts', proposal)
    expect((await refusal(response))[0]).toBe(403)
    expect(server.parts.board.state.processes.has('mine')).toBe(false)
  })

  test('who has not joined, or was removed, does not come in', async () => {
    const newcomer = { id: 'lou', name: 'Lou', role: 'owner' }
    const { code } = await ada.post<{ code: string }>('/invitations', newcomer)
    expect((await identify(ada, 'lou', 'lou-at-city')).status).toBe(204)
    const lou = browser('lou')
    expect(await refusal(await signIn(lou, 'lou-at-city', 'official'))).toEqual(unknown)
    await lou.join(code)
    expect((await signIn(lou, 'lou-at-city', 'official')).status).toBe(200)
    await ada.post('/people/lou/removal')
    expect(await refusal(await signIn(browser(), 'lou-at-city', 'official'))).toEqual(unknown)
    expect(await refusal(await identify(ada, 'lou', 'lou-at-city'))).toEqual([404, 'not-found'])
    expect((await identify(ada, 'ben', null)).status).toBe(204)
    expect(await refusal(await signIn(browser(), 'ben-at-city', 'official'))).toEqual(unknown)
  })
})

test('the server’s log says nothing of who it was', () => {
  expect(server.journal()).toMatch(/"reason":"invalid_grant"/)
  for (const said of ['ben-at-city', 'mallory', 'lea@club', provider.settings().clientSecret])
    expect(server.journal()).not.toContain(said)
})

test('guesses cost their source its next ones', async () => {
  const statuses: number[] = []
  for (let i = 0; i < 25; i++) statuses.push((await answer(browser(), 'code=1')).status)
  expect(statuses).toContain(429)
})
