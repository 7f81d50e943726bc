// The file of `comitia verify --remember`: what runs of this very code found sound.
import { readFile, writeFile } from 'node:fs/promises'
import { formatJudged, type Judged, parseJudged } from '#tally/verify/judged.ts'
import { Unusable } from './command.ts'
import { hashOfSources } from './sources.ts'

/** Folders whose code decides what is sound. */
const VERIFIER = ['crypto', 'circuits', 'ledger', 'protocol', 'tally']

/** What the file tells; undefined before the first run and from other code. Throws `Unusable`. */
export async function readJudged(path: string): Promise<Judged | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new Unusable(`Cannot read ${path}: ${String(error)}`)
  }
  const judged = parseJudged(await program(), text)
  if (judged === 'unreadable') throw new Unusable(`${path} is no file of comitia verify --remember.`)
  return judged
}

/** Keeps it for the next run. */
export async function writeJudged(path: string, judged: Judged): Promise<void> {
  await writeFile(path, formatJudged(await program(), judged))
}

let hashed: Promise<string> | undefined

function program(): Promise<string> {
  return (hashed ??= hashOfSources(['package-lock.json'], VERIFIER))
}
