// Results as open data: every round in the table, and a budget that reads back to the same winners.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { contestOf } from '#cli/pb-contest.ts'
import { encodeCbor } from '#protocol/codec.ts'
import type { Contest } from '#protocol/manifest.ts'
import type { ContestResult } from '#protocol/result.ts'
import { countContest } from '#tally/count/contest.ts'
import { count } from '#tally/count/count.ts'
import { formatCsv } from '#tally/formats/csv.ts'
import { countFile, inputOf, methodOf, parsePb } from '#tally/formats/pabulib.ts'
import { budgetPb, resultCsv } from '#tally/formats/result-files.ts'
import { contest, Scene } from './scene.ts'

type Counted = Extract<ContestResult, { status: 'counted' }>

const english = (texts: Readonly<Record<string, string>>): string => texts.en ?? ''
const held = { unit: 'City', begin: '01.01.2026', end: '14.01.2026' }

function counted(described: Contest, sums: bigint[], ballots = 10, blank = 0n): Counted {
  const result = countContest(described, { ballots, blank, sums })
  return { status: 'counted', ballots, blank, sums, count: encodeCbor(result) }
}
function read(name: string): string {
  return readFileSync(new URL(`../data/pb/${name}.pb`, import.meta.url), 'utf8')
}

describe('CSV', () => {
  test('quotes what it must, and nothing becomes a formula', () => {
    expect(formatCsv([['a,b', 'say "x"', 'two\nlines', 5n, -1, '=1+1', '-x', 'a=b']])).toBe(
      `"a,b","say ""x""","two\nlines",5,-1,'=1+1,'-x,a=b\r\n`,
    )
  })

  test('has one row for each option in the order of counting, with its tie', () => {
    const described = contest({ blank: true })
    const { manifest } = new Scene({ contests: [described, contest()] })
    const result = {
      contests: [counted(described, [4n, 4n], 9, 1n), { status: 'withheld' as const, ballots: 2 }],
    }
    expect(resultCsv(manifest, result, english).split('\r\n')).toEqual([
      'contest,contest_title,ballots,blank,turn,option,option_title,score,outcome,reason,seat,cost,left,tied_with,tie_rule,tie_decided',
      '1,Which?,9,1,1,a,A,4,elected,,1,,,b,manifest-order,yes',
      '1,Which?,9,1,2,b,B,4,not-elected,seats-filled,,,,a,manifest-order,yes',
      '2,Which?,2,,,,,,withheld,,,,,,,',
      '',
    ])
  })

  test('shows cost and money left of a budget', () => {
    const described = contest({
      rule: { type: 'knapsack', budget: 10n },
      count: { name: 'greedy', budget: 10n },
    })
    const { manifest } = new Scene({ contests: [described] })
    const rows = resultCsv(manifest, { contests: [counted(described, [3n, 8n])] }, english).split('\r\n')
    expect(rows[1]).toBe('1,Which?,10,0,1,b,B,8,funded,,,7,3,,,')
    expect(rows[2]).toBe('1,Which?,10,0,2,a,A,3,not-funded,over-budget,,5,3,,,')
  })
})

describe('.pb', () => {
  test.each(['Poland_Krakow_2020_Wzgorza_Krzeslawickie', 'Poland_Katowice_2020_Janow-Nikiszowiec'])(
    '%s: reads back to its winners',
    (name) => {
      const published = parsePb(read(name))
      const described = contestOf(published, 'residents')
      const result = counted(described, [...inputOf(published).scores], published.votes.length)
      const again = parsePb(budgetPb(described, result, held, english) ?? '')
      expect(again.votes).toEqual([])
      expect(again.meta.get('comment')).toContain(`${published.votes.length} ballots`)
      expect(methodOf(again)).toEqual(methodOf(published))
      expect(again.meta.get('currency')).toBe('PLN')
      expect(again.projects.map(({ id, cost }) => [id, cost])).toEqual(
        published.projects.map(({ id, cost }) => [id, cost]),
      )
      const selected = again.projects.filter(({ row }) => row.get('selected') === '1').map(({ id }) => id)
      const { winners } = countFile(published)
      expect(selected.toSorted()).toEqual(winners.toSorted())
      const scores = again.projects.map(({ row }) => BigInt(row.get('score') ?? -1))
      const options = again.projects.map(({ id, cost }) => ({ id, cost }))
      expect(count(methodOf(again), { options, scores, ballots: 1n }).winners).toEqual(winners)
    },
  )

  test('numbers projects whose ids a list could not hold', () => {
    const described = contest({
      options: [{ id: 'a,b', title: { en: 'A; "B"' }, cost: 5n }],
      rule: { type: 'knapsack', budget: 10n },
      count: { name: 'greedy', budget: 10n },
    })
    const [project] = parsePb(budgetPb(described, counted(described, [3n]), held, english) ?? '').projects
    expect([project?.id, project?.row.get('name')]).toEqual(['1', 'A; "B"'])
  })

  test('is only for budgets', () => {
    expect(budgetPb(contest(), counted(contest(), [1n, 2n]), held, english)).toBeUndefined()
  })
})
