// SPEC 12 over HTTP: a proposal with its text, support, pages of proposals; texts that are not what was committed to, or
// missing, are refused, and nothing else of a signal depends on who asks.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fromHex, toHex } from '#crypto/encoding.ts'
import { encodeField } from '#crypto/babyjubjub.ts'
import { decodeBase64, encodeBase64 } from '#ledger/base64.ts'
import type { Act } from '#protocol/act.ts'
import { encodeEntry } from '#protocol/entry.ts'
import type { Deed, Signal } from '#protocol/signal.ts'
import { checkText } from '#protocol/text.ts'
import type { ProcessView, ProposalView } from '#server/participation/views.ts'
import { assessmentOf, electionOf } from '../tally/assessing.ts'
import type { People } from '../tally/people.ts'
import { ELECTION, PROCESS } from '../tally/scene.ts'
import { committed, Correspondence, words } from './correspondence.ts'
import { actEntry, refusal, type Stage } from './stage.ts'

let at: Correspondence
let people: People
let server: Stage

beforeAll(async () => {
  at = await Correspondence.begin(30)
  ;({ people, server } = at)
})
afterAll(() => at[Symbol.asyncDispose]())

const get = <T>(path: string) => at.get<T>(path)
const send = (signal: Signal, said = {}) => at.send(signal, said)
const done = (person: number, deed: Deed, said = {}) => at.act(person, deed, said)
const proposing = (text: string): Deed => ({ type: 'propose', text: committed(text) })

describe('a proposal', () => {
  test('is shown with the text that it commits to, and gathers support', async () => {
    const index = await done(0, proposing('A pond\n\nBeside the oak.'), words('A pond\n\nBeside the oak.'))
    await done(1, { type: 'support', proposal: index, on: true })
    await done(2, { type: 'support', proposal: index, on: true })
    const view = await get<ProposalView>(`/${PROCESS}/proposals/${index}`)
    expect(view).toMatchObject({ index, support: 2, withdrawn: null, answer: null })
    expect(view.reached?.due).toBe((view.reached?.time ?? 0) + 30 * 86_400_000)
    const [{ text, key, commitment } = { text: null, key: null, commitment: '' }] = view.texts
    expect(checkText(fromHex(commitment), decodeBase64(key ?? ''), text ?? '')).toBe(true)
    const own = [...people.proposal(index).supporters.keys()].map((n) => toHex(encodeField(n)))
    expect(await get(`/${PROCESS}/proposals/${index}/supporters/${own[0] ?? ''}`)).toEqual({
      entries: 1,
      on: true,
    })
    expect(await get(`/${PROCESS}/voices/${view.author}`)).toEqual({ entries: 1 })
  })

  test('is not recorded without its text, or with another', async () => {
    const signal = people.signal(3, proposing('Benches'))
    const before = server.ledger.size
    expect(await refusal(await send(signal))).toEqual([422, 'attachment-missing'])
    expect(await refusal(await send(signal, words('Beaches')))).toEqual([422, 'attachment-missing'])
    const other = { text: 'Benches', key: encodeBase64(new Uint8Array(32)) }
    expect(await refusal(await send(signal, other))).toEqual([422, 'attachment-missing'])
    expect(await refusal(await server.post(people.entry(signal)))).toEqual([422, 'attachment-missing'])
    expect(server.ledger.size).toBe(before)
    expect((await send(signal, words('Benches'))).status).toBe(201)
    people.send(signal)
  })

  test('sent again in the same bytes, or with another proof, keeps its place', async () => {
    const signal = people.signal(4, proposing('A hedge'))
    const first = await send(signal, words('A hedge'))
    const again = await send(signal, words('A hedge'))
    const anew = await send({ ...signal, proof: people.proof(signal) }, words('A hedge'))
    expect([first, again, anew].map(({ status }) => status)).toEqual([201, 200, 200])
    const places = await Promise.all(
      [first, again, anew].map((one) => one.json() as Promise<{ index: number }>),
    )
    expect(new Set(places.map(({ index }) => index)).size).toBe(1)
    people.send(signal)
  })

  test('with a bad proof is refused, and its text is not kept', async () => {
    const signal = people.signal(5, proposing('A secret'))
    const forged = { ...signal, proof: new Uint8Array(256) }
    expect(await refusal(await send(forged, words('A secret')))).toEqual([422, 'signal-proof-invalid'])
    expect(await refusal(await send(signal))).toEqual([422, 'attachment-missing'])
  })
})

test('pages of proposals, the newest first, each once', async () => {
  for (let person = 6; person < 30; person++) {
    const text = `Idea ${person}`
    await done(person, proposing(text), words(text))
  }
  const seen: number[] = []
  for (let before: number | 'newest' | null = 'newest'; before !== null;) {
    const page: { proposals: ProposalView[]; next: number | null } = await get(
      `/${PROCESS}/proposals?before=${before}`,
    )
    expect(page.proposals.length).toBeLessThanOrEqual(20)
    expect(page.proposals.every(({ texts }) => texts.every(({ text }) => text !== null))).toBe(true)
    seen.push(...page.proposals.map(({ index }) => index))
    before = page.next
  }
  expect(seen).toEqual([...people.participation.proposals.keys()].reverse())
})

