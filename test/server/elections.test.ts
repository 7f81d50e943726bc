// What the server tells of an election at every stage, as described to programs; and its record, which an observer checks
// without the server. SPEC 7.6, 8, 9.6.
import { describe, expect, test } from 'vitest'
import { startProofWorkers } from '#cli/proof-workers.ts'
import { toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import { decodeEntry } from '#protocol/entry.ts'
import { electionSummarySchema, type ElectionSummary } from '#server/summary.ts'
import { openRecord } from '#tally/record.ts'
import { verify } from '#tally/verify/verify.ts'
import { contest, Scene } from '../tally/scene.ts'
import { stage } from './stage.ts'

const VOTES = [[[1n, 0n], [0n, 1n, 0n]], [[0n, 1n], [0n, 1n, 1n]], [[0n, 1n], [1n, 0n, 0n]]] // prettier-ignore

const PICTURE = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>')
const picture = { hash: sha256(PICTURE), alt: { en: 'A bench under a lime tree' } }

const makeScene = () =>
  new Scene({
    contests: [
      contest({
        options: [
          { id: 'a', title: { en: 'A' }, picture, point: { lat: 50_243_182, lon: -19_083_918 } },
          { id: 'b', title: { en: 'B' }, description: { en: 'The other one' } },
        ],
      }),
      contest({
        rule: { type: 'knapsack', budget: 12n },
        blank: true,
        count: { name: 'greedy', budget: 10n },
      }),
    ],
  })

/** The summary that the server gives, which must be what its description says. */
async function summaryOf(scene: Scene): Promise<ElectionSummary> {
  await using server = await stage(scene)
  const response = await server.app.request('/api/elections/city/budget')
  const summary = electionSummarySchema.parse(await response.json())
  const all = (await (await server.app.request('/api/elections')).json()) as { elections: unknown[] }
  expect(all.elections).toEqual([summary])
  return summary
}

function actOf(bytes: Uint8Array): string | undefined {
  const [type, content] = decodeEntry(bytes)
  return type === 'act' ? content.act.type : undefined
}

describe('stages', () => {
  test('defined, key generation, ready, open', async () => {
    const scene = makeScene()
    scene.prepare()
    const defined = await summaryOf(scene)
    expect(defined).toMatchObject({ state: 'defined', keygen: null, opening: null, processTitle: 'City' })
    const { index, hash } = defined.definition
    expect(hash).toBe(toHex(sha256(scene.entries[index] ?? new Uint8Array())))
    expect(defined.contests[0]?.options).toEqual([
      {
        ...{ id: 'a', title: { en: 'A' }, point: { lat: 50_243_182, lon: -19_083_918 } },
        picture: { ...picture, hash: toHex(picture.hash) },
      },
      { id: 'b', title: { en: 'B' }, description: { en: 'The other one' } },
    ])
    const secrets = scene.startKeygen()
    expect((await summaryOf(scene)).keygen).toMatchObject({ stage: 'commit', missing: [1, 2, 3] })
    scene.deal(secrets)
    scene.confirm(secrets)
    expect(await summaryOf(scene)).toMatchObject({ state: 'keygen', keygen: { stage: 'rehearse' } })
    scene.rehearse()
    expect(await summaryOf(scene)).toMatchObject({ state: 'ready', keygen: { stage: 'done', missing: [] } })
    scene.open()
    const opened = await summaryOf(scene)
    expect(opened.opening?.hash).toBe(toHex(scene.election.opening?.hash ?? new Uint8Array()))
    expect(opened.opening?.setups.map(({ circuit, development }) => [circuit, development])).toEqual([
      ['S', true],
    ])
    expect(opened.contests.map((c) => c.turnout)).toEqual([
      { credentials: 3, voters: 0, ballots: 0 },
      { credentials: 3, voters: 0, ballots: 0 },
    ])
  })

  test('closed, announced with every round; amounts are decimal strings', async () => {
    const scene = makeScene()
    await scene.run(VOTES)
    const announced = await summaryOf(scene)
    expect(announced).toMatchObject({
      state: 'announced',
      contests: [{ shares: [1, 2] }, { shares: [1, 2] }],
    })
    const closing = scene.entries.findIndex((bytes) => actOf(bytes) === 'close-election')
    const announcement = scene.entries.findIndex((bytes) => actOf(bytes) === 'publish-result')
    expect(announced).toMatchObject({ closing: { index: closing }, announcement: { index: announcement } })
    const [plurality, budget] = announced.contests.map((c) => c.result)
    expect(plurality).toMatchObject({ ballots: 3, blank: '0', sums: ['1', '2'], winners: ['b'] })
    expect(budget).toMatchObject({ ballots: 3, blank: '1', sums: ['2', '1'], winners: ['a'] })
    expect(budget).toMatchObject({
      rounds: [
        { kind: 'funded', option: 'a', score: '2', cost: '5', left: '5' },
        { kind: 'not-funded', option: 'b', score: '1', reason: 'over-budget' },
      ],
    })
  })
})

test('the record that the server hands out passes every check of an observer', async () => {
  const scene = makeScene()
  await scene.run(VOTES)
  await using server = await stage(scene)
  await server.parts.attachments.put(PICTURE)
  const file = new Uint8Array(await (await server.app.request('/api/record')).arrayBuffer())
  const read = (offset: number, length: number) => Promise.resolve(file.slice(offset, offset + length))
  const record = await openRecord({ size: file.length, read })
  const workers = startProofWorkers(1)
  try {
    const findings = await verify(record, workers.ports)
    expect(findings.filter((finding) => finding.status === 'failed')).toEqual([])
    expect(findings.find((finding) => finding.check === 'V16')?.status).toBe('passed')
    expect(await record.attachment(toHex(picture.hash))).toEqual(PICTURE)
  } finally {
    await workers.stop()
  }
})
