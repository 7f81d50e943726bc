// Tests run in child processes, two files at a time; proofs and whole elections need the long limit.

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 900_000,
    hookTimeout: 900_000,
    maxWorkers: 2,
    pool: 'forks',
  },
})
