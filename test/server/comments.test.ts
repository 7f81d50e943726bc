// SPEC 12.5, 12.6 over HTTP: threads a page at a time with their numbers, a comment's history, and erasure, after which the
// text is nowhere that the server writes to, while the record still verifies.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fromHex } from '#crypto/encoding.ts'
import { decodeBase64 } from '#ledger/base64.ts'
import type { Deed } from '#protocol/signal.ts'
import { checkText } from '#protocol/text.ts'
import { clear } from '#server/participation/clearing.ts'
import type { CommentHistory, CommentsView } from '#server/participation/comments.ts'
import type { ProcessView, ProposalView } from '#server/participation/views.ts'
import { attachmentsOf } from '../tally/setup.ts'
import { failures, inspect } from '../tally/verifying.ts'
import { committed, Correspondence, OWN, words } from './correspondence.ts'
import type { AccountabilityView } from '#server/accountability/views.ts'
import { promiseOf } from '../tally/promises.ts'
import { actEntry, follow, refusal } from './stage.ts'

let at: Correspondence
let proposal: number
beforeAll(async () => {
  at = await Correspondence.begin(4, { daily: 40 })
  proposal = await at.propose(0, 'A pond')
})
afterAll(() => at[Symbol.asyncDispose]())

const about = (index: number, before: number | 'newest' = 'newest') =>
  at.get<CommentsView>(`${OWN}/comments?about=${index}&before=${before}`)
const history = (index: number) => at.get<CommentHistory>(`${OWN}/comments/${index}`)
const erase = (target: number): Deed => ({ type: 'erase', target })

describe('a thread', () => {
  test('is shown a page at a time, the newest first, each comment once, with the numbers of what is below it', async () => {
    const own: number[] = []
    for (let i = 0; i < 25; i++) own.push(await at.comment(1, proposal, `Comment ${i}`, 'for'))
    const reply = await at.comment(2, own[3] ?? 0, 'How?', 'question')
    await at.comment(3, reply, 'Like so')
    const first = await about(proposal)
    // One that comes in between moves nothing.
    const late = await at.comment(3, proposal, 'Late', 'against')
    const second = await about(proposal, first.next ?? 0)
    const seen = [...first.comments, ...second.comments]
    expect(seen.map(({ index }) => index)).toEqual(own.toReversed())
    expect([first.comments.length, second.next]).toEqual([20, null])
    expect(seen.every(({ text }) => text.text?.startsWith('Comment'))).toBe(true)
    expect(seen.find(({ index }) => index === own[3])).toMatchObject({
      ...{ about: proposal, root: proposal, depth: 1, stance: 'for', edits: 0, erased: null },
      ...{ stances: { for: 0, against: 0, question: 1, remark: 0 }, thread: 2 },
    })
    expect((await about(reply)).comments).toMatchObject([
      { about: reply, root: proposal, kind: 'proposal', depth: 3 },
    ])
    expect((await about(proposal)).comments[0]?.index).toBe(late)
    const view = await at.get<ProposalView>(`${OWN}/proposals/${proposal}`)
    expect(view).toMatchObject({ stances: { for: 25, against: 1, question: 0, remark: 0 }, thread: 28 })
    expect((await at.get<ProcessView>(OWN)).participation).toMatchObject({ proposals: 1, comments: 28 })
  })

  test('that is not there', async () => {
    for (const path of ['comments?about=1&before=newest', 'comments/1', `comments/${proposal}`])
      expect(await refusal(await at.server.app.request(`/api/processes${OWN}/${path}`))).toEqual([
        404,
        'not-found',
      ])
  })
})

test('what officials promise has comments as a proposal has', async () => {
  const { scene } = at.people
  const [asked] = [await at.propose(0, 'A path')]
  const acts = [
    {
      ...({ type: 'answer-proposal', proposal: asked, decision: 'adopted' } as const),
      ...{ office: { en: 'Parks' }, reasons: { en: 'Good.' } },
    },
    promiseOf({ proposal: asked }),
  ]
  for (const act of acts) expect((await at.server.post(actEntry(scene, at.server, act))).status).toBe(201)
  await follow(scene, at.server.ledger)
  const promise = scene.entries.length - 1
  expect(await about(promise)).toEqual({ comments: [], next: null })
  const index = await at.comment(1, promise, 'By when?', 'question')
  await at.comment(2, index, 'In May')
  expect((await about(promise)).comments).toMatchObject([
    { index, about: promise, root: promise, kind: 'document', depth: 1, thread: 1 },
  ])
  expect((await history(index)).kind).toBe('document')
  expect((await at.get<AccountabilityView>(`${OWN}/accountability`)).promises).toMatchObject([{ thread: 2 }])
})

