// `comitia election`: an official sets up, opens, closes and exports an election. SPEC 8.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stderr, stdout } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { stateOf } from '#client/view.ts'
import { toHex } from '#crypto/encoding.ts'
import { sha256 } from '#crypto/hash.ts'
import type { Act } from '#protocol/act.ts'
import { FILE_LIST } from '#protocol/application.ts'
import { Refusal } from '#protocol/refusal.ts'
import { stageOf } from '#tally/keygen.ts'
import { freezing, opening, publication } from '#tally/official.ts'
import type { RecordState } from '#tally/state.ts'
import { command, FAILED, only, PASSED, Unusable } from './command.ts'
import { readElectionFile } from './election-file.ts'
import { bringPicture, electionOf, importVoters, Official, setupsOf } from './official.ts'
import { connect, download } from './server.ts'
import { ensureSite } from './site.ts'

const HELP = `Usage: comitia election <step> [options]

  create <file>            define the election of a YAML or JSON file, with the pictures that it names
  voters <file.csv>        add lines "row,weight" to the register of --roll; --out gets "row,code"
  freeze                   freeze --roll as it is
  keygen [numbers]         start an attempt at the key with all guardians, or with those numbered (1,2,4)
  open                     open; refused until key, rehearsal and rolls are there
  closing-time <time>      close at another time (2026-12-01T18:00:00+01:00, or: now), not in the past
  close                    close, once the closing time has come; waits if that is within a minute
  application              name the web app of this program's version on the record, for V17 to compare
  publish                  publish the result that the record implies
  status                   where the election stands
  export                   write the whole record to --out

  --server <url>           default http://localhost:8080
  --data <folder>          the server's data folder with the operator's key (default ./data)
  --process <name>  --election <name>  --roll <name>  --out <file>
  --json                   report as one JSON object
  --help                   print this text

Exit codes: 0 done, 1 refused by the gate (with its code), 2 could not.
`

/** How far ahead `closing-time now` lies, and how long `close` waits for the closing time, in milliseconds. */
const SOON = 3000
const PATIENCE = 60_000

/** Runs the command; the exit code. */
export const election = command(
  HELP,
  {
    server: { type: 'string', default: 'http://localhost:8080' },
    data: { type: 'string', default: 'data' },
    process: { type: 'string' },
    election: { type: 'string' },
    roll: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  async (values, [step, ...rest]) => {
    const { data, json } = values
    const server = connect(values.server)
    const need = (option: 'process' | 'election' | 'roll' | 'out'): string => {
      const value = values[option]
      if (value === undefined) throw new Unusable(`Give --${option}. See --help.`)
      return value
    }
    const report = (done: Record<string, unknown>, sentence: string): number => {
      stdout.write(json ? `${JSON.stringify(done)}\n` : `${sentence}\n`)
      return PASSED
    }
    const act = async (
      sentence: string,
      make: (state: RecordState) => Act,
      process = need('process'),
    ): Promise<number> => {
      const { index } = await (await Official.of(server, data)).act(process, make)
      return report({ entry: index }, `${sentence} (entry ${index})`)
    }
    try {
      switch (step) {
        case 'create': {
          const file = await readElectionFile(only(rest, 'one file'))
          const official = await Official.of(server, data)
          const state = await stateOf(server)
          if (!state.processes.has(file.process)) {
            await official.act(file.process, () => ({ type: 'create-process', title: file.processTitle }))
          }
          for (const picture of file.pictures) await bringPicture(server, data, picture)
          const { manifest } = file
          return await act(
            'Defined',
            () => ({ type: 'define-election', election: file.election, manifest }),
            file.process,
          )
        }
        case 'voters': {
          const csv = await text(only(rest, 'one CSV file'))
          const out = need('out')
          const codes = await importVoters(server, data, need('process'), need('roll'), csv)
          await writeFile(out, codes, { mode: 0o600 })
          const count = codes.trim().split('\n').length
          return report(
            { voters: count, codes: out },
            `${count} voters added; their codes are in ${out}. Keep it secret.`,
          )
        }
        case 'freeze':
          return await act('Roll frozen', (state) => freezing(state, need('process'), need('roll')))
        case 'keygen': {
          const chosen = rest[0]?.split(',').map(Number)
          return await act('Key generation started', (state) => {
            const { attempts, manifest } = electionOf(state, need('process'), need('election'))
            const guardians = chosen ?? manifest.guardians.map((_, i) => i + 1)
            return {
              type: 'start-keygen',
              election: need('election'),
              attempt: attempts.length + 1,
              guardians,
            }
          })
        }
        case 'open': {
          const setups = await setupsOf(server)
          return await act('Opened', (state) => opening(state, need('process'), need('election'), setups))
        }
        case 'closing-time': {
          const typed = only(rest, 'a time')
          return await act('Closing time set', () => {
            const closesAt = typed === 'now' ? Date.now() + SOON : new Date(typed).getTime()
            if (Number.isNaN(closesAt)) throw new Unusable('That is no time.')
            return { type: 'set-closing-time', election: need('election'), closesAt }
          })
        }
        case 'close': {
          const { closesAt } = electionOf(await stateOf(server), need('process'), need('election'))
          const left = closesAt - Date.now()
          if (left > 0 && left < PATIENCE) await sleep(left + 1)
          return await act('Closed', () => ({ type: 'close-election', election: need('election') }))
        }
        case 'application': {
          const site = await ensureSite((what) => stderr.write(`${what}\n`))
          const files = sha256(await readFile(join(site, FILE_LIST)))
          return await act('Web app named', () => ({ type: 'publish-application', files }))
        }
        case 'publish':
          return await act('Result published', (state) =>
            publication(state, need('process'), need('election')),
          )
        case 'status': {
          const status = statusOf(await stateOf(server), need('process'), need('election'))
          return report(
            status,
            Object.entries(status)
              .map(([k, v]) => `${k}: ${String(v)}`)
              .join('\n'),
          )
        }
        case 'export': {
          const out = need('out')
          await download(await server.send('/api/record', {}, Infinity), out)
          return report({ record: out }, `The record is in ${out}.`)
        }
        default:
          throw new Unusable(`Give a step.\n\n${HELP}`)
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      stderr.write(`Refused: ${error.message}\n`)
      return FAILED
    }
  },
)

/** Where an election stands, in a few words each. */
function statusOf(state: RecordState, process: string, slug: string): Record<string, unknown> {
  const { attempts, opening: opened, closedAt, closesAt, contests, result } = electionOf(state, process, slug)
  const attempt = attempts.at(-1)
  return {
    stage: result ? 'announced' : closedAt !== undefined ? 'closed' : opened ? 'open' : 'defined',
    key: attempt === undefined ? 'not started' : `attempt ${attempt.number}: ${stageOf(attempt)}`,
    closesAt: new Date(closesAt).toISOString(),
    voters: contests.map((c) => c.voters.size),
    ...(opened && { E: toHex(opened.hash) }),
  }
}

async function text(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new Unusable(`Cannot read ${path}: ${error instanceof Error ? error.message : ''}`)
  })
}
