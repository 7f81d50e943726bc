// Counts a vitest report for the last line of `npm test`: nothing that did not run and pass may look green.

import type { JsonTestResults } from 'vitest/node'

/** Tests passed and failed, with a line for each failure; tests that did not run share their file's. */
export interface Count {
  passed: number
  failed: number
  reasons: string[]
}

/**
 * Counts the report of a run that ended with `exitCode`. Beside failed tests, each of these is one failure: a file
 * that failed outside its tests (import, hook); a skipped or unfinished test, unless `subset` (a filter skips on
 * purpose); a run without any test or without a report; an exit code that nothing in the report explains.
 */
export function countTests(report: JsonTestResults | undefined, exitCode: number, subset: boolean): Count {
  if (report === undefined) return { passed: 0, failed: 1, reasons: ['vitest left no report'] }
  const count: Count = { passed: report.numPassedTests, failed: 0, reasons: [] }
  const fail = (reason: string, failures = 1) => {
    count.failed += failures
    count.reasons.push(reason)
  }
  for (const { name, message, status, assertionResults: tests } of report.testResults) {
    const failed = tests.filter((test) => test.status === 'failed')
    for (const { fullName, failureMessages } of failed)
      fail(`${name}: ${fullName}: ${failureMessages?.[0]?.split('\n')[0] ?? ''}`)
    if (status === 'failed' && failed.length === 0) fail(`failed outside its tests: ${name}: ${message}`)
    const left = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed')
    if (left.length > 0 && !subset)
      fail(
        `${left.length} not run: ${name}: ${left[0]?.fullName}${left.length > 1 ? ' ...' : ''}`,
        left.length,
      )
  }
  if (report.numTotalTests === 0 && count.failed === 0) fail('no test ran')
  if (exitCode !== 0 && count.failed === 0) fail(`vitest ended with exit code ${exitCode}, see its output`)
  return count
}
