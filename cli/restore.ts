// `comitia restore`: a data folder from a backup, checked from the first entry to the last, or nothing.
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { stderr, stdout } from 'node:process'
import { EncodingError, equalBytes } from '#crypto/encoding.ts'
import { checkCheckpoint, parseCheckpoint } from '#ledger/checkpoint.ts'
import { StartRefused, type Ledger } from '#ledger/engine.ts'
import { openEmbedded } from '#ledger/engines/embedded.ts'
import { leafHash } from '#ledger/merkle.ts'
import { parseVerifierKey } from '#ledger/note.ts'
import { readIfThere, syncPath } from '#ledger/store/durable.ts'
import { Tree } from '#ledger/tree.ts'
import { Refusal } from '#protocol/refusal.ts'
import { openDatabase } from '#server/data/database.ts'
import { LoadRefused, loadTables } from '#server/data/dump.ts'
import { DatabaseRefused } from '#server/data/refused.ts'
import { foldEntry } from '#tally/replay.ts'
import { emptyState, type RecordState } from '#tally/state.ts'
import { BackupRefused, type Key, readArchive } from './archive.ts'
import { command, FAILED, only, PASSED, Unusable } from './command.ts'
import { readPassphrase } from './passphrase.ts'
import { Progress } from './progress.ts'

const HELP = `Usage: comitia restore <file> --data <folder> [options]

Makes a server's data folder from a backup, in a folder that is new or empty. Checks
every file and every entry first. If anything is wrong, nothing is left behind.

  --data <folder>           where it goes; comitia start --data then runs it
  --checkpoint <file>       a checkpoint that the log has signed, such as ledger/checkpoint of the lost
                            folder: an older backup is refused. May be repeated
  --identity <file>         the age identity that opens it. Otherwise a passphrase does
  --passphrase-file <file>  instead of asking for the passphrase
  --help                    print this text

DATABASE_URL=postgres://... restores the application's data into that database, which must be empty.
Exit codes: 0 restored, 1 refused (damaged, wrong-key, not-empty, other-layout, older, fork), 2 could not.
`

/** In the order in which they come to their place. Until the last is there no server starts on them. */
const PARTS = ['ledger', 'attachments', 'ceremony', 'demo', 'app', 'origin', 'operator.token', 'operator.key']
const TABLES = 'tables.jsonl'

/** Runs the command; the exit code. */
export const restore = command(
  HELP,
  {
    data: { type: 'string' },
    checkpoint: { type: 'string', multiple: true },
    identity: { type: 'string' },
    'passphrase-file': { type: 'string' },
  },
  async ({ data, checkpoint: known = [], identity, 'passphrase-file': passphraseFile }, positionals) => {
    const file = only(positionals, 'the file of a backup')
    if (data === undefined) throw new Unusable('Give the new folder: --data. See --help.')
    if (!existsSync(file)) throw new Unusable(`There is no file ${file}.`)
    const checkpoints = await Promise.all(known.map(textOf))
    try {
      refuseUsed(data)
      const key: Key =
        identity === undefined
          ? { passphrase: await readPassphrase(passphraseFile, false) }
          : { identities: identitiesIn(await textOf(identity)) }
      stdout.write(await restoreInto(data, file, key, checkpoints))
    } catch (error) {
      if (!(error instanceof BackupRefused)) throw error
      stderr.write(`${error.code}: ${error.message}\n`)
      return FAILED
    }
    return PASSED
  },
)

function refuseUsed(data: string): void {
  if (!existsSync(data) || readdirSync(data).length === 0) return
  const kept = readIfThere(join(data, 'ledger', 'checkpoint'))
  const what =
    kept === undefined
      ? 'There are files in it already.'
      : `It holds a ledger of ${kept.split('\n')[1] ?? '?'} entries. Do not delete it: move it aside, restore into a ` +
        'new folder, and give its ledger/checkpoint as --checkpoint, so that nothing older takes its place.'
  throw new BackupRefused('not-empty', `${data} is not empty. ${what}`)
}

