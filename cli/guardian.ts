// `comitia guardian`: hold a share of an election key, from the key to the partial decryption. SPEC 5, 9.
import { readFile } from 'node:fs/promises'
import { stderr, stdout } from 'node:process'
import { toHex } from '#crypto/encoding.ts'
import { Refusal } from '#protocol/refusal.ts'
import { stageOf } from '#tally/keygen.ts'
import { command, FAILED, only, PASSED, Unusable } from './command.ts'
import { confirm, deal, fingerprint, join, rehearse, takeSeat } from './guardian-keygen.ts'
import { Alarm, type Manner, Session } from './guardian-session.ts'
import { GuardianFolder, type Seat } from './guardian-store.ts'
import { decrypt } from './guardian-tally.ts'
import { readPassphrase } from './passphrase.ts'

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
    const manner: Manner = {
      wait: !values['no-wait'],
      tell: (sentence) => void stderr.write(`${sentence}\n`),
    }
    const report = (done: Record<string, unknown>, sentence: string): number => {
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
      const seat = await folder.seat(values.process, values.election)
      if (seat === undefined) throw new Unusable('First join an election: comitia guardian join.')
      return await run(await Session.open(folder, seat, manner))
    }

    try {
      switch (step) {
        case 'init': {
          using made = await GuardianFolder.create(need('folder'), need('name'), await passphrase(true))
          const key = toHex(made.publicKey)
          const shown = fingerprint(made.publicKey)
          return report(
            { name: made.name, key, fingerprint: shown },
            `Public key, for the election's officials:\n  ${key}\nIts fingerprint, to be read out to them:\n  ${shown}`,
          )
        }
        case 'join': {
          using folder = await open()
          const { server } = values
          const place = { server, process: need('process'), election: need('election') }
          const policy = values.policy === undefined ? {} : { policy: await text(values.policy) }
          const seat = await takeSeat(folder, { ...place, ...policy }, manner)
          const done = await join(await Session.open(folder, seat, manner))
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
          return report({ name: restored.name, key: toHex(restored.publicKey) }, sentence)
        }
        case 'status': {
          using folder = await open()
          const seats = await Promise.all(
            (await folder.seats()).map((seat) => statusOf(folder, seat, manner)),
          )
          const status = { name: folder.name, key: toHex(folder.publicKey), seats }
          return report(status, JSON.stringify(status, null, 2))
        }
        default:
          throw new Unusable(`There is no step "${step}".\n\n${HELP}`)
      }
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Alarm)) throw error
      stderr.write(`Refused: ${error.message}\n`)
      return FAILED
    }
  },
)

/** What the folder holds of a seat, and how the record stands if the server answers. Nothing secret. */
async function statusOf(
  folder: GuardianFolder,
  seat: Seat,
  manner: Manner,
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
    const session = await Session.open(folder, seat, manner)
    session.mustExtend()
    const last = session.election.attempts.at(-1)
    return {
      ...held,
      record: last === undefined ? 'no key generation yet' : `attempt ${last.number}: ${stageOf(last)}`,
      open: session.election.opening !== undefined,
      closed: session.election.closedAt !== undefined,
    }
  } catch (error) {
    if (!(error instanceof Unusable)) throw error
    return { ...held, record: error.message }
  }
}

async function text(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new Unusable(`Cannot read ${path}: ${error instanceof Error ? error.message : ''}`)
  })
}
