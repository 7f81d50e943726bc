// SPEC 12.11 over HTTP: boxes that are kept before anything is acknowledged, the texts that are read once guardians have opened
// them, across a restart too, and erasure before and after, which leaves nothing anywhere.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { encodeBase64 } from '#ledger/base64.ts'
import { encodeEntry } from '#protocol/entry.ts'
import type { CommentHistory } from '#server/participation/comments.ts'
import { textsIn } from '#server/participation/unsealing.ts'
import type { ProcessView } from '#server/participation/views.ts'
import { unsealedIn } from '#tally/sealed-comments.ts'
import { PROCESS } from '../tally/scene.ts'
import { keyed, Sealing } from '../tally/sealing.ts'
import { attachmentsOf } from '../tally/setup.ts'
import { failures, flip, inspect } from '../tally/verifying.ts'
import { Correspondence, OWN } from './correspondence.ts'
import { actEntry, follow, refusal, stage } from './stage.ts'

const DAY = 86_400_000

let sealing: Sealing
let at: Correspondence
const said = new Map<string, { index: number; box: Uint8Array }>()
beforeAll(async () => {
  sealing = new Sealing(keyed({ weights: [1n, 1n, 1n, 1n] }))
  at = new Correspondence(sealing.people, await stage(sealing.scene, { database: true }))
})
afterAll(() => at[Symbol.asyncDispose]())

const comment = (index: number) => at.get<CommentHistory>(`${OWN}/comments/${index}`)
const boxAt = (index: number) => at.server.app.request(`/api/processes${OWN}/comments/${index}/box`)
const waiting = async () => (await at.get<ProcessView>(OWN)).participation?.sealed?.waiting

async function say(
  person: number,
  text: string,
  { deed, box } = sealing.seal(person, text),
): Promise<number> {
  const index = await at.act(person, deed, { box: encodeBase64(box) })
  said.set(text, { index, box })
  return index
}
function found(text: string): { index: number; box: Uint8Array } {
  const one = said.get(text)
  if (one === undefined) throw new Error('nobody has said that')
  return one
}

test('a comment is taken with its box, which everybody gets and nobody can read', async () => {
  const { deed, box } = sealing.seal(1, 'It stays')
  const signal = sealing.people.signal(1, deed)
  for (const words of [
    {},
    { box: encodeBase64(flip(box)) },
    { text: 'It stays', key: encodeBase64(deed.box) },
  ])
    expect(await refusal(await at.send(signal, words))).toEqual([422, 'attachment-missing'])
  const index = await say(1, 'It stays', { deed, box, writing: { text: '', key: box } })
  expect(await comment(index)).toMatchObject({ sealed: true, stance: null, text: { text: null, key: null } })
  expect(toHex(new Uint8Array(await (await boxAt(index)).arrayBuffer()))).toBe(toHex(box))
  await say(2, 'Gone before')
  await say(3, 'Gone afterwards')
  await say(3, 'Garbled', { ...sealing.garbled(3), writing: { text: '', key: box } })
  expect(await waiting()).toBe(4)
  expect(await at.everything([])).not.toMatch(/It stays|Gone/)
})

test('one that is erased before is gone, box and all', async () => {
  const { index, box } = found('Gone before')
  expect(await at.everything([])).toContain(toHex(box).slice(0, 40))
  await at.act(2, { type: 'erase', target: index })
  expect(await waiting()).toBe(3)
  expect((await boxAt(index)).status).toBe(404)
  expect(await at.everything([])).not.toContain(toHex(box).slice(0, 40))
})

test('guardians open all others together, and each can then be read', async () => {
  const open = (guardian: number) =>
    at.server.post(encodeEntry(sealing.scene.guardianEntry(guardian, sealing.unsealing(guardian))))
  expect(await refusal(await open(1))).toEqual([409, 'too-early'])
  at.server.clock.now += 10 * DAY
  expect((await open(1)).status).toBe(201)
  expect(await waiting()).toBe(3)
  await follow(sealing.scene, at.server.ledger)
  expect((await open(3)).status).toBe(201)
  await follow(sealing.scene, at.server.ledger)
  expect(await waiting()).toBe(0)
  expect((await comment(found('It stays').index)).text.text).toBe('It stays')
  const garbled = await comment(found('Garbled').index)
  expect([garbled.sealed, garbled.text.text]).toEqual([false, null])
  const findings = await inspect(sealing.scene.entries, { attachments: attachmentsOf('signal') })
  expect(failures(findings)).toEqual([])
})

test('what a crash came after is opened at the next start', async () => {
  const { index, box } = found('It stays')
  const { writings } = at.server.parts
  const { text: commitment } = sealing.people.participation.comments.get(index)?.seal ?? { text: box }
  await writings.erase([commitment])
  await writings.keepBox(commitment, sealing.seal(1, 'x').deed.box, box)
  expect((await comment(index)).text.text).toBeNull()
  const hash = sealing.people.participation.comments.get(index)?.seal?.box ?? box
  expect(await writings.keepBox(commitment, hash, box)).toBe(true)
  await textsIn(writings).unseal(unsealedIn(sealing.scene.state, PROCESS))
  expect((await comment(index)).text.text).toBe('It stays')
})

test('one that is erased afterwards is gone too, and the record still verifies', async () => {
  const { index, box } = found('Gone afterwards')
  expect(await at.everything([`/api/processes${OWN}/comments/${index}`])).toContain('Gone afterwards')
  await at.act(3, { type: 'erase', target: index })
  const left = await at.everything([`/api/processes${OWN}/comments/${index}`])
  for (const gone of ['Gone afterwards', toHex(box).slice(0, 40)]) expect(left).not.toContain(gone)
  const findings = await inspect(sealing.scene.entries, { attachments: attachmentsOf('signal') })
  expect(failures(findings)).toEqual([])
})

test('what officials hide cannot be had by its box', async () => {
  const { index: target } = found('It stays')
  expect((await boxAt(target)).status).toBe(200)
  const decision = { decision: 'hide', reason: 'insult', note: { en: 'Read.' } } as const
  await follow(sealing.scene, at.server.ledger)
  const act = actEntry(sealing.scene, at.server, { type: 'moderate', target, earlier: 0, ...decision })
  expect((await at.server.post(act)).status).toBe(201)
  expect((await boxAt(target)).status).toBe(404)
})
