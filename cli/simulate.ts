// `comitia simulate`: a whole election on published votes, from an empty ledger to a verified record, with real proofs.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stdout } from 'node:process'
import { fileURLToPath } from 'node:url'
import { decodeCbor } from '#protocol/codec.ts'
import { type Manifest, defaultQuorum } from '#protocol/manifest.ts'
import { countFile, inputOf, parsePb, type PbFile } from '#tally/formats/pabulib.ts'
import { replay } from '#tally/replay.ts'
import { comitia, run, serve } from './child.ts'
import { command, FAILED, PASSED, Unusable } from './command.ts'
import { electionOf } from './official.ts'
import { contestOf, spread, valuesOf } from './pb-contest.ts'
import { readParsed } from './file.ts'
import { Progress } from './progress.ts'
import { withRecord } from './record.ts'
import type { Crowd } from './simulate-voters.ts'

const HELP = `Usage: comitia simulate --data <file.pb> [options]

Runs a whole election on the votes of a published budget: registers a credential
for each voter over HTTP, generates a key with guardians, casts encrypted
ballots with real proofs, closes, decrypts with one guardian absent, counts,
compares with the published votes, and verifies the exported record.

  --data <file>      a PaBuLib file
  --voters <n>       votes to take, evenly spaced over the file (default all)
  --guardians <n>    default 3        --threshold <t>  default 2
  --processes <n>    voters' processes (default: one for each core)
  --out <file>       where the record goes (default ./simulated.record)
  --json             report as one JSON object
  --help             print this text

Exit codes: 0 result as published and record verified, 1 not so, 2 could not run.
`

const PROCESS = 'simulation'
const ELECTION = 'budget'
const ROLL = 'voters'
const PASSPHRASE = 'simulation only'
const VOTERS = fileURLToPath(new URL('./simulate-voters.ts', import.meta.url))

