// SPEC 13 over HTTP: promises by the clock of the ledger, real OCDS records brought in, shown and given back equal, and a past
// payment that is altered where it is kept.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { canonicalJson } from '#tally/formats/ocds.ts'
import { readOcds } from '#tally/formats/ocds-schema.ts'
import type { CheckedView } from '#server/accountability/operations.ts'
import type { AccountabilityView } from '#server/accountability/views.ts'
import { openRecord } from '#tally/record.ts'
import { verify } from '#tally/verify/verify.ts'
import { People } from '../tally/people.ts'
import { changeOf, ocdsText, promiseOf, publishing, reportOn } from '../tally/promises.ts'
import { contest, ELECTION, PROCESS, Scene } from '../tally/scene.ts'
import { failures, inlineWorker } from '../tally/verifying.ts'
import { actEntry, refusal, stage, type Stage } from './stage.ts'

const DAY = 86_400_000
const portland: unknown = JSON.parse(ocdsText('portland-record'))
const OCID = 'ocds-ptecst-118001'
const BASE = `/api/processes/${PROCESS}`

const scene = new Scene({ contests: [contest({ currency: 'USD' })] })
let server: Stage

beforeAll(async () => {
  scene.prepare()
  scene.keygen()
  scene.open()
  scene.cast(0, [1n, 0n])
  await scene.close()
  scene.tally()
  scene.publish()
  // The record's file holds the setup of a plan too.
  new People(scene)
  server = await stage(scene)
})
afterAll(() => server[Symbol.asyncDispose]())

const get = async <T>(path: string): Promise<T> => {
  const response = await server.app.request(path)
  expect(response.status, path).toBe(200)
  return (await response.json()) as T
}
const view = () => get<AccountabilityView>(`${BASE}/accountability`)
const bring = (text: string, headers: Record<string, string> = { authorization: `Bearer ${server.token}` }) =>
  Promise.resolve(
    server.app.request('/api/operator/releases', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: text,
    }),
  )
async function act(one: Parameters<typeof actEntry>[2]): Promise<number> {
  const response = await server.post(actEntry(scene, server, one))
  expect(response.status).toBe(201)
  return ((await response.json()) as { index: number }).index
}
const subject = { election: ELECTION, contest: 0, option: 0 }
const cost = (amount: bigint) => ({ amount, decimals: 2, currency: 'USD' })

test('a promise is shown with what was voted, what was said of it, and whether it is late by the clock of the ledger', async () => {
  const due = server.clock.now + 10 * DAY
  const promise = await act(promiseOf(subject, { due, cost: cost(60_000_050n) }))
  server.clock.now += 5 * DAY
  await act(reportOn(promise, { spent: 1_050n, evidence: { link: 'https://example.org/photo' } }))
  const change = await act(changeOf(promise, { due: due + 5 * DAY, cost: cost(70_000_000n) }))
  const [first] = (await view()).promises
  expect(first).toMatchObject({
    ...{ index: promise, standing: 'on-time', due: due + 5 * DAY, title: { en: 'A cycle way' } },
    subject: { election: ELECTION, contest: 0, option: 0, title: { en: 'A' } },
    ...{ cost: { amount: '700000', currency: 'USD' }, voted: { amount: '5', currency: 'USD' } },
    earlier: [
      {
        index: promise,
        due,
        cost: { amount: '600000.5', currency: 'USD' },
        reasons: { en: 'The ground was wet.' },
      },
    ],
    reports: [
      { state: 'under-way', spent: { amount: '10.5' }, evidence: { link: 'https://example.org/photo' } },
    ],
    ...{ contracted: null, paid: { amount: '10.5', currency: 'USD' } },
  })
  expect(change).toBeGreaterThan(promise)
  server.clock.now = due + 5 * DAY
  expect((await view()).promises[0]?.standing).toBe('on-time')
  server.clock.now += 1
  expect((await view()).promises[0]?.standing).toBe('late')
})

