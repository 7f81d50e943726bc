// A credential is lost, or its person may not vote: an act of two removes it, and the register follows. SPEC 4.4.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commitment } from '#circuits/credential.ts'
import { bigintToBytes, equalBytes, fromHex, toHex } from '#crypto/encoding.ts'
import { decodeEntry, encodeEntry } from '#protocol/entry.ts'
import type { Act, SignedAct } from '#protocol/act.ts'
import type { Assertion, Officials } from '#protocol/official.ts'
import { approval } from '#server/data/schema.ts'
import type { ProposedView } from '#server/officials/acts.ts'
import type { FoundVoterView } from '#server/officials/voters.ts'
import type { ListingView } from '#server/voters.ts'
import { PROCESS, Scene } from '../tally/scene.ts'
import { codeIn, Mailbox } from './mailbox.ts'
import { Browser } from './official-browser.ts'
import { refusal, stage, type Stage } from './stage.ts'

const WEEK = 7 * 24 * 3_600_000
const ROLL = { process: PROCESS, roll: 'members' }
const scene = new Scene()
scene.enrol()

const box = new Mailbox()
let server: Stage
const [ada, ben, reg] = ['ada', 'ben', 'reg'].map((name) => new Browser(() => server, name)) as [
  Browser,
  Browser,
  Browser,
]

beforeAll(async () => {
  await box.open()
  const mail = { url: box.url, from: 'Sailing Club <votes@club.example>', perMinute: 60 }
  server = await stage(scene, { workers: 0, database: true, mail })
  await ada.first(server.parts.officials.first ?? '')
  await ada.invite(ben, 'owner')
  await ada.invite(reg, 'registrar')
  const officials: Officials['officials'] = [
    { id: 'ada', name: 'ada', role: 'owner', key: ada.acts.key },
    { id: 'ben', name: 'ben', role: 'owner', key: ben.acts.key },
    { id: 'reg', name: 'reg', role: 'registrar', key: reg.acts.key },
  ]
  await ada.propose({ type: 'change-officials', officials, approvals: { routine: 1, decisive: 2 } })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await box.close()
})