test('a comment keeps its earlier texts', async () => {
  const index = await at.comment(2, proposal, 'Good')
  await at.edit(2, index, 'Better')
  await at.edit(2, index, 'Best')
  const view = await history(index)
  expect(view.edits).toBe(2)
  for (const { commitment, key, text } of [...view.earlier, view.text])
    expect(checkText(fromHex(commitment), decodeBase64(key ?? ''), text ?? '')).toBe(true)
  expect([...view.earlier, view.text].map(({ text }) => text)).toEqual(['Good', 'Better', 'Best'])
})

test('a comment may have 4,000 characters, and no more', async () => {
  await at.comment(2, proposal, 'x'.repeat(4000))
  const signal = at.people.signal(2, {
    ...{ type: 'comment', about: proposal, stance: 'remark', text: committed('x'.repeat(4001)) },
  })
  expect(await refusal(await at.send(signal, words('x'.repeat(4001))))).toEqual([400, 'malformed'])
})

describe('erasure', () => {
  const everything = () => at.everything([`/api/processes${OWN}/comments?about=${proposal}&before=newest`])

  test('takes a comment’s texts and keys from the database, from dumps of it, and from what is shown', async () => {
    const index = await at.comment(3, proposal, 'I live in Elm Street')
    await at.edit(3, index, 'I live in Oak Street')
    const both = ['I live in Elm Street', 'I live in Oak Street'].map(committed)
    const before = await everything()
    for (const found of ['Elm Street', 'Oak Street']) expect(before).toContain(found)
    expect((await at.server.parts.writings.of(both)).size).toBe(2)
    const reply = await at.comment(2, index, 'Do you?')
    const erased = await at.act(3, erase(index))

    const after = await everything()
    for (const gone of ['Elm Street', 'Oak Street']) expect(after).not.toContain(gone)
    expect((await at.server.parts.writings.of(both)).size).toBe(0)
    expect(after).toContain('Do you?')
    const tombstone = await history(index)
    expect(tombstone).toMatchObject({ erased: { index: erased }, thread: 1 })
    for (const { text, key } of [tombstone.text, ...tombstone.earlier])
      expect([text, key]).toEqual([null, null])
    expect((await about(index)).comments.map((one) => one.index)).toEqual([reply])
    const findings = await inspect(at.people.scene.entries, { attachments: attachmentsOf('signal') })
    expect(failures(findings)).toEqual([])
  })

  test('takes all texts of a proposal', async () => {
    const index = await at.propose(3, 'A tower for Jane Doe')
    const revised = { type: 'revise', proposal: index, text: committed('A tower for her') } as const
    await at.act(3, revised, words('A tower for her'))
    expect(await everything()).toContain('Jane Doe')
    await at.act(3, erase(index))
    const after = await everything()
    for (const gone of ['Jane Doe', 'A tower']) expect(after).not.toContain(gone)
    const view = await at.get<ProposalView>(`${OWN}/proposals/${index}`)
    expect(view.texts.map(({ text, key }) => [text, key])).toEqual([
      [null, null],
      [null, null],
    ])
  })

  test('of somebody else’s words is refused, however it is sent', async () => {
    const index = await at.comment(1, proposal, 'Mine')
    const foreign = at.people.signal(2, erase(index))
    expect(await refusal(await at.send(foreign))).toEqual([403, 'signal-not-theirs'])
    expect(await refusal(await at.server.post(at.people.entry(foreign)))).toEqual([403, 'signal-not-theirs'])
    expect((await history(index)).text.text).toBe('Mine')
    const own = at.people.signal(1, erase(index))
    expect((await at.server.post(at.people.entry(own))).status).toBe(201)
    at.people.send(own)
    expect((await history(index)).text.text).toBeNull()
  })

  test('cannot be undone by sending the text again', async () => {
    const index = await at.comment(1, proposal, 'Once more')
    await at.act(1, erase(index))
    const again: Deed = { type: 'comment', about: proposal, stance: 'remark', text: committed('Once more') }
    const sent = at.send(at.people.signal(2, again), words('Once more'))
    expect(await refusal(await sent)).toEqual([409, 'text-recorded'])
    expect(await everything()).not.toContain('Once more')
  })
})

test('what the record does not keep is cleared away once it is old enough', async () => {
  const { parts, clock } = at.server
  const index = await at.comment(1, proposal, 'It stays')
  await parts.writings.keep(committed('Never recorded'), {
    key: new Uint8Array(32).fill(7),
    text: 'Never recorded',
  })
  expect(await parts.writings.has(committed('Never recorded'))).toBe(true)
  const looked = await clear(parts, 0)
  expect(await parts.writings.has(committed('Never recorded'))).toBe(true)
  clock.now += 3_600_000
  await clear(parts, looked)
  expect(await parts.writings.has(committed('Never recorded'))).toBe(false)
  expect((await history(index)).text.text).toBe('It stays')
})
