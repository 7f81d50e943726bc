// `comitia backup`: all that a running server keeps, as of one moment, in one sealed file.
import { existsSync, readdirSync, renameSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { stdout } from 'node:process'
import { parseCheckpoint } from '#ledger/checkpoint.ts'
import { readIfThere, syncPath } from '#ledger/store/durable.ts'
import { lockFile } from '#ledger/store/lock.ts'
import { type Lock, type Packed, readArchive, writeArchive } from './archive.ts'
import { command, only, PASSED, Unusable } from './command.ts'
import { takeSnapshot } from './official.ts'
import { readPassphrase } from './passphrase.ts'
import { Progress } from './progress.ts'
import { connect } from './server.ts'

const HELP = `Usage: comitia backup <file> [options]

Writes ledger, database, keys and attachments of a running server into one new
file, encrypted with age, and reads it back. Run it on the server's machine. Voting
goes on meanwhile. Registering waits for it.

  --server <url>            default http://localhost:8080
  --data <folder>           the server's data folder (default ./data)
  --recipient <age1...>     whose key opens it; may be repeated. Otherwise a passphrase does
  --passphrase-file <file>  instead of asking for the passphrase
  --help                    print this text

The file holds the keys of this server and what it knows of voters. Keep it away
from this machine, and what opens it away from the file. See comitia restore.
Exit codes: 0 the file is there and was read back whole, 1 what was read back was not what was written, 2 could not.
`

/** Runs the command; the exit code. */
export const backup = command(
  HELP,
  {
    server: { type: 'string', default: 'http://localhost:8080' },
    data: { type: 'string', default: 'data' },
    recipient: { type: 'string', multiple: true },
    'passphrase-file': { type: 'string' },
  },
  async (values, positionals) => {
    const file = resolve(only(positionals, 'the file to write'))
    const { recipient: recipients, 'passphrase-file': passphraseFile, data } = values
    if (existsSync(file)) throw new Unusable(`${file} is there already; a backup is a new file.`)
    if (recipients !== undefined && passphraseFile !== undefined)
      throw new Unusable('Give recipients or a passphrase, not both: age does not mix them.')
    const lock: Lock =
      recipients === undefined ? { passphrase: await readPassphrase(passphraseFile, true) } : { recipients }
    if (!existsSync(data)) throw new Unusable(`There is no folder ${data}. See --help on --data.`)
    using alone = lockFile(join(data, 'backup.lock'))
    if (alone === undefined) throw new Unusable(`Another backup of ${data} is being made.`)
    const snapshot = join(data, await takeSnapshot(connect(values.server), data))
    try {
      const checkpoint = readIfThere(join(snapshot, 'ledger', 'checkpoint'))
      if (checkpoint === undefined)
        throw new Unusable(`The server's copy is not in ${snapshot}: is --data its data folder?`)
      await seal(file, filesOf(data, snapshot), lock)
      stdout.write(`${parseCheckpoint(checkpoint).size} entries and all beside them are in ${file}\n`)
    } finally {
      await rm(snapshot, { recursive: true, force: true })
    }
    return PASSED
  },
)

/** The snapshot first. What is beside it was there before an entry named it, so that it is newer and whole. */
function filesOf(data: string, snapshot: string): Packed[] {
  const taken = ['ledger/checkpoint', 'ledger/ledger.db', 'ledger/log.key', 'tables.jsonl']
  const single = ['origin', 'operator.key', 'operator.token']
  const many = [
    ...['attachments', 'ceremony'].flatMap((folder) => listed(data, folder, /^[0-9a-f]{64}$/)),
    ...listed(data, 'demo', /\.demo$/),
  ]
  return [
    ...taken.map((name) => ({ name, path: join(snapshot, name) })),
    ...[...single, ...many].map((name) => ({ name, path: join(data, name) })),
  ]
}

function listed(data: string, folder: string, names: RegExp): string[] {
  const path = join(data, folder)
  const found = existsSync(path) ? readdirSync(path) : []
  return found.filter((name) => names.test(name)).map((name) => `${folder}/${name}`)
}

/** The file gets its name when it has been read back. */
async function seal(file: string, files: readonly Packed[], lock: Lock): Promise<void> {
  const unfinished = `${file}.unfinished`
  await rm(unfinished, { force: true })
  const total = files.reduce((sum, { path }) => sum + statSync(path).size, 0)
  try {
    const writing = new Progress('Writing')
    const key = await writeArchive(unfinished, files, lock, writing.adding(total))
    writing.finish()
    const reading = new Progress('Reading back')
    await readArchive(unfinished, key, reading.adding(total))
    reading.finish()
    renameSync(unfinished, file)
    syncPath(dirname(file))
  } finally {
    await rm(unfinished, { force: true })
  }
}
