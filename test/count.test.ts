// The last line of `npm test` counts everything that did not run and pass as a failure.

import { expect, test } from 'vitest'
import type { JsonTestResults } from 'vitest/node'
import { countTests } from './count.ts'

type State = JsonTestResults['testResults'][number]['assertionResults'][number]['status']

test('all passed', () => {
  expect(countTests(report(['passed', 'passed']), 0, false)).toEqual({ passed: 2, failed: 0, reasons: [] })
})
test('a failed test is one failure, and explains the exit code', () => {
  const reasons = ['a.test.ts: a failed test: expected 1 to be 2']
  expect(countTests(report(['passed', 'failed']), 1, false)).toEqual({ passed: 1, failed: 1, reasons })
})
test('a skipped test is a failure, unless a filter skipped it', () => {
  const skipped = report(['passed', 'skipped', 'todo'])
  const reasons = ['2 not run: a.test.ts: a skipped test ...']
  expect(countTests(skipped, 0, false)).toEqual({ passed: 1, failed: 2, reasons })
  expect(countTests(skipped, 0, true)).toEqual({ passed: 1, failed: 0, reasons: [] })
})
test('a file that failed before its tests is a failure', () => {
  const broken = report([], 'Cannot find module')
  const reasons = ['failed outside its tests: a.test.ts: Cannot find module']
  expect(countTests(broken, 1, false)).toEqual({ passed: 0, failed: 1, reasons })
})
test('no test, no report and an unexplained exit code are failures', () => {
  expect(countTests(report([]), 0, false)).toMatchObject({ failed: 1, reasons: ['no test ran'] })
  expect(countTests(undefined, 1, false)).toMatchObject({ failed: 1 })
  expect(countTests(report(['passed']), 1, false)).toMatchObject({ passed: 1, failed: 1 })
})

// A report of one file with tests that ended so; a message means that the file itself failed.
function report(states: State[], message = ''): JsonTestResults {
  const count = (state: State) => states.filter((one) => one === state).length
  const failed = message !== '' || states.includes('failed')
  const failureMessages = ['expected 1 to be 2\n  at a.test.ts']
  const assertionResults = states.map((status) => ({ status, fullName: `a ${status} test`, failureMessages }))
  const file = { name: 'a.test.ts', message, status: failed ? 'failed' : 'passed', assertionResults }
  return {
    numTotalTests: states.length,
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    testResults: [file],
  } as unknown as JsonTestResults
}
