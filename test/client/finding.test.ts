// Findings as English sentences: the entry first where there is one, then what the fields say.
import { expect, test } from 'vitest'
import { CHECK_TITLES, findingData, findingSentence } from '#client/finding.ts'
import { REFUSALS } from '#protocol/refusal.ts'
import { CHECK_OF, CHECKS, type Finding } from '#tally/verify/finding.ts'

const V7 = { check: 'V7', status: 'passed', code: 'key-shared' } as const
const V15 = { check: 'V15', status: 'passed', code: 'opening-true' } as const
const V17 = { check: 'V17', status: 'failed', code: 'application-differs', entry: 9 } as const

test.each<[Finding, string]>([
  [{ ...V7, fields: { election: 'a', threshold: 2, guardians: 3 } }, 'a: 2 of 3 guardians hold the key.'],
  [
    { ...V7, fields: { election: 'a', threshold: 1, guardians: 1 } },
    'a: 1 of 1 guardians hold the key. A single guardian can open every ballot.',
  ],
  [
    { check: 'V4', status: 'failed', code: 'act-expired', fields: { detail: '' }, entry: 3 },
    'Entry 3: act-expired.',
  ],
  [
    { check: 'V9', status: 'failed', code: 'ballot-sequence', fields: { detail: 'expected 2' }, entry: 3 },
    'Entry 3: ballot-sequence: expected 2.',
  ],
  [{ ...V17, fields: { paths: ['/a'], more: 0 } }, 'Entry 9: the server’s web application is another: /a.'],
  [
    { ...V17, fields: { paths: ['/a', '/b'], more: 3 } },
    'Entry 9: the server’s web application is another: /a, /b and 3 more.',
  ],
  [
    { ...V15, fields: { tracker: 'T', noted: 'hash' } },
    'The opened ballot T holds exactly the marks that its opening shows, and is not in the record. ' +
      'It is the very ballot whose hash was noted before.',
  ],
])('%j', (finding, sentence) => {
  expect(findingSentence(finding)).toBe(sentence)
  expect(findingData(finding)).toEqual({ ...finding, sentence })
})

test('every refusal has a sentence, and every check a title', () => {
  for (const code of REFUSALS) {
    const refused = { check: CHECK_OF[code], status: 'failed', entry: 1, fields: { detail: 'why' } } as const
    expect(findingSentence({ ...refused, code })).toBe(`Entry 1: ${code}: why.`)
  }
  expect(Object.keys(CHECK_TITLES)).toEqual(CHECKS)
})
