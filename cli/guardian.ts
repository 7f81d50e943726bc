// `comitia guardian`: hold a share of an election key, from the key to the partial decryption. SPEC 5, 9.
import { readFile } from 'node:fs/promises'
import { stderr, stdout } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure, Unusable as Hindered } from '#client/failure.ts'
import { Alarm, NotYet } from '#client/guardian/alarm.ts'
import { confirm, deal, fingerprint, join, rehearse, takeSeat } from '#client/guardian/keygen.ts'
import { type Seat, seatIn } from '#client/guardian/seat.ts'
import { Session, type Surroundings } from '#client/guardian/session.ts'
import { decrypt } from '#client/guardian/tally.ts'
import { unseal } from '#client/guardian/unseal.ts'
import { toHex } from '#crypto/encoding.ts'
import { Refusal } from '#protocol/refusal.ts'
import { stageOf } from '#tally/keygen.ts'
import type { ElectionState } from '#tally/state.ts'
import { command, FAILED, only, PASSED, Unusable } from './command.ts'
import { GuardianFolder } from './guardian-folder.ts'
import { readPassphrase } from './passphrase.ts'
import { connect } from './server.ts'
import { verifyWith } from './verify.ts'

/** How often the ledger is looked at while waiting, in milliseconds. */
const PAUSE = 500

const HELP = `Usage: comitia guardian <step> --folder <folder> [options]

  init       make this guardian's signing key (--name); prints what the manifest needs
  join       take the seat in an election (--server, --process, --election) and commit
  deal       reveal, then send each other guardian a sealed share
  confirm    check all shares and confirm, or complain; shows the fingerprint that
             all guardians compare by voice (--fingerprint: what the others read out)
  rehearse   decrypt a test, without which the election cannot open
  backup     everything in one file (--out); make it after confirm, keep it elsewhere
  restore    a guardian from that file (--in) in another folder
  decrypt    verify the whole record, then decrypt what it adds up to, nothing else
  unseal     verify the whole record, then open the comments that were sealed to the
             key, once their time is over: all of them together
  status     where this guardian stands

Each step may be repeated after a crash. Never run two copies of a folder.

  --passphrase-file <file>  otherwise the passphrase is asked for
  --policy <file>           whose signatures this guardian believes (join)
  --no-wait                 do what is possible now and say what is missing
  --never-intended          after a restore: I know that no intent was announced since (decrypt)
  --process <name>  --election <name>   where a guardian serves several elections
  --json                    report as one JSON object
  --help                    print this text

Exit codes: 0 done, 1 refused or alarmed: see why before going on, 2 could not (yet).
`

