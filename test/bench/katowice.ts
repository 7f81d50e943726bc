// The whole published vote of a district of Katowice through `comitia simulate`: every voter's real proof, over HTTP.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Bench, type Figures, rounded } from './bench.ts'
import { comitia } from './program.ts'

const FILE = fileURLToPath(new URL('../data/pb/Poland_Katowice_2020_Janow-Nikiszowiec.pb', import.meta.url))

interface Report {
  readonly voters: number
  readonly winners: readonly string[]
  readonly asExpected: boolean
  readonly verified: boolean
}

export const katowice: Bench = {
  name: 'katowice',
  what: 'an election on the full Katowice file, 1,514 voters with real proofs: seconds by phase, verdict',
  long: true,
  async run(onProgress, { ballots }) {
    const folder = mkdtempSync(join(tmpdir(), 'comitia-bench-'))
    try {
      const voters = ballots === undefined ? [] : ['--voters', String(ballots)]
      const args = ['simulate', '--data', FILE, ...voters, '--out', join(folder, 'record'), '--json']
      const phases: Figures = {}
      let last = ''
      const { code, stdout, seconds } = await comitia(args, (line) => {
        last = line
        const [, phase, taken] = /^(.*): done \(([\d.]+) s\)$/.exec(line) ?? []
        if (phase === undefined) return
        onProgress(line)
        phases[`seconds: ${phase}`] = Number(taken)
      })
      if (code !== 0 && code !== 1) throw new Error(`comitia simulate ended with ${code}: ${last}`)
      const report = JSON.parse(stdout) as Report
      const casting = phases['seconds: Voters cast their ballots']
      return {
        voters: report.voters,
        winners: report.winners.join(' '),
        asPublished: report.asExpected,
        verified: report.verified,
        seconds: rounded(seconds),
        ...phases,
        castMsPerVoter: typeof casting === 'number' ? rounded((casting * 1000) / report.voters) : null,
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
}
