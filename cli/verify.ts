// `comitia verify`: every check of SPEC 11 over a record, offline once it is there.
import { readFile } from 'node:fs/promises'
import { stdout } from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { CHECK_TITLES, findingData, findingSentence } from '#client/finding.ts'
import { EncodingError } from '#crypto/encoding.ts'
import { parsePolicy } from '#ledger/policy.ts'
import type { PublicRecord } from '#tally/record.ts'
import type { Finding } from '#tally/verify/finding.ts'
import { judgedIn } from '#tally/verify/judged.ts'
import { verify, type VerifyOptions } from '#tally/verify/verify.ts'
import { command, FAILED, only, PASSED, Unusable } from './command.ts'
import { Progress } from './progress.ts'
import { startProofWorkers } from './proof-workers.ts'
import { withRecord } from './record.ts'
import { readJudged, writeJudged } from './remembered.ts'

const HELP = `Usage: comitia verify <file or URL> [options]

Checks a whole record: signatures, rolls, keys, every ballot's proof, the tally
and the count. Trusts nothing that the record or the server says.

  --policy <file>      your own trust policy (whose signature you believe)
  --checkpoint <file>  a checkpoint you kept earlier, to detect a fork; may be repeated
  --remember <file>    judge proofs once: what this file says was sound is not
                       judged again, and what is sound now is written to it
  --opening <file>     an opened ballot to check against the record
  --setup              rebuild the proof system's keys, which takes minutes
  --threads <n>        proof workers (default: one for each core)
  --json               print the findings as JSON
  --help               print this text

Exit codes: 0 all checks passed, 1 at least one check failed, 2 could not check.
`

/** Runs the command; the exit code. */
export const verifyCommand = command(
  HELP,
  {
    policy: { type: 'string' },
    checkpoint: { type: 'string', multiple: true },
    remember: { type: 'string' },
    opening: { type: 'string' },
    setup: { type: 'boolean', default: false },
    threads: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  async (values, positionals) => {
    const place = only(positionals, 'one record file or URL')
    // Decoded ballots live until their proofs are judged. V8 would make room for them by the hundred megabytes, and keep it.
    setFlagsFromString('--semi-space-growth-factor=1')
    const threads = values.threads === undefined ? undefined : Number(values.threads)
    if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1))
      throw new Unusable('--threads is not a number')
    const policy = values.policy === undefined ? undefined : policyOf(await text(values.policy))
    const options: VerifyOptions = {
      checkpoints: await Promise.all((values.checkpoint ?? []).map(text)),
      ...(policy && { policy }),
      ...(values.opening !== undefined && { opening: await bytes(values.opening) }),
      ...(values.setup && { rebuildSetup: (await import('#circuits/build/rebuild.ts')).rebuildSetup }),
    }
    const findings = await verifyRecord(place, options, threads, values.remember)
    if (values.json) {
      stdout.write(
        `${JSON.stringify({ passed: passed(findings), findings: findings.map(findingData) }, null, 2)}\n`,
      )
    } else {
      for (const finding of findings) stdout.write(`${line(finding)}\n`)
      stdout.write(
        passed(findings) ? 'All checks passed.\n' : 'THE RECORD IS NOT SOUND: at least one check failed.\n',
      )
    }
    return passed(findings) ? PASSED : FAILED
  },
)

/** All findings on the record at a path or URL.
 *  @param remembered file of what earlier runs found sound, brought up to date */
export async function verifyRecord(
  place: string,
  options: VerifyOptions = {},
  threads?: number,
  remembered?: string,
): Promise<Finding[]> {
  const judged = remembered === undefined ? undefined : await readJudged(remembered)
  return withRecord(place, async (record, server) => {
    const fetchFile = server && ((path: string) => server.page(path))
    const all = { ...options, judged, ...(fetchFile && { fetchFile }) }
    const findings = await verifyWith(record, all, 'Verifying', threads)
    const now = judgedIn(record.checkpoint, findings)
    if (remembered !== undefined && now !== undefined) await writeJudged(remembered, now)
    return findings
  })
}

/** All findings on a record, with proof workers of its own and progress under a title. */
export async function verifyWith(
  record: PublicRecord,
  options: VerifyOptions,
  title: string,
  threads?: number,
): Promise<Finding[]> {
  const workers = startProofWorkers(threads)
  const progress = new Progress(title)
  const onProgress = (done: number, total: number): void => progress.update(done, total)
  try {
    return await verify(record, workers.ports, { ...options, onProgress })
  } finally {
    progress.finish()
    await workers.stop()
  }
}

/** Whether no check failed. */
export function passed(findings: readonly Finding[]): boolean {
  return !findings.some((f) => f.status === 'failed')
}

const MARKS = { passed: 'ok    ', failed: 'FAILED', 'not-applicable': '-     ', 'not-rechecked': '?     ' }

function line(finding: Finding): string {
  const { check, status } = finding
  return `${MARKS[status]} ${check.padEnd(3)} ${CHECK_TITLES[check]}: ${findingSentence(finding)}`
}

async function bytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: unknown) => {
    throw new Unusable(`Cannot read ${path}: ${error instanceof Error ? error.message : ''}`)
  })
}

async function text(path: string): Promise<string> {
  return new TextDecoder().decode(await bytes(path))
}

function policyOf(file: string) {
  try {
    return parsePolicy(file)
  } catch (error) {
    if (error instanceof EncodingError) throw new Unusable(`The policy cannot be read: ${error.message}`)
    throw error
  }
}
