// Tests run in child processes, three files at a time, since those that start servers and browsers mostly wait; proofs
// and whole elections need the long limit. Files that start
// servers and browsers take longest and so come first, else one of them runs on alone at the end.

import { relative } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const LONGEST_FIRST = [
  'test/faults',
  'test/journey',
  'test/browser',
  'test/attack/w',
  'test/server',
  'test/cli',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

function rank({ moduleId }: TestSpecification): number {
  const place = LONGEST_FIRST.findIndex((start) => relative(import.meta.dirname, moduleId).startsWith(start))
  return place === -1 ? LONGEST_FIRST.length : place
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 300_000 } },
    maxWorkers: 3,
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
  },
})
