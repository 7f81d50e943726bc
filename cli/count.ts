// `comitia count`: a published budget with plain votes, counted by the rule that its META names (SPEC 9.5).
import { stdout } from 'node:process'
import type { Result } from '#tally/count/result.ts'
import { methodSentence, sentence } from '#tally/count/sentence.ts'
import { countFile, parsePb, UnknownRuleError, type PbFile } from '#tally/formats/pabulib.ts'
import { command, only, PASSED, Unusable } from './command.ts'
import { readParsed } from './file.ts'

const HELP = `Usage: comitia count <file.pb> [--json]

Counts the votes of a PaBuLib file by the rule that the file names
(greedy, greedy-threshold or greedy-no-skip) and explains every project.

  --json   print one JSON object: method, parameters, winners, rounds, totals
  --help   print this text

Exit codes: 0 counted, 2 could not count (unreadable file, unknown rule, wrong usage).
`

/** Runs the command; the exit code. */
export const count = command(HELP, { json: { type: 'boolean', default: false } }, async ({ json }, files) => {
  const path = only(files, 'one file')
  const pb = await readParsed(path, parsePb)
  const result = counted(path, pb)
  stdout.write(json ? jsonOf(result) : textOf(pb, result))
  return PASSED
})

function counted(path: string, pb: PbFile): Result {
  try {
    return countFile(pb)
  } catch (error) {
    if (error instanceof UnknownRuleError) throw new Unusable(`Cannot count ${path}: ${error.message}`)
    throw error
  }
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
