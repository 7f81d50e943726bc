// P3: words put into somebody's mouth. A deed holds for the text that its author committed to, at the place that they
// meant; whoever reads recomputes that. SPEC 12.2, 12.4.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromHex } from '#crypto/encoding.ts'
import { decodeBase64 } from '#ledger/base64.ts'
import type { Deed } from '#protocol/signal.ts'
import { checkText } from '#protocol/text.ts'
import type { CommentsView } from '#server/participation/comments.ts'
import { Correspondence, OWN } from '../server/correspondence.ts'
import { People, planOf, textOf } from '../tally/people.ts'
import { Scene } from '../tally/scene.ts'

let at: Correspondence
beforeAll(async () => {
  at = await Correspondence.begin(3, { daily: 40 })
})
afterAll(() => at[Symbol.asyncDispose]())

test('under a proof that was made for other words, another stance, another place or another person', () => {
  const scene = new Scene()
  scene.enrol()
  const people = new People(scene, planOf())
  const [pond, swing] = [people.propose(0, 'A pond'), people.propose(0, 'A swing')]
  const deed = { type: 'comment', about: pond, stance: 'for', text: textOf('Yes') } satisfies Deed
  const signal = people.signal(1, deed)
  expect(people.judge(signal)).toBe('accepted')
  const forged: Deed[] = [
    { ...deed, text: textOf('Never') },
    { ...deed, stance: 'against' },
    { ...deed, about: swing },
    { type: 'propose', text: deed.text },
  ]
  for (const other of forged) expect(people.judge({ ...signal, deed: other })).toBe('signal-proof-invalid')
  expect(people.judge({ ...signal, nullifier: people.signal(2, deed).nullifier })).toBe(
    'signal-proof-invalid',
  )
})

test('by a server that shows other words: they do not fit the commitment of the record', async () => {
  const proposal = await at.propose(0, 'A pond')
  await at.comment(1, proposal, 'Yes')
  await at.comment(2, proposal, 'Never')
  const { comments } = await at.get<CommentsView>(`${OWN}/comments?about=${proposal}&before=newest`)
  const shown = comments.map(({ text }) => {
    if (text.text === null || text.key === null) throw new Error('no text')
    return { commitment: fromHex(text.commitment), key: decodeBase64(text.key), words: text.text }
  })
  expect(shown.map(({ words }) => words)).toEqual(['Never', 'Yes'])
  for (const { commitment, words } of shown)
    expect(shown.map(({ key, words: other }) => checkText(commitment, key, other))).toEqual(
      shown.map(({ words: other }) => other === words),
    )
})
