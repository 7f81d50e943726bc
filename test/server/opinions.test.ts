// SPEC 12.8 over HTTP: a statement is read by nobody but moderators until they let it through; opinions are counted; the files are
// those of Polis, from which the map follows.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromHex, toHex } from '#crypto/encoding.ts'
import { encodeField } from '#crypto/babyjubjub.ts'
import { decodeBase64 } from '#ledger/base64.ts'
import { seedName } from '#protocol/opinion.ts'
import { LONGEST_STATEMENT } from '#protocol/position.ts'
import { checkText } from '#protocol/text.ts'
import type { ModerationQueue } from '#server/participation/moderation.ts'
import type { StatementsView } from '#server/participation/statements.ts'
import { parsePolisComments, parsePolisVotes } from '#tally/formats/polis.ts'
import { pictureFile, pictureOf } from '#tally/opinion/file.ts'
import { PROCESS } from '../tally/scene.ts'
import { committed, Correspondence, OWN, words } from './correspondence.ts'
import { Browser } from './official-browser.ts'
import { follow, refusal } from './stage.ts'

const FROGS = { en: 'Frogs need a pond', fi: 'Sammakot tarvitsevat lammen' }
const NAME = seedName(FROGS)

let at: Correspondence
const [ada, mia] = ['ada', 'mia'].map((name) => new Browser(() => at.server, name)) as [Browser, Browser]
beforeAll(async () => {
  at = await Correspondence.begin(6, { daily: 40 })
  await ada.first(at.server.parts.officials.first ?? '')
  await ada.invite(mia, 'moderator')
  await ada.propose(await ada.naming(), 'officials')
  await follow(at.people.scene, at.server.ledger)
})
afterAll(() => at[Symbol.asyncDispose]())

const list = (before: number | 'newest' = 'newest') =>
  at.get<StatementsView>(`${OWN}/statements?before=${before}`)
const file = async (path: string) => {
  const response = await at.server.app.request(`/api/processes${OWN}/${path}`)
  expect(response.status).toBe(200)
  return response.text()
}
const state = (person: number, text: string) =>
  at.act(person, { type: 'statement', text: committed(text) }, words(text))
const opine = (person: number, statement: Uint8Array, position: 'agree' | 'disagree' | 'pass') =>
  at.act(person, { type: 'opinion', statement, position })
async function decide(target: number, decision: 'hide' | 'restore'): Promise<void> {
  const reason = decision === 'restore' ? 'within-policy' : 'insult'
  const act = { type: 'moderate', target, earlier: 0, decision, reason, note: { en: 'Read.' } } as const
  expect((await mia.propose(act, PROCESS)).standing).toBe('recorded')
  await follow(at.people.scene, at.server.ledger)
}