/** Runs the command; the exit code. */
export const simulate = command(
  HELP,
  {
    data: { type: 'string' },
    voters: { type: 'string' },
    guardians: { type: 'string', default: '3' },
    threshold: { type: 'string', default: '2' },
    processes: { type: 'string', default: String(availableParallelism()) },
    out: { type: 'string', default: 'simulated.record' },
    json: { type: 'boolean', default: false },
  },
  async (values) => {
    if (values.data === undefined) throw new Unusable('Give --data. See --help.')
    const pb = await readParsed(values.data, parsePb)
    contestOf(pb, ROLL)
    const plan = {
      pb: { ...pb, votes: spread(pb.votes, positive(values.voters ?? String(pb.votes.length), '--voters')) },
      guardians: positive(values.guardians, '--guardians'),
      threshold: positive(values.threshold, '--threshold'),
      processes: positive(values.processes, '--processes'),
      out: resolve(values.out),
    }
    const folder = await mkdtemp(join(tmpdir(), 'comitia-simulation-'))
    try {
      await hold(plan, folder)
      const report = await judge(plan, pb.votes.length)
      stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : inWords(report))
      return report.asExpected && report.verified ? PASSED : FAILED
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
)

interface Plan {
  readonly pb: PbFile
  readonly guardians: number
  readonly threshold: number
  readonly processes: number
  readonly out: string
}

/** Holds the election and exports its record. */
async function hold(plan: Plan, folder: string): Promise<void> {
  const { pb, guardians, threshold, out } = plan
  const data = join(folder, 'data')
  const server = await serve(data)
  const place = ['--server', server.url, '--process', PROCESS, '--election', ELECTION]
  const election = (...args: string[]): Promise<string> =>
    comitia(['election', ...args, '--data', data, ...place, '--json'])
  try {
    const policy = join(folder, 'policy')
    await writeFile(policy, await (await fetch(new URL('/log/policy', server.url))).text())
    const passphrase = join(folder, 'passphrase')
    await writeFile(passphrase, PASSPHRASE)
    const numbers = Array.from({ length: guardians }, (_, i) => i + 1)
    const guardian = (number: number, step: string, ...args: string[]): Promise<string> =>
      comitia([
        'guardian',
        step,
        '--folder',
        join(folder, `guardian-${number}`),
        '--passphrase-file',
        passphrase,
        '--json',
        ...args,
      ])

    const keys = await step('Guardians make their keys', () =>
      inTurn(
        numbers,
        async (n) =>
          (JSON.parse(await guardian(n, 'init', '--name', `Guardian ${n}`)) as { key: string }).key,
      ),
    )
    const file = join(folder, 'election.json')
    await writeFile(file, JSON.stringify(electionFile(plan, keys), number))
    await election('create', file)

    const csv = join(folder, 'voters.csv')
    const codesFile = join(folder, 'codes.csv')
    await writeFile(csv, pb.votes.map(({ voter }) => `${quote(voter)},1\n`).join(''))
    await election('voters', csv, '--roll', ROLL, '--out', codesFile)
    const crowds = await makeCrowds(plan, folder, server.url, policy, codesFile)
    await everybody('register', 'Voters register', crowds, pb.votes.length)
    await election('freeze', '--roll', ROLL)

    await step('Guardians generate the election key', async () => {
      await election('keygen')
      await Promise.all(
        numbers.map(async (n) => {
          await guardian(n, 'join', ...place, '--policy', policy)
          for (const next of ['deal', 'confirm', 'rehearse']) await guardian(n, next)
        }),
      )
    })
    await election('open')
    await everybody('cast', 'Voters cast their ballots', crowds, pb.votes.length)

    await step('The election closes', async () => {
      await election('closing-time', 'now')
      await election('close')
    })
    const present = numbers.length > 1 ? numbers.slice(0, -1) : numbers
    await step(`Guardians decrypt, ${guardians - present.length} of them absent`, () =>
      Promise.all(
        present
          .slice(0, Math.max(threshold, defaultQuorum(guardians, threshold)))
          .map((n) => guardian(n, 'decrypt')),
      ),
    )
    await election('publish')
    await election('export', '--out', out)
    await writeFile(`${out}.policy`, await readFile(policy))
  } finally {
    await server.stop()
  }
}

interface Report {
  readonly record: string
  readonly policy: string
  readonly voters: number
  readonly votesInFile: number
  readonly winners: readonly string[]
  readonly expected: readonly string[]
  readonly scores: readonly number[]
  /** Winners and every score are those of the very votes that were cast. */
  readonly asExpected: boolean
  readonly verified: boolean
}

/** Compares the announced result with the plain votes and has the record verified by a process of its own. */
async function judge({ pb, out }: Plan, votesInFile: number): Promise<Report> {
  const expected = countFile(pb)
  const state = await withRecord(out, replay)
  const result = electionOf(state, PROCESS, ELECTION).result?.contests[0]
  if (result?.status !== 'counted') throw new Unusable('No result was announced.')
  const { winners } = decodeCbor(result.count) as { winners: string[] }
  const sums = inputOf(pb).scores
  const verified = await step('The record is verified', () =>
    comitia(['verify', out, '--policy', `${out}.policy`, '--json'], [0, 1]),
  )
  return {
    record: out,
    policy: `${out}.policy`,
    voters: pb.votes.length,
    votesInFile,
    winners,
    expected: expected.winners,
    scores: result.sums.map(Number),
    asExpected: winners.join() === expected.winners.join() && result.sums.join() === sums.join(),
    verified: (JSON.parse(verified) as { passed: boolean }).passed,
  }
}

function inWords(report: Report): string {
  const { voters, votesInFile, winners, asExpected, verified, record, policy } = report
  const which =
    voters === votesInFile
      ? `all ${voters} votes of the file`
      : `${voters} of the file's ${votesInFile} votes`
  return [
    `Cast and counted: ${which}.`,
    `Winners: ${winners.join(', ') || 'none'}.`,
    asExpected
      ? 'Every sum and winner is that of the plain votes.'
      : `NOT AS EXPECTED: the plain votes give ${report.expected.join(', ')}.`,
    verified ? 'The record verifies.' : 'THE RECORD DOES NOT VERIFY.',
    '',
    'What to look at:',
    `  the record   ${record}`,
    `  verify it    ./comitia verify ${record} --policy ${policy}`,
    '  then change a byte of the file and verify it again.',
    '',
  ].join('\n')
}

/** The election's file for `comitia election create`. */
function electionFile({ pb, guardians, threshold }: Plan, keys: readonly string[]) {
  const { title, options, rule, count, roll } = contestOf(pb, ROLL)
  const minBallots: Manifest['minBallots'] = Math.min(20, pb.votes.length)
  return {
    process: PROCESS,
    election: ELECTION,
    title,
    description: 'A simulation on published votes',
    organiser: pb.meta.get('unit') ?? 'Simulation',
    practice: true,
    opensAt: new Date().toISOString(),
    closesAt: new Date(Date.now() + 7 * 86_400_000).toISOString(),
    guardians: keys.map((key, i) => ({ name: `Guardian ${i + 1}`, key })),
    threshold,
    quorum: defaultQuorum(guardians, threshold),
    minBallots,
    contests: [
      {
        ...{ title, roll, rule, count },
        // A file has degrees, a manifest millionths of them.
        options: options.map(({ point, ...option }) => ({
          ...option,
          ...(point && { point: { lat: point.lat / 1e6, lon: point.lon / 1e6 } }),
        })),
      },
    ],
  }
}

/** Splits the votes over the voters' processes. */
async function makeCrowds(
  { pb, processes }: Plan,
  folder: string,
  server: string,
  policy: string,
  codesFile: string,
): Promise<string[]> {
  const codes = (await readFile(codesFile, 'utf8'))
    .trim()
    .split(/\r?\n/)
    .map((line) => line.slice(line.lastIndexOf(',') + 1))
  const contest = contestOf(pb, ROLL)
  const policyText = await readFile(policy, 'utf8')
  const voters = pb.votes.map((vote, i) => ({
    code: codes[i] ?? '',
    values: valuesOf(contest, vote).map(Number),
  }))
  return inTurn(
    Array.from({ length: Math.min(processes, voters.length) }, (_, i) => i),
    async (p) => {
      const path = join(folder, `crowd-${p}.json`)
      const share = voters.filter((_, i) => i % processes === p)
      const crowd: Crowd = { server, policy: policyText, process: PROCESS, election: ELECTION, voters: share }
      await writeFile(path, JSON.stringify(crowd), { mode: 0o600 })
      return path
    },
  )
}

async function everybody(
  what: 'register' | 'cast',
  title: string,
  crowds: readonly string[],
  total: number,
): Promise<void> {
  const progress = new Progress(title)
  let done = 0
  await Promise.all(
    crowds.map((crowd) => run(VOTERS, [what, crowd], [0], () => progress.update(++done, total))),
  )
  progress.finish()
}

async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const progress = new Progress(title)
  const result = await work()
  progress.finish()
  return result
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const item of items) results.push(await work(item))
  return results
}

function positive(value: string, option: string): number {
  if (!/^[1-9]\d{0,6}$/.test(value)) throw new Unusable(`${option} is not a positive number.`)
  return Number(value)
}

/** JSON of a bigint that fits a number, as all amounts of a .pb file do. */
function number(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}

function quote(field: string): string {
  return /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
}