/** What was restored, in words. */
async function restoreInto(
  data: string,
  file: string,
  key: Key,
  checkpoints: readonly string[],
): Promise<string> {
  const made = mkdirSync(data, { recursive: true, mode: 0o700 })
  const unfinished = join(data, 'unfinished')
  try {
    mkdirSync(unfinished, { mode: 0o700 })
    const unpacking = new Progress('Reading')
    const names = await readArchive(file, key, unpacking.adding(statSync(file).size), unfinished)
    unpacking.finish()
    for (const needed of [
      'ledger/ledger.db',
      'ledger/checkpoint',
      'ledger/log.key',
      TABLES,
      ...PARTS.slice(-3),
    ]) {
      if (!names.has(needed)) throw new BackupRefused('damaged', `The backup lacks ${needed}.`)
    }
    const state = await checkLedger(unfinished, checkpoints)
    const rows = await loadDatabase(unfinished, state.size)
    await rm(join(unfinished, TABLES))
    for (const part of PARTS) {
      if (existsSync(join(unfinished, part))) renameSync(join(unfinished, part), join(data, part))
    }
    syncPath(data)
    return reportOf(data, state, rows)
  } catch (error) {
    if (made !== undefined) await rm(made, { recursive: true, force: true })
    throw error
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

/** Every entry is the one that was signed and passes the gate, and what is known to be signed is among them. */
async function checkLedger(folder: string, checkpoints: readonly string[]): Promise<RecordState> {
  const origin = (readIfThere(join(folder, 'origin')) ?? '').trim()
  const ledger = await openEmbedded({ folder: join(folder, 'ledger'), origin }).catch((error: unknown) => {
    throw error instanceof StartRefused ? new BackupRefused('damaged', error.message) : error
  })
  try {
    const tree = new Tree()
    const state = emptyState()
    const progress = new Progress('Replaying the ledger')
    for await (const entry of ledger.entries(0, ledger.size)) {
      tree.append(leafHash(entry))
      await foldEntry(state, entry, (index) => ledger.entry(index))
      progress.update(state.size, ledger.size)
    }
    progress.finish()
    for (const checkpoint of checkpoints) refuseOlder(checkpoint, ledger, tree)
    return state
  } catch (error) {
    throw error instanceof Refusal ? new BackupRefused('damaged', error.message) : error
  } finally {
    await ledger.close()
  }
}

function refuseOlder(text: string, { verifierKey, size }: Ledger, tree: Tree): void {
  const known = checkpointOf(text)
  if (!checkCheckpoint(known, parseVerifierKey(verifierKey)))
    throw new Unusable('A checkpoint that was given is not signed by the log of this backup.')
  if (known.size > size) {
    throw new BackupRefused(
      'older',
      `The backup ends with entry ${size - 1}, but the log has signed ${known.size} entries. Restore a newer backup. ` +
        'If there is none, the entries after it are lost: say so in public before you restore without --checkpoint, ' +
        'for receipts of later ballots will rightly be told as missing.',
    )
  }
  if (!equalBytes(tree.root(known.size), known.root))
    throw new BackupRefused('fork', 'The log has signed other entries than those of this backup.')
}

function checkpointOf(text: string): ReturnType<typeof parseCheckpoint> {
  try {
    return parseCheckpoint(text)
  } catch (error) {
    if (error instanceof EncodingError) throw new Unusable(`A checkpoint cannot be read: ${error.message}.`)
    throw error
  }
}

/** The rows by table, which are in the database now. */
async function loadDatabase(folder: string, entries: number): Promise<ReadonlyMap<string, number>> {
  const progress = new Progress('Loading the database')
  try {
    const database = await openDatabase({ folder: join(folder, 'app'), url: process.env.DATABASE_URL })
    try {
      return await loadTables(database, join(folder, TABLES), entries)
    } finally {
      await database.close()
      progress.finish()
    }
  } catch (error) {
    if (error instanceof LoadRefused) throw new BackupRefused(error.reason, error.message)
    throw error instanceof DatabaseRefused ? new Unusable(error.message) : error
  }
}

function reportOf(data: string, state: RecordState, rows: ReadonlyMap<string, number>): string {
  const elections = [...state.processes.values()].flatMap(({ elections }) => [...elections.values()])
  const count = (table: string): number => rows.get(table) ?? 0
  return [
    `${data} is restored, as it was at ${new Date(state.time).toISOString()}:`,
    `  ${state.size} entries, every one as it was signed; ${elections.length} elections, ${state.bodies.size} ballots`,
    `  ${count('voter')} rows of the register, ${count('official')} officials`,
    'What came later is not in it. Before you start it, make sure that the old server never runs again.',
    '',
  ].join('\n')
}

/** The lines of a file as age-keygen writes it, without its comments. */
function identitiesIn(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim())
  const identities = lines.filter((line) => line !== '' && !line.startsWith('#'))
  if (identities.length === 0 || !identities.every((line) => /^AGE-SECRET-KEY-[0-9A-Z-]+$/.test(line)))
    throw new Unusable('The identity file holds no identity of age (AGE-SECRET-KEY-...).')
  return identities
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new Unusable(`Cannot read ${path}: ${error instanceof Error ? error.message : ''}`)
  })
}