test('from statements to opinions to files', async () => {
  await ada.propose({ type: 'seed-statements', statements: [FROGS] }, PROCESS)
  await follow(at.people.scene, at.server.ledger)
  const [kept, turnedDown] = [await state(1, '=Trees give shade'), await state(2, 'You fools')]
  expect(await list()).toMatchObject({
    ...{ waiting: 2, next: null },
    statements: [
      { number: 2, stands: false, said: { text: { text: null, key: null } } },
      { number: 1, stands: false, said: { index: kept, text: { text: null } } },
      { number: 0, stands: true, name: toHex(NAME), seed: FROGS, said: null },
    ],
  })
  const queue = await mia.get<ModerationQueue>(`/processes/${PROCESS}/moderation?after=oldest`)
  expect(queue.cases).toMatchObject([
    { index: kept, kind: 'statement', texts: [{ text: '=Trees give shade' }], about: null },
    { index: turnedDown, kind: 'statement', texts: [{ text: 'You fools' }] },
  ])
  await decide(kept, 'restore')
  await decide(turnedDown, 'hide')

  const { statements, waiting } = await list()
  expect(waiting).toBe(0)
  const [hidden, said] = statements
  expect(hidden).toMatchObject({ stands: false, said: { text: { text: null, key: null } } })
  expect(said).toMatchObject({ stands: true, said: { text: { text: '=Trees give shade' } } })
  const { commitment = '', key, text } = said?.said?.text ?? {}
  expect(said?.name).toBe(commitment)
  expect(checkText(fromHex(commitment), decodeBase64(key ?? ''), text ?? '')).toBe(true)
  expect(await file('statements?before=newest')).not.toContain('fools')

  const trees = fromHex(commitment)
  await opine(0, NAME, 'agree')
  await opine(0, trees, 'agree')
  await opine(1, NAME, 'disagree')
  await opine(0, NAME, 'pass')
  expect((await list()).statements.at(-1)).toMatchObject({ agree: 0, disagree: 1, pass: 1 })
  const signal = at.people.signal(0, { type: 'opinion', statement: trees, position: 'pass' })
  const own = toHex(encodeField(signal.nullifier))
  expect(await at.get(`${OWN}/statements/${toHex(NAME)}/thinkers/${own}`)).toEqual({
    entries: 3,
    position: 'pass',
  })
  const nobody = '0'.repeat(63) + '1'
  expect(await at.get(`${OWN}/statements/${toHex(NAME)}/thinkers/${nobody}`)).toEqual({
    entries: 0,
    position: null,
  })

  const votes = await file('opinions/votes.csv')
  expect(parsePolisVotes(votes).map(({ statement, person, stance }) => [statement, person, stance])).toEqual([
    [0, 0, 1],
    [1, 0, 1],
    [0, 1, -1],
    [0, 0, 0],
  ])
  expect((await file('opinions/participants-votes.csv')).split('\r\n').slice(0, 3)).toEqual([
    'participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1',
    '0,,,2,1,0,0,1',
    '1,,,1,0,1,-1,',
  ])
  const comments = await file('fi/opinions/comments.csv')
  expect(comments.split('\r\n').map((line) => line.split(',').slice(4).join())).toEqual([
    'agrees,disagrees,moderated,comment-body',
    '0,1,1,Sammakot tarvitsevat lammen',
    "1,0,1,'=Trees give shade",
    '0,0,-1,',
    '',
  ])
  expect(parsePolisComments(comments)).toEqual(['Sammakot tarvitsevat lammen', '=Trees give shade'])
})

test('what is hidden later goes from the map, and the command line makes the same map of the file', async () => {
  const text = 'Swings are loud'
  await decide(await state(3, text), 'restore')
  await opine(3, committed(text), 'agree')
  const before = await file('opinions/votes.csv')
  expect(parsePolisVotes(before).some(({ statement }) => statement === 3)).toBe(true)
  const [swings] = (await list()).statements
  await at.act(3, { type: 'erase', target: swings?.index ?? 0 })
  const after = await file('opinions/votes.csv')
  expect(parsePolisVotes(after)).toHaveLength(4)

  const folder = mkdtempSync(join(tmpdir(), 'comitia-opinions-'))
  try {
    writeFileSync(join(folder, 'votes.csv'), after)
    const made = execFileSync(process.execPath, [
      'cli/main.ts',
      'opinions',
      join(folder, 'votes.csv'),
      '--json',
    ])
    expect(made.toString()).toBe(pictureFile(pictureOf(parsePolisVotes(after))))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a statement is short', async () => {
  const long = 'x'.repeat(LONGEST_STATEMENT + 1)
  const signal = at.people.signal(4, { type: 'statement', text: committed(long) })
  expect(await refusal(await at.send(signal, words(long)))).toEqual([400, 'malformed'])
})

test('what is not there', async () => {
  const nobody = '0'.repeat(64)
  for (const path of [`${OWN}/statements/${nobody}/thinkers/${nobody}`, '/town/statements?before=newest'])
    expect(await refusal(await at.server.app.request(`/api/processes${path}`))).toEqual([404, 'not-found'])
})
