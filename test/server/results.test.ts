// What the server hands out of an announced result, and that it hands out nothing before.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parsePb } from '#tally/formats/pabulib.ts'
import { contest, Scene } from '../tally/scene.ts'
import { refusal, stage, type Stage } from './stage.ts'

const RESULTS = '/api/elections/city/budget/results'
const VOTES = [[[1n, 0n], [0n, 1n, 0n]], [[0n, 1n], [0n, 1n, 1n]], [[0n, 1n], [1n, 0n, 0n]]] // prettier-ignore

const texts = (en: string, fi = en) => ({ en, fi })
const options = [
  { id: 'a', title: texts('A'), cost: 5n },
  { id: 'b', title: texts('B', 'Bé – Ł'), cost: 7n },
]
const makeScene = () =>
  new Scene({
    contests: [
      contest({ title: texts('Who?', 'Kuka?'), options }),
      contest({
        ...{ title: texts('What for?', 'Mihin?'), options, blank: true, currency: 'EUR' },
        ...{ rule: { type: 'knapsack', budget: 12n }, count: { name: 'greedy', budget: 10n } },
      }),
    ],
    manifest: {
      ...{
        title: texts('Budget', 'Budjetti'),
        description: texts('What shall we build?', 'Mitä rakennetaan?'),
      },
      languages: ['en', 'fi'],
    },
  })

const scene = makeScene()
let server: Stage
const get = async (path: string) => server.app.request(`${RESULTS}/${path}`)
const textOf = async (path: string) => {
  const response = await get(path)
  expect(response.status).toBe(200)
  return response.text()
}

beforeAll(async () => {
  await scene.run(VOTES)
  server = await stage(scene)
})
afterAll(() => server[Symbol.asyncDispose]())

test('nothing is there before a result is announced', async () => {
  const early = makeScene()
  early.prepare()
  await using defined = await stage(early)
  for (const path of ['nist.json', 'en/result.csv', 'en/2/budget.pb'])
    expect(await refusal(await defined.app.request(`${RESULTS}/${path}`))).toEqual([404, 'not-found'])
})

describe('open data', () => {
  test('NIST SP 1500-100 names the frozen roll and the sums', async () => {
    const report = JSON.parse(await textOf('nist.json')) as {
      GeneratedDate: string
      GpUnit: { VotersRegistered?: number }[]
      Election: { Contest: { ContestSelection: { VoteCounts: { Count: number }[] }[] }[] }[]
    }
    expect(report.GpUnit[1]?.VotersRegistered).toBe(3)
    expect(report.GeneratedDate).toBe('2026-01-01T02:00:00Z')
    const [plurality] = report.Election[0]?.Contest ?? []
    expect(plurality?.ContestSelection.map((s) => s.VoteCounts[0]?.Count)).toEqual([1, 2])
  })

  test('CSV in the language that is asked for, and .pb for budgets alone', async () => {
    expect(await textOf('fi/result.csv')).toContain('\r\n1,Kuka?,3,0,1,b,Bé – Ł,2,elected')
    expect(parsePb(await textOf('en/2/budget.pb')).projects.map(({ row }) => row.get('score'))).toEqual([
      '2',
      '1',
    ])
    expect(await refusal(await get('en/1/budget.pb'))).toEqual([404, 'not-found'])
    expect(await refusal(await get('xx/result.csv'))).toEqual([400, 'malformed'])
  })
})