/** The codes of these lines of an import, by row. */
async function importing(csv: string): Promise<Record<string, string>> {
  const response = await reg.importVoters(csv, { ...ROLL, second: ben })
  expect(response.status).toBe(200)
  const lines = (await response.text()).trim().split(/\r?\n/)
  return Object.fromEntries(lines.map((line) => line.split(',') as [string, string]))
}
test('a list is brought in after two have agreed to it, as it is and where it belongs', async () => {
  const unsigned = [409, 'list-not-signed']
  const list = 'new-1,1\nnew-2,1\n'
  const other = { roll: 'others' }
  // Whoever proposes alone gets nobody in.
  expect(await refusal(await reg.importVoters(list, ROLL))).toEqual(unsigned)
  expect(await refusal(await reg.importVoters(list, ROLL))).toEqual(unsigned)
  // Nor does the operator's token.
  const operator = await server.app.request(`/api/operator/voters?process=${PROCESS}&roll=${ROLL.roll}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', authorization: `Bearer ${server.token}` },
    body: list,
  })
  expect(await refusal(operator)).toEqual(unsigned)
  expect((await reg.importVoters(list, { ...ROLL, second: ben })).status).toBe(200)
  const listed = server.parts.board.state.processes.get(PROCESS)?.lists.values() ?? []
  expect([...listed]).toContainEqual({ roll: ROLL.roll, rows: 2 })
  for (const [csv, to] of [
    ['new-1,1\nnew-3,1\n', ROLL],
    ['new-1,1\nnew-2,2\n', ROLL],
    [list, other],
  ] as const)
    expect(await refusal(await reg.sendList('voters', csv, to))).toEqual(unsigned)
  const looked = await reg.sendList('lists', list, ROLL)
  expect(await looked.json()).toMatchObject({ rows: 2, signed: true })
})

const hex = (secret: bigint) => toHex(bigintToBytes(commitment(secret), 32))
const register = (code = '', secret = 0n) =>
  server.app.request('/api/registrations', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, commitment: hex(secret) }),
  })
const removing = (...secrets: bigint[]): Act => ({
  ...{ type: 'remove-from-roll', roll: ROLL.roll },
  credentials: secrets.map((secret) => commitment(secret)),
})
const propose = async (act: Act, replacement: boolean) =>
  reg.post<ProposedView>('/acts', { ...(await reg.proposal(act)), replacement })
const roll = () => server.parts.board.state.processes.get(PROCESS)?.rolls.get(ROLL.roll)
const isOn = (secret: bigint) => roll()?.places.has(commitment(secret))
const find = (row: string) =>
  reg.get<FoundVoterView>(`/voters/voter?${new URLSearchParams({ ...ROLL, row }).toString()}`)
const whole = (tag = '') =>
  server.app.request(`/api/rolls/${PROCESS}/${ROLL.roll}`, { headers: { 'if-none-match': tag } })
/** Lets the postman send what is due; the last mail. */
async function mailed() {
  for (let wait = 0; wait <= 1000; server.clock.now += wait) wait = (await server.parts.postman?.step()) ?? 0
  return box.received.at(-1)
}

test('a lost credential is replaced: the old one goes by an act of two, and the old code with it', async () => {
  const codes = await importing('ann,2,ann@club.example\nbob,1\n')
  for (const [row, secret] of [
    ['ann', 1n],
    ['bob', 2n],
  ] as const)
    expect((await register(codes[row], secret)).status).toBe(201)
  expect(await find('ann')).toMatchObject({ row: 'ann', commitment: hex(1n), address: true })
  const before = await whole()

  const proposed = await propose(removing(1n), true)
  expect(proposed).toMatchObject({ standing: 'pending', needed: 2, concerns: ['ann'], replacement: true })
  // Until a second official has signed, all is as it was.
  expect(isOn(1n)).toBe(true)
  expect((await register(codes['ann'], 1n)).status).toBe(201)
  expect(await find('ann')).toMatchObject({ commitment: hex(1n) })
  expect((await whole(before.headers.get('etag') ?? '')).status).toBe(304)

  const { entry } = (await (await ben.approval(proposed)).json()) as ProposedView
  expect(decodeEntry(await server.ledger.entry(entry ?? 0))[1]).toMatchObject({ act: removing(1n) })
  expect(isOn(1n)).toBe(false)
  expect(await find('ann')).toMatchObject({ commitment: null })
  expect(await refusal(await register(codes['ann'], 3n))).toEqual([403, 'code-unknown'])
  expect(await (await register(codes['bob'], 2n)).json()).toMatchObject({ index: 0 })

  // She is invited anew; what was removed is refused and costs her nothing.
  const mail = await mailed()
  if (mail === undefined) throw new Error('no mail')
  expect(mail.to).toBe('ann@club.example')
  expect(await refusal(await register(codeIn(mail), 1n))).toEqual([409, 'credential-removed'])
  expect(await (await register(codeIn(mail), 3n)).json()).toMatchObject({ index: 1 })
  expect(roll()).toMatchObject({ totalWeight: 3n, credentials: [{ weight: 1n }, { weight: 2n }] })

  // As many as before, and another roll.
  const after = await whole(before.headers.get('etag') ?? '')
  expect(after.status).toBe(200)
  expect((await after.arrayBuffer()).byteLength).toBe((await before.arrayBuffer()).byteLength)

  // Whoever reads the record sees which took the place of which.
  const rows: Uint8Array[] = []
  for await (const bytes of server.ledger.entries(0, server.ledger.size)) {
    const [type, content] = decodeEntry(bytes)
    if (type !== 'act' || content.act.type !== 'add-to-roll' || content.act.roll !== ROLL.roll) continue
    for (const { commitment: own, row } of content.act.credentials)
      if (own === commitment(1n) || own === commitment(3n)) rows.push(row)
  }
  expect(rows).toHaveLength(2)
  expect(equalBytes(rows[0] ?? new Uint8Array(), rows[1] ?? new Uint8Array(1))).toBe(true)
})

test('whose act expires stays on the roll', async () => {
  const codes = await importing('cat,1\n')
  await register(codes['cat'], 4n)
  const proposed = await propose(removing(4n), true)
  server.clock.now += WEEK + 2000
  for (const who of [ada, ben, reg]) await who.signIn()
  expect(await refusal(await ben.approval(proposed))).toEqual([409, 'wrong-state'])
  expect(await (await register(codes['cat'], 4n)).json()).toMatchObject({ index: 2 })
  expect(await find('cat')).toMatchObject({ commitment: hex(4n) })
})

test('who may not vote leaves roll and register, and takes nobody along', async () => {
  const codes = await importing('dan,5\neve,1\n')
  await register(codes['dan'], 5n)
  await register(codes['eve'], 6n)
  const weight = roll()?.totalWeight ?? 0n
  const proposed = await propose(removing(5n), false)
  expect((await ada.approval(proposed)).status).toBe(200)
  expect(roll()?.totalWeight).toBe(weight - 5n)
  await expect(find('dan')).rejects.toThrow('row-unknown')
  expect(await refusal(await register(codes['dan'], 7n))).toEqual([403, 'code-unknown'])
  expect((await register(codes['eve'], 6n)).status).toBe(201)
  const again = await reg.send('POST', '/api/officials/acts', await reg.proposal(removing(5n)))
  expect(await refusal(again)).toEqual([409, 'credential-unknown'])
  const freeze = { type: 'freeze-roll' as const, roll: ROLL.roll, root: 0n, size: 1, totalWeight: 1n }
  const odd = { ...(await reg.proposal(freeze)), replacement: true }
  expect(await refusal(await reg.send('POST', '/api/officials/acts', odd))).toEqual([400, 'malformed'])
})

test('what the record took and a crash kept from the register is done at the next start', async () => {
  const codes = await importing('fay,1\n')
  await register(codes['fay'], 8n)
  const proposed = await propose(removing(8n), true)
  // Both signatures reach the ledger, and nothing but the second signature the database.
  const { id, process, stateCounter, expiry, reason } = proposed
  const unsigned = { process, stateCounter, expiry, reason, act: removing(8n) }
  const { founded } = server.parts.board.state
  if (founded === undefined) throw new Error('no log')
  const signed = [ben, reg].reduce<SignedAct>((all, { acts, name }) => acts.approve(founded, all, name), {
    ...unsigned,
    approvals: [],
  })
  for (const { signer, proof } of signed.approvals) {
    const [authenticatorData, clientData, signature] = proof as Assertion
    const parts = { authenticatorData, clientData, signature }
    await server.parts.database.orm
      .insert(approval)
      .values({ ...parts, proposalId: id, officialId: signer, at: new Date(server.clock.now) })
      .onConflictDoUpdate({ target: [approval.proposalId, approval.officialId], set: parts })
  }
  expect((await server.post(encodeEntry(['act', signed]))).status).toBe(201)
  expect(isOn(8n)).toBe(false)
  expect(await find('fay')).toMatchObject({ commitment: hex(8n) })
  // Meanwhile the code says what is the matter.
  expect(await refusal(await register(codes['fay'], 8n))).toEqual([409, 'credential-removed'])

  await server.parts.officials.proposals.recover()
  expect(await find('fay')).toMatchObject({ commitment: null })
  const { acts } = await reg.get<{ acts: ProposedView[] }>('/acts')
  expect(acts.find((one) => one.id === id)).toMatchObject({ standing: 'recorded', concerns: [] })
  expect(await refusal(await register(codes['fay'], 9n))).toEqual([403, 'code-unknown'])
})

test('who has not registered is given another code', async () => {
  await importing('gil,1\n')
  const size = server.ledger.size
  const ask = (row: string, of = ROLL) => reg.send('POST', '/api/officials/voters/code', { ...of, row })
  const { code } = await reg.post<{ code: string }>('/voters/code', { ...ROLL, row: 'gil' })
  expect(server.ledger.size).toBe(size)
  expect((await register(code, 10n)).status).toBe(201)
  expect(await refusal(await ask('gil'))).toEqual([409, 'row-registered'])
  expect(await refusal(await ask('han'))).toEqual([404, 'row-unknown'])
  expect(await refusal(await ask('gil', { ...ROLL, roll: 'residents' }))).toEqual([409, 'roll-frozen'])
})

describe('who has not registered', () => {
  const standing = async ({ id }: ProposedView) =>
    (await reg.get<{ acts: ProposedView[] }>('/acts')).acts.find((one) => one.id === id)
  const isListed = async (row: string) =>
    (await reg.send('GET', `/api/officials/voters/voter?${new URLSearchParams({ ...ROLL, row })}`)).ok

  test('leaves the list when two have agreed, and the record says that somebody did, not who', async () => {
    const codes = await importing('han,1\nida,1\n')
    const proposed = await reg.unlist({ ...ROLL, row: 'han' })
    expect(proposed).toMatchObject({ standing: 'pending', concerns: ['han'] })
    expect(await isListed('han')).toBe(true)
    expect((await ben.approval(proposed)).status).toBe(200)
    expect(await standing(proposed)).toMatchObject({ standing: 'recorded', concerns: [] })
    expect(await isListed('han')).toBe(false)
    expect(await refusal(await register(codes['han'], 11n))).toEqual([403, 'code-unknown'])
    expect((await register(codes['ida'], 11n)).status).toBe(201)
    const [type, content] = decodeEntry(await server.ledger.entry((await standing(proposed))?.entry ?? 0))
    expect(type === 'act' && content.act).toMatchObject({ type: 'unlist-voters', rows: 1 })
    expect(
      JSON.stringify(content, (_, value: unknown) => (typeof value === 'bigint' ? '' : value)),
    ).not.toContain('han')
  })

  test('comes back when two have agreed anew, and by no list that was agreed to before', async () => {
    const unsigned = [409, 'list-not-signed']
    await importing('moe,1\n')
    // Agreed to as well, and not brought in yet.
    const other = 'moe,1\nned,1\n'
    const looked = (await (await reg.sendList('lists', other, ROLL)).json()) as ListingView
    const { rows, list } = looked
    await ben.approval(await reg.propose({ type: 'list-voters', roll: ROLL.roll, rows, list: fromHex(list) }))
    expect(await (await reg.sendList('lists', other, ROLL)).json()).toEqual({ ...looked, signed: true })
    await reg.unlist({ ...ROLL, row: 'moe' }, ben)
    for (const csv of ['moe,1\n', other])
      expect(await refusal(await reg.sendList('voters', csv, ROLL))).toEqual(unsigned)
    // One alone proposes the list, and gets nobody in.
    expect(await refusal(await reg.importVoters('moe,1\n', ROLL))).toEqual(unsigned)
    expect(await isListed('moe')).toBe(false)
    await importing('moe,1\n')
    expect(await isListed('moe')).toBe(true)
  })

  test('and does so while the act waits stays', async () => {
    const codes = await importing('jon,1\n')
    const proposed = await reg.unlist({ ...ROLL, row: 'jon' })
    expect((await register(codes['jon'], 12n)).status).toBe(201)
    const answer = (await (await ben.approval(proposed)).json()) as ProposedView
    expect(answer).toMatchObject({ standing: 'refused', refusal: 'row-registered' })
    expect(await isListed('jon')).toBe(true)
    expect(isOn(12n)).toBe(true)
    const late = await reg.proposal({ type: 'unlist-voters', ...(await unlisting('jon')) })
    const refused = await reg.send('POST', '/api/officials/acts', { ...late, row: 'jon' })
    expect(await refusal(refused)).toEqual([409, 'row-registered'])
  })

  test('is named to the colleague as the act names them', async () => {
    await importing('kim,1\nlea,1\n')
    const act = { type: 'unlist-voters' as const, ...(await unlisting('kim')) }
    const propose = async (named: Act, row?: string) =>
      refusal(await reg.send('POST', '/api/officials/acts', { ...(await reg.proposal(named)), row }))
    expect(await propose(act, 'lea')).toEqual([400, 'malformed'])
    expect(await propose(act)).toEqual([400, 'malformed'])
    expect(await propose({ ...act, rows: 2 }, 'kim')).toEqual([400, 'malformed'])
    expect(await propose(removing(11n), 'kim')).toEqual([400, 'malformed'])
    expect(await reg.unlist({ ...ROLL, row: 'kim' })).toMatchObject({ standing: 'pending' })
  })

  async function unlisting(row: string) {
    const query = new URLSearchParams({ ...ROLL, row }).toString()
    const found = await reg.get<FoundVoterView>(`/voters/voter?${query}`)
    return { roll: ROLL.roll, rows: 1, list: fromHex(found.unlisting) }
  }
})
