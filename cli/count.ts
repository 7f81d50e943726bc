// `comitia count`: a published budget with plain votes, counted by the rule that its META names (SPEC 9.5).
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Result } from '#tally/count/result.ts'
import { methodSentence, sentence } from '#tally/count/sentence.ts'
import { countFile, parsePb, PbError, UnknownRuleError, type PbFile } from '#tally/formats/pabulib.ts'

const HELP = `Usage: comitia count <file.pb> [--json]

Counts the votes of a PaBuLib file by the rule that the file names
(greedy, greedy-threshold or greedy-no-skip) and explains every project.

  --json   print one JSON object: method, parameters, winners, rounds, totals
  --help   print this text

Exit codes: 0 counted, 2 could not count (unreadable file, unknown rule, wrong usage).
`

/** Runs the command; the exit code, 0 or 2. The result goes to standard output, problems to standard error. */
export async function count(args: string[]): Promise<number> {
  let path: string | undefined
  let json: boolean
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) {
      process.stdout.write(HELP)
      return 0
    }
    json = values.json
    if (positionals.length !== 1) throw new TypeError('give one file')
    path = positionals[0] ?? ''
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : 'wrong usage'}\n\n${HELP.trimEnd()}`)
  }

  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
  } catch (error) {
    return fail(`cannot read ${path}: ${error instanceof Error ? error.message : 'unknown reason'}`)
  }

  try {
    const pb = parsePb(text)
    const result = countFile(pb)
    process.stdout.write(json ? jsonOf(result) : textOf(pb, result))
    return 0
  } catch (error) {
    if (error instanceof PbError || error instanceof UnknownRuleError)
      return fail(`${path}: ${error.message}`)
    throw error
  }
}

function fail(message: string): 2 {
  process.stderr.write(`comitia count: ${message}\n`)
  return 2
}

// Every amount of a .pb file is below 2^53, so JSON's numbers hold it exactly.
function jsonOf({ method: { name: method, ...parameters }, winners, rounds, totals }: Result): string {
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)
  return JSON.stringify({ method, parameters, winners, rounds, totals }, plain, 2) + '\n'
}

function textOf(pb: PbFile, result: Result): string {
  const lines = [
    pb.meta.get('description') ?? 'Budget',
    `${pb.votes.length} votes on ${pb.projects.length} projects, amounts in ${pb.meta.get('currency') ?? 'one currency'}`,
    `Method: ${methodSentence(result.method)}`,
    '',
    ...result.rounds.map((round, i) => `${String(i + 1).padStart(4)}. ${sentence(round)}`),
    '',
    `Funded, in order of selection (${result.winners.length}): ${result.winners.join(', ') || 'nothing'}`,
  ]
  return lines.join('\n') + '\n'
}
