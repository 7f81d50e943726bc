// OCDS documents: real records are read and keep all that they say, what breaks the schema is named by its path, and no
// amount changes on the way. SPEC 13.2.
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { toHex } from '#crypto/encoding.ts'
import { addDecimals, formatDecimal, parseDecimal, sameDecimal } from '#tally/formats/decimal.ts'
import { canonicalBytes, canonicalJson, publicationOf, releasesOf } from '#tally/formats/ocds.ts'
import { readOcds } from '#tally/formats/ocds-schema.ts'
import { ocdsText } from './promises.ts'

interface Portland {
  ocid: string
  releases: { contracts: { value: { amount: unknown } }[]; tag?: string[] }[]
}
const portland = () => JSON.parse(ocdsText('portland-record')) as Portland

describe('real documents', () => {
  test.each([
    ['portland-record', ['ocds-ptecst-118001']],
    ['fictional-record-package', ['ocds-213czf-000-00001']],
  ] as const)('%s is sound, and its canonical form says the same', (name, ocids) => {
    const text = ocdsText(name)
    const read = readOcds(text)
    expect(read.problems).toEqual([])
    expect(releasesOf(read.document).map(({ ocid }) => ocid)).toEqual(ocids)
    expect(JSON.parse(canonicalJson(read.document))).toEqual(JSON.parse(text))
    const { file } = publicationOf(read.document)
    expect(toHex(file)).toBe(createHash('sha256').update(canonicalBytes(read.document)).digest('hex'))
  })

  test('a lone release and a release package are read too', () => {
    const [release] = portland().releases
    expect(readOcds(JSON.stringify(release)).problems).toEqual([])
    const about = { publisher: { name: 'City' }, publishedDate: '2026-01-01T00:00:00Z' }
    const package_ = { uri: 'https://example.org/1', version: '1.1', ...about, releases: [release] }
    expect(readOcds(JSON.stringify(package_)).problems).toEqual([])
    expect(releasesOf(package_)).toEqual([release])
  })
})

describe('what is refused, by path', () => {
  const problems = (change: (record: Portland) => void) => {
    const record = portland()
    change(record)
    return readOcds(JSON.stringify(record)).problems
  }
  const contract = (record: Portland) => {
    const found = record.releases[0]?.contracts[0]
    if (found === undefined) throw new Error('a contract')
    return found
  }

  test('an amount that is no number', () => {
    const path = '/releases/0/contracts/0/value/amount'
    expect(problems((record) => (contract(record).value.amount = 'much'))).toContainEqual({
      ...{ path, message: 'must be number,null' },
    })
  })
  test('an unknown tag, and which ones there are', () => {
    const found = problems((record) => ((record.releases[0] ?? { tag: [] }).tag = ['gift']))
    const said = found.find(({ path }) => path === '/releases/0/tag/0')
    expect(said?.message).toMatch(/^must be equal to one of the allowed values: planning, /)
  })
  test('a record without its id', () => {
    const found = problems((record) => Reflect.deleteProperty(record, 'ocid'))
    expect(found.map(({ message }) => message)).toContain("must have required property 'uri'")
  })
  test('a number with more digits than can be exchanged', () => {
    const text = (amount: string) =>
      ocdsText('portland-record').replace('"amount": 487280.0', `"amount": ${amount}`)
    expect(readOcds(text('487280.01')).problems).toEqual([])
    for (const amount of ['487280.01000000000000001', '90071992547409931', '1e400'])
      expect(readOcds(text(amount)).problems.map(({ path }) => path)).toContain(
        '/releases/0/contracts/0/value/amount',
      )
  })
  test('no JSON, no release, and no bottom', () => {
    expect(readOcds('{').problems).toEqual([{ path: '', message: 'is no JSON' }])
    expect(readOcds('{"records": []}').problems.map(({ message }) => message)).toContain('holds no release')
    const deep = `{"ocid":"a","id":"b","x":${'['.repeat(70)}${']'.repeat(70)}}`
    expect(readOcds(deep).problems.map(({ message }) => message)).toContain('nested too deep')
  })
})

test('canonical form: members by UTF-16 units, numbers and escapes as the RFC has them', () => {
  // The example of RFC 8785, section 3.2.2 and 3.2.3.
  const value: unknown = JSON.parse(String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`)
  expect(canonicalJson(value)).toBe(
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  )
  expect(() => canonicalJson('\ud800')).toThrow('no JSON')
})

test('amounts are added and compared exactly', () => {
  const of = (text: string) => {
    const found = parseDecimal(text)
    if (found === undefined) throw new Error(text)
    return found
  }
  expect(formatDecimal(addDecimals(of('0.1'), of('0.2')))).toBe('0.3')
  expect(formatDecimal(addDecimals(of('9007199254740993'), of('-0.01')))).toBe('9007199254740992.99')
  expect(sameDecimal(of('1.50e3'), of('1500'))).toBe(true)
  expect(sameDecimal(of('1e-3'), of('0.0010001'))).toBe(false)
  expect(formatDecimal(of('-0.050'))).toBe('-0.05')
  expect(parseDecimal('1,5')).toBeUndefined()
})
