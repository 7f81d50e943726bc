// Time against ballots: `comitia verify` over records of 100, 1,000 and so on. docs/growth.svg is drawn from it.
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bench, type Figures, rounded } from './bench.ts'
import { cast, verifyFile, write } from './record.ts'

export const growth: Bench = {
  name: 'growth',
  what: 'verifying records of 100, 1,000 and so on up to --ballots (10,000), for the plot of time against ballots',
  long: true,
  async run(onProgress, { ballots: most = 10_000 }) {
    const folder = mkdtempSync(join(tmpdir(), 'comitia-bench-'))
    const threads = availableParallelism()
    const figures: Figures = { threads }
    try {
      for (let ballots = Math.min(100, most); ballots <= most; ballots *= 10) {
        onProgress(`an election of ${ballots} ballots with 10 options`)
        const path = join(folder, `${ballots}.record`)
        await write(path, await cast(ballots, onProgress))
        const { seconds, peakMegabytes } = await verifyFile(path, threads, onProgress)
        figures[`seconds ${ballots}`] = rounded(seconds)
        figures[`peakMegabytes ${ballots}`] = peakMegabytes
        rmSync(path)
      }
      return figures
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}
