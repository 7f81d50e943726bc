// `comitia opinions`: who thinks alike in a published conversation on statements, for anybody to make again.
import { stdout } from 'node:process'
import { parsePolisVotes } from '#tally/formats/polis.ts'
import { type OpinionPicture, pictureFile, pictureOf } from '#tally/opinion/file.ts'
import type { Totals } from '#tally/opinion/table.ts'
import { command, only, PASSED } from './command.ts'
import { readParsed } from './file.ts'

const HELP = `Usage: comitia opinions <votes.csv> [--json]

Reads votes on statements as Polis publishes them, and a process of this server
at /api/processes/<process>/opinions/votes.csv. The last vote of each person on
each statement counts. Places people who vote alike near one another, and names
the statements that set each group apart. The same file gives the same map,
byte for byte, as the page of the process does.

Where a process takes opinions sealed there are no such votes, only the sums of
each statement: they are in the result of the election that asked for them,
which 'comitia verify' checks, and at
/api/processes/<process>/<language>/opinions/sums.csv. Nobody can map them.

  --json   print one JSON object: totals of each statement, points, groups
  --help   print this text

Exit codes: 0 mapped, 2 could not (unreadable file, wrong usage).
`

/** Runs the command; the exit code. */
export const opinions = command(
  HELP,
  { json: { type: 'boolean', default: false } },
  async ({ json }, files) => {
    const picture = pictureOf(await readParsed(only(files, 'one file'), parsePolisVotes))
    stdout.write(json ? pictureFile(picture) : textOf(picture))
    return PASSED
  },
)

function textOf({ people, statements, points, groups }: OpinionPicture): string {
  if (people === 0)
    return 'Nobody has given an opinion in the open. Of sealed opinions there are but sums; see --help.\n'
  const lines = [
    `${people} people on ${statements.length} statements; ${points.length} have said enough to be placed.`,
    ...groups.flatMap(({ size, statements: own }, i) => [
      '',
      `Group ${i + 1}: ${size} people`,
      ...own.map(
        ({ statement, stance, totals }) => `  ${stance} with statement ${statement} (${inWords(totals)})`,
      ),
    ]),
  ]
  return `${lines.join('\n')}\n`
}

function inWords({ agree, disagree, pass }: Totals): string {
  return `${agree} agree, ${disagree} disagree, ${pass} pass`
}
