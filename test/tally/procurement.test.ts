// What real releases say, read for people: stages, contract, payments and their exact sums, and what a later release
// changes. SPEC 13.2.
import { describe, expect, test } from 'vitest'
import { parseExactly } from '#tally/formats/decimal.ts'
import { canonicalJson, releasesOf } from '#tally/formats/ocds.ts'
import { procurementOf, type Published, sumOf } from '#tally/procurement.ts'
import { ocdsText } from './promises.ts'

const published = (text: string, index: number): Published[] =>
  releasesOf(parseExactly(text)).map((release) => ({ index, time: index * 1000, release }))

describe('the contract of Portland', () => {
  const text = ocdsText('portland-record')
  const [{ ocid } = { ocid: '' }] = releasesOf(JSON.parse(text))

  test('has come to its payments, which add up to what was paid', () => {
    const own = procurementOf(ocid, published(text, 5))
    expect(own).toMatchObject({
      ...{ title: 'IMPLEMENTATION OF SAP HCM PROCESSES AND FORMS FUNCTIONALITY' },
      ...{ buyer: 'CITYWIDE PROJECTS - OMF', stages: ['tender', 'award', 'contract', 'implementation'] },
    })
    const contract = own.figures.find(({ what }) => what === 'contract')
    expect(contract).toMatchObject({
      ...{ id: '30004792', names: ['MOURI Tech LLC'], value: { amount: '487280', currency: 'USD' } },
      ...{ index: 5, earlier: [] },
    })
    const payments = own.figures.filter(({ what }) => what === 'payment')
    expect(payments.map(({ value }) => value?.amount)).toEqual(['325760', '4960', '75680', '2560', '78320'])
    expect(sumOf([own], 'payment', 'USD')).toEqual({ amount: '487280', currency: 'USD' })
    expect(sumOf([own], 'payment', 'EUR')).toBeNull()
  })

  test('shows a figure that was published anew, with what it was before', () => {
    const later = text.replaceAll('"amount": 75680.0', '"amount": 95680.25')
    const own = procurementOf(ocid, [...published(text, 5), ...published(text, 7), ...published(later, 9)])
    const changed = own.figures.filter(({ earlier }) => earlier.length > 0)
    expect(changed).toMatchObject([
      {
        ...{ what: 'payment', id: '30004792 22189084-10', index: 9 },
        value: { amount: '95680.25' },
        earlier: [{ index: 5, time: 5000, value: { amount: '75680', currency: 'USD' } }],
      },
    ])
    expect(sumOf([own], 'payment', 'USD')?.amount).toBe('507280.25')
  })
})

test('the fictional cycle way has a budget, and reads the same in canonical form', () => {
  const text = ocdsText('fictional-record-package')
  const own = procurementOf('ocds-213czf-000-00001', published(text, 1))
  expect(own.stages).toEqual(['planning', 'tender', 'award', 'contract', 'implementation'])
  const said = (what: string) => own.figures.flatMap((one) => (one.what === what ? [one.value] : []))
  expect(said('budget')).toEqual([{ amount: '6700000', currency: 'GBP' }])
  expect(said('contract')).toEqual([{ amount: '11000000', currency: 'GBP' }])
  expect(sumOf([own], 'payment', 'GBP')).toEqual({ amount: '60000', currency: 'GBP' })
  const canonical = canonicalJson(JSON.parse(text))
  expect(procurementOf('ocds-213czf-000-00001', published(canonical, 1))).toEqual(own)
})
