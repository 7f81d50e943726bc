// Counts a vitest report for the last line of `npm test`: nothing that did not run and pass may look green.

import type { JsonTestResults } from 'vitest/node'

/** Tests passed and failed, with a line for each failure that is not the failure of a single test. */
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
  const reasons: string[] = []
  let failed = report.numFailedTests
  for (const file of report.testResults) {
    const states = file.assertionResults
    if (file.status === 'failed' && !states.some((test) => test.status === 'failed'))
      reasons.push(`failed outside its tests: ${file.name}: ${file.message}`)
    if (subset) continue
    for (const test of states)
      if (test.status !== 'passed' && test.status !== 'failed')
        reasons.push(`${test.status}: ${file.name}: ${test.fullName}`)
  }
  if (report.numTotalTests === 0 && reasons.length === 0) reasons.push('no test ran')
  failed += reasons.length
  if (exitCode !== 0 && failed === 0) {
    reasons.push(`vitest ended with exit code ${exitCode}, see its output`)
    failed = 1
  }
  return { passed: report.numPassedTests, failed, reasons }
}
