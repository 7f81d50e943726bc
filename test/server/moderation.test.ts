// SPEC 12.7 over HTTP: what is reported waits for moderators, what they hide is shown to nobody else, an appeal is decided by
// another of them, and everybody reads and takes along what was decided.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ActOf } from '#protocol/act.ts'
import type { CommentHistory } from '#server/participation/comments.ts'
import type { ModerationCase, ModerationLog, ModerationQueue } from '#server/participation/moderation.ts'
import type { ProposalView } from '#server/participation/views.ts'
import type { ProposedView } from '#server/officials/acts.ts'
import { PROCESS } from '../tally/scene.ts'
import { committed, Correspondence, OWN, words } from './correspondence.ts'
import { Browser } from './official-browser.ts'
import { follow, refusal } from './stage.ts'

let at: Correspondence
let proposal: number
const [ada, mia, max] = ['ada', 'mia', 'max'].map((name) => new Browser(() => at.server, name)) as [
  Browser,
  Browser,
  Browser,
]

beforeAll(async () => {
  at = await Correspondence.begin(6, { daily: 60 })
  await ada.first(at.server.parts.officials.first ?? '')
  await ada.invite(mia, 'moderator')
  await ada.invite(max, 'moderator')
  await ada.propose(await ada.naming(), 'officials')
  await follow(at.people.scene, at.server.ledger)
  proposal = await at.propose(0, 'A pond')
})
afterAll(() => at[Symbol.asyncDispose]())

const QUEUE = `/processes/${PROCESS}/moderation`
const queue = (who: Browser, after: number | 'oldest' = 'oldest') =>
  who.get<ModerationQueue>(`${QUEUE}?after=${after}`)
const one = (who: Browser, target: number) => who.get<ModerationCase>(`${QUEUE}/${target}`)
const log = () => at.get<ModerationLog>(`${OWN}/moderation?before=newest`)
const history = (index: number) => at.get<CommentHistory>(`${OWN}/comments/${index}`)
const report = (person: number, target: number) =>
  at.act(person, { type: 'report', target, reason: 'insult' })

function decision(target: number, changes: Partial<ActOf<'moderate'>> = {}): ActOf<'moderate'> {
  const { decisions = [] } = at.people.contribution(target).moderation ?? {}
  return {
    ...{ type: 'moderate', target, earlier: decisions.length, decision: 'hide', reason: 'insult' },
    note: { en: '=It is one' },
    ...changes,
  }
}
const restored = { decision: 'restore', reason: 'within-policy', note: { en: 'It is a joke' } } as const
async function decide(who: Browser, act: ActOf<'moderate'>): Promise<number> {
  const { entry, standing } = await who.propose(act, PROCESS)
  expect(standing).toBe('recorded')
  await follow(at.people.scene, at.server.ledger)
  return entry ?? 0
}