/** Runs the command; the exit code. */
export const guardian = command(
  HELP,
  {
    folder: { type: 'string' },
    name: { type: 'string' },
    server: { type: 'string', default: 'http://localhost:8080' },
    process: { type: 'string' },
    election: { type: 'string' },
    policy: { type: 'string' },
    fingerprint: { type: 'string' },
    out: { type: 'string' },
    in: { type: 'string' },
    'passphrase-file': { type: 'string' },
    'no-wait': { type: 'boolean', default: false },
    'never-intended': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
  async (values, positionals) => {
    const step = only(positionals, 'one step')
    const need = (option: 'folder' | 'name' | 'process' | 'election' | 'out' | 'in'): string => {
      const value = values[option]
      if (value === undefined) throw new Unusable(`Give --${option}. See --help.`)
      return value
    }
    const passphrase = (chosen = false): Promise<string> => readPassphrase(values['passphrase-file'], chosen)
    const around: Surroundings = {
      wait: !values['no-wait'],
      tell: ({ message }) => void stderr.write(`${message}\n`),
      pause: () => sleep(PAUSE),
      connect,
      verify: (record, options) => verifyWith(record, options, 'Verifying the record before decrypting'),
    }
    const report = (done: object, sentence: string): number => {
      stdout.write(values.json ? `${JSON.stringify(done)}\n` : `${sentence}\n`)
      return PASSED
    }
    const open = async (): Promise<GuardianFolder> => {
      const secret = await passphrase()
      return await GuardianFolder.open(need('folder'), secret)
    }
    /** Runs a step of an election in which this guardian has a seat. */
    const inSeat = async <T>(run: (session: Session) => Promise<T>): Promise<T> => {
      using folder = await open()
      const seat = await seatIn(folder, values.process, values.election)
      if (seat === undefined) throw new Unusable('First join an election: comitia guardian join.')
      return await run(await Session.open(folder, seat, around))
    }

    try {
      switch (step) {
        case 'init': {
          using made = await GuardianFolder.create(need('folder'), need('name'), await passphrase(true))
          const key = toHex(made.publicKey)
          const shown = fingerprint(made.publicKey)
          return report(
            { name: made.identity.name, key, fingerprint: shown },
            `Public key, for the election's officials:\n  ${key}\nIts fingerprint, to be read out to them:\n  ${shown}`,
          )
        }
        case 'join': {
          using folder = await open()
          const { server } = values
          const place = { server, process: need('process'), election: need('election') }
          const policy = values.policy === undefined ? {} : { policy: await text(values.policy) }
          const seat = await takeSeat(folder, { ...place, ...policy }, around)
          const session = await Session.open(folder, seat, around)
          if (seat.attempt === undefined) stderr.write(`${describe(session.election)}\n`)
          const done = await join(session)
          return report(done, 'Committed. Next: comitia guardian deal.')
        }
        case 'deal':
          return report(await inSeat(deal), 'Shares dealt. Next: comitia guardian confirm.')
        case 'confirm': {
          const done = await inSeat((session) => confirm(session, values.fingerprint))
          if (!('complaint' in done))
            return report(done, 'Confirmed. Compare the fingerprint, make a backup, then rehearse.')
          report(
            done,
            `Complained about guardian ${String(done.complaint)}; judged at fault: guardian ${String(done.judged)}.`,
          )
          return FAILED
        }
        case 'rehearse':
          return report(await inSeat(rehearse), 'Rehearsed.')
        case 'decrypt': {
          const done = await inSeat((session) => decrypt(session, values['never-intended']))
          return report(done, 'Decrypted what the record adds up to.')
        }
        case 'unseal':
          return report(await inSeat(unseal), 'Opened the sealed comments of the record.')
        case 'backup': {
          const secret = await passphrase()
          using folder = await GuardianFolder.open(need('folder'), secret)
          await folder.backup(need('out'), secret)
          const held = (await folder.seats()).filter((seat) => seat.attempt?.keyShare !== undefined)
          const shares = held.map((seat) => `${seat.process}/${seat.election}`)
          return report(
            { backup: need('out'), shares },
            shares.length > 0
              ? `The key shares of ${shares.join(', ')} are in the backup.`
              : 'WARNING: there is no key share yet; make another backup after confirm.',
          )
        }
        case 'restore': {
          using restored = await GuardianFolder.restore(need('folder'), need('in'), await passphrase())
          const sentence = 'Restored. Destroy any other copy: two running copies would contradict each other.'
          return report({ name: restored.identity.name, key: toHex(restored.publicKey) }, sentence)
        }
        case 'status': {
          using folder = await open()
          const seats = await Promise.all(
            (await folder.seats()).map((seat) => statusOf(folder, seat, around)),
          )
          const status = { name: folder.identity.name, key: toHex(folder.publicKey), seats }
          return report(status, JSON.stringify(status, null, 2))
        }
        default:
          throw new Unusable(`There is no step "${step}".\n\n${HELP}`)
      }
    } catch (error) {
      if (error instanceof NotYet) throw new Unusable(`Not yet: ${error.message}`)
      if (error instanceof Hindered) throw new Unusable(`${error.message}${HINTS[error.code] ?? ''}`)
      if (!(error instanceof Refusal || error instanceof Alarm)) throw error
      stderr.write(`Refused: ${error.message}\n`)
      return FAILED
    }
  },
)

/** What the command line offers where a step cannot be done. */
const HINTS: Partial<Record<Hindered['code'], string>> = {
  'several-seats': ' Give --process and --election.',
  'not-joined': ' comitia guardian join',
  'no-key-share': ' comitia guardian confirm',
  'intent-unknown': ' --never-intended',
}

/** What the guardian joins, for people. */
function describe({ manifest, definition }: ElectionState): string {
  const { guardians, threshold, quorum, organiser, title, practice } = manifest
  const lines = [
    `${Object.values(title)[0] ?? ''} (${organiser})${practice ? ' — a practice, not a real vote' : ''}`,
    `${guardians.length} guardians: ${guardians.map((g) => g.name).join(', ')}.`,
    `Any ${threshold} of them decrypt, after ${quorum} have announced what; fewer than ${threshold} cannot.`,
    ...(threshold === 1 ? ['WARNING: a single guardian can open every ballot.'] : []),
    `Fingerprint of the definition:\n  ${fingerprint(definition)}`,
  ]
  return lines.join('\n')
}

/** What the folder holds of a seat, and how the record stands if the server answers. Nothing secret. */
async function statusOf(
  folder: GuardianFolder,
  seat: Seat,
  around: Surroundings,
): Promise<Record<string, unknown>> {
  const { process, election, server, guardian, restored, attempt } = seat
  const held = {
    election: `${process}/${election}`,
    server,
    guardian,
    restored,
    ...(attempt && {
      attempt: attempt.number,
      keyShare: attempt.keyShare !== undefined,
      said: Object.keys(attempt.messages),
    }),
  }
  try {
    const session = await Session.open(folder, seat, around)
    session.mustExtend()
    const last = session.election.attempts.at(-1)
    return {
      ...held,
      record: last === undefined ? 'no key generation yet' : `attempt ${last.number}: ${stageOf(last)}`,
      open: session.election.opening !== undefined,
      closed: session.election.closedAt !== undefined,
    }
  } catch (error) {
    if (!(error instanceof Failure) || error instanceof Alarm) throw error
    return { ...held, record: error.message }
  }
}

async function text(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new Unusable(`Cannot read ${path}: ${error instanceof Error ? error.message : ''}`)
  })
}
