// SPEC 12.12 over HTTP: somebody introduces themselves with a proof of who on the roll they are, officials compare, and everybody
// reads words under the name, until it is erased and nowhere any more.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeField } from '#crypto/babyjubjub.ts'
import { bigintToBytes, fromHex, toHex } from '#crypto/encoding.ts'
import { decodeBase64, encodeBase64 } from '#ledger/base64.ts'
import { checkText } from '#protocol/text.ts'
import { dumpTables } from '#server/data/dump.ts'
import { heldOf } from '#server/data/holdings.ts'
import { introduction as table } from '#server/data/schema.ts'
import type { CommentsView } from '#server/participation/comments.ts'
import type { NameCase, NameQueue, SpeakersView } from '#server/participation/names.ts'
import { PROCESS } from '../tally/scene.ts'
import { committed, Correspondence, OWN, words } from './correspondence.ts'
import { asked, credentialOf, introduced, introduction, register, send, shown } from './naming.ts'
import { Browser } from './official-browser.ts'
import { follow, refusal } from './stage.ts'

const NAMES = `/processes/${PROCESS}/names`
const ROWS = ['Anna Virtanen 1234', 'Row 5678', 'Bo Ek', 'Änna Virtanen 4321']

let at: Correspondence
let proposal: number
let dumps = 0
const folder = mkdtempSync(join(tmpdir(), 'comitia-names-'))
const [ada, reg, mia, eve] = ['ada', 'reg', 'mia', 'eve'].map(
  (name) => new Browser(() => at.server, name),
) as [Browser, Browser, Browser, Browser]
beforeAll(async () => {
  at = await Correspondence.begin(6, { daily: 40 })
  await register(at.server, at.people, ROWS)
  await ada.first(at.server.parts.officials.first ?? '')
  await ada.invite(reg, 'registrar')
  await ada.invite(mia, 'moderator')
  await ada.invite(eve, 'auditor')
  await ada.propose(await ada.naming(), 'officials')
  await follow(at.people.scene, at.server.ledger)
  proposal = await at.propose(0, 'A pond')
})
afterAll(async () => {
  await at[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const speakers = async () => (await at.get<SpeakersView>(`${OWN}/speakers`)).speakers
const comments = async () =>
  (await at.get<CommentsView>(`${OWN}/comments?about=${proposal}&before=newest`)).comments
const found = (introduction: number, holds = true, number = 1) =>
  ({ type: 'vouch-name', introduction, holds, number: holds ? number : 0 }) as const
async function vouch(introduction: number, holds = true, number = 1): Promise<void> {
  expect((await reg.propose(found(introduction, holds, number), PROCESS)).standing).toBe('recorded')
  await follow(at.people.scene, at.server.ledger)
}
const say = (person: number, text: string) =>
  at.act(
    person,
    { type: 'comment', about: proposal, stance: 'for', text: committed(text), as: 'speaker' },
    words(text),
  )
const everything = async (): Promise<string> => {
  const path = join(folder, `${++dumps}.jsonl`)
  await dumpTables(at.server.parts.database, path, () => Promise.resolve())
  const answers = [
    '/api/record',
    ...['speakers', `comments?about=${proposal}&before=newest`, 'en/proposals.csv'].map(
      (one) => `/api/processes${OWN}/${one}`,
    ),
  ]
  const bodies = await Promise.all(
    answers.map(async (one) =>
      Buffer.from(await (await at.server.app.request(one)).arrayBuffer()).toString(),
    ),
  )
  return [readFileSync(path, 'utf8'), ...bodies, at.server.journal()].join('\n')
}

describe('who introduces themselves shows who they are', () => {
  test('with their own credential and no other', async () => {
    const { people, server } = at
    const [own, other] = [0, 1].map((i) => credentialOf(people, i)) as [bigint, bigint]
    const signal = introduction(people, 0, 'Anna Virtanen')
    const name = (credential: bigint) => toHex(bigintToBytes(credential, 32))
    const refused: [Record<string, unknown>, [number, string]][] = [
      // A proof that another credential made the signal cannot be made; one of one's own is not of the other.
      [{ commitment: name(other) }, [422, 'signal-proof-invalid']],
      [
        {
          proof: encodeBase64(shown(people, introduction(people, 1, 'Bo Ek'), other)),
          commitment: name(other),
        },
        [422, 'signal-proof-invalid'],
      ],
      [
        { proof: encodeBase64(shown(people, introduction(people, 0, 'Bo Ek'), own)) },
        [422, 'signal-proof-invalid'],
      ],
      // The one on the record is of the whole roll.
      [{ proof: encodeBase64(signal.proof) }, [422, 'signal-proof-invalid']],
      [{ commitment: name(7n) }, [409, 'credential-unknown']],
      [{ proof: undefined }, [400, 'malformed']],
    ]
    for (const [changes, why] of refused)
      expect(await refusal(await send(server, asked(people, 0, 'Anna Virtanen', changes)))).toEqual(why)
    // Somebody on the roll whom the register here does not have.
    expect(await refusal(await send(server, asked(people, 5, 'Jane Doe')))).toEqual([403, 'not-shown'])
    expect(await speakers()).toEqual([])
    expect(await server.parts.database.orm.select().from(table)).toEqual([])
  })

  test('by no other way in', async () => {
    const signal = introduction(at.people, 0, 'Anna Virtanen')
    expect(await refusal(await at.send(signal, words('Anna Virtanen')))).toEqual([403, 'not-shown'])
    const posted = await at.server.post(at.people.entry(signal))
    expect(await refusal(posted)).toEqual([422, 'attachment-missing'])
    const other = asked(at.people, 0, 'Anna Virtanen', {
      entry: encodeBase64(at.people.entry(at.people.signal(0, { type: 'withdraw', proposal }))),
    })
    expect(await refusal(await send(at.server, other))).toEqual([403, 'not-expected-here'])
  })

  test.each(['Anna \u0421\u043e\u0441\u043e', 'Anna Virtanen (2)', 'Anna \u202enenatriV', '✓ Anna', 'A', ''])(
    'and not as %j',
    async (name) => {
      const [, code] = await refusal(await send(at.server, asked(at.people, 0, name)))
      expect(['name-invalid', 'malformed']).toContain(code)
    },
  )
})

test('from a name to words under it', async () => {
  const anna = await introduced(at.server, at.people, 0, 'Anna Virtanen')
  // The same again, as after a lost connection.
  const bo = await introduced(at.server, at.people, 2, 'Bo Ek')
  const queue = await reg.get<NameQueue>(`${NAMES}?after=oldest`)
  expect(queue).toMatchObject({
    ...{ waiting: 2, next: null },
    names: [
      {
        ...{ index: anna, standing: 'waiting', alike: [], free: 1, name: { text: 'Anna Virtanen' } },
        row: { row: 'Anna Virtanen 1234', address: '0@example.org', identity: null },
      },
      { index: bo, row: { row: 'Bo Ek' } },
    ],
  })
  // Nobody else sees a name that waits.
  expect(await speakers()).toMatchObject([
    { introduction: anna, standing: 'waiting', name: null },
    { introduction: bo, standing: 'waiting', name: null },
  ])
  for (const path of [`${OWN}/speakers`, `${OWN}/comments?about=${proposal}&before=newest`])
    expect(JSON.stringify(await at.get(path))).not.toContain('Virtanen')
  expect((await mia.send('GET', `/api/officials${NAMES}?after=oldest`)).status).toBe(403)
  expect((await eve.get<NameQueue>(`${NAMES}?after=oldest`)).waiting).toBe(2)

  await vouch(anna)
  await vouch(bo, false)
  expect(await speakers()).toMatchObject([
    { introduction: anna, standing: 'holds', number: 1, name: { text: 'Anna Virtanen' } },
    { introduction: bo, standing: 'refused', number: 0, name: null },
  ])
  // What was refused is kept no longer, nor whose it was.
  expect((await at.server.parts.writings.of([committed('Bo Ek')])).size).toBe(0)
  expect((await at.server.parts.database.orm.select().from(table)).length).toBe(1)

  const named = await say(0, 'I live beside it')
  const unnamed = await at.comment(0, proposal, 'Nobody knows')
  const [second, first] = await comments()
  expect(second).toMatchObject({ index: unnamed, speaker: null })
  expect(first).toMatchObject({
    index: named,
    speaker: { introduction: anna, number: 1, name: { text: 'Anna Virtanen' } },
  })
  expect(first?.author).not.toBe(second?.author)
  const { commitment = '', key, text } = first?.speaker?.name ?? {}
  expect(checkText(fromHex(commitment), decodeBase64(key ?? ''), text ?? '')).toBe(true)
  // The record knows a nullifier and a commitment, and no name.
  const record = Buffer.from(await (await at.server.app.request('/api/record')).arrayBuffer()).toString(
    'latin1',
  )
  expect(record).not.toContain('Virtanen')
  expect(first?.author).toBe(toHex(encodeField(introduction(at.people, 0, 'x').nullifier)))

  const idea = { type: 'propose', text: committed('A lake'), as: 'speaker' } as const
  await at.act(0, idea, words('A lake'))
  const csv = async () => (await at.server.app.request(`/api/processes${OWN}/en/proposals.csv`)).text()
  expect((await csv()).split('\r\n').filter((line) => line.includes('Anna Virtanen,1'))).toHaveLength(1)
})

test('names that look the same get numbers, and no number twice', async () => {
  const other = await introduced(at.server, at.people, 3, 'Änna Virtanen')
  const one = await reg.get<NameCase>(`${NAMES}/${other}`)
  expect(one).toMatchObject({ alike: [{ name: 'Anna Virtanen', number: 1 }], free: 2 })
  expect(await reg.propose(found(other, true, 1), PROCESS)).toMatchObject({
    standing: 'refused',
    refusal: 'already-exists',
  })
  await vouch(other, true, 2)
  await say(3, 'Me too')
  expect((await comments())[0]).toMatchObject({ speaker: { number: 2, name: { text: 'Änna Virtanen' } } })
})

test('what the register holds of a person has the name', async () => {
  const [row] = await at.server.parts.database.orm.select().from(table)
  expect(await heldOf(at.server.parts.database, row?.voterId ?? 0n)).toMatchObject({ name: 'Anna Virtanen' })
})

test('an erased name is nowhere, and what was said under it stays without it', async () => {
  const [anna] = await speakers()
  const before = await everything()
  expect(before.match(/Anna Virtanen/g)?.length).toBeGreaterThan(3)
  await at.act(0, { type: 'erase', target: anna?.introduction ?? 0, as: 'speaker' })
  // The register's own row still says so.
  const after = (await everything()).replaceAll('Anna Virtanen 1234', '')
  expect(after.replaceAll('Änna Virtanen', '')).not.toContain('Anna Virtanen')
  expect((await at.server.parts.database.orm.select().from(table)).length).toBe(1)
  const words = (await comments()).find((one) => one.text.text === 'I live beside it')
  expect(words).toMatchObject({
    speaker: { introduction: anna?.introduction, name: { text: null, key: null } },
  })
  expect((await speakers())[0]).toMatchObject({ standing: 'erased', name: null })
})