test('from report to decision, appeal and decision on it', async () => {
  const comment = await at.comment(1, proposal, 'You fool')
  const since = await report(2, comment)
  await report(3, comment)
  const [waiting] = (await queue(mia)).cases
  expect(waiting).toMatchObject({
    ...{ index: comment, about: proposal, since, earlier: 0, reports: { insult: 2 }, barred: [] },
    ...{ texts: [{ text: 'You fool' }], events: [], standing: null },
  })

  const hidden = await decide(mia, decision(comment))
  expect((await queue(mia)).waiting).toBe(0)
  const shown = await history(comment)
  expect(shown.text).toMatchObject({ text: null, key: null })
  expect(shown.standing).toMatchObject({ index: hidden, decision: 'hide', reason: 'insult', appeal: 'none' })
  const page = await at.server.app.request(`/api/processes${OWN}/comments?about=${proposal}&before=newest`)
  expect(await page.text()).not.toContain('You fool')
  expect((await one(max, comment)).texts).toMatchObject([{ text: 'You fool' }])

  const text = 'It was a joke among friends'
  const appealed = await at.act(1, { type: 'appeal', target: comment, text: committed(text) }, words(text))
  const { cases, appeals } = await queue(max)
  expect(appeals).toBe(1)
  expect(cases).toMatchObject([{ index: comment, since: appealed, barred: ['mia'], appeals: [{ text }] }])
  expect((await history(comment)).standing?.appeal).toBe('waiting')
  const own = decision(comment, restored)
  expect(
    await refusal(await mia.send('POST', '/api/officials/acts', await mia.proposal(own, PROCESS))),
  ).toEqual([403, 'appeal-same-official'])
  const decided = await decide(max, own)
  expect((await history(comment)).text.text).toBe('You fool')
  expect((await history(comment)).standing).toBeNull()

  const { events, next } = await log()
  expect(next).toBeNull()
  expect(events).toMatchObject([
    { index: decided, kind: 'decision', decision: 'restore', officials: [{ id: 'max' }], appeal: appealed },
    { index: appealed, kind: 'appeal', target: comment },
    { index: hidden, kind: 'decision', decision: 'hide', reason: 'insult', reports: 2, appeal: null },
  ])
  expect(JSON.stringify(events)).not.toContain('among friends')
})

test('the log is there to be taken along, as data and as a table that no spreadsheet calculates', async () => {
  const { events } = await at.get<{ events: { index: number }[] }>(`${OWN}/moderation.json`)
  expect(events.map(({ index }) => index)).toEqual([...at.people.participation.moderation.keys()])
  const response = await at.server.app.request(`/api/processes${OWN}/moderation.csv`)
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  const [heading, first = ''] = (await response.text()).split('\r\n')
  expect(heading).toBe('entry,time,kind,target,decision,reason,note,officials,reports,appeal')
  expect(first).toMatch(/^\d+,20\d\d-[^,]*Z,decision,\d+,hide,insult,en: =It is one,mia,2,$/)
})

test('a hidden proposal is shown without its words, its numbers stay', async () => {
  const index = await at.propose(4, 'Down with them')
  await at.act(5, { type: 'support', proposal: index, on: true })
  await decide(mia, decision(index))
  const view = await at.get<ProposalView>(`${OWN}/proposals/${index}`)
  expect(view).toMatchObject({
    support: 1,
    texts: [{ text: null, key: null }],
    standing: { decision: 'hide' },
  })
})

test('what waits longest comes first, a page at a time', async () => {
  const reported: number[] = []
  for (let i = 0; i < 25; i++) {
    const comment = await at.comment(4, proposal, `Insult ${i}`)
    await report(5, comment)
    reported.push(comment)
  }
  const first = await queue(mia)
  const second = await queue(mia, first.next ?? 0)
  expect([first.waiting, first.cases.length, second.next]).toEqual([25, 20, null])
  expect([...first.cases, ...second.cases].map(({ index }) => index)).toEqual(reported)
})

test('moderators see of officials’ acts what they may sign', async () => {
  const { acts } = await mia.get<{ acts: ProposedView[] }>('/acts')
  expect(new Set(acts.map(({ proposer }) => proposer))).toEqual(new Set(['mia', 'max']))
  expect((await ada.get<{ acts: ProposedView[] }>('/acts')).acts.length).toBeGreaterThan(acts.length)
})

test('what officials erase by law is gone', async () => {
  const comment = await at.comment(3, proposal, 'Something unlawful')
  const note = { en: 'A court has said so.' }
  const { standing } = await ada.propose(
    { type: 'erase-text', target: comment, reason: 'unlawful', note },
    PROCESS,
  )
  expect(standing).toBe('recorded')
  await follow(at.people.scene, at.server.ledger)
  expect(await at.server.parts.writings.has(committed('Something unlawful'))).toBe(false)
  expect((await history(comment)).text.text).toBeNull()
  expect((await log()).events[0]).toMatchObject({ kind: 'erasure', target: comment, reason: 'unlawful' })
})
