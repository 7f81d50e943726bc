// `npm run bench`: measures what docs/performance.md reports. Figures go to standard output, progress to standard error.
import { spawn } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { stderr, stdout } from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Bench, Figures, Sizes } from './bench.ts'
import { budgetTable } from './budgets.ts'
import { type Measured, writeReport } from './report.ts'
import { bisect } from './bisect.ts'
import { booth } from './booth.ts'
import { comments } from './comments.ts'
import { dlog } from './dlog.ts'
import { ingest } from './ingest.ts'
import { importing } from './importing.ts'
import { katowice } from './katowice.ts'
import { ledger } from './ledger.ts'
import { native } from './native.ts'
import { observer } from './observer.ts'
import { pages } from './pages.ts'
import { growth } from './growth.ts'
import { prove } from './prove.ts'
import { record } from './record.ts'
import { single } from './single.ts'
import { tally } from './tally.ts'
import { verify } from './verify.ts'

const BENCHES: readonly Bench[] = [
  verify,
  single,
  bisect,
  native,
  prove,
  ledger,
  tally,
  dlog,
  record,
  ingest,
  comments,
  importing,
  pages,
  booth,
  observer,
  growth,
  katowice,
]

const HELP = `Usage: npm run bench [-- <name>] [options]

Measures all benches, each in a process of its own, or the one named; prints a
table of budgets, figures and ratios to peers measured in the same run.
Without --ballots all of them take under 10 minutes on 2 idle cores.

  --list         names and what they measure
  --json         print figures as one JSON object
  --ballots <n>  larger or smaller than the default of each bench
  --all          also the long ones: growth, and katowice, an election of 1,514
                 voters with real proofs, about half an hour on 2 cores
  --write        put the figures into docs/performance.md (and .json beside it)
  --help         print this text

Exit codes: 0 measured, 1 a bench failed, 2 wrong usage.
`

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  let parsed
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        list: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        ballots: { type: 'string' },
        all: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : ''}\n\n${HELP}`)
    return 2
  }
  const { values, positionals } = parsed
  if (values.help) stdout.write(HELP)
  if (values.list)
    stdout.write(BENCHES.map((b) => `${b.name.padEnd(10)}${b.what}${b.long ? ' (long)' : ''}\n`).join(''))
  if (values.help || values.list) return 0
  const [name, ...rest] = positionals
  const chosen = BENCHES.filter((b) => (name === undefined ? values.all || !b.long : b.name === name))
  if (chosen.length === 0 || rest.length > 0 || !/^([1-9]\d{0,6})?$/.test(values.ballots ?? '')) {
    stderr.write(`No such bench, or --ballots is no number.\n\n${HELP}`)
    return 2
  }
  const sizes: Sizes = values.ballots === undefined ? {} : { ballots: Number(values.ballots) }
  const [only] = chosen
  if (name !== undefined && only !== undefined && values.json && !values.write) {
    stdout.write(`${JSON.stringify(await only.run(progressOf(name), sizes), null, 2)}\n`)
    return 0
  }
  return runAll(chosen, values)
}

interface Choice {
  readonly ballots?: string
  readonly json: boolean
  readonly write: boolean
}

/** Each bench in a process of its own, so that none meets another's heap, threads and warm code. */
async function runAll(chosen: readonly Bench[], { ballots, json, write }: Choice): Promise<number> {
  const measured: Record<string, Measured> = {}
  let failed = false
  for (const { name } of chosen) {
    const words = [name, ...(ballots === undefined ? [] : ['--ballots', ballots])]
    const start = performance.now()
    const loadBefore = loadavg()[0] ?? 0
    const figures = await child([...words, '--json'])
    if (figures === undefined) {
      stderr.write(`${name} failed\n`)
      failed = true
      continue
    }
    measured[name] = {
      command: `npm run bench -- ${words.join(' ')}`,
      date: new Date().toISOString().slice(0, 10),
      machine: machine(),
      loadBefore: Number(loadBefore.toFixed(1)),
      seconds: Math.round((performance.now() - start) / 1000),
      figures,
    }
  }
  stdout.write(json ? `${JSON.stringify(measured, null, 2)}\n` : budgetTable(measured))
  if (write) await writeReport(measured)
  return failed ? 1 : 0
}

function child(args: readonly string[]): Promise<Figures | undefined> {
  return new Promise((resolve, reject) => {
    const bench = spawn(process.execPath, [fileURLToPath(import.meta.url), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    bench.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
    bench.on('error', reject)
    bench.on('close', (code) => resolve(code === 0 ? (JSON.parse(text) as Figures) : undefined))
  })
}

function machine(): string {
  const all = cpus()
  return `${all.length} x ${all[0]?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}, ${process.platform}`
}

function progressOf(name: string): (step: string) => void {
  const start = performance.now()
  return (step) =>
    stderr.write(`${((performance.now() - start) / 1000).toFixed(1).padStart(6)} s  ${name}: ${step}\n`)
}