test('the process says what it is for and who takes part', async () => {
  const process = await get<ProcessView>(`/${PROCESS}`)
  expect(process).toMatchObject({
    ...{ process: PROCESS, title: 'City' },
    plan: { earlier: 0, purpose: { en: 'What shall the park become?' }, phases: [{}, {}] },
    participation: { roll: 'residents', eligible: 30, threshold: 2, setup: { circuit: 'signal' } },
  })
  expect((await get<{ processes: ProcessView[] }>('')).processes).toEqual([process])
})

test('what is not there', async () => {
  const paths = ['nowhere', 'nowhere/proposals?before=newest', `${PROCESS}/proposals/0`]
  for (const path of paths)
    expect(await refusal(await server.app.request(`/api/processes/${path}`))).toEqual([404, 'not-found'])
  const act = encodeBase64(encodeEntry(['time', 5]))
  const request = { method: 'POST', headers: { 'content-type': 'application/json' } }
  const other = await server.app.request('/api/signals', { ...request, body: JSON.stringify({ entry: act }) })
  expect(await refusal(other)).toEqual([403, 'not-expected-here'])
  const junk = await server.app.request('/api/signals', { ...request, body: JSON.stringify({ entry: '?' }) })
  expect(await refusal(junk)).toEqual([400, 'malformed'])
})

describe('files to follow', () => {
  const file = async (name: string): Promise<string> => {
    const response = await server.app.request(`/api/processes/${PROCESS}/fi/${name}`)
    expect(response.status).toBe(200)
    return response.text()
  }
  test('a feed has the newest first, each with an address that stays, and words that are no markup', async () => {
    const text = '<script>alert(1)</script> & ]]> a "pond"'
    const index = await done(0, proposing(text), words(text))
    const response = await server.app.request(`/api/processes/${PROCESS}/en/feed.atom`)
    expect(response.headers.get('content-type')).toMatch(/^application\/atom\+xml/)
    expect(Date.parse(response.headers.get('last-modified') ?? '')).toBeGreaterThan(0)
    const feed = await response.text()
    const ids = [...feed.matchAll(/<entry>.*?<id>[^<]*\/record\/(\d+)<\/id>/gs)].map(([, id]) => Number(id))
    expect(ids[0]).toBe(index)
    expect(ids).toEqual([...ids].sort((a, b) => b - a))
    expect(feed).toContain('Proposed: &lt;script&gt;alert(1)&lt;/script&gt; &amp; ]]&gt; a "pond"')
    expect(feed).not.toContain('<script')
    expect(feed).toContain(`/processes/${PROCESS}/proposals/${index}`)
    expect(await file('feed.atom')).toContain('Ehdotettu: ')
  })

  test('a calendar has the phases', async () => {
    const calendar = await file('calendar.ics')
    expect(calendar.match(/^BEGIN:VEVENT\r?$/gm)).toHaveLength(2)
    expect(calendar).toMatch(new RegExp(`^UID:phase-0\\.${PROCESS}@`, 'm'))
    expect(await file('calendar.ics')).toBe(calendar)
  })

  test('a table has all proposals, and no formulas', async () => {
    const text = '=1+1'
    await done(1, proposing(text), words(text))
    const [head = '', ...rows] = (await file('proposals.csv')).trim().split('\r\n')
    expect(head.split(',').slice(0, 4)).toEqual(['entry', 'proposed_at', 'author', 'text'])
    expect(rows).toHaveLength(people.participation.proposals.size)
    expect(rows.at(-1)).toContain(",'=1+1,0,")
  })

  test('what officials found of a proposal, and the option that it became', async () => {
    const index = await done(2, proposing('Shade'), words('Shade'))
    const act = async (one: Act) => {
      expect((await server.post(actEntry(people.scene, server, one))).status).toBe(201)
      people.scene.act(one)
    }
    await act(assessmentOf(index, undefined))
    await act(assessmentOf(index, 5n))
    await act(electionOf(people.scene, [index]))
    const view = await get<ProposalView>(`/${PROCESS}/proposals/${index}`)
    expect(view.assessments.map(({ finding }) => finding)).toEqual([
      { kind: 'not-feasible', reasons: { en: 'No room.' } },
      expect.objectContaining({ kind: 'feasible', cost: { amount: '5', currency: 'EUR' } }),
    ])
    expect(view.projects).toEqual([
      {
        ...{ process: PROCESS, election: ELECTION, contest: 0, option: 0, practice: false },
        ...{ title: { en: 'Which?' }, outcome: 'none-yet' },
      },
    ])
    const row = (await file('proposals.csv')).split('\r\n').find((one) => one.startsWith(`${index},`))
    expect(row).toMatch(/,feasible,5,EUR,A pond of an acre\.,city\/budget\/1\/1,,,$/)
    const feed = await file('feed.atom')
    expect(feed.match(/Arvioitu: Shade/g)).toHaveLength(2)
    expect(feed).toContain('A pond of an acre.')
    expect(feed).toContain('No room.')
  })
})