test('a real record is brought in, published on a promise, and given back equal', async () => {
  const promise = await act(promiseOf(subject, { due: server.clock.now + DAY }))
  expect(await refusal(await server.post(actEntry(scene, server, publishing(portland))))).toEqual([
    422,
    'release-missing',
  ])
  const checked = (await (await bring(ocdsText('portland-record'))).json()) as CheckedView
  expect(checked).toMatchObject({ problems: [], releases: [{ ocid: OCID }] })
  const other = { releases: publishing(portland).releases.map((one) => ({ ...one, id: 'other' })) }
  const forged = actEntry(scene, server, publishing(portland, other))
  expect(await refusal(await server.post(forged))).toEqual([422, 'release-mismatch'])
  const index = await act(publishing(portland, { promise }))

  const shown = await view()
  expect(shown.publications).toMatchObject([{ index, file: checked.file, promise, intact: true }])
  expect(shown.promises.find((one) => one.index === promise)).toMatchObject({
    ...{ ocids: [OCID], contracted: { amount: '487280', currency: 'USD' } },
    paid: { amount: '487280', currency: 'USD' },
  })
  expect(shown.procurements).toMatchObject([{ ocid: OCID, buyer: 'CITYWIDE PROJECTS - OMF' }])

  const file = await (await server.app.request(`/api/attachments/${checked.file ?? ''}`)).text()
  expect(JSON.parse(file)).toEqual(portland)
  const exported = await (await server.app.request(`${BASE}/releases/${OCID}`)).text()
  expect(readOcds(exported).problems).toEqual([])
  expect((JSON.parse(exported) as { releases: unknown }).releases).toEqual(
    (portland as { releases: unknown }).releases,
  )
  const { releases } = await get<{ releases: unknown[] }>(`${BASE}/releases`)
  expect(releases).toMatchObject([{ ocid: OCID, index, intact: true }])
})

test('the fictional package comes back equal too', async () => {
  const text = ocdsText('fictional-record-package')
  const { file } = (await (await bring(text)).json()) as CheckedView
  await act(publishing(JSON.parse(text)))
  const kept = await (await server.app.request(`/api/attachments/${file ?? ''}`)).text()
  expect(JSON.parse(kept)).toEqual(JSON.parse(text))
})

test('what breaks the schema is told by its path, and kept nowhere', async () => {
  const broken = ocdsText('portland-record').replace('"amount": 487280.0', '"amount": "much"')
  const checked = (await (await bring(broken)).json()) as CheckedView
  expect(checked.file).toBeNull()
  expect(checked.problems.map(({ path }) => path)).toContain('/releases/0/contracts/0/value/amount')
  const act = actEntry(scene, server, publishing(JSON.parse(broken)))
  expect(await refusal(await server.post(act))).toEqual([422, 'release-missing'])
  expect((await bring('{}', {})).status).toBe(401)
})

test('a past payment that is altered where it is kept shows as broken, and fails the verification', async () => {
  const findings = async () => {
    const bytes = new Uint8Array(await (await server.app.request('/api/record')).arrayBuffer())
    const source = {
      size: bytes.length,
      read: (at: number, length: number) => Promise.resolve(bytes.slice(at, at + length)),
    }
    return verify(await openRecord(source), [inlineWorker()])
  }
  expect(failures(await findings())).toEqual([])
  const { publications } = await view()
  const [one] = publications
  const path = join(server.folder, 'attachments', one?.file ?? '')
  const text = readFileSync(path, 'utf8')
  expect(text).toContain('"amount":75680,')
  writeFileSync(path, text.replaceAll('"amount":75680,', '"amount":65680,'))
  expect(canonicalJson(JSON.parse(readFileSync(path, 'utf8')))).not.toBe(canonicalJson(portland))

  server.clock.now += 60_000
  const shown = await view()
  expect(shown.publications.map(({ intact }) => intact)).toEqual([false, true])
  expect(shown.procurements.map(({ ocid }) => ocid)).not.toContain(OCID)
  expect(shown.promises.find(({ ocids }) => ocids.includes(OCID))?.contracted).toBeNull()
  expect(await refusal(await server.app.request(`${BASE}/releases/${OCID}`))).toEqual([
    422,
    'release-missing',
  ])
  expect(failures(await findings())).toEqual([`V19@${one?.index ?? ''} release-missing`])
})
